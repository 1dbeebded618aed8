/** The entries that a ledger keeps of each instrument, and how a position is valued. Conventions: `ledger.ts`. */
import { WIDE_WORDS, addWide, subtractWide, timesOverWide, timesWide } from '../base/wide.ts';
import { FACTOR_STRIDE, Factor, KIND_STRIDE, Kind, type LedgerPlan } from './ledger-plan.ts';

/** Entries of an instrument in `accounts`. Wide numbers, in units of the settlement currency unless said otherwise. */
export const Account = {
  /** Signed lots, a float64. */
  POSITION: 0,
  /** In ticks, a float64; NaN before the first mark. */
  MARK: 1,
  /** Minus the values of all trades. */
  FLOW: 2,
  /** Of the open position. */
  BASIS: 4,
  REALISED: 6,
  /** In units of the fee currency. */
  FEES: 8,
  FUNDING: 10,
  /** Traded value in the instrument's money atoms. */
  TURNOVER: 12,
} as const;
/** A power of two: one instrument, two cache lines. */
export const ACCOUNT_STRIDE = 16;

/** Scratch of the arithmetic: wide numbers, then float64. */
export const Work = {
  VALUE: 0,
  NEXT: 2,
  FEE: 4,
  GAIN: 6,
  TOTAL: 8,
  /** Operands. */
  PRICE: 10,
  LOTS: 11,
  RATE: 12,
  DIVISOR: 13,
  /** The execution at hand: its price, its unsigned size. */
  TICKS: 14,
  SIZE: 15,
} as const;
export const WORK_LENGTH = 16;

export interface Books {
  readonly plan: LedgerPlan;
  readonly accounts: Float64Array;
  /** Wide, by currency. */
  readonly cash: Float64Array;
  readonly work: Float64Array;
}

/** The largest number of lots, of ticks, and of ticks × the numerator of an inverse tick: what `base/wide.ts` multiplies by. */
export const MAX_STEPS = 2 ** 52 - 1;

const MAX = MAX_STEPS;

const { POSITION, MARK, BASIS, FUNDING, FEES, REALISED } = Account;
const { PRICE, LOTS, VALUE } = Work;
const { SPOT, INVERSE, SETTLEMENT, BASE, FEE_CURRENCY } = Kind;
const { VALUE_MILLI, INVENTORY } = Factor;
const TRADE_VALUE = Factor.VALUE;
const TICK = Factor.PRICE;
const ACCOUNT = ACCOUNT_STRIDE;
const KIND = KIND_STRIDE;
const FACTOR = FACTOR_STRIDE;

/**
 * `work[at]` = the value of `work[LOTS]` signed lots at `work[PRICE]`, counted in what the factor is for: VALUE in ticks,
 * VALUE_MILLI in thousandths. Overwrites both.
 */
export function valueLots(books: Books, instrument: number, factor: number, at: number): void {
  const { work, plan } = books;
  const { factors } = plan;
  const f = instrument * FACTOR;
  if (plan.kinds[instrument * KIND + INVERSE] !== 0) {
    work[PRICE] *= factors[f + TICK];
    work[LOTS] = -work[LOTS];
    timesOverWide(work, at, factors, f + factor, work, LOTS, PRICE, false);
    return;
  }
  const product = work[PRICE] * work[LOTS];
  if (product <= MAX && product >= -MAX) {
    work[PRICE] = product;
    timesWide(work, at, factors, f + factor, work, PRICE);
  } else {
    timesWide(work, at, factors, f + factor, work, PRICE);
    timesWide(work, at, work, at, work, LOTS);
  }
}

/** `work[at]` = the value of the position at a price in `work[PRICE]`, in ticks with fractions; false when it has no value there. */
export function valuePosition(books: Books, instrument: number, at: number): boolean {
  const { work, plan, accounts } = books;
  const ticks = work[PRICE];
  let factor: number = VALUE_MILLI;
  let price = Math.round(ticks * 1000);
  // A price of more than 4·10^12 ticks has no room for thousandths.
  if (!(price <= MAX && price >= -MAX)) {
    factor = TRADE_VALUE;
    price = Math.round(ticks);
    if (!(price <= MAX && price >= -MAX)) return false;
  }
  if (plan.kinds[instrument * KIND + INVERSE] !== 0) {
    if (!(price > 0 && price * plan.factors[instrument * FACTOR + TICK] <= MAX)) return false;
  }
  work[PRICE] = price;
  work[LOTS] = accounts[instrument * ACCOUNT + POSITION];
  valueLots(books, instrument, factor, at);
  return true;
}

/** `work[at]` = the value of the position at its mark, its cost where there is none. */
export function valueAtMark(books: Books, instrument: number, at: number): void {
  const { work, accounts } = books;
  const account = instrument * ACCOUNT;
  if (accounts[account + POSITION] !== 0) {
    work[PRICE] = accounts[account + MARK];
    if (valuePosition(books, instrument, at)) return;
  }
  work[at] = accounts[account + BASIS];
  work[at + 1] = accounts[account + BASIS + 1];
}

/** `work[at]` = equity in a currency, from its cash and the positions. `at` is not VALUE, which is overwritten. */
export function equityFromCash(books: Books, currency: number, at: number): void {
  const { work, accounts, cash } = books;
  const { kinds, factors } = books.plan;
  work[at] = cash[currency * WIDE_WORDS];
  work[at + 1] = cash[currency * WIDE_WORDS + 1];
  for (let kind = 0, account = 0, i = 0; kind < kinds.length; kind += KIND, account += ACCOUNT, i++) {
    const isSpot = kinds[kind + SPOT] !== 0;
    if (accounts[account + POSITION] === 0) continue;
    if (kinds[kind + SETTLEMENT] === currency) {
      valueAtMark(books, i, VALUE);
      addWide(work, at, work, VALUE);
      if (!isSpot) subtractWide(work, at, accounts, account + BASIS);
    }
    if (isSpot && kinds[kind + BASE] === currency) {
      timesWide(work, VALUE, factors, i * FACTOR + INVENTORY, accounts, account + POSITION);
      subtractWide(work, at, work, VALUE);
    }
  }
}

/** `work[at]` = equity in a currency, from what was earned: the other side of the conservation law. */
export function equityFromProfit(books: Books, currency: number, at: number): void {
  const { work, accounts } = books;
  const { kinds, initial } = books.plan;
  work[at] = initial[currency * WIDE_WORDS];
  work[at + 1] = initial[currency * WIDE_WORDS + 1];
  for (let kind = 0, account = 0, i = 0; kind < kinds.length; kind += KIND, account += ACCOUNT, i++) {
    if (kinds[kind + SETTLEMENT] === currency) {
      addWide(work, at, accounts, account + REALISED);
      valueAtMark(books, i, VALUE);
      addWide(work, at, work, VALUE);
      subtractWide(work, at, accounts, account + BASIS);
      subtractWide(work, at, accounts, account + FUNDING);
    }
    if (kinds[kind + FEE_CURRENCY] === currency) subtractWide(work, at, accounts, account + FEES);
  }
}
