/**
 * One view of the reference feed's book: levels by price, and a best price a side that follows the words of the workload: a level
 * that reaches or crosses the other side's best moves that best to the next level beyond it, while the levels stay stored.
 */
export class NaiveBook {
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();
  bestBid = Number.NEGATIVE_INFINITY;
  bestAsk = Number.POSITIVE_INFINITY;

  /** The level's size is now `lots`; answers what it was. */
  set(isBid: boolean, ticks: number, lots: number): number {
    const levels = isBid ? this.bids : this.asks;
    const before = levels.get(ticks) ?? 0;
    if (lots > 0) levels.set(ticks, lots);
    else levels.delete(ticks);
    if (isBid) this.#bid(ticks, lots);
    else this.#ask(ticks, lots);
    return before;
  }

  #bid(ticks: number, lots: number): void {
    if (lots === 0) {
      if (ticks === this.bestBid) this.bestBid = highestBelow(this.bids, ticks);
    } else if (ticks > this.bestBid) {
      this.bestBid = ticks;
      if (this.bestAsk <= ticks) this.bestAsk = lowestAbove(this.asks, ticks);
    }
  }

  #ask(ticks: number, lots: number): void {
    if (lots === 0) {
      if (ticks === this.bestAsk) this.bestAsk = lowestAbove(this.asks, ticks);
    } else if (ticks < this.bestAsk) {
      this.bestAsk = ticks;
      if (this.bestBid >= ticks) this.bestBid = highestBelow(this.bids, ticks);
    }
  }
}

function highestBelow(levels: ReadonlyMap<number, number>, ticks: number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const price of levels.keys()) if (price < ticks && price > best) best = price;
  return best;
}

function lowestAbove(levels: ReadonlyMap<number, number>, ticks: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (const price of levels.keys()) if (price > ticks && price < best) best = price;
  return best;
}
