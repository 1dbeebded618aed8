/**
 * The single price at which a crossed book uncrosses. Candidates are the prices of the crossing levels. The price is the one
 * that trades most; among equals the one that leaves the smaller surplus; then the one nearest to the reference (the last
 * trade); then the lowest. This is the usual rule of call auctions (for instance Euronext's, without its market-order step).
 */
import type { L3Book } from '../market/l3-book.ts';
import { Side } from '../market/side.ts';

/**
 * @param volumeOf open lots at a level, hidden ones included
 * @param referenceTicks last trade, NaN when there was none: the middle of the crossing prices then stands for it
 * @returns the clearing price in ticks, NaN when the book is not crossed
 */
export function clearingPrice(book: L3Book, volumeOf: (level: number) => number, referenceTicks: number): number {
  const bestBid = book.bestPrice(Side.BUY);
  const bestAsk = book.bestPrice(Side.SELL);
  if (!(bestBid >= bestAsk)) return Number.NaN;
  const bids = crossing(book, Side.BUY, (price) => price >= bestAsk);
  const asks = crossing(book, Side.SELL, (price) => price <= bestBid);
  const priceOf = (level: number): number => book.levelPrice(level);
  const prices = [...new Set([...bids, ...asks].map(priceOf))].toSorted((a, b) => a - b);
  const reference = Number.isNaN(referenceTicks) ? (bestBid + bestAsk) / 2 : referenceTicks;
  // From the lowest price up: demand starts as all crossing bids, supply as nothing.
  let demand = bids.reduce((sum, level) => sum + volumeOf(level), 0);
  let supply = 0;
  let nextBid = bids.length - 1;
  let nextAsk = 0;
  let best = Number.NaN;
  let bestVolume = -1;
  let bestSurplus = 0;
  for (const price of prices) {
    while (nextAsk < asks.length && priceOf(asks[nextAsk]) <= price) supply += volumeOf(asks[nextAsk++]);
    while (nextBid >= 0 && priceOf(bids[nextBid]) < price) demand -= volumeOf(bids[nextBid--]);
    const volume = Math.min(demand, supply);
    const surplus = Math.abs(demand - supply);
    const isBetter =
      volume > bestVolume ||
      (volume === bestVolume &&
        (surplus < bestSurplus ||
          (surplus === bestSurplus && Math.abs(price - reference) < Math.abs(best - reference))));
    if (isBetter) {
      best = price;
      bestVolume = volume;
      bestSurplus = surplus;
    }
  }
  return best;
}

/** Levels of a side from the best one on, as long as their price crosses. */
function crossing(book: L3Book, side: Side, isCrossing: (price: number) => boolean): number[] {
  const found: number[] = [];
  for (let level = book.best(side); level !== 0; level = book.levelAfter(level)) {
    if (!isCrossing(book.levelPrice(level))) break;
    found.push(level);
  }
  return found;
}
