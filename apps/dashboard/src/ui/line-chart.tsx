/** Series over time (uPlot): legend with the values under the pointer, drag to zoom, double click for all, PNG and CSV. */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { exportCsv, exportPng } from '../lib/export.ts';
import { formatNumber, formatTime } from '../lib/format.ts';
import { colour, useTheme } from '../lib/theme.ts';
import { ExportButtons } from './export-buttons.tsx';

export interface Series {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** A custom property, `--buy`; absent: the next of the palette. */
  readonly color?: string;
  readonly dash?: readonly number[];
  /** Filled down to zero. */
  readonly isFilled?: boolean;
  /** Holds its value until the next point. */
  readonly isStepped?: boolean;
}

interface LineChartProps {
  readonly series: readonly Series[];
  readonly timesMs: readonly number[];
  /** Written at the axis and behind every value. */
  readonly unit: string;
  /** Pixels, without legend. */
  readonly height: number;
  /** Name of the files. */
  readonly exportName: string;
  /** Digits behind the point. */
  readonly digits?: number;
  /** Charts of one key move their pointers together. */
  readonly syncKey?: string;
  /** Smallest range that the axis shows, so that flat lines are flat. */
  readonly minRange?: readonly [number, number];
}

const PALETTE = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6'];

const colourOf = (series: Series, index: number): string =>
  colour(series.color ?? PALETTE[index % PALETTE.length] ?? '--series-1');

const asData = (timesMs: readonly number[], series: readonly Series[]): uPlot.AlignedData => [
  timesMs.map((ms) => ms / 1000),
  ...series.map(({ values }) => [...values]),
];

/** Digits that tell ticks `step` apart. */
function digitsOf(step: number): number {
  let digits = Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
  // A step of 0.25 needs one more than its size says.
  while (digits < 8 && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6) digits++;
  return digits;
}

function axes(unit: string): uPlot.Axis[] {
  const look = {
    stroke: () => colour('--muted'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: () => colour('--grid'), width: 1 },
    ticks: { show: false },
  };
  return [
    { ...look, values: (_chart, seconds) => seconds.map((second) => formatTime(second * 1000)), space: 72, size: 28 },
    {
      ...look,
      // Room for the longest label of the moment, in steps, so that the plot does not breathe.
      size: (_chart, values) => Math.max(48, Math.ceil(Math.max(0, ...(values ?? []).map((v) => v.length)) / 2) * 14),
      values: (_chart, splits) => {
        const digits = digitsOf(Math.abs((splits[1] ?? 1) - (splits[0] ?? 0)) || 1);
        return splits.map((value) => formatNumber(value, { digits }));
      },
      label: unit,
      labelSize: 14,
      labelGap: 2,
      labelFont: '11px system-ui, sans-serif',
      space: 32,
    },
  ];
}

function lineOf(series: Series, index: number, digits: number, unit: string): uPlot.Series {
  const paint = colourOf(series, index);
  const line: uPlot.Series = {
    label: series.label,
    stroke: paint,
    width: 1.5,
    points: { show: false },
    value: (_chart: uPlot, value: number | null) => formatNumber(value, { digits, unit }),
  };
  if (series.isFilled === true) line.fill = `${paint}28`;
  if (series.dash !== undefined) line.dash = [...series.dash];
  const stepped = series.isStepped === true ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  if (stepped !== undefined) line.paths = stepped;
  return line;
}

function options(props: LineChartProps, width: number): uPlot.Options {
  const { series, unit, height, digits = 2, syncKey, minRange } = props;
  return {
    width,
    height,
    // At the right there is room for half a time.
    padding: [8, 28, 0, 0],
    axes: axes(unit),
    scales: {
      x: { time: true },
      ...(minRange === undefined ? {} : { y: { range: (_chart, low, high) => withRange(low, high, minRange) } }),
    },
    cursor: {
      points: { size: 6 },
      drag: { x: true, y: false },
      ...(syncKey === undefined ? {} : { sync: { key: syncKey } }),
    },
    legend: { live: true },
    series: [
      {
        label: 'time',
        value: (_chart: uPlot, second: number | null) => formatTime(second === null ? null : second * 1000),
      },
      ...series.map((one, index) => lineOf(one, index, digits, unit)),
    ],
  };
}

function withRange(low: number, high: number, [least, most]: readonly [number, number]): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [least, most];
  const margin = (high - low) * 0.05;
  return [Math.min(least, low - margin), Math.max(most, high + margin)];
}

export function LineChart(props: LineChartProps) {
  const { series, timesMs, height, exportName } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const theme = useTheme();
  // What the chart must be built anew for; data come by setData.
  const shape = JSON.stringify([
    series.map(({ label, color, dash, isFilled, isStepped }) => [label, color, dash, isFilled, isStepped]),
    [props.unit, props.digits, props.syncKey, props.minRange],
  ]);

  useEffect(() => {
    const parent = box.current;
    if (parent === null) return undefined;
    const now = latest.current;
    const plot = new uPlot(options(now, Math.max(120, parent.clientWidth)), asData(now.timesMs, now.series), parent);
    chart.current = plot;
    const watcher = new ResizeObserver(() => {
      const width = Math.max(120, parent.clientWidth);
      if (width !== plot.width) plot.setSize({ width, height: latest.current.height });
    });
    watcher.observe(parent);
    return () => {
      watcher.disconnect();
      plot.destroy();
      chart.current = undefined;
    };
  }, [shape, theme, height]);

  useEffect(() => {
    const plot = chart.current;
    if (plot === undefined) return;
    // While the person has zoomed in, new points do not move the view.
    const { min, max } = plot.scales['x'] ?? {};
    const [times] = plot.data;
    const isZoomed =
      // Before the first drawing they are null, whatever the types say.
      typeof min === 'number' &&
      typeof max === 'number' &&
      times.length > 1 &&
      (min > (times[0] ?? 0) || max < (times.at(-1) ?? 0));
    // At once: left to its own turn, another drawing before it would find the new data on the old scale, and take that for a zoom.
    plot.batch(() => {
      plot.setData(asData(timesMs, series), !isZoomed);
      if (isZoomed) plot.setScale('x', { min, max });
    });
    // Without a pointer over it the legend says what is newest.
    if ((plot.cursor.left ?? -1) < 0) plot.setLegend({ idx: timesMs.length - 1 }, false);
  }, [series, timesMs]);

  return (
    <figure className="chart">
      <div ref={box} className="chart-plot" />
      <figcaption className="chart-foot">
        <span className="unseen">{summary(props)}</span>
        <ExportButtons
          name={exportName}
          onPng={() => {
            const plot = chart.current;
            if (plot !== undefined) exportPng(exportName, [plot.ctx.canvas]);
          }}
          onCsv={() =>
            exportCsv(
              exportName,
              ['time', ...series.map(({ label }) => (props.unit === '' ? label : `${label} (${props.unit})`))],
              timesMs.map((ms, at) =>
                [new Date(ms).toISOString()].concat(series.map(({ values }) => String(values[at] ?? ''))),
              ),
            )
          }
        />
      </figcaption>
    </figure>
  );
}

/** For those who do not see the lines. */
function summary({ series, unit, digits = 2 }: LineChartProps): string {
  return series
    .map(
      ({ label, values }) =>
        `${label}: last ${formatNumber(
          values.findLast((v) => v !== null),
          { digits, unit },
        )}`,
    )
    .join('; ');
}
