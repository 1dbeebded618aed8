/**
 * The makers of one instrument. Each has a view of the value (the value, an error of its own, and the flow that all of them have
 * seen lately), quotes a ladder around it, leans against its inventory, and leaves far levels alone until they are well off.
 * A maker whose turn comes first cancels what stands too far from where it is wanted, then fills the gaps, never crossing.
 */
import type { Random } from '../../base/random.ts';
import { Side } from '../../market/side.ts';
import { Participant } from './order-table.ts';
import type { MakerParams } from './params.ts';
import type { Regime } from './regimes.ts';
import { VALUE_STEP_NS } from './value.ts';
import type { VenueBook } from './venue-book.ts';

const { BUY, SELL } = Side;
const { MAKER } = Participant;
const STEP_SECONDS = VALUE_STEP_NS / 1e9;
/** A maker's error forgets this much of itself at each of its turns on the value's clock. */
const ERROR_MEMORY = 0.95;
const ERROR_SHOCK = Math.sqrt(1 - ERROR_MEMORY * ERROR_MEMORY);
/** Makers hurry after the value by at most so many times their rate. */
const MAX_URGENCY = 10;
/** Spreads widen with volatility, but not beyond this. */
const MAX_HEAT = 6;

export class Makers {
  /** Shift of all makers' views by recent flow, in ticks. */
  impact = 0;
  readonly #venue: VenueBook;
  readonly #params: MakerParams;
  readonly #random: Random;
  readonly #errors: Float64Array;
  /** Lots of each maker's position that it has laid off elsewhere, and how much of the rest stays open until its next turn. */
  readonly #hedged: Float64Array;
  readonly #unhedged: number;
  /** Value at each maker's last turn. */
  readonly #seen: Float64Array;
  /** Maker whose error changes next, and whose turn to quote is next. */
  #toErr = 0;
  #toQuote = 0;

  constructor(venue: VenueBook, params: MakerParams, random: Random) {
    this.#venue = venue;
    this.#params = params;
    this.#random = random;
    this.#errors = new Float64Array(params.count);
    this.#hedged = new Float64Array(params.count);
    this.#seen = new Float64Array(params.count);
    this.#unhedged = 0.5 ** ((params.count * STEP_SECONDS) / params.hedgeHalfLifeSeconds);
  }

  /** One step of the value's clock; `memory` is how much of the flow's impact stays. */
  step(memory: number): void {
    this.impact *= memory;
    const { count, errorTicks } = this.#params;
    if (count === 0) return;
    const maker = this.#toErr;
    this.#toErr = (maker + 1) % count;
    const shock = ERROR_SHOCK * errorTicks * this.#random.normal();
    this.#errors[maker] = ERROR_MEMORY * this.#errors[maker] + shock;
    const position = this.#venue.positions[MAKER + maker];
    this.#hedged[maker] = position + this.#unhedged * (this.#hedged[maker] - position);
  }

  /** How much more often than usual the makers quote: the value has moved since the one whose turn is next has looked. */
  urgency(value: number): number {
    if (this.#params.count === 0) return 0;
    const half = this.#params.halfSpreadTicks;
    const moved = Math.abs(value - this.#seen[this.#toQuote]) - half;
    if (moved <= 0) return 1;
    return moved < MAX_URGENCY * half ? 1 + moved / half : 1 + MAX_URGENCY;
  }

  /** The next maker reviews its quotes. In an auction it may cross. */
  refresh(value: number, heat: number, regime: Regime, isTrading: boolean): void {
    const { count, levels, halfSpreadTicks, skewTicks, limitLots } = this.#params;
    if (count === 0) return;
    const maker = this.#toQuote;
    this.#toQuote = (maker + 1) % count;
    this.#seen[maker] = value;
    const { positions } = this.#venue;
    const load = (positions[MAKER + maker] - this.#hedged[maker]) / limitLots;
    const lean = load > 1 ? 1 : load < -1 ? -1 : load;
    const view = value + this.impact + this.#errors[maker] - lean * skewTicks * regime.spread;
    const half = halfSpreadTicks * regime.spread * (0.5 + 0.5 * (heat < MAX_HEAT ? heat : MAX_HEAT));
    const bid = load < 1 ? Math.floor(view - half + 0.5) : 0;
    const ask = load > -1 ? Math.ceil(view + half - 0.5) : Infinity;
    const slack = half * 0.25;
    const first = maker * 2 * levels;
    // The side that the market moves towards goes first, so that the other has room.
    this.#clear(first, -1, bid, slack);
    this.#clear(first + levels, 1, ask, slack);
    const { book } = this.#venue;
    let topBid = bid;
    let topAsk = ask;
    if (isTrading) {
      const lowAsk = book.bestPrice(SELL);
      if (topBid >= lowAsk) topBid = lowAsk - 1;
      if (topBid > 0) this.#fill(maker, BUY, first, topBid, regime.depth);
      const highBid = book.bestPrice(BUY);
      if (topAsk <= highBid) topAsk = highBid + 1;
    } else if (topBid > 0) this.#fill(maker, BUY, first, topBid, regime.depth);
    if (topAsk < Infinity) this.#fill(maker, SELL, first + levels, topAsk, regime.depth);
  }

  /** Cancels the orders of a ladder that stand too far from where they are wanted; `sign` is -1 for bids. */
  #clear(first: number, sign: number, top: number, slack: number): void {
    const { levels, spacingTicks } = this.#params;
    const { orders } = this.#venue;
    for (let level = 0; level < levels; level++) {
      const entry = orders.cells[first + level];
      if (entry === 0) continue;
      const off = orders.doubles[entry << 1] - (top + sign * level * spacingTicks);
      const limit = slack + 0.5 * level * spacingTicks;
      if (off > limit || off < -limit) this.#venue.cancel(entry);
    }
  }

  #fill(maker: number, side: number, first: number, top: number, depth: number): void {
    const { levels, spacingTicks, sizeLots, sizeGrowth } = this.#params;
    const { orders } = this.#venue;
    for (let level = 0; level < levels; level++) {
      if (orders.cells[first + level] !== 0) continue;
      const price = side === BUY ? top - level * spacingTicks : top + level * spacingTicks;
      if (price < 1) break;
      const wanted = sizeLots * (1 + sizeGrowth * level) * depth * (0.5 + this.#random.uniform());
      this.#venue.limit(MAKER + maker, side, price, Math.max(1, Math.round(wanted)), first + level);
    }
  }
}
