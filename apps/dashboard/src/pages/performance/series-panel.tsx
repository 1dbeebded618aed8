/** One chart of the page: series of the server, carried on by the stream. */
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { Empty, ErrorNote } from '../../ui/notes.tsx';
import { LineChart, type Series as Line } from '../../ui/line-chart.tsx';
import { Panel } from '../../ui/panel.tsx';
import { accountOf, aligned, joined, type LiveMetric, valueOf } from './live-series.ts';
import { rangeStart, type RangeKey } from './ranges.ts';
import type { SeriesAnswer } from './use-series.ts';
import type { Tail } from './use-tail.ts';

const HEIGHT = 168;

/** What a line of the chart is of. */
export interface Curve {
  readonly label: string;
  readonly answer: SeriesAnswer;
  readonly strategy: number;
  /** What carries it on; absent: it moves with the server's answers only. */
  readonly live?: { readonly metric: LiveMetric; readonly instrument?: number; readonly scale?: number };
  /** What the server's values are multiplied by to be in the chart's unit. */
  readonly scale?: number;
  readonly look: Pick<Line, 'color' | 'dash' | 'isFilled' | 'isStepped'>;
}

interface SeriesPanelProps {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly exportName: string;
  readonly unit: string;
  readonly digits: number;
  readonly curves: readonly Curve[];
  readonly range: RangeKey;
  readonly tail: Tail;
  readonly minRange?: readonly [number, number];
}

export function SeriesPanel(props: SeriesPanelProps) {
  const { title, actions, exportName, unit, digits, curves, range, tail, minRange } = props;
  const answers = curves.map(({ answer }) => answer.series);
  const data = useMemo(() => {
    // Without the topic the range ends where the answers do.
    const nowMs = tail.nowMs ?? Math.max(...answers.map((series) => series?.timesMs.at(-1) ?? 0));
    const fromMs = rangeStart(range, nowMs);
    return aligned(
      curves.map(({ answer: { series }, strategy, live, scale = 1 }) => {
        if (series === undefined) return { timesMs: [], values: [] };
        const pick = (point: Parameters<typeof accountOf>[0]): number | undefined =>
          live === undefined ? undefined : valueOf(accountOf(point, strategy), live.metric, live.instrument ?? -1);
        const found = joined(series, tail.points, pick, { fromMs, scale: (live?.scale ?? 1) / scale });
        return { timesMs: found.timesMs, values: found.values.map((value) => (value === null ? null : value * scale)) };
      }),
    );
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- curves are made anew with each drawing; what is in them changes with these
  }, [...answers, range, tail.version]);
  const problem = curves.find(({ answer }) => answer.error !== undefined)?.answer;
  const lines: Line[] = curves.map(({ look, label }, index) =>
    Object.assign({ label, values: data.values[index] ?? [] }, look),
  );
  const isKnown = answers.some((series) => series !== undefined);
  return (
    <Panel title={title} actions={actions} className="performance-series">
      {problem?.error !== undefined && <ErrorNote problem={problem.error} onRetry={problem.reload} />}
      {data.timesMs.length > 1 ? (
        <LineChart
          // Another range is another view: a zoom into the last one is over.
          key={range}
          series={lines}
          timesMs={data.timesMs}
          unit={unit}
          digits={digits}
          height={HEIGHT}
          exportName={exportName}
          syncKey="performance"
          {...(minRange === undefined ? {} : { minRange })}
        />
      ) : (
        problem === undefined && (
          <div className="series-wait">
            {isKnown ? (
              <Empty title="Too short a time yet">The line begins with the second sample.</Empty>
            ) : (
              <Empty title="Reading …" />
            )}
          </div>
        )
      )}
    </Panel>
  );
}
