/**
 * The P&L of one market taken apart, exactly:
 *
 *     spread capture + adverse selection + inventory + fees + funding = total
 *
 * With s·q the signed lots of a fill, m the mid just before it, h the mid at the attribution horizon and M the mid now:
 *
 * - spread capture = Σ s·q·(m − price); adverse selection = Σ s·q·(h − m), with M for h until the horizon has come;
 * - inventory = Σ s·q·(M − h): what positions earned by moves of the mid after the horizon of each fill;
 * - fees = −Σ rate × notional; funding = −Σ rate × position × mark.
 *
 * The first three telescope to Σ s·q·(M − price), which is realised + unrealised P&L marked at M, whatever the mids in between
 * are. Amounts are in the units of the ledger (`trading/ledger.ts`) and rounded as it does: prices in half ticks are worth whole
 * units of spot and linear instruments, so nothing is rounded there. The value of an inverse fill at each price is rounded
 * toward zero to a unit of the base currency (10^-18); its inventory is what the others leave of the total, and takes the
 * rounding, below three units a fill.
 */
import { WIDE_WORDS, addWide, wideToBigInt } from '../base/wide.ts';
import { type Books, WORK_LENGTH, Work, valueLots } from '../trading/ledger-account.ts';
import { Factor, KIND_STRIDE, Kind, type LedgerPlan } from '../trading/ledger-plan.ts';
import type { Ledger } from '../trading/ledger.ts';
import { parseDecimal } from '../trading/money-text.ts';
import type { AttributionPart } from './summary.ts';

/** Whole units of 10^-decimals of the settlement currency; costs are negative. */
export type AttributionUnits = Readonly<Record<AttributionPart | 'total', bigint>>;

// Sums of values of signed lots, wide: of all fills at their prices and at the mids before them, and of those whose horizon
// has come at the mids before them and at the horizon.
const AT_PRICE = 0;
const AT_MID = 2;
const CAME_AT_MID = 4;
const CAME_AT_HORIZON = 6;
const { VALUE, PRICE, LOTS } = Work;

export class Attribution {
  /** Of the units. */
  readonly decimals: number;
  readonly #index: number;
  readonly #isInverse: boolean;
  readonly #books: Books;
  readonly #sums = new Float64Array(4 * WIDE_WORDS);
  #lots = 0;
  #cameLots = 0;

  /** Of the instrument at an index of the plan. */
  constructor(plan: LedgerPlan, index: number) {
    this.#index = index;
    this.#isInverse = plan.kinds[index * KIND_STRIDE + Kind.INVERSE] !== 0;
    this.decimals = plan.decimals[plan.kinds[index * KIND_STRIDE + Kind.SETTLEMENT]];
    const none = new Float64Array(0);
    this.#books = { plan, accounts: none, cash: none, work: new Float64Array(WORK_LENGTH) };
  }

  /** Signed lots at a price, with twice the mid just before. */
  fill(lots: number, priceTicks: number, mid2: number): void {
    this.#lots += lots;
    this.#add(AT_PRICE, lots, 2 * priceTicks);
    this.#add(AT_MID, lots, mid2);
  }

  /** The horizon of a fill has come: twice the mid just before the fill, and now. */
  horizon(lots: number, mid2: number, horizonMid2: number): void {
    this.#cameLots += lots;
    this.#add(CAME_AT_MID, lots, mid2);
    this.#add(CAME_AT_HORIZON, lots, horizonMid2);
  }

  /** The parts, with twice the mid that holds now; `ledger` has booked the same fills and funding, fees in the settlement currency. */
  parts(ledger: Ledger, mid2: number): AttributionUnits {
    const index = this.#index;
    const { work } = this.#books;
    const read = (text: string): bigint => parseDecimal('ledger', text, this.decimals);
    ledger.mark(index, mid2 / 2);
    const pricePnl = read(ledger.realisedText(index)) + read(ledger.unrealisedText(index));
    let pending = 0n;
    if (this.#lots !== this.#cameLots) {
      this.#value(this.#lots - this.#cameLots, mid2);
      pending = wideToBigInt(work, VALUE);
    }
    const sum = (at: number): bigint => wideToBigInt(this.#sums, at);
    // Values at doubled prices are doubled.
    const unit = this.#isInverse ? 1n : 2n;
    const spreadCapture = (sum(AT_MID) - sum(AT_PRICE)) / unit;
    const adverseSelection = (sum(CAME_AT_HORIZON) + pending - sum(AT_MID)) / unit;
    const fees = -read(ledger.feesText(index));
    const funding = -read(ledger.fundingText(index));
    return {
      spreadCapture,
      adverseSelection,
      inventory: pricePnl - spreadCapture - adverseSelection,
      fees,
      funding,
      total: pricePnl + fees + funding,
    };
  }

  #add(at: number, lots: number, price2: number): void {
    this.#value(lots, price2);
    addWide(this.#sums, at, this.#books.work, VALUE);
  }

  /** `work[VALUE]` = the value of signed lots at half of `price2` (inverse), or twice that (spot, linear). */
  #value(lots: number, price2: number): void {
    const { work } = this.#books;
    work[PRICE] = price2;
    work[LOTS] = this.#isInverse ? 2 * lots : lots;
    valueLots(this.#books, this.#index, Factor.VALUE, VALUE);
  }
}
