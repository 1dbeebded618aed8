/**
 * The quotes that a strategy wants in one market, from float prices to what may be sent: whole ticks, never reaching the other
 * side's touch, whole lots the venue takes, no level twice, no more than the position may grow by, and standing quotes kept when
 * the wish has hardly moved.
 */
import { checkState } from '../../base/state.ts';
import { Side } from '../../market/side.ts';
import type { Context, Market } from '../strategy.ts';
import { leastLots } from './sizing.ts';

const MOST_LEVELS = 32;
/** Prices that are whole ticks but for the rounding of floats. */
const EPSILON = 1e-6;

export interface LadderState {
  readonly prices: Float64Array;
  readonly lots: Float64Array;
  readonly openLots: number;
  readonly refillNs: number;
}

export interface QuotePlanState {
  readonly bids: LadderState;
  readonly asks: LadderState;
  readonly isStated: boolean;
}

export class QuotePlan {
  readonly #ctx: Context;
  readonly #market: Market;
  /** By side: wanted now, and as stated last. */
  readonly #wanted = [new Ladder(Side.BUY), new Ladder(Side.SELL)];
  readonly #stated = [new Ladder(Side.BUY), new Ladder(Side.SELL)];
  #isStated = false;

  constructor(ctx: Context, market: Market) {
    this.#ctx = ctx;
    this.#market = market;
  }

  clear(): void {
    this.#wanted[Side.BUY].count = 0;
    this.#wanted[Side.SELL].count = 0;
  }

  /** Wants a level, best first; any float price, NaN for none. Levels beyond 32 are left out. */
  bid(price: number, lots: number): void {
    this.#wanted[Side.BUY].add(price, lots);
  }

  ask(price: number, lots: number): void {
    this.#wanted[Side.SELL].add(price, lots);
  }

  /**
   * Makes the wishes fit and states them if they differ from what was stated. `tolerance`: a standing level stays where it is
   * while the wish is within so many ticks of it. `limitLots`: largest position either way, all levels filled.
   */
  state(limitLots: number, toleranceTicks: number): void {
    const market = this.#market;
    const bids = this.#wanted[Side.BUY];
    const asks = this.#wanted[Side.SELL];
    const [statedBids, statedAsks] = this.#stated;
    const { nowNs } = this.#ctx;
    bids.fit(market, statedBids, statedBids.most(limitLots - market.positionLots, nowNs), toleranceTicks);
    asks.fit(market, statedAsks, statedAsks.most(limitLots + market.positionLots, nowNs), toleranceTicks);
    if (this.#isStated && bids.equals(statedBids) && asks.equals(statedAsks)) return;
    const quotes = this.#ctx.quote(market);
    for (let i = 0; i < bids.count; i++) quotes.bid(bids.prices[i], bids.lots[i]);
    for (let i = 0; i < asks.count; i++) quotes.ask(asks.prices[i], asks.lots[i]);
    statedBids.copy(bids);
    statedAsks.copy(asks);
    this.#isStated = true;
  }

  /** An own quote of a side traded: the side is not made larger again before a time. */
  filled(side: Side, lots: number, refillNs: number): void {
    const stated = this.#stated[side];
    stated.openLots = Math.max(0, stated.openLots - lots);
    stated.refillNs = refillNs;
    this.#isStated = false;
  }

  /** Wants nothing, and says so once. */
  pull(): void {
    const [bids, asks] = this.#stated;
    if (this.#isStated && bids.count === 0 && asks.count === 0) return;
    this.#ctx.quote(this.#market);
    bids.count = 0;
    asks.count = 0;
    this.#isStated = true;
  }

  /** What was stated no longer stands (an order was refused, or others stated quotes): it is stated again next time. */
  forget(): void {
    this.#isStated = false;
  }

  /** What was stated; what is wanted is worked out within one call. */
  save(): QuotePlanState {
    const [bids, asks] = this.#stated;
    return { bids: bids.save(), asks: asks.save(), isStated: this.#isStated };
  }

  restore(state: QuotePlanState): void {
    checkState('a quote plan', state, this.save());
    const [bids, asks] = this.#stated;
    bids.restore(state.bids);
    asks.restore(state.asks);
    this.#isStated = state.isStated;
  }
}

class Ladder {
  readonly prices = new Float64Array(MOST_LEVELS);
  readonly lots = new Float64Array(MOST_LEVELS);
  count = 0;
  /** Of stated levels: lots that have not traded, and until when they are not replaced. */
  openLots = 0;
  refillNs = -Infinity;
  readonly #side: Side;

  constructor(side: Side) {
    this.#side = side;
  }

  add(price: number, lots: number): void {
    if (price !== price || this.count === MOST_LEVELS) return;
    this.prices[this.count] = price;
    this.lots[this.count++] = lots;
  }

  fit(market: Market, stated: Ladder, roomLots: number, tolerance: number): void {
    const isBid = this.#side === Side.BUY;
    // The touch of the other side is not reached.
    const nearest = isBid ? market.askTicks - 1 : market.bidTicks + 1;
    const { prices, lots } = this;
    const { instrument } = market;
    let room = roomLots;
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      let price = isBid ? Math.floor(prices[i] + EPSILON) : Math.ceil(prices[i] - EPSILON);
      price = isBid ? Math.min(price, nearest) : Math.max(price, nearest);
      if (kept < stated.count) {
        const standing = stated.prices[kept];
        const isSafe = isBid ? standing <= nearest : standing >= nearest;
        if (isSafe && Math.abs(standing - prices[i]) <= tolerance) price = standing;
      }
      // Levels that were pressed together against the touch are spread out again, a tick each.
      if (kept > 0) price = isBid ? Math.min(price, prices[kept - 1] - 1) : Math.max(price, prices[kept - 1] + 1);
      if (!(price >= 1 && price <= Number.MAX_SAFE_INTEGER)) continue;
      const least = leastLots(instrument, price);
      const fitting = Math.min(Math.max(Math.round(lots[i]), least), room, instrument.maxSizeLots);
      if (!(lots[i] > 0) || !(fitting >= least)) continue;
      room -= fitting;
      prices[kept] = price;
      lots[kept++] = fitting;
    }
    this.count = kept;
  }

  /** Lots that the side may have: what the position has room for, and while it is not to be refilled, what is left. */
  most(roomLots: number, nowNs: number): number {
    return nowNs < this.refillNs ? Math.min(roomLots, this.openLots) : roomLots;
  }

  equals(other: Ladder): boolean {
    if (this.count !== other.count) return false;
    for (let i = 0; i < this.count; i++) {
      if (this.prices[i] !== other.prices[i] || this.lots[i] !== other.lots[i]) return false;
    }
    return true;
  }

  copy(other: Ladder): void {
    this.prices.set(other.prices);
    this.lots.set(other.lots);
    this.count = other.count;
    this.openLots = 0;
    for (let i = 0; i < other.count; i++) this.openLots += other.lots[i];
  }

  save(): LadderState {
    const { count, openLots, refillNs } = this;
    return { prices: this.prices.slice(0, count), lots: this.lots.slice(0, count), openLots, refillNs };
  }

  restore(state: LadderState): void {
    checkState('a ladder', state, this.save(), ['prices', 'lots']);
    if (state.prices.length > MOST_LEVELS || state.prices.length !== state.lots.length) {
      throw new RangeError(`state of a ladder: ${state.prices.length} prices and ${state.lots.length} sizes`);
    }
    this.prices.set(state.prices);
    this.lots.set(state.lots);
    this.count = state.prices.length;
    this.openLots = state.openLots;
    this.refillNs = state.refillNs;
  }
}
