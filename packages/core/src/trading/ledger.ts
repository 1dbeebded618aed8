/**
 * The books of one account: cash by currency, positions, cost, realised and unrealised profit, fees and funding, exact to
 * the unit. Conservation holds at every event, for each currency:
 *
 *     equity = initial + realised + unrealised − funding (of the instruments settled in it) − fees (that are taken in it)
 *
 * Amounts are whole numbers of 10^-18 (or less, see `ledger-plan.ts`) of a currency, in two limbs; nothing is a float but
 * the views that answer one. Conventions:
 *
 * - Value of a trade: spot and linear price × size × multiplier in the quote currency, exact. Inverse: size × multiplier ÷
 *   price in the base currency, rounded toward zero once, when it is booked, with a minus sign when bought (its holder gains
 *   as the value of one quote unit falls); the rounded value is both what moves and what is kept as cost, so nothing is lost.
 * - Position: the sum of executions, in lots. Cost basis: the values of the trades that opened it. A trade against it closes
 *   at average cost: it releases basis × closed ÷ position, rounded toward zero, all of it when flat; what rounding leaves
 *   stays with the position. A trade through zero closes it and opens the rest at its own price.
 * - Realised = closing value − basis released; unrealised = value at the mark − basis. Neither includes fees or funding.
 * - Cash: spot moves both legs (the inventory is base currency); linear and inverse move realised profit only. Fees and
 *   funding are paid from cash. A fee in base currency does not change the position, which is of executions only.
 * - Equity: cash + value at the mark (spot) or + unrealised (linear, inverse), in the settlement currency. Spot inventory is
 *   counted there, at its mark, and not again in its base currency: the equity of that is what is held besides trading.
 * - Fees: value × rate, signed (a rebate is negative). Exact where the unit allows (every grid of at most twelve decimals of
 *   tick × lot), else and for inverse and tokens rounded against us once when booked. The currency is the instrument's
 *   (`FeeSchedule.currency`): absent, the settlement currency; a token's fee is worked out from the value in quote currency.
 * - Funding: value of the position at the mark given × rate; longs pay a positive rate. Rounded against us.
 * - Marks: to the nearest thousandth of a tick (a mid is exact). Before the first, a position is worth its cost.
 *
 * What cannot be booked (sizes that are no whole lots, prices that are no whole ticks, an inverse price below 1, positions
 * beyond 2^52 lots) is counted in `refused`, changes nothing, and `check` reports it.
 */
