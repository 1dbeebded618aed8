/** Performance: what was earned, how it went, where it came from. One strategy, or all of them side by side. */
import { useState } from 'react';
import type { PerformanceReport } from 'quotewright/server/protocol/trading';
import { useApi } from '../../lib/api.ts';
import { useSession } from '../../lib/stream.ts';
import { Empty, ErrorNote } from '../../ui/notes.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { CompareView } from './compare-view.tsx';
import './performance.css';
import { RANGES, type RangeKey } from './ranges.ts';
import { StrategyView } from './strategy-view.tsx';
import { useAskedStart } from './use-series.ts';
import { useTail } from './use-tail.ts';

const EVERY_MS = 5000;

const RANGE_CHOICES = RANGES.map(({ key, label }) => ({
  value: key,
  label,
  title: key === 'all' ? 'Since the start' : `The last ${label}`,
}));

export default function PerformancePage() {
  const session = useSession();
  const [range, setRange] = useState<RangeKey>('15m');
  const [chosen, setChosen] = useState('all');
  const { data, error, reload } = useApi<PerformanceReport>('/performance', { everyMs: EVERY_MS });
  const tail = useTail();
  const fromMs = useAskedStart(range, tail.nowMs);
  if (session === undefined) {
    return (
      <>
        <h1>Performance</h1>
        <Empty title="Connecting to the session …">What it measures comes as soon as it answers.</Empty>
      </>
    );
  }
  const { strategies } = session;
  const strategy = strategies.length === 1 ? strategies[0] : strategies.find(({ index }) => String(index) === chosen);
  return (
    <div className="performance stack">
      <header className="page-head">
        <h1>Performance</h1>
        {strategies.length === 1 && <span className="muted">{strategies[0]?.name}</span>}
        {strategies.length > 1 && (
          <RangePicker
            label="Strategy"
            value={strategy === undefined ? 'all' : chosen}
            ranges={[
              { value: 'all', label: 'All, side by side' },
              ...strategies.map(({ index, name }) => ({ value: String(index), label: `${index} ${name}` })),
            ]}
            onChange={setChosen}
          />
        )}
        <span className="page-head-space" />
        <RangePicker
          label="Range of the charts, market time"
          value={range}
          ranges={RANGE_CHOICES}
          onChange={setRange}
        />
      </header>
      {error !== undefined && <ErrorNote problem={error} onRetry={reload} />}
      {strategy === undefined ? (
        <CompareView reports={data?.strategies ?? []} {...{ session, range, fromMs, tail }} />
      ) : (
        <StrategyView
          key={strategy.index}
          strategy={strategy.index}
          report={data?.strategies.find((each) => each.strategy === strategy.index)}
          {...{ session, range, fromMs, tail }}
        />
      )}
    </div>
  );
}
