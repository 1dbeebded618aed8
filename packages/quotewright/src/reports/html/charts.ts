/** The report's charts: equity, drawdown, position, markouts, attribution, calibration. Each is the text of an SVG, or '' without data. */
import { nsToIso } from '@quotewright/core/base/time';
import {
  areaY,
  axisX,
  axisY,
  barX,
  dot,
  gridY,
  line,
  lineY,
  link,
  ruleX,
  ruleY,
  text,
  type PlotOptions,
} from '@observablehq/plot';
import { formatMetric, formatSeconds, grouped } from '../metric-format.ts';
import type { EquityTable } from '../read-tables.ts';
import { RUNS, type RunMarket, type RunResult } from '../run-result.ts';
import { chart } from './svg.ts';
import { thin } from './thin.ts';

const COLOURS = {
  optimistic: 'var(--optimistic)',
  modelled: 'var(--modelled)',
  pessimistic: 'var(--pessimistic)',
} as const;
const TICKS = 6;
const READOUTS = 80;
const GRID = { stroke: 'var(--grid)', strokeOpacity: 1, ticks: TICKS };

interface Point {
  readonly x: Date;
  readonly y: number;
}

/** Values at evenly spread moments, shown where the pointer rests: invisible rules with a tooltip. */
function readout(result: RunResult, equity: EquityTable, textOf: (row: number) => string): ReturnType<typeof ruleX> {
  const every = Math.max(1, Math.floor(equity.ns.length / READOUTS));
  const rows = equity.ns.flatMap((ns, row) =>
    row % every === 0
      ? [{ x: dateOf(result, ns), title: `${nsToIso(ns, result.epochDay).slice(11, 19)}  ${textOf(row)}` }]
      : [],
  );
  return ruleX(rows, { x: 'x', stroke: 'transparent', strokeWidth: 8, title: 'title' });
}

/** Lines of the three results, of an account's currency. */
export function equityChart(result: RunResult, equity: EquityTable, currency: string): string {
  const lines = RUNS.flatMap((name) => {
    const key = name === 'modelled' ? `equity:${currency}` : `equity:${currency}:${name}`;
    const points = seriesOf(result, equity, equity.columns.get(key) ?? []);
    return points.length === 0 ? [] : [{ name, points, values: equity.columns.get(key)! }];
  });
  if (lines.length === 0) return '';
  return chart(`Equity in ${currency}`, (width) => ({
    ...timeAxes(width, currency),
    marks: [
      gridY(GRID),
      axisY({ ticks: TICKS, tickFormat: short }),
      ...lines.map(({ name, points }) =>
        lineY(points, {
          x: 'x',
          y: 'y',
          stroke: COLOURS[name],
          strokeWidth: name === 'modelled' ? 1.8 : 1.1,
        }),
      ),
      readout(result, equity, (row) =>
        lines.map(({ name, values }) => `${name} ${grouped(values[row]!, 2)}`).join('  '),
      ),
    ],
  }));
}

/** How far equity lies below its peak so far. */
export function drawdownChart(result: RunResult, equity: EquityTable, currency: string): string {
  let peak = Number.NEGATIVE_INFINITY;
  const values = (equity.columns.get(`equity:${currency}`) ?? []).map((value) => {
    peak = Math.max(peak, value);
    return value - peak;
  });
  const points = seriesOf(result, equity, values);
  if (points.length === 0) return '';
  return chart(`Drawdown in ${currency}`, (width) => ({
    ...timeAxes(width, currency),
    marks: [
      gridY(GRID),
      axisY({ ticks: TICKS, tickFormat: short }),
      areaY(points, { x: 'x', y: 'y', fill: 'var(--bad)', fillOpacity: 0.25 }),
      lineY(points, { x: 'x', y: 'y', stroke: 'var(--bad)', strokeWidth: 1.2 }),
      readout(result, equity, (row) => grouped(values[row]!, 2)),
    ],
  }));
}

