/** The last thousand prints of a market. */
import type { Side } from '@quotewright/core/market/side';

const KEPT = 1000;

export interface Print {
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly side: Side;
  readonly number: number;
  readonly ns: number;
}

export class TradeTape {
  /** Newest last, and more than are kept: those that are too old go many at a time. */
  #prints: Print[] = [];

  add(priceTicks: number, sizeLots: number, side: Side, number: number, ns: number): void {
    this.#prints.push({ priceTicks, sizeLots, side, number, ns });
    if (this.#prints.length === 2 * KEPT) this.#prints = this.#prints.slice(-KEPT);
  }

  /** Newest last. */
  prints(): readonly Print[] {
    return this.#prints.slice(-KEPT);
  }
}
