/**
 * A series of samples at a resolution: a point is the last value at or before its time, and null in a gap of the session. Points lie within the
 * session: before its first sample and after its last one there are none.
 */
import type { z } from 'zod';
import type { SeriesReport, seriesQuery } from '../protocol/trading.ts';
import { finiteOrNull } from './finite.ts';
import type { LiveSamples } from './live-samples.ts';
import { marketMs, marketNs } from './market-time.ts';

/** Points when no resolution is asked for, and at most. */
const USUAL_POINTS = 1000;
const MOST_POINTS = 5000;
const SECOND_NS = 1e9;

type Query = z.output<typeof seriesQuery>;
type Metric = Query['metric'];

const UNITS: Readonly<Record<Metric, SeriesReport['unit']>> = {
  pnl: 'currency',
  realised: 'currency',
  unrealised: 'currency',
  fees: 'currency',
  equity: 'currency',
  drawdown: 'fraction',
  position: 'lots',
  fills: 'count',
  quoteUptime: 'fraction',
  mid: 'ticks',
  spread: 'ticks',
  imbalance: 'ratio',
};

/** Without points when there is no such strategy or instrument: who asks has checked that. */
export function seriesReportOf(samples: LiveSamples, epochDay: number, query: Query): SeriesReport {
  const { metric, strategy, instrument, from, to, resolution } = query;
  const { history } = samples;
  const column = samples.column(metric, strategy, instrument === undefined ? 0 : samples.find(instrument));
  // Beyond the session there is nothing, however far somebody asks.
  const fromNs = Math.max(history.firstNs, from === undefined ? Number.NEGATIVE_INFINITY : marketNs(epochDay, from));
  const toNs = Math.min(history.lastNs, to === undefined ? Number.POSITIVE_INFINITY : marketNs(epochDay, to));
  const spanNs = toNs - fromNs;
  const wanted = resolution === undefined ? spanNs / (USUAL_POINTS - 1) : resolution * SECOND_NS;
  const least = Math.max(SECOND_NS, spanNs / (MOST_POINTS - 1));
  const stepNs = Math.ceil(Math.max(wanted || 0, least || 0) / SECOND_NS) * SECOND_NS;
  const timesMs: number[] = [];
  const values: (number | null)[] = [];
  // Whole multiples of the step, so that a series that is asked for again has the same points.
  if (column >= 0 && spanNs >= 0) {
    for (let ns = Math.ceil(fromNs / stepNs) * stepNs; ns <= toNs; ns += stepNs) {
      timesMs.push(marketMs(epochDay, ns));
      values.push(finiteOrNull(history.value(ns, column)));
    }
  }
  return { metric, unit: UNITS[metric], resolutionSeconds: (stepNs || SECOND_NS) / SECOND_NS, timesMs, values };
}
