/**
 * What a session holds, as VaR sees it: of each instrument the value of all strategies' positions at the mid, in the risk currency, signed.
 * A position gains value × return to first order; exactly so for spot and linear ones, while an inverse contract (worth a fixed amount
 * of quote currency, settled in base) bends, which is left out. Cash is not counted, whatever currency it is in.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import { currenciesOf, Rates } from '@quotewright/core/risk/rates';

export type Held = Pick<Engine, 'instruments' | 'portfolioLots' | 'seats'>;

export class PositionValues {
  /** The last mids there were, in ticks; NaN before the first. */
  readonly mids: Float64Array;
  /** Of the last `update`; NaN when an instrument with a position has no price yet, or its currency no rate. */
  readonly values: Float64Array;
  readonly #held: Held;
  readonly #rates: Rates;
  /** By instrument: quote currency per money atom and per tick, and the currency's place among the rates. */
  readonly #atoms: Float64Array;
  readonly #ticks: Float64Array;
  readonly #quotes: readonly number[];

  /** @param fixedRates by currency, as in the risk settings @throws RangeError that names the field */
  constructor(held: Held, currency: string, fixedRates: Readonly<Record<string, number>>) {
    const { instruments } = held;
    this.#held = held;
    const markets = instruments.map((instrument, index) => ({ instrument, index }));
    this.#rates = new Rates(currency, markets, fixedRates);
    this.#quotes = instruments.map((instrument) => this.#rates.indexOf(currenciesOf(instrument).quote));
    this.#atoms = Float64Array.from(instruments, ({ money }) => money.toNumber(1));
    this.#ticks = Float64Array.from(instruments, ({ price }) => price.toNumber(1));
    this.mids = new Float64Array(instruments.length).fill(Number.NaN);
    this.values = new Float64Array(instruments.length);
  }

  /** Takes the mids as they are now; a side that is empty leaves the one before. @returns true when every instrument has had one */
  update(): boolean {
    const { mids, values } = this;
    const { instruments, seats } = this.#held;
    let isWhole = true;
    seats[0]!.markets.forEach(({ midTicks }, index) => {
      if (midTicks > 0) mids[index] = midTicks;
      if (!(mids[index]! > 0)) isWhole = false;
    });
    const { sources } = this.#rates;
    sources.forEach((market, currency) => {
      if (market >= 0 && mids[market]! > 0) this.#rates.update(currency, mids[market]! * this.#ticks[market]!);
    });
    instruments.forEach(({ contract }, index) => {
      const lots = this.#held.portfolioLots(index);
      const price = contract === 'inverse' ? 1 : mids[index]!;
      const value = price * this.#atoms[index]! * this.#rates.values[this.#quotes[index]!]!;
      values[index] = lots === 0 ? 0 : lots * value;
    });
    return isWhole;
  }
}
