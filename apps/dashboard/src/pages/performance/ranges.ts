/** The ranges of the charts, in market time. */

export const RANGES = [
  { key: '1m', label: '1 m', seconds: 60 },
  { key: '5m', label: '5 m', seconds: 300 },
  { key: '15m', label: '15 m', seconds: 900 },
  { key: '1h', label: '1 h', seconds: 3600 },
  { key: '6h', label: '6 h', seconds: 21_600 },
  { key: '1d', label: '1 d', seconds: 86_400 },
  { key: 'all', label: 'All', seconds: Number.POSITIVE_INFINITY },
] as const;
export type RangeKey = (typeof RANGES)[number]['key'];

/** Market time from which a range ending at `nowMs` shows. -Infinity: all there is. */
export function rangeStart(range: RangeKey, nowMs: number): number {
  const seconds = RANGES.find(({ key }) => key === range)?.seconds ?? Number.POSITIVE_INFINITY;
  return nowMs - seconds * 1000;
}

/**
 * The same for a question to the server: earlier by up to a quarter of the range, in whole quarters, so that the question (and with it
 * what is kept of the answer) changes four times a range instead of with every update. undefined: no bound.
 */
export function askedStart(range: RangeKey, nowMs: number): number | undefined {
  const seconds = RANGES.find(({ key }) => key === range)?.seconds ?? Number.POSITIVE_INFINITY;
  if (!Number.isFinite(seconds)) return undefined;
  const quarter = (seconds * 1000) / 4;
  return Math.floor((nowMs - seconds * 1000) / quarter) * quarter;
}