export function positionChart(result: RunResult, equity: EquityTable, market: RunMarket): string {
  const values = equity.columns.get(`position:${market.index}`) ?? [];
  const points = seriesOf(result, equity, values);
  if (points.length === 0) return '';
  return chart(`Position in ${market.symbol}`, (width) => ({
    ...timeAxes(width, 'size'),
    marks: [
      gridY(GRID),
      axisY({ ticks: TICKS, tickFormat: short }),
      areaY(points, { x: 'x', y: 'y', fill: 'var(--modelled)', fillOpacity: 0.15, curve: 'step-after' }),
      lineY(points, { x: 'x', y: 'y', stroke: 'var(--modelled)', strokeWidth: 1.2, curve: 'step-after' }),
      ruleY([0], { stroke: 'var(--muted)' }),
      readout(result, equity, (row) => formatMetric(values[row], 'size')),
    ],
  }));
}

/** What fills were worth so long after them: all, with twice the standard error, makers and takers. */
export function markoutChart(market: RunMarket): string {
  const known = market.markouts.flatMap((each) => (each.meanTicks === null ? [] : [{ ...each, mean: each.meanTicks }]));
  if (known.length === 0) return '';
  const at = (key: 'makerMeanTicks' | 'takerMeanTicks'): { x: number; y: number }[] =>
    known.flatMap((each) => (each[key] === null ? [] : [{ x: each.horizonSeconds, y: each[key] }]));
  const all = known.map((each) => ({
    x: each.horizonSeconds,
    y: each.mean,
    low: each.mean - 2 * (each.standardErrorTicks ?? 0),
    high: each.mean + 2 * (each.standardErrorTicks ?? 0),
    title: `${formatSeconds(each.horizonSeconds)}: ${grouped(each.mean, 3)} ticks of ${grouped(each.fills, 0)} fills`,
  }));
  return chart(`Markouts of ${market.symbol}`, () => ({
    x: { type: 'log' },
    y: { label: 'ticks', nice: true },
    marks: [
      gridY(GRID),
      axisY({ ticks: TICKS, tickFormat: short }),
      axisX(
        known.map((each) => each.horizonSeconds),
        { tickFormat: (seconds: number) => formatSeconds(seconds), label: 'after the fill' },
      ),
      ruleY([0], { stroke: 'var(--muted)' }),
      ruleX(all, { x: 'x', y1: 'low', y2: 'high', stroke: 'var(--modelled)', strokeWidth: 1.2 }),
      line(at('makerMeanTicks'), {
        x: 'x',
        y: 'y',
        stroke: 'var(--buy)',
        strokeDasharray: '5 3',
        title: () => 'maker',
      }),
      line(at('takerMeanTicks'), {
        x: 'x',
        y: 'y',
        stroke: 'var(--sell)',
        strokeDasharray: '2 3',
        title: () => 'taker',
      }),
      line(all, { x: 'x', y: 'y', stroke: 'var(--modelled)', strokeWidth: 1.8 }),
      dot(all, { x: 'x', y: 'y', fill: 'var(--modelled)', r: 3.5, title: 'title' }),
    ],
  }));
}

