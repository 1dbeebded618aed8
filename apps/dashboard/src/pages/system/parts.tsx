/** The machine under the session, part by part. */
import type { SystemInfo } from 'quotewright/server/protocol/system';
import type { ReactNode } from 'react';
import {
  DASH,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
  formatTime,
} from '../../lib/format.ts';
import { Bar } from '../../ui/bar.tsx';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { linkedVenues } from './venue-links.ts';

interface PartProps {
  readonly system: SystemInfo;
}

interface FactProps {
  readonly label: string;
  readonly children: ReactNode;
}

function Fact({ label, children }: FactProps) {
  return (
    <div className="fact-row">
      <dt>{label}</dt>
      <dd className="mono">{children}</dd>
    </div>
  );
}

const ms = (value: number): string => formatNumber(value, { digits: value < 10 ? 2 : 0, unit: 'ms' });

export function Machine({ system }: PartProps) {
  const { memory, gc } = system;
  return (
    <Panel title="Process">
      <dl className="facts">
        <Fact label="Up for">{formatDuration(system.uptimeSeconds * 1000)}</Fact>
        <Fact label="CPU, of one core">{formatNumber(system.cpuPercent, { digits: 0, unit: '%' })}</Fact>
        <Fact label="Inputs of the engine">{formatCount(system.inputs)}</Fact>
        <Fact label="Inputs a second">{formatCount(Math.round(system.inputsPerSecond))}</Fact>
        <Fact label="Memory, all of it">{formatBytes(memory.rssBytes)}</Fact>
        <Fact label="Heap, used of held">
          {formatBytes(memory.heapUsedBytes)} / {formatBytes(memory.heapTotalBytes)}
        </Fact>
        <Fact label="Buffers outside the heap">{formatBytes(memory.externalBytes)}</Fact>
        <Fact label="Garbage collections">{formatCount(gc.count)}</Fact>
        <Fact label="… in all, and the longest">
          {formatDuration(gc.totalMs)} / {ms(gc.maxMs)}
        </Fact>
      </dl>
    </Panel>
  );
}

export function Loops({ system }: PartProps) {
  const rows = [
    { name: 'trading', ...system.trading },
    { name: 'server', ...system.server },
  ];
  return (
    <Panel title="Event loops" note="How late the loop of each thread comes to its work, over the last seconds.">
      <Table
        label="Event loops"
        rows={rows}
        empty={null}
        keyOf={(row) => row.name}
        columns={[
          { key: 'name', header: 'Thread', render: (row) => row.name },
          { key: 'mean', header: 'mean', isNumber: true, render: (row) => ms(row.meanMs) },
          { key: 'p99', header: 'p99', isNumber: true, render: (row) => ms(row.p99Ms) },
          { key: 'max', header: 'max', isNumber: true, render: (row) => ms(row.maxMs) },
          { key: 'busy', header: 'busy', isNumber: true, render: (row) => formatShare(row.utilisation, 0) },
        ]}
      />
    </Panel>
  );
}

export function Rings({ system }: PartProps) {
  return (
    <Panel title="Rings" note="Shared memory between the threads: how full each is now.">
      {system.rings.length === 0 ? (
        <Empty title="No rings" />
      ) : (
        <div className="stack">
          {system.rings.map((ring) => (
            <Bar
              key={ring.name}
              label={ring.name}
              share={ring.fill}
              used={formatShare(ring.fill, 1)}
              limit={`${formatCount(ring.capacity)} records`}
              remaining={`${formatCount(ring.refused)} found it full; ${formatCount(Math.round((1 - ring.fill) * ring.capacity))}`}
            />
          ))}
        </div>
      )}
    </Panel>
  );
}

export function JournalAndReplica({ system }: PartProps) {
  const { journal, replica } = system;
  return (
    <Panel
      title="Journal and second engine"
      note="The pages are of the second engine; its state is compared with the trading engine’s."
    >
      <dl className="facts">
        <Fact label="Journal">
          {journal.failure === '' ? (
            journal.isOn ? (
              'on'
            ) : (
              'off'
            )
          ) : (
            <span className="bad">failed: {journal.failure}</span>
          )}
        </Fact>
        <Fact label="Records written">{formatCount(journal.records)}</Fact>
        <Fact label="Records not yet safe">{formatCount(journal.pending)}</Fact>
        <Fact label="Second engine">
          {replica.isEqual ? <span className="good">equal</span> : <span className="bad">differs</span>}
        </Fact>
        <Fact label="Comparisons">{formatCount(replica.comparisons)}</Fact>
        <Fact label="Inputs behind">{formatCount(replica.lag)}</Fact>
        <Fact label="Started anew">{formatCount(replica.restarts)} ×</Fact>
      </dl>
    </Panel>
  );
}

const REDIS_WORD = { off: 'not configured', up: 'connected', down: 'does not answer' };

export function Connections({ system }: PartProps) {
  const { clients, redis } = system;
  return (
    <Panel title="Connections">
      <dl className="facts">
        <Fact label="Stream clients">{formatCount(clients.connected)}</Fact>
        <Fact label="… of which slow">{formatCount(clients.slow)}</Fact>
        <Fact label="Sent to them">
          {formatBytes(clients.sentBytes)} in {formatCount(clients.sentMessages)} messages
        </Fact>
        <Fact label="Redis">
          <span className={redis.state === 'down' ? 'warn' : ''}>{REDIS_WORD[redis.state]}</span>
        </Fact>
        {redis.state !== 'off' && <Fact label="Written to Redis">{formatCount(redis.written)}</Fact>}
      </dl>
      {/* Where there are ways to venues they have a panel of their own. */}
      {linkedVenues(system).length === 0 && (
        <Table
          label="Venues"
          rows={system.venues}
          empty={<Empty title="No venues" />}
          keyOf={(venue) => venue.name}
          columns={[
            { key: 'name', header: 'Venue', render: (venue) => venue.name },
            {
              key: 'state',
              header: 'State',
              render: (venue) =>
                venue.isConnected ? (
                  <span className="good">● connected</span>
                ) : (
                  <span className="bad">○ not connected</span>
                ),
            },
            {
              key: 'last',
              header: 'Last message',
              isNumber: true,
              title: 'Market time',
              render: (venue) => (venue.lastMessageMs === null ? DASH : formatTime(venue.lastMessageMs, 1)),
            },
          ]}
        />
      )}
    </Panel>
  );
}