import {
  WIDE_WORDS,
  addProduct,
  addWide,
  subtractWide,
  timesOverWide,
  timesWide,
  wideQuotient,
  wideToBigInt,
  wideToNumber,
} from '../base/wide.ts';
import { checkState } from '../base/state.ts';
import { PPB } from '../market/fees.ts';
import type { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import {
  ACCOUNT_STRIDE,
  Account,
  type Books,
  MAX_STEPS,
  WORK_LENGTH,
  Work,
  equityFromCash,
  valueAtMark,
  valueLots,
  valuePosition,
} from './ledger-account.ts';
import { checkLedger } from './ledger-check.ts';
import { FACTOR_STRIDE, Factor, FeeBasis, KIND_STRIDE, Kind, type LedgerOptions, planLedger } from './ledger-plan.ts';
import { decimalText } from './money-text.ts';

export type { LedgerOptions } from './ledger-plan.ts';

const MAX = MAX_STEPS;
const { POSITION, MARK, FLOW, REALISED, FEES, FUNDING, TURNOVER } = Account;
const { VALUE, NEXT, FEE, GAIN, TOTAL, PRICE, LOTS, RATE, DIVISOR, TICKS, SIZE } = Work;
const COST = Account.BASIS;
const { SPOT, INVERSE, SETTLEMENT, BASE, FEE_BASIS, FEE_CURRENCY } = Kind;
const { FEE_DIVISOR, TOKEN_DIVISOR, INVENTORY } = Factor;
const TRADE_VALUE = Factor.VALUE;
const FEE_UNITS = Factor.FEE;
const TICK = Factor.PRICE;
const ACCOUNT = ACCOUNT_STRIDE;
const KIND = KIND_STRIDE;
const FACTOR = FACTOR_STRIDE;
const BUY = Side.BUY;
const WHOLE = PPB;
const OF_VALUE = FeeBasis.VALUE;
const OF_SIZE = FeeBasis.SIZE;

export interface LedgerState {
  readonly currencies: readonly string[];
  readonly accounts: Float64Array;
  readonly cash: Float64Array;
  /** Before the first booking: what the account was opened with. */
  readonly initial: Float64Array;
  readonly refused: number;
}

export class Ledger {
  /** Every currency that the instruments settle in, hold or pay fees in. */
  readonly currencies: readonly string[];
  readonly instruments: readonly Instrument[];
  /** Bookings that could not be made. */
  refused = 0;
  readonly #books: Books;

  /** @throws RangeError that names the field, what was found and what was expected. */
  constructor(instruments: readonly Instrument[], options: LedgerOptions = {}) {
    const plan = planLedger(instruments, options);
    this.instruments = instruments;
    this.currencies = plan.currencies;
    const accounts = new Float64Array(instruments.length * ACCOUNT);
    for (let account = 0; account < accounts.length; account += ACCOUNT) accounts[account + MARK] = Number.NaN;
    this.#books = { plan, accounts, cash: plan.initial.slice(), work: new Float64Array(WORK_LENGTH) };
  }

  /** Books an execution of ours. Fee: signed ppb of its value. False when it was refused, see above. */
  fill(instrument: number, side: Side, priceTicks: number, sizeLots: number, feePpb: number): boolean {
    const books = this.#books;
    const { accounts, cash, work, plan } = books;
    const { kinds, factors } = plan;
    const account = instrument * ACCOUNT;
    const kind = instrument * KIND;
    const f = instrument * FACTOR;
    const position = accounts[account + POSITION];
    const isInverse = kinds[kind + INVERSE] !== 0;
    const signed = side === BUY ? sizeLots : -sizeLots;
    const next = position + signed;
    if (
      !(sizeLots >= 1 && next <= MAX && next >= -MAX && sizeLots <= MAX) ||
      Math.floor(sizeLots) !== sizeLots ||
      !(priceTicks <= MAX && priceTicks >= (isInverse ? 1 : -MAX)) ||
      Math.floor(priceTicks) !== priceTicks ||
      (isInverse && priceTicks * factors[f + TICK] > MAX) ||
      !(feePpb <= WHOLE && feePpb >= -WHOLE) ||
      Math.floor(feePpb) !== feePpb
    ) {
      this.refused++;
      return false;
    }

    work[TICKS] = priceTicks;
    work[SIZE] = sizeLots;
    work[PRICE] = priceTicks;
    work[LOTS] = signed;
    valueLots(books, instrument, TRADE_VALUE, VALUE);
    const settlement = kinds[kind + SETTLEMENT] * WIDE_WORDS;
    const isSpot = kinds[kind + SPOT] !== 0;
    subtractWide(accounts, account + FLOW, work, VALUE);
    if (position === 0 || position > 0 === signed > 0) addWide(accounts, account + COST, work, VALUE);
    else {
      this.#close(instrument);
      addWide(accounts, account + REALISED, work, GAIN);
      if (!isSpot) addWide(cash, settlement, work, GAIN);
    }
    accounts[account + POSITION] = next;
    const perLot = isInverse ? 1 : priceTicks < 0 ? -priceTicks : priceTicks;
    const atoms = perLot * sizeLots;
    const turnover = accounts[account + TURNOVER + 1] + atoms;
    if (turnover <= MAX) accounts[account + TURNOVER + 1] = turnover;
    else addProduct(accounts, account + TURNOVER, perLot, sizeLots);

    if (isSpot) {
      subtractWide(cash, settlement, work, VALUE);
      work[LOTS] = signed;
      timesWide(work, TOTAL, factors, f + INVENTORY, work, LOTS);
      addWide(cash, kinds[kind + BASE] * WIDE_WORDS, work, TOTAL);
    }
    if (feePpb !== 0) {
      work[RATE] = feePpb;
      this.#fee(instrument);
    }
    return true;
  }

  /**
   * A trade of `work[VALUE]` against the position: takes the cost of what it closes out of the books, and opens the rest of
   * it. `work[GAIN]` = what came in by closing, less the cost released.
   */
  #close(instrument: number): void {
    const { accounts, work } = this.#books;
    const cost = instrument * ACCOUNT + COST;
    const position = accounts[instrument * ACCOUNT + POSITION];
    const held = position > 0 ? position : -position;
    const size = work[SIZE];
    work[GAIN] = 0;
    work[GAIN + 1] = 0;
    subtractWide(work, GAIN, work, VALUE);
    if (size < held) {
      work[DIVISOR] = held;
      timesOverWide(work, TOTAL, accounts, cost, work, SIZE, DIVISOR, false);
      subtractWide(accounts, cost, work, TOTAL);
      subtractWide(work, GAIN, work, TOTAL);
      return;
    }
    subtractWide(work, GAIN, accounts, cost);
    work[NEXT] = 0;
    work[NEXT + 1] = 0;
    if (size > held) {
      work[PRICE] = work[TICKS];
      work[LOTS] = position > 0 ? held - size : size - held;
      valueLots(this.#books, instrument, TRADE_VALUE, NEXT);
      addWide(work, GAIN, work, NEXT);
    }
    accounts[cost] = work[NEXT];
    accounts[cost + 1] = work[NEXT + 1];
  }

  /** Books a fee at `work[RATE]` on the execution at hand, which is worth `work[VALUE]`. */
  #fee(instrument: number): void {
    const { accounts, cash, work, plan } = this.#books;
    const { kinds, factors } = plan;
    const kind = instrument * KIND;
    const f = instrument * FACTOR;
    // Up is against us: away from zero when we pay, toward zero when we receive.
    const rate = work[RATE];
    const pays = rate > 0;
    const basis = kinds[kind + FEE_BASIS];
    const divisor = factors[f + FEE_DIVISOR];
    work[DIVISOR] = divisor;
    if (basis === OF_VALUE) {
      if (work[VALUE] < 0) work[RATE] = -rate;
      timesOverWide(work, FEE, work, VALUE, work, RATE, DIVISOR, pays);
    } else {
      const ticks = basis === OF_SIZE ? 1 : work[TICKS] < 0 ? -work[TICKS] : work[TICKS];
      const product = ticks * work[SIZE];
      const rated = product * rate;
      if (divisor === 1 && rated <= MAX && rated >= -MAX) {
        work[RATE] = rated;
        timesWide(work, FEE, factors, f + FEE_UNITS, work, RATE);
      } else {
        work[PRICE] = product <= MAX ? product : ticks;
        timesWide(work, FEE, factors, f + FEE_UNITS, work, PRICE);
        if (product > MAX) timesWide(work, FEE, work, FEE, work, SIZE);
        if (divisor === 1) timesWide(work, FEE, work, FEE, work, RATE);
        else timesOverWide(work, FEE, work, FEE, work, RATE, DIVISOR, pays);
      }
    }
    work[DIVISOR] = factors[f + TOKEN_DIVISOR];
    if (work[DIVISOR] !== 1) {
      // Rounding the same way twice is rounding once.
      work[RATE] = 1;
      timesOverWide(work, FEE, work, FEE, work, RATE, DIVISOR, pays);
    }
    addWide(accounts, instrument * ACCOUNT + FEES, work, FEE);
    subtractWide(cash, kinds[kind + FEE_CURRENCY] * WIDE_WORDS, work, FEE);
  }

  /** Books a funding payment on the position; a long pays a positive rate. False when it was refused: spot, or no such price. */
  funding(instrument: number, ratePpb: number, markTicks: number): boolean {
    const books = this.#books;
    const { accounts, cash, work, plan } = books;
    const kind = instrument * KIND;
    work[PRICE] = markTicks;
    if (
      plan.kinds[kind + SPOT] !== 0 ||
      !(ratePpb <= WHOLE && ratePpb >= -WHOLE) ||
      Math.floor(ratePpb) !== ratePpb ||
      !valuePosition(books, instrument, VALUE)
    ) {
      this.refused++;
      return false;
    }
    // The value of an inverse position has the other sign.
    work[RATE] = plan.kinds[kind + INVERSE] !== 0 ? -ratePpb : ratePpb;
    work[DIVISOR] = WHOLE;
    const pays = work[VALUE] < 0 === work[RATE] < 0;
    timesOverWide(work, FEE, work, VALUE, work, RATE, DIVISOR, pays);
    addWide(accounts, instrument * ACCOUNT + FUNDING, work, FEE);
    subtractWide(cash, plan.kinds[kind + SETTLEMENT] * WIDE_WORDS, work, FEE);
    return true;
  }

  /** The price that the position is valued at from now on; fractions of ticks are allowed, what is no number is left out. */
  mark(instrument: number, ticks: number): void {
    if (ticks - ticks === 0) this.#books.accounts[instrument * ACCOUNT + MARK] = ticks;
  }

  /** NaN before the first mark. */
  markTicks(instrument: number): number {
    return this.#books.accounts[instrument * ACCOUNT + MARK];
  }

  /** Signed. */
  positionLots(instrument: number): number {
    return this.#books.accounts[instrument * ACCOUNT + POSITION];
  }

  /** Average entry price, to the millionth of a tick; NaN when flat. The exact one is `basisText` ÷ `positionLots`. */
  entryTicks(instrument: number): number {
    const { accounts, plan } = this.#books;
    const { factors, kinds } = plan;
    const position = accounts[instrument * ACCOUNT + POSITION];
    if (position === 0) return Number.NaN;
    const f = instrument * FACTOR;
    const cost = wideToNumber(accounts, instrument * ACCOUNT + COST);
    const perTick = wideToNumber(factors, f + TRADE_VALUE) * position;
    const ticks = kinds[instrument * KIND + INVERSE] !== 0 ? -perTick / (cost * factors[f + TICK]) : cost / perTick;
    // The quotient of three rounded numbers: a whole price shall come out whole.
    return Math.round(ticks * 1e6) / 1e6;
  }

  /** Profit of what was closed, before fees and funding, in the settlement currency. */
  realised(instrument: number): number {
    return this.#number(instrument, REALISED, SETTLEMENT);
  }

  /** Profit of what is open at the mark, in the settlement currency. */
  unrealised(instrument: number): number {
    this.#unrealised(instrument);
    const { work, plan } = this.#books;
    return wideQuotient(work, TOTAL, plan.powers[plan.kinds[instrument * KIND + SETTLEMENT]]);
  }

  /** What was paid less what was received, in `feeCurrency`. */
  fees(instrument: number): number {
    return this.#number(instrument, FEES, FEE_CURRENCY);
  }

  /** What was paid less what was received, in the settlement currency. */
  fundingPaid(instrument: number): number {
    return this.#number(instrument, FUNDING, SETTLEMENT);
  }

  /** Value of all executions in the quote currency. */
  turnover(instrument: number): number {
    return this.instruments[instrument].money.toNumber(
      wideToNumber(this.#books.accounts, instrument * ACCOUNT + TURNOVER),
    );
  }

  realisedText(instrument: number): string {
    return this.#text(this.#books.accounts, instrument * ACCOUNT + REALISED, instrument, SETTLEMENT);
  }

  unrealisedText(instrument: number): string {
    this.#unrealised(instrument);
    return this.#text(this.#books.work, TOTAL, instrument, SETTLEMENT);
  }

  feesText(instrument: number): string {
    return this.#text(this.#books.accounts, instrument * ACCOUNT + FEES, instrument, FEE_CURRENCY);
  }

  fundingText(instrument: number): string {
    return this.#text(this.#books.accounts, instrument * ACCOUNT + FUNDING, instrument, SETTLEMENT);
  }

  /** Cost of the open position, with the sign of its value. */
  basisText(instrument: number): string {
    return this.#text(this.#books.accounts, instrument * ACCOUNT + COST, instrument, SETTLEMENT);
  }

  turnoverText(instrument: number): string {
    const { numerator, scale } = this.instruments[instrument].money;
    const atoms = wideToBigInt(this.#books.accounts, instrument * ACCOUNT + TURNOVER) * BigInt(numerator);
    return decimalText(atoms * 10n ** BigInt(Math.max(0, -scale)), Math.max(0, scale));
  }

  /** Name of the currency that the instrument's fees are in, and of the one that its profit is in. */
  feeCurrency(instrument: number): string {
    return this.currencies[this.#books.plan.kinds[instrument * KIND + FEE_CURRENCY]];
  }

  settlement(instrument: number): string {
    return this.currencies[this.#books.plan.kinds[instrument * KIND + SETTLEMENT]];
  }

  /** @throws RangeError when there is no such currency, as the four below. */
  cash(currency: string): number {
    const index = this.#currency(currency);
    return wideQuotient(this.#books.cash, index * WIDE_WORDS, this.#books.plan.powers[index]);
  }

  cashText(currency: string): string {
    const index = this.#currency(currency);
    return decimalText(wideToBigInt(this.#books.cash, index * WIDE_WORDS), this.#books.plan.decimals[index]);
  }

  /** At the marks. It allocates nothing: it may be sampled at every event. */
  equity(currency: string): number {
    const index = this.#currency(currency);
    equityFromCash(this.#books, index, TOTAL);
    return wideQuotient(this.#books.work, TOTAL, this.#books.plan.powers[index]);
  }

  equityText(currency: string): string {
    const index = this.#currency(currency);
    equityFromCash(this.#books, index, TOTAL);
    return decimalText(wideToBigInt(this.#books.work, TOTAL), this.#books.plan.decimals[index]);
  }

  /** The conservation laws: empty when they hold, else what is off. For tests and long runs; it allocates only when something is. */
  check(): string {
    return this.refused === 0 ? checkLedger(this.#books) : `${this.refused} bookings were refused`;
  }

  save(): LedgerState {
    const { accounts, cash, plan } = this.#books;
    return {
      currencies: [...this.currencies],
      accounts: accounts.slice(),
      cash: cash.slice(),
      initial: plan.initial.slice(),
      refused: this.refused,
    };
  }

  restore(state: LedgerState): void {
    const own = this.save();
    checkState('a ledger', state, own);
    if (own.currencies.join() !== state.currencies.join()) {
      throw new RangeError(
        `state of a ledger: currencies ${state.currencies.join()}, expected ${own.currencies.join()}`,
      );
    }
    if (own.initial.join() !== state.initial.join()) {
      throw new RangeError('state of a ledger: the account was opened with other balances');
    }
    this.#books.accounts.set(state.accounts);
    this.#books.cash.set(state.cash);
    this.refused = state.refused;
  }

  #unrealised(instrument: number): void {
    const { accounts, work } = this.#books;
    valueAtMark(this.#books, instrument, TOTAL);
    subtractWide(work, TOTAL, accounts, instrument * ACCOUNT + COST);
  }

  #number(instrument: number, entry: number, currency: number): number {
    const { accounts, plan } = this.#books;
    return wideQuotient(accounts, instrument * ACCOUNT + entry, plan.powers[plan.kinds[instrument * KIND + currency]]);
  }

  #text(wide: Float64Array, at: number, instrument: number, currency: number): string {
    const { decimals, kinds } = this.#books.plan;
    return decimalText(wideToBigInt(wide, at), decimals[kinds[instrument * KIND + currency]]);
  }

  #currency(name: string): number {
    const index = this.currencies.indexOf(name);
    if (index < 0) throw new RangeError(`the ledger has no currency '${name}' (it has ${this.currencies.join(', ')})`);
    return index;
  }
}
