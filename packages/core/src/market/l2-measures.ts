/**
 * Measures of a book's depth. None allocates. Prices and distances are in ticks, sizes in lots; a figure that does not
 * exist (an empty side, a book too thin) is NaN, a sum over nothing is 0. Sums of lots are exact while below 2^53.
 *
 * Functions that take one side work on any structure that walks its levels best first.
 */
import { addProduct, wideToNumber } from '../base/wide.ts';
import type { L2Book } from './l2-book.ts';
import type { LevelWalk } from './l2-side.ts';

/** Mid price in ticks, exact: a whole or a half. NaN when a side is empty. */
export function midTicks(book: L2Book): number {
  return (book.bids.bestPrice() + book.asks.bestPrice()) / 2;
}

/** The touch weighted by the size on the other side, in ticks, as the nearest float64. NaN when a side is empty. */
export function micropriceTicks(book: L2Book): number {
  const bid = book.bids.bestPrice();
  const bidSize = book.bids.bestSize();
  return bid + (book.asks.bestPrice() - bid) * (bidSize / (bidSize + book.asks.bestSize()));
}

/** Lots on the best n levels. */
export function lotsOfTop(side: LevelWalk, n: number): number {
  let lots = 0;
  let seen = 0;
  for (let level = side.best(); level >= 0 && seen < n; level = side.next(level)) {
    lots += side.sizeOf(level);
    seen++;
  }
  return lots;
}

/**
 * (bid lots − ask lots) / (bid lots + ask lots) over the best n levels of each side: 1 all bids, -1 all asks. NaN when both
 * are empty.
 */
export function imbalance(book: L2Book, n: number): number {
  const bid = lotsOfTop(book.bids, n);
  const ask = lotsOfTop(book.asks, n);
  return (bid - ask) / (bid + ask);
}

/** Ticks from the touch to the level on which a taker of so many lots is filled; NaN when the side holds fewer. */
export function distanceToFill(side: LevelWalk, lots: number): number {
  const best = side.best();
  let left = lots;
  for (let level = best; level >= 0; level = side.next(level)) {
    left -= side.sizeOf(level);
    if (left <= 0) return Math.abs(side.priceOf(level) - side.priceOf(best));
  }
  return Number.NaN;
}

/** Lots at levels no further than so many ticks from the touch, the touch included. */
export function lotsWithin(side: LevelWalk, distanceTicks: number): number {
  const best = side.best();
  let lots = 0;
  for (let level = best; level >= 0; level = side.next(level)) {
    if (Math.abs(side.priceOf(level) - side.priceOf(best)) > distanceTicks) break;
    lots += side.sizeOf(level);
  }
  return lots;
}

/** Entries of what `fillCost` writes. */
export const FillCost = {
  /** Lots filled; fewer than asked for when the side is too thin. */
  FILLED_LOTS: 0,
  /** Price of the worst level that was touched; NaN when nothing was filled. */
  WORST_TICKS: 1,
  /** Exact sum of ticks × lots, a wide number of `base/wide.ts` in two entries. */
  NOTIONAL: 2,
} as const;
export const FILL_COST_WORDS = 4;

/**
 * What a taker of so many lots would pay on a side, level by level, written to four entries of the caller's array. A book
 * too thin fills what it has. Answers the lots filled.
 */
export function fillCost(side: LevelWalk, lots: number, out: Float64Array): number {
  let left = lots;
  out[FillCost.WORST_TICKS] = Number.NaN;
  out[FillCost.NOTIONAL] = 0;
  out[FillCost.NOTIONAL + 1] = 0;
  for (let level = side.best(); level >= 0 && left > 0; level = side.next(level)) {
    const size = side.sizeOf(level);
    const taken = size < left ? size : left;
    const price = side.priceOf(level);
    addProduct(out, FillCost.NOTIONAL, price, taken);
    out[FillCost.WORST_TICKS] = price;
    left -= taken;
  }
  const filled = lots > 0 ? lots - left : 0;
  out[FillCost.FILLED_LOTS] = filled;
  return filled;
}

/** Average price in ticks of what `fillCost` wrote, a float64 within two roundings; NaN when nothing was filled. */
export function vwapTicks(cost: Float64Array): number {
  return wideToNumber(cost, FillCost.NOTIONAL) / cost[FillCost.FILLED_LOTS];
}
