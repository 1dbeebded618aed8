/** Backtests: start one on a session's journal or a recording, watch it, open its report, compare two. */
import type { BacktestInfo } from 'quotewright/server/protocol/research';
import { useState } from 'react';
import { useApi } from '../../lib/api.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { BacktestTable } from './backtest-table.tsx';
import './backtests.css';
import type { CatalogueStrategy } from './catalogue.ts';
import { Compare } from './compare.tsx';
import { NewBacktest } from './new-backtest.tsx';

export default function BacktestsPage() {
  const [everyMs, setEveryMs] = useState(5000);
  const { data, error, reload } = useApi<BacktestInfo[]>('/backtests', { everyMs });
  const catalogue = useApi<CatalogueStrategy[]>('/catalogue/strategies');
  const strategies = catalogue.data ?? [];
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const backtests = data ?? [];
  const problem = error ?? catalogue.error;
  const wanted = backtests.some(({ state }) => state === 'running' || state === 'waiting') ? 500 : 5000;
  if (wanted !== everyMs) setEveryMs(wanted);

  /** The two that were chosen last. */
  const choose = (id: string): void =>
    setChosen((was) => (was.includes(id) ? was.filter((each) => each !== id) : [...was, id].slice(-2)));
  const pair = chosen.filter((id) => backtests.some((each) => each.id === id && each.state === 'done'));
  const [first, second] = pair;

  return (
    <div className="backtests">
      <h1 className="unseen">Backtests</h1>
      <NewBacktest strategies={strategies} onStarted={reload} />
      {problem !== undefined && (
        <ErrorNote problem={problem} onRetry={error === undefined ? catalogue.reload : reload} />
      )}
      <Panel
        title="Backtests"
        note={pair.length === 2 ? undefined : 'Choose two that are done to compare them.'}
        className="backtests-list"
      >
        <BacktestTable
          backtests={backtests}
          chosen={chosen}
          isRead={data !== undefined}
          strategies={strategies}
          onChoose={choose}
          onChanged={reload}
        />
      </Panel>
      {first !== undefined && second !== undefined && (
        <Compare key={`${first} ${second}`} first={first} second={second} />
      )}
    </div>
  );
}
