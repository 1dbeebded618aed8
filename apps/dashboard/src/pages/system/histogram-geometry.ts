/** Buckets of a latency histogram on a log axis. Pure. */
import type { LatencySummary } from 'quotewright/server/protocol/system';

export interface HistogramBar {
  readonly fromNs: number;
  readonly toNs: number;
  readonly count: number;
}

/** A bucket reaches from the edge before it; the first one down to half of its own. */
export function barsOf(buckets: LatencySummary['buckets']): readonly HistogramBar[] {
  return buckets.map(([toNs, count], at) => {
    const before = buckets[at - 1]?.[0];
    return { fromNs: before ?? toNs / 2, toNs, count };
  });
}

/** Whole decades round the bars that have something in them; at least one. */
export function decades(bars: readonly HistogramBar[]): readonly [low: number, high: number] {
  const filled = bars.filter((bar) => bar.count > 0 && bar.toNs > 0 && Number.isFinite(bar.toNs));
  const first = filled[0];
  const last = filled.at(-1);
  if (first === undefined || last === undefined) return [0, 1];
  const low = Math.floor(Math.log10(Math.max(1, first.fromNs)));
  return [low, Math.max(low + 1, Math.ceil(Math.log10(last.toNs)))];
}

/** 0 … 1 along the axis. */
export const alongLog = (ns: number, [low, high]: readonly [number, number]): number =>
  Math.min(1, Math.max(0, (Math.log10(Math.max(ns, 1e-9)) - low) / (high - low)));
