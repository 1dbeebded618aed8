/** Spread and imbalance over the last minutes. */
import type { InstrumentInfo } from 'quotewright/server/protocol/session';
import type { HeatmapData } from 'quotewright/server/protocol/stream';
import { useMemo } from 'react';
import { LineChart } from '../../ui/line-chart.tsx';
import { Empty } from '../../ui/notes.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useSlowly } from './use-slowly.ts';

interface SeriesPanelProps {
  readonly instrument: InstrumentInfo;
}

const HEIGHT = 108;
const EVERY_MS = 1000;

export function SeriesPanel({ instrument }: SeriesPanelProps) {
  const items = useSlowly<HeatmapData>(`heatmap:${instrument.name}`, EVERY_MS)?.items;
  const tick = Number(instrument.tick);
  const timesMs = useMemo(() => items?.map((column) => column.timeMs) ?? [], [items]);
  const spread = useMemo(
    () => [
      {
        label: 'spread',
        isStepped: true,
        values:
          items?.map(({ bidTicks, askTicks }) =>
            bidTicks === null || askTicks === null ? null : (askTicks - bidTicks) * tick,
          ) ?? [],
      },
    ],
    [items, tick],
  );
  const imbalance = useMemo(
    () => [{ label: 'imbalance', color: '--series-3', values: items?.map((column) => column.imbalance) ?? [] }],
    [items],
  );
  const isEmpty = timesMs.length < 2;
  const empty = <Empty title="Not enough history yet" />;
  return (
    <>
      <Panel title="Spread" className="series">
        {isEmpty ? (
          empty
        ) : (
          <LineChart
            series={spread}
            timesMs={timesMs}
            unit={instrument.quote}
            digits={instrument.priceDigits}
            height={HEIGHT}
            exportName={`spread-${instrument.symbol}`}
            syncKey="market"
          />
        )}
      </Panel>
      <Panel title="Imbalance of the best 5 levels" className="series">
        {isEmpty ? (
          empty
        ) : (
          <LineChart
            series={imbalance}
            timesMs={timesMs}
            unit=""
            height={HEIGHT}
            exportName={`imbalance-${instrument.symbol}`}
            syncKey="market"
            minRange={IMBALANCE_RANGE}
          />
        )}
      </Panel>
    </>
  );
}

const IMBALANCE_RANGE = [-1, 1] as const;
