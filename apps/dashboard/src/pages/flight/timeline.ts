/** Geometry of the scrubber: which part of the flight is shown, and what lies where in it. Pure. */
import type { FlightOverview } from 'quotewright/server/protocol/research';

/** Buckets of the overview that are shown: [from, to). */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Zoom steps: the share of the flight that is shown. */
export const ZOOMS = [1, 1 / 4, 1 / 16, 1 / 64] as const;

/** The part of so many buckets around the one at hand that a zoom shows; never beyond the ends. */
export function rangeAround(buckets: number, at: number, zoom: number): Range {
  const width = Math.max(2, Math.round(buckets * zoom));
  if (width >= buckets) return { from: 0, to: buckets };
  const from = Math.min(Math.max(0, Math.round(at - width / 2)), buckets - width);
  return { from, to: from + width };
}

/** Keeps a zoomed range where it is as long as the cursor is within it, and pages on when it leaves. */
export function follow(range: Range, buckets: number, at: number): Range {
  const width = range.to - range.from;
  if (at >= range.from && at < range.to) return range;
  return rangeAround(buckets, at, width / buckets);
}

/** Index of the last entry that is not after `value` in a rising list; 0 when all are after it. */
export function lastAtOrBefore(list: readonly number[], value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Bucket, with its fraction, of an event. */
export function bucketOf({ events }: FlightOverview, event: number, total: number): number {
  const bucket = lastAtOrBefore(events, event);
  const first = events[bucket] ?? 0;
  const next = events[bucket + 1] ?? total;
  return next > first ? bucket + Math.min(1, (event - first) / (next - first)) : bucket;
}

/** The event at a bucket with its fraction. */
export function eventAt({ events }: FlightOverview, bucket: number, total: number): number {
  const whole = Math.min(events.length - 1, Math.max(0, Math.floor(bucket)));
  const first = events[whole] ?? 0;
  const next = events[whole + 1] ?? total;
  const share = Math.min(1, Math.max(0, bucket - whole));
  return Math.min(Math.max(0, total - 1), Math.round(first + share * (next - first)));
}

export interface Extent {
  readonly low: number;
  readonly high: number;
}

/** Smallest and largest number of a stretch; undefined when there is none. A flat line gets room. */
export function extentOf(values: readonly (number | null)[], { from, to }: Range): Extent | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = from; i < to; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return undefined;
  if (low < high) return { low, high };
  const room = Math.max(1, Math.abs(low) * 1e-4);
  return { low: low - room, high: high + room };
}

/** The sum over strategies of a list by strategy. */
export function summed(lists: readonly (readonly number[])[]): number[] {
  const [first = []] = lists;
  return first.map((_, index) => lists.reduce((sum, list) => sum + (list[index] ?? 0), 0));
}