/** The parts of the P&L, and their sum. */
export function attributionChart(market: RunMarket): string {
  const { spreadCapture, adverseSelection, inventory, fees, funding, total } = market.attribution;
  const named: readonly (readonly [string, string])[] = [
    ['Spread', spreadCapture],
    ['Adverse', adverseSelection],
    ['Inventory', inventory],
    ['Fees', fees],
    ['Funding', funding],
    ['Total', total],
  ];
  let sum = 0;
  const bars = named.map(([name, exact]) => {
    const value = Number(exact);
    const from = name === 'Total' ? 0 : sum;
    sum = from + value;
    return { name, from, to: from + value, value, title: `${name}: ${exact} ${market.currency}` };
  });
  const steps = bars.slice(0, -1).map((bar, i) => ({ x: bar.to, from: bar.name, to: bars[i + 1]!.name }));
  return chart(`P&L attribution of ${market.symbol}`, () => ({
    marginLeft: 70,
    marginRight: 70,
    x: { label: market.currency, nice: true, tickFormat: short, ticks: 4 },
    y: { label: null, domain: bars.map(({ name }) => name), padding: 0.25 },
    marks: [
      link(steps, { x1: 'x', x2: 'x', y1: 'from', y2: 'to', stroke: 'var(--muted)', strokeDasharray: '2 2' }),
      barX(bars, {
        x1: 'from',
        x2: 'to',
        y: 'name',
        fill: (bar: { name: string; value: number }) =>
          bar.name === 'Total' ? 'var(--modelled)' : bar.value < 0 ? 'var(--bad)' : 'var(--good)',
        title: 'title',
      }),
      text(bars, {
        x: (bar: { from: number; to: number }) => Math.max(bar.from, bar.to),
        y: 'name',
        text: (bar: { value: number }) => formatMetric(bar.value, 'currency'),
        textAnchor: 'start',
        dx: 5,
      }),
      ruleX([0], { stroke: 'var(--muted)' }),
    ],
  }));
}

/** Predicted against observed fills, a dot per bin. */
export function calibrationChart(bins: NonNullable<RunResult['calibration']>): string {
  if (bins.length === 0) return '';
  const most = Math.max(...bins.map(({ count }) => count));
  const dots = bins.map((bin) => ({
    ...bin,
    r: 3 + 7 * Math.sqrt(bin.count / most),
    title: `predicted ${(bin.predicted * 100).toFixed(1)} %, filled ${(bin.observed * 100).toFixed(1)} % of ${grouped(bin.count, 0)} orders`,
  }));
  return chart('Calibration of fill probabilities', () => ({
    x: { domain: [0, 1], label: 'predicted probability of a fill', tickFormat: '.0%', ticks: 5 },
    y: { domain: [0, 1], label: 'filled', tickFormat: '.0%', ticks: 5, grid: false },
    marks: [
      gridY(GRID),
      line(
        [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
        { x: 'x', y: 'y', stroke: 'var(--muted)', strokeDasharray: '4 3' },
      ),
      line(dots, { x: 'predicted', y: 'observed', stroke: 'var(--modelled)' }),
      dot(dots, { x: 'predicted', y: 'observed', r: 'r', fill: 'var(--modelled)', fillOpacity: 0.8, title: 'title' }),
    ],
  }));
}

function seriesOf(result: RunResult, equity: EquityTable, values: readonly number[]): Point[] {
  return thin(values, 500).map((i) => ({ x: dateOf(result, equity.ns[i]!), y: values[i]! }));
}

function dateOf(result: RunResult, ns: number): Date {
  return new Date(result.epochDay * 86_400_000 + ns / 1e6);
}

function timeAxes(width: number, label: string): PlotOptions {
  return { x: { type: 'utc', label: null, ticks: width < 500 ? 4 : 7, tickFormat: clock }, y: { label, nice: true } };
}

/** `13:45`, `13:45:30` between minutes, the day at midnight. */
function clock(time: Date): string {
  const iso = time.toISOString();
  if (time.getTime() % 86_400_000 === 0) return iso.slice(5, 10);
  return time.getTime() % 60_000 === 0 ? iso.slice(11, 16) : iso.slice(11, 19);
}

/** Axis numbers that stay short: 12,000, 3M, and small ones as they are. */
function short(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size >= 1e9) return `${sign}${trim(size / 1e9)}B`;
  if (size >= 1e7) return `${sign}${trim(size / 1e6)}M`;
  return size >= 1e4 ? grouped(value, 0) : `${sign}${trim(size)}`;
}

function trim(size: number): string {
  return String(Number(size.toPrecision(6)));
}
