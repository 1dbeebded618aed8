/** What the L2 book is measured against: a map of price to size and a sorted array of prices for each side. */
export class NaiveL2Book {
  readonly #sizes = [new Map<number, number>(), new Map<number, number>()] as const;
  /** Prices in rising order. */
  readonly prices: readonly [number[], number[]] = [[], []];

  set(side: 0 | 1, price: number, size: number): void {
    const sizes = this.#sizes[side];
    const prices = this.prices[side];
    if (size > 0) {
      if (!sizes.has(price)) prices.splice(lowerBound(prices, price), 0, price);
      sizes.set(price, size);
    } else if (sizes.delete(price)) prices.splice(lowerBound(prices, price), 1);
  }

  best(side: 0 | 1): number {
    const prices = this.prices[side];
    return prices[side === 0 ? prices.length - 1 : 0] ?? Number.NaN;
  }

  sizeAt(side: 0 | 1, price: number): number {
    return this.#sizes[side].get(price) ?? 0;
  }
}

function lowerBound(prices: readonly number[], price: number): number {
  let low = 0;
  let high = prices.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (prices[middle]! < price) low = middle + 1;
    else high = middle;
  }
  return low;
}
