/**
 * The order book that one writes first: a Map of price to an array of orders per side, sorted arrays of prices, a Map of ids. The
 * yardstick of the matching benchmark: machines differ, the ratio to this stays.
 */
interface Order {
  readonly id: number;
  readonly side: number;
  readonly price: number;
  quantity: number;
}

export class NaiveMatchBook {
  readonly #levels = [new Map<number, Order[]>(), new Map<number, Order[]>()] as const;
  /** Prices of each side, best last. */
  readonly #prices: readonly [number[], number[]] = [[], []];
  readonly #orders = new Map<number, Order>();
  trades = 0;
  hash = 2_166_136_261 | 0;

  apply(op: number, id: number, side: number, price: number, quantity: number): void {
    if (op === 1) this.#cancel(id);
    else this.#add(id, side, price, quantity, op === 2);
  }

  #add(id: number, side: number, price: number, quantity: number, isImmediate: boolean): void {
    const prices = this.#prices[side === 0 ? 1 : 0];
    const levels = this.#levels[side === 0 ? 1 : 0];
    let left = quantity;
    while (left > 0 && prices.length > 0) {
      const best = prices.at(-1)!;
      if (side === 0 ? best > price : best < price) break;
      const queue = levels.get(best)!;
      while (left > 0 && queue.length > 0) {
        const maker = queue[0]!;
        const fill = Math.min(left, maker.quantity);
        for (const value of [maker.id, best, fill]) this.hash = Math.imul(this.hash ^ value, 16_777_619);
        this.trades++;
        left -= fill;
        maker.quantity -= fill;
        if (maker.quantity > 0) continue;
        queue.shift();
        this.#orders.delete(maker.id);
      }
      if (queue.length > 0) continue;
      levels.delete(best);
      prices.pop();
    }
    if (left > 0 && !isImmediate) this.#rest({ id, side, price, quantity: left });
  }

  #rest(order: Order): void {
    const { side, price } = order;
    const levels = this.#levels[side === 0 ? 0 : 1];
    const prices = this.#prices[side === 0 ? 0 : 1];
    const queue = levels.get(price);
    this.#orders.set(order.id, order);
    if (queue !== undefined) {
      queue.push(order);
      return;
    }
    levels.set(price, [order]);
    const at = prices.findIndex((other) => (side === 0 ? other > price : other < price));
    prices.splice(at < 0 ? prices.length : at, 0, price);
  }

  #cancel(id: number): void {
    const order = this.#orders.get(id);
    if (order === undefined) return;
    this.#orders.delete(id);
    const { side, price } = order;
    const levels = this.#levels[side === 0 ? 0 : 1];
    const queue = levels.get(price)!;
    queue.splice(queue.indexOf(order), 1);
    if (queue.length > 0) return;
    levels.delete(price);
    const prices = this.#prices[side === 0 ? 0 : 1];
    prices.splice(prices.indexOf(price), 1);
  }
}
