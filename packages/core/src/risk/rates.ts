/**
 * What a unit of each currency is worth in the risk currency: by the mid of an instrument between the two, else by a fixed rate of
 * the settings, else unknown (NaN). An instrument of BASE/QUOTE of any contract type tells the price of BASE in QUOTE.
 */
import type { Instrument } from '../market/instrument.ts';
import type { RiskMarket } from './risk-market.ts';

/** Currencies of an instrument as the ledger names them: a recording may not tell them, and two that are unknown are not the same one. */
export function currenciesOf(instrument: Instrument): { base: string; quote: string; settlement: string; fee: string } {
  const base = instrument.base === '' ? `${instrument.symbol} base` : instrument.base;
  const quote = instrument.quote === '' ? `${instrument.symbol} quote` : instrument.quote;
  const settlement = instrument.contract === 'inverse' ? base : quote;
  const named = instrument.spec.fees?.currency;
  if (named === undefined) return { base, quote, settlement, fee: settlement };
  // A fee token is bought with quote currency at the price of the moment.
  return { base, quote, settlement, fee: named === 'base' || named === base ? base : quote };
}

export class Rates {
  readonly currencies: readonly string[];
  /** By currency: risk currency per unit. */
  readonly values: Float64Array;
  /** By currency: the instrument whose mid gives the rate, -1 = fixed. */
  readonly sources: Int32Array;
  /** By instrument: the currency whose rate it gives, -1 = none. */
  readonly givenBy: Int32Array;
  readonly #isInverted: Uint8Array;

  /**
   * @param held names of currencies that are held at the start
   * @throws RangeError that names the field.
   */
  constructor(
    currency: string,
    markets: readonly Pick<RiskMarket, 'index' | 'instrument'>[],
    rates: Readonly<Record<string, number>>,
    held: readonly string[] = [],
  ) {
    // What nothing is counted in needs no rate, and no work when its price moves.
    const needed = new Set(held);
    for (const { instrument } of markets) {
      const { quote, settlement, fee } = currenciesOf(instrument);
      needed.add(quote).add(settlement).add(fee);
    }
    const names = new Set([currency]);
    for (const { instrument } of markets) {
      const { base, quote } = currenciesOf(instrument);
      names.add(base).add(quote);
    }
    this.currencies = [...names];
    this.values = new Float64Array(names.size).fill(Number.NaN);
    this.sources = new Int32Array(names.size).fill(-1);
    this.#isInverted = new Uint8Array(names.size);
    this.givenBy = new Int32Array(markets.length).fill(-1);
    this.values[0] = 1;
    for (const [name, rate] of Object.entries(rates)) {
      const index = this.currencies.indexOf(name);
      if (typeof rate !== 'number' || !(rate > 0) || rate - rate !== 0) {
        throw new RangeError(`rates.${name}: '${String(rate)}' is not a number above zero`);
      }
      // One file of settings serves runs of different currencies.
      if (index < 0) continue;
      if (index === 0 && rate !== 1) throw new RangeError(`rates.${name}: the risk currency is worth 1`);
      this.values[index] = rate;
    }
    // An inverse contract is the last resort: its mid is of the same price, but its market is often the thinner one.
    for (const contract of ['inverse', 'linear', 'spot']) {
      for (const { instrument, index } of markets.toReversed()) {
        if (instrument.contract !== contract) continue;
        const { base, quote } = currenciesOf(instrument);
        if (base === quote) continue;
        if (quote === currency && needed.has(base)) this.#setSource(base, index, 0);
        else if (base === currency) this.#setSource(quote, index, 1);
      }
    }
    for (const [index, market] of this.sources.entries()) if (market >= 0) this.givenBy[market] = index;
  }

  indexOf(currency: string): number {
    return this.currencies.indexOf(currency);
  }

  /** Takes the price of an instrument, in its quote currency, for a currency whose source it is. @returns true when the rate is another one */
  update(currency: number, price: number): boolean {
    const rate = this.#isInverted[currency] === 0 ? price : 1 / price;
    if (!(price > 0) || rate === this.values[currency]) return false;
    this.values[currency] = rate;
    return true;
  }

  /** Rate of a currency at a price of its source, where there is one; nothing is taken. */
  at(currency: number, price: number): number {
    if (!(price > 0)) return this.values[currency];
    return this.#isInverted[currency] === 0 ? price : 1 / price;
  }

  #setSource(currency: string, market: number, isInverted: number): void {
    const index = this.indexOf(currency);
    this.sources[index] = market;
    this.#isInverted[index] = isInverted;
  }
}
