/**
 * Equity of all strategies in the risk currency, its peak and the start of its day, and what was traded today.
 *
 * Equity = capital + money of all executions, fees and funding by currency, each at its rate, + positions at the mid. It is a float
 * with an error of some 1e-9 of what was moved; the exact books are the ledgers'. Fees paid in a token count as paid in quote
 * currency when they are booked.
 *
 * The peak begins at the capital, so that the drawdown is defined from the first cent. While a rate or a price is not known, equity
 * is NaN, and peak and day wait for it.
 */
import { checkState } from '../base/state.ts';
import { NS_PER_DAY } from '../base/time.ts';
import { Field } from '../market/event.ts';
import { PPB } from '../market/fees.ts';
import type { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { MICROS, MarketPart, TotalPart } from './exposure-layout.ts';
import type { Exposure } from './exposure.ts';
import { currenciesOf } from './rates.ts';
import type { RiskMarket } from './risk-market.ts';

const { PRICE_TICKS, SIZE_LOTS, AUX } = Field;
const { LOT_EQUITY } = MarketPart;

/** What an account has when the settings do not tell its capital. */
export const PRESET_CAPITAL = 100_000;

export interface AccountSettings {
  /** What the account is worth at the start, by currency, in whole units. Absent: 100,000 of the risk currency. */
  readonly capital?: Readonly<Record<string, number>>;
  /** When the day begins, nanoseconds after midnight UTC. Default: 0. */
  readonly dayStartNs?: number;
}

export interface AccountState {
  readonly cash: Float64Array;
  readonly spot: Float64Array;
  readonly volumes: Float64Array;
  readonly turnovers: Float64Array;
  readonly dayProfits: Float64Array;
  readonly numbers: readonly number[];
}

export class Account {
  /** Millionths of the risk currency; NaN while not known. */
  equity = Number.NaN;
  peak = Number.NaN;
  /** Equity at the start of the day. */
  dayEquity = Number.NaN;
  /** When the next day begins; NaN before the first time that was told. */
  dayEndNs = Number.NaN;
  /** Lots traded today, by lane, then by instrument. */
  readonly volumes: Float64Array;
  /** Millionths of the risk currency traded today, by row of `Exposure`, then by instrument. */
  readonly turnovers: Float64Array;
  /** Profit of each strategy when its day began, in millionths. */
  readonly #dayProfits: Float64Array;
  /** By currency, of all: what spot executions and fees left of the capital. */
  readonly #spot: Float64Array;
  /** By strategy × currencies + currency: money of executions, fees and funding. The last row is the capital. */
  readonly #cash: Float64Array;
  /** Money of all strategies at the rates, in millionths. */
  #cashMicros = Number.NaN;
  #isCashStale = true;
  #ratesVersion = -1;
  readonly #exposure: Exposure;
  readonly #instruments: readonly Instrument[];
  readonly #strategies: number;
  readonly #dayStartNs: number;
  readonly #feeOf: Int32Array;
  readonly #multiplier: Float64Array;

  /** @throws RangeError that names the field. */
  constructor(exposure: Exposure, markets: readonly RiskMarket[], strategies: number, settings: AccountSettings) {
    const { capital = { [exposure.rates.currencies[0]]: PRESET_CAPITAL }, dayStartNs = 0 } = settings;
    if (!(dayStartNs >= 0 && dayStartNs < NS_PER_DAY)) {
      throw new RangeError(`dayStartNs: ${dayStartNs} is not from 0 to below a day`);
    }
    this.#exposure = exposure;
    this.#strategies = strategies;
    this.#dayStartNs = dayStartNs;
    this.#instruments = markets.map(({ instrument }) => instrument);
    const { rates } = exposure;
    const currencies = rates.currencies.length;
    this.#cash = new Float64Array((strategies + 1) * currencies);
    this.#spot = new Float64Array(currencies);
    this.volumes = new Float64Array((strategies + 1) * markets.length);
    this.turnovers = new Float64Array(exposure.rowCount + markets.length);
    this.#dayProfits = new Float64Array(strategies);
    const named = this.#instruments.map(currenciesOf);
    this.#feeOf = Int32Array.from(named, ({ fee }) => rates.indexOf(fee));
    this.#multiplier = Float64Array.from(this.#instruments, ({ spec }) => Number(spec.multiplier ?? '1'));
    let isAny = false;
    for (const [name, amount] of Object.entries(capital)) {
      const index = rates.indexOf(name);
      if (index < 0) throw new RangeError(`capital.${name}: no currency of the run (${rates.currencies.join(', ')})`);
      if (typeof amount !== 'number' || !(amount >= 0) || amount - amount !== 0) {
        throw new RangeError(`capital.${name}: '${String(amount)}' is not a finite number from 0`);
      }
      isAny ||= amount > 0;
      this.#cash[strategies * currencies + index] = amount;
      this.#spot[index] = amount;
    }
    if (!isAny) throw new RangeError('capital: nothing is above zero, so that a drawdown cannot be told');
    this.look();
  }

  /** Books the execution at `data[offset]`. */
  fill(strategy: number, market: number, side: Side, data: Float64Array, offset: number): void {
    const exposure = this.#exposure;
    const instrument = this.#instruments[market];
    const count = this.#instruments.length;
    const price = data[offset + PRICE_TICKS];
    const lots = data[offset + SIZE_LOTS];
    const signed = side === Side.BUY ? lots : -lots;
    const lane = strategy * count + market;
    exposure.positions[lane] += signed;
    this.volumes[lane] += lots;
    this.volumes[this.#strategies * count + market] += lots;

    const quote = exposure.quote[market];
    const base = exposure.base[market];
    const fee = this.#feeOf[market];
    const row = strategy * exposure.rates.currencies.length;
    const size = instrument.size.toNumber(lots) * this.#multiplier[market];
    const ticks = instrument.price.toNumber(price);
    const isInverse = exposure.isInverse[market] !== 0;
    // Inverse: a contract is an amount of quote currency, bought with base currency.
    const inQuote = isInverse ? size : size * ticks;
    const inBase = isInverse ? size / ticks : size;
    const rate = data[offset + AUX] / PPB;
    const cash = this.#cash;
    if (isInverse) cash[row + base] += signed > 0 ? inBase : -inBase;
    else cash[row + quote] -= signed > 0 ? inQuote : -inQuote;
    const paid = rate * (fee === base ? inBase : inQuote);
    cash[row + fee] -= paid;
    const spot = this.#spot;
    spot[fee] -= paid;
    if (instrument.contract === 'spot') {
      spot[quote] -= signed > 0 ? inQuote : -inQuote;
      spot[base] += signed > 0 ? inBase : -inBase;
    }
    const micros = Math.round(inQuote * exposure.rates.values[quote] * MICROS);
    if (micros === micros) {
      const { turnovers } = this;
      turnovers[0] += micros;
      turnovers[(exposure.venueAt[market] - exposure.rowsAt) >> 2] += micros;
      turnovers[exposure.strategyRow(strategy)] += micros;
      turnovers[this.turnoverOf(market)] += micros;
    }
    this.#isCashStale = true;
    exposure.touch(market);
  }

  /** Books funding on all positions in an instrument. */
  funding(market: number, ratePpb: number, markTicks: number): void {
    const exposure = this.#exposure;
    const instrument = this.#instruments[market];
    const isInverse = exposure.isInverse[market] !== 0;
    const count = this.#instruments.length;
    const price = instrument.price.toNumber(markTicks);
    for (let strategy = 0; strategy < this.#strategies; strategy++) {
      const lots = exposure.positions[strategy * count + market];
      if (lots === 0) continue;
      const size = instrument.size.toNumber(lots) * this.#multiplier[market];
      const value = isInverse ? size / price : size * price;
      const currency = isInverse ? exposure.base[market] : exposure.quote[market];
      this.#cash[strategy * exposure.rates.currencies.length + currency] -= (value * ratePpb) / PPB;
    }
    this.#isCashStale = true;
  }

  /** Index of an instrument in `turnovers`. */
  turnoverOf(market: number): number {
    return this.#exposure.rowCount + market;
  }

  /** What is held of a spot currency: capital, spot executions, fees. What derivatives earned is not in it. */
  balance(currency: number): number {
    return this.#spot[currency];
  }

  /** Brings equity and its peak up to date with `exposure`, which is refreshed. */
  look(): void {
    const exposure = this.#exposure;
    if (this.#isCashStale || this.#ratesVersion !== exposure.ratesVersion) this.#count();
    this.equity =
      exposure.unknown === 0 ? this.#cashMicros + exposure.data[exposure.totalsAt + TotalPart.EQUITY] : Number.NaN;
    const { equity } = this;
    if (equity !== equity) return;
    if (!(this.peak >= equity)) this.peak = equity;
    if (this.dayEquity !== this.dayEquity) this.#beginDay();
  }

  /** What a strategy has lost since the day began, in millionths; NaN while a price or rate is not known. */
  lossOf(strategy: number): number {
    return this.#dayProfits[strategy] - this.#profitOf(strategy);
  }

  /** Begins another day when its time has come: volumes, turnovers and losses count from 0. @returns true when it did */
  turn(nowNs: number): boolean {
    if (nowNs < this.dayEndNs) return false;
    const isFirst = this.dayEndNs !== this.dayEndNs;
    const days = Math.floor((nowNs - this.#dayStartNs) / NS_PER_DAY);
    this.dayEndNs = (days + 1) * NS_PER_DAY + this.#dayStartNs;
    if (isFirst) return false;
    this.volumes.fill(0);
    this.turnovers.fill(0);
    this.dayEquity = Number.NaN;
    this.look();
    return true;
  }

  save(): AccountState {
    return {
      cash: this.#cash.slice(),
      spot: this.#spot.slice(),
      volumes: this.volumes.slice(),
      turnovers: this.turnovers.slice(),
      dayProfits: this.#dayProfits.slice(),
      numbers: [this.equity, this.peak, this.dayEquity, this.dayEndNs],
    };
  }

  restore(state: AccountState): void {
    checkState('account', state, this.save());
    this.#cash.set(state.cash);
    this.#spot.set(state.spot);
    this.volumes.set(state.volumes);
    this.turnovers.set(state.turnovers);
    this.#dayProfits.set(state.dayProfits);
    [this.equity, this.peak, this.dayEquity, this.dayEndNs] = state.numbers;
    this.#isCashStale = true;
  }

  #beginDay(): void {
    this.dayEquity = this.equity;
    for (let strategy = 0; strategy < this.#strategies; strategy++) {
      this.#dayProfits[strategy] = this.#profitOf(strategy);
    }
  }

  #profitOf(strategy: number): number {
    const exposure = this.#exposure;
    const { data, positions } = exposure;
    const count = this.#instruments.length;
    let micros = this.#moneyOf(strategy);
    for (let market = 0; market < count; market++) {
      const lots = positions[strategy * count + market];
      if (lots !== 0) micros += lots * data[(market << 4) | LOT_EQUITY];
    }
    return micros;
  }

  /** Money of a row at the rates. */
  #moneyOf(row: number): number {
    const { values } = this.#exposure.rates;
    let sum = 0;
    for (let currency = 0; currency < values.length; currency++) {
      const amount = this.#cash[row * values.length + currency];
      if (amount !== 0) sum += amount * values[currency];
    }
    return sum * MICROS;
  }

  #count(): void {
    this.#isCashStale = false;
    this.#ratesVersion = this.#exposure.ratesVersion;
    let sum = 0;
    for (let row = 0; row <= this.#strategies; row++) sum += this.#moneyOf(row);
    this.#cashMicros = Math.round(sum);
  }
}
