/** Volatility of the mids since before the page was opened, from the series that the server keeps. */
import { useMemo, useState } from 'react';
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import { useTopic } from '../../lib/stream.ts';
import { Empty, ErrorNote } from '../../ui/notes.tsx';
import { LineChart } from '../../ui/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { joined } from '../performance/live-series.ts';
import { RANGES, rangeStart, type RangeKey } from '../performance/ranges.ts';
import { useAskedStart, useSeries } from '../performance/use-series.ts';
import { realisedVolatility, WINDOW } from './realised-volatility.ts';

const RANGE_CHOICES = RANGES.map(({ key, label }) => ({ value: key, label }));
const BP = 10_000;

export function VolatilityPanel({ instrument }: { readonly instrument: InstrumentInfo }) {
  const [range, setRange] = useState<RangeKey>('15m');
  const { timeMs } = useTopic('regime');
  const fromMs = useAskedStart(range, timeMs === 0 ? undefined : timeMs);
  const { series, error, reload } = useSeries({ metric: 'mid', strategy: 0, instrument: instrument.name }, fromMs);
  const shown = useMemo(() => {
    if (series === undefined) return { timesMs: [], values: [] };
    const values = realisedVolatility(series.timesMs, series.values).map((value) =>
      value === null ? null : value * BP,
    );
    return joined({ ...series, values }, [], () => undefined, {
      fromMs: rangeStart(range, series.timesMs.at(-1) ?? 0),
    });
  }, [series, range]);
  return (
    <Panel
      title={`Volatility of the mid, ${instrument.symbol}`}
      actions={<RangePicker label="Range, market time" value={range} ranges={RANGE_CHOICES} onChange={setRange} />}
      note={`From the mids that the server keeps, over ${WINDOW} of them at a time. The engine measures at every event, so its own figure differs.`}
    >
      {error !== undefined && <ErrorNote problem={error} onRetry={reload} />}
      {shown.timesMs.length > 1 ? (
        <LineChart
          key={range}
          series={[{ label: 'volatility', values: shown.values, color: '--series-3' }]}
          timesMs={shown.timesMs}
          unit="bp/√s"
          digits={3}
          height={238}
          minRange={[0, 0.1]}
          exportName={`volatility-${instrument.symbol}`}
        />
      ) : (
        error === undefined && (
          <Empty title={series === undefined ? 'Reading …' : 'Too short a time yet'}>
            {series !== undefined && `It needs ${WINDOW} mids one after the other.`}
          </Empty>
        )
      )}
    </Panel>
  );
}
