/** The last thousand prints of a market. */
import type { Side } from '@quotewright/core/market/side';

const KEPT = 1000;
const STRIDE = 5;

export interface Print {
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly side: Side;
  readonly number: number;
  readonly ns: number;
}

export class TradeTape {
  readonly #data = new Float64Array(KEPT * STRIDE);
  #count = 0;

  add(priceTicks: number, sizeLots: number, side: number, number: number, ns: number): void {
    const at = (this.#count++ % KEPT) * STRIDE;
    this.#data[at] = priceTicks;
    this.#data[at + 1] = sizeLots;
    this.#data[at + 2] = side;
    this.#data[at + 3] = number;
    this.#data[at + 4] = ns;
  }

  /** Newest last. */
  prints(): Print[] {
    const kept = Math.min(this.#count, KEPT);
    return Array.from({ length: kept }, (_, i) => {
      const at = ((this.#count - kept + i) % KEPT) * STRIDE;
      const [priceTicks = 0, sizeLots = 0, side = 0, number = 0, ns = 0] = this.#data.subarray(at, at + STRIDE);
      return { priceTicks, sizeLots, side: side === 0 ? 0 : 1, number, ns };
    });
  }
}
