/** What can be looked at: journals of sessions, and recordings of markets. */
import type { Source, StoredRecording, StoredSession } from 'quotewright/server/protocol/research';
import { formatBytes, formatDateTime } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';

interface SourcesProps {
  /** Undefined: not read yet. */
  readonly sessions: readonly StoredSession[] | undefined;
  readonly recordings: readonly StoredRecording[] | undefined;
  readonly onOpen: (source: Source) => void;
}

export function Sources({ sessions, recordings, onOpen }: SourcesProps) {
  return (
    <>
      <Panel
        title="Sessions"
        note="A journal holds every input of the engine: it is replayed by the engine itself, so what you see is what was."
      >
        {sessions !== undefined && (
          <Table
            label="Sessions with a journal"
            rows={sessions}
            keyOf={({ id }) => id}
            empty={<Empty title="No journals yet">A session keeps one unless it is told not to.</Empty>}
            columns={[
              {
                key: 'open',
                header: <span className="unseen">Open</span>,
                render: ({ id, fault }) =>
                  fault === '' ? (
                    <Button isSmall kind="primary" onClick={() => onOpen({ kind: 'session', id })}>
                      Open<span className="unseen"> {id}</span>
                    </Button>
                  ) : (
                    <span className="flight-fault">{fault}</span>
                  ),
              },
              {
                key: 'id',
                header: 'Session',
                render: ({ id, isCurrent }) => (
                  <>
                    {id} {isCurrent && <span className="flight-here">this one</span>}
                  </>
                ),
              },
              { key: 'mode', header: 'Mode', render: ({ mode }) => mode },
              { key: 'strategies', header: 'Strategies', render: ({ strategies }) => strategies.join(', ') },
              { key: 'instruments', header: 'Instruments', render: ({ instruments }) => instruments.join(', ') },
              {
                key: 'started',
                header: 'Started (UTC)',
                isNumber: true,
                render: ({ startedMs }) => formatDateTime(startedMs),
              },
              { key: 'size', header: 'Size', isNumber: true, render: ({ bytes }) => formatBytes(bytes) },
            ]}
          />
        )}
      </Panel>
      <Panel title="Recordings" note="Market data only: put files or folders into the recordings folder of the home.">
        {recordings !== undefined && (
          <Table
            label="Recordings of markets"
            rows={recordings}
            keyOf={({ id }) => id}
            empty={
              <Empty title="No recordings yet">
                <code>quotewright data sample .quotewright/recordings/sample</code> makes one of a living market.
              </Empty>
            }
            columns={[
              {
                key: 'open',
                header: <span className="unseen">Open</span>,
                render: ({ id }) => (
                  <Button isSmall kind="primary" onClick={() => onOpen({ kind: 'recording', id })}>
                    Open<span className="unseen"> {id}</span>
                  </Button>
                ),
              },
              { key: 'id', header: 'Recording', render: ({ id }) => id },
              {
                key: 'modified',
                header: 'Changed (UTC)',
                isNumber: true,
                render: ({ modifiedMs }) => formatDateTime(modifiedMs),
              },
              { key: 'size', header: 'Size', isNumber: true, render: ({ bytes }) => formatBytes(bytes) },
            ]}
          />
        )}
      </Panel>
    </>
  );
}
