/** Cumulative depth: how much there is to take up to a price. Pure. */
import type { LevelEntry } from 'quotewright/server/protocol/stream';
import { niceStep } from '../../lib/nice-step.ts';

/** Running sums, best price first. */
export function cumulate(levels: readonly LevelEntry[]): readonly LevelEntry[] {
  let sum = 0;
  return levels.map(([ticks, lots]) => [ticks, (sum += lots)] as const);
}

/** Ticks to either side of the mid that the chart shows: round, and wide enough for most of the nearer side's levels. */
export function depthReach(bids: readonly LevelEntry[], asks: readonly LevelEntry[], mid: number): number {
  const far = (levels: readonly LevelEntry[]): number => {
    const level = levels[Math.floor((levels.length - 1) * 0.9)];
    return level === undefined ? 0 : Math.abs(level[0] - mid);
  };
  const [below, above] = [far(bids), far(asks)];
  return niceStep(Math.max(2, Math.min(below || above, above || below)));
}

/** Lots up to `ticks`, on the side that it lies on. */
export function depthAt(cumulative: readonly LevelEntry[], ticks: number, direction: 1 | -1): number {
  let lots = 0;
  for (const [level, sum] of cumulative) {
    if ((level - ticks) * direction > 0) break;
    lots = sum;
  }
  return lots;
}
