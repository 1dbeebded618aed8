/**
 * Where the ladder's rows stand. A row is `group` ticks wide and named by its number: bids go to the row at or below their price, asks to
 * the row at or above, so that a row never shows a better price than there is. All pure.
 */
import type { LevelEntry } from 'quotewright/server/protocol/stream';
import { niceStep } from '../../lib/nice-step.ts';

export const ROW_HEIGHT = 20;

export const bidRow = (ticks: number, group: number): number => Math.floor(ticks / group);
export const askRow = (ticks: number, group: number): number => Math.ceil(ticks / group);

/** The groups on offer, in ticks. */
export const GROUPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] as const;

/** The smallest group with which a screen of rows reaches the `levels`th level on both sides. */
export function chooseGroup(bids: readonly LevelEntry[], asks: readonly LevelEntry[], rows: number): number {
  const levels = Math.max(4, Math.floor(rows / 4));
  const lowest = bids[Math.min(levels, bids.length) - 1];
  const highest = asks[Math.min(levels, asks.length) - 1];
  if (lowest === undefined || highest === undefined) return 1;
  const wanted = niceStep((highest[0] - lowest[0]) / Math.max(1, rows - 2));
  return GROUPS.find((group) => group >= wanted) ?? GROUPS[GROUPS.length - 1] ?? 1;
}

/** Middle of the market in rows (fractions); undefined with nothing on either side. */
export function midRow(bids: readonly LevelEntry[], asks: readonly LevelEntry[], group: number): number | undefined {
  const bid = bids[0]?.[0];
  const ask = asks[0]?.[0];
  if (bid === undefined && ask === undefined) return undefined;
  return ((bid ?? ask ?? 0) + (ask ?? bid ?? 0)) / 2 / group;
}

/** Where the view should be: it stays put while the market is in its middle half, and goes to the market when it is not. */
export function recentre(target: number, mid: number, rows: number): number {
  return Math.abs(mid - target) > rows / 4 ? Math.round(mid) : target;
}

const EASE_MS = 80;

/** On the way from `at` to `target`; there when nearer than a hundredth of a row. */
export function ease(at: number, target: number, elapsedMs: number): number {
  const left = (target - at) * Math.exp(-Math.min(elapsedMs, 100) / EASE_MS);
  return Math.abs(left) < 0.01 ? target : target - left;
}

/** Row numbers in sight, top (high prices) to bottom. */
export function rowsInSight(centre: number, height: number): { readonly top: number; readonly count: number } {
  const half = height / 2 / ROW_HEIGHT;
  const top = Math.ceil(centre + half);
  return { top, count: Math.max(0, top - Math.floor(centre - half) + 1) };
}

/** Upper edge of a row in pixels. */
export const rowY = (row: number, centre: number, height: number): number =>
  height / 2 - (row - centre + 0.5) * ROW_HEIGHT;

/** Sizes by row, top to bottom, into `into`; answers the largest of them. */
export function sumRows(
  levels: readonly LevelEntry[],
  direction: 1 | -1,
  group: number,
  top: number,
  into: Float64Array,
): number {
  into.fill(0);
  let most = 0;
  for (const [ticks, lots] of levels) {
    const at = top - (direction === 1 ? askRow(ticks, group) : bidRow(ticks, group));
    if (at < 0 || at >= into.length) continue;
    const sum = (into[at] ?? 0) + lots;
    into[at] = sum;
    if (sum > most) most = sum;
  }
  return most;
}

/** Digits that show the usual size of the levels with three significant figures, no more than the instrument has. */
export function sizeDigits(levels: readonly LevelEntry[], lot: number, most: number): number {
  if (levels.length === 0) return Math.min(3, most);
  const sizes = levels.map(([, lots]) => lots * lot).toSorted((a, b) => a - b);
  const median = sizes[sizes.length >> 1] ?? 1;
  return Math.min(most, Math.max(0, 2 - Math.floor(Math.log10(median))));
}
