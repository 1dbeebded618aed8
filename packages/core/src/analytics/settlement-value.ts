/** What lots are worth in an instrument's settlement currency, as floats: for figures that need no last digit. */
import type { Instrument } from '../market/instrument.ts';

export class SettlementValue {
  readonly #isInverse: boolean;
  /** Spot, linear: the value of one tick × lot. Inverse: of one lot at a price of one tick. */
  readonly #unit: number;

  constructor(instrument: Instrument) {
    const atom = instrument.money.toNumber(1);
    this.#isInverse = instrument.contract === 'inverse';
    this.#unit = this.#isInverse ? atom / instrument.price.toNumber(1) : atom;
  }

  /** Of a fill. */
  notional(lots: number, priceTicks: number): number {
    return this.#isInverse ? (this.#unit * lots) / priceTicks : this.#unit * lots * priceTicks;
  }

  /** What a position (signed) earns while the price goes from one to another. */
  move(lots: number, fromTicks: number, toTicks: number): number {
    return this.#isInverse
      ? this.#unit * lots * (1 / fromTicks - 1 / toTicks)
      : this.#unit * lots * (toTicks - fromTicks);
  }
}
