/** The machine: what is wrong in words first, then latencies, threads, memory, queues and connections. */
import type { SystemInfo } from 'quotewright/server/protocol/system';
import { useMemo } from 'react';
import { useTopic } from '../../lib/stream.ts';
import { LineChart } from '../../ui/line-chart.tsx';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useSystemHistory } from './history.ts';
import { judge } from './judge.ts';
import { Latency } from './latency.tsx';
import { Connections, JournalAndReplica, Loops, Machine, Rings } from './parts.tsx';
import { Venues } from './venues.tsx';
import './system.css';

const HEIGHT = 140;

function Findings({ system }: { readonly system: SystemInfo }) {
  const findings = judge(system);
  if (findings.length === 0) {
    return (
      <p className="finding finding-good">
        <span aria-hidden="true">✓</span> Everything is as it should be.
      </p>
    );
  }
  return (
    <ul className="findings" aria-label="What is not as it should be">
      {findings.map(({ text, isBad }) => (
        <li key={text} className={`finding ${isBad ? 'finding-bad' : 'finding-warn'}`}>
          <span aria-hidden="true">{isBad ? '✕' : '!'}</span> {text}
        </li>
      ))}
    </ul>
  );
}

function History({ system }: { readonly system: SystemInfo }) {
  const history = useSystemHistory(system);
  const rate = useMemo(() => [{ label: 'inputs', values: history.inputsPerSecond }], [history]);
  const late = useMemo(
    () => [
      { label: 'trading', values: history.tradingMs },
      { label: 'server', values: history.serverMs },
    ],
    [history],
  );
  if (history.timesMs.length < 2) return null;
  return (
    <>
      <Panel title="Inputs of the engine">
        <LineChart
          series={rate}
          timesMs={history.timesMs}
          unit="a second"
          digits={0}
          height={HEIGHT}
          exportName="inputs"
        />
      </Panel>
      <Panel title="Event loops, p99 late">
        <LineChart series={late} timesMs={history.timesMs} unit="ms" height={HEIGHT} exportName="event-loops" />
      </Panel>
    </>
  );
}

export default function SystemPage() {
  const system = useTopic<SystemInfo>('system').data;
  return (
    <div className="system">
      <h1 className="unseen">System</h1>
      {system === undefined ? (
        <Empty title="Nothing heard yet">The session tells its state about once a second.</Empty>
      ) : (
        <>
          <Findings system={system} />
          <Venues system={system} />
          <div className="grid system-grid">
            {system.latencies.map((latency) => (
              <Latency key={latency.name} latency={latency} />
            ))}
            <History system={system} />
            <div className="stack">
              <Loops system={system} />
              <Rings system={system} />
            </div>
            <Machine system={system} />
            <JournalAndReplica system={system} />
            <Connections system={system} />
          </div>
        </>
      )}
    </div>
  );
}
