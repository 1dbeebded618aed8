/**
 * The L2 replay venue of one instrument: a recording of price levels and prints plays, and own orders trade in it as if they
 * had been there. The market does not react to them: that own orders draw or scare others is not modelled, only that what they take
 * is gone (`taken-liquidity.ts`) until the level is shown anew. How requests are judged: `own-order-venue.ts`; where
 * orders stand in their queues, and how prints fill them: `l2-replay-queue.ts`.
 *
 * A level of the other side that is shown at the price of a resting order or beyond would have traded with it: it fills it by
 * what it shows, which then counts as taken. By the rule `whole`, hftbacktest's, it fills all of it; so does the best price
 * when a new order reaches it, nothing counts as taken, and own orders pass each other.
 *
 * It is deterministic: executions are numbered from 1 in the order in which they happen, and those that one row causes happen
 * in the order of price (best first), then time of arrival.
 */
import { EventFlag, EventKind, Field, TradingStatus } from '../market/event.ts';
import type { Instrument } from '../market/instrument.ts';
import { L2Book } from '../market/l2-book.ts';
import type { L2Side } from '../market/l2-side.ts';
import { Side } from '../market/side.ts';
import { L2Queue } from './l2-replay-queue.ts';
import type { OwnImpact } from './own-impact.ts';
import { CleanTouch } from './l2-replay-touch.ts';
import { OwnOrderVenue, type SelfTradeRule } from './own-order-venue.ts';
import type { OwnSide } from './own-queue.ts';
import type { QueueModel } from './queue-model.ts';
import { TakenLiquidity } from './taken-liquidity.ts';
import type { ReplayVenue } from './venue.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS, SEQ } = Field;
const { LEVEL, TRADE, SNAPSHOT_BEGIN, SNAPSHOT_END, GAP, STATUS } = EventKind;
const { BUY, SELL } = Side;
const BUY_IN_HEAD = EventFlag.BUY << 8;

/** How much of an order a fill takes. */
export type FillRule = 'partial' | 'whole';

export interface L2ReplayOptions {
  /** `partial` (the default), or `whole`, hftbacktest's rule. */
  readonly fillRule?: FillRule;
  /** Default `cancel-newest`. Not judged by the rule `whole`. */
  readonly selfTrade?: SelfTradeRule;
  /** What own takers pay beyond the recorded prices; absent: nothing. */
  readonly impact?: OwnImpact | undefined;
}

/** It is shown the rows of its instrument only, whatever index they bear. */
export class L2ReplayVenue extends OwnOrderVenue implements ReplayVenue {
  /** The recorded book. */
  readonly book = new L2Book();
  readonly #touch = new CleanTouch(this.book);
  readonly #bids: L2Side = this.book.bids;
  readonly #asks: L2Side = this.book.asks;
  readonly #ownBids: OwnSide;
  readonly #ownAsks: OwnSide;
  readonly #queue: L2Queue;
  /** What own takers took, by side of the book. */
  readonly #taken: readonly [TakenLiquidity, TakenLiquidity] = [new TakenLiquidity(), new TakenLiquidity()];
  /** What printed at levels since they were shown last, by side of the book; the rule `whole` does not ask. */
  readonly #printed: readonly [TakenLiquidity, TakenLiquidity] = [new TakenLiquidity(), new TakenLiquidity()];
  /** Entry 0: venue time of the last row of a level. */
  readonly #levelNs = Float64Array.of(Number.NaN);
  readonly #isWhole: boolean;
  /** Own orders fill by levels strictly beyond their price only. */
  readonly #isStrict: boolean;
  /** A snapshot is being laid: the book is not to be traded on. */
  #isLaying = false;
  /**
   * The rows of bids, and of asks, that may concern more than the book: from the worst of our prices on that side to the best, and from
   * our best price on the other side on. Set anew (`#lookOut`) after whatever changes own orders, what is taken, or the touch.
   */
  #bidsFrom = Infinity;
  #bidsTo = -Infinity;
  #bidsCross = Infinity;
  #asksFrom = -Infinity;
  #asksTo = Infinity;
  #asksCross = -Infinity;

  /** @param index the instrument's index in the records */
  constructor(instrument: Instrument, index: number, queue: QueueModel, options: L2ReplayOptions = {}) {
    const isWhole = options.fillRule === 'whole';
    super(instrument, index, isWhole ? 'none' : (options.selfTrade ?? 'cancel-newest'), options.impact);
    this.#isWhole = isWhole;
    this.#isStrict = queue.isStrictlyThrough;
    this.#queue = new L2Queue(this.own, queue, isWhole);
    this.#ownBids = this.own.sides[BUY];
    this.#ownAsks = this.own.sides[SELL];
  }

  market(data: Float64Array, offset: number): void {
    const head = data[offset + HEAD] | 0;
    const kind = head & 0xff;
    const isBuy = (head & BUY_IN_HEAD) !== 0;
    const price = data[offset + PRICE_TICKS];
    if (kind === LEVEL) {
      this.#levelNs[0] = data[offset + VENUE_NS];
      if (isBuy) {
        if (
          (price >= this.#bidsFrom && (price <= this.#bidsTo || price >= this.#bidsCross)) ||
          price >= this.#asks.bestPrice()
        )
          this.#levelNear(BUY, data, offset);
        else this.#bids.set(price, data[offset + SIZE_LOTS]);
      } else if (
        (price <= this.#asksFrom && (price >= this.#asksTo || price <= this.#asksCross)) ||
        price <= this.#bids.bestPrice()
      )
        this.#levelNear(SELL, data, offset);
      else this.#asks.set(price, data[offset + SIZE_LOTS]);
    } else if (kind === TRADE) {
      if (!this.#isWhole) this.#notePrint(isBuy ? SELL : BUY, data, offset);
      if (isBuy ? price >= this.#ownAsks.bestKey : -price >= this.#ownBids.bestKey) this.#print(isBuy, data, offset);
    } else this.#mark(kind, data, offset);
  }

  override request(data: Float64Array, offset: number, nowNs: number): void {
    super.request(data, offset, nowNs);
    this.#lookOut();
  }

  /** Lots that stand before an own order, as the queue model has it; NaN when it is in no queue. */
  aheadLots(orderId: number): number {
    const slot = this.own.find(orderId);
    return slot !== 0 && this.own.stands(slot) ? this.#queue.aheadOf(slot) : Number.NaN;
  }

  protected override takePrice(side: Side): number {
    return side === BUY ? this.#touch.askTicks : this.#touch.bidTicks;
  }

  protected override reachable(side: Side, priceTicks: number, wantedLots: number, endsAtOwn: boolean): number {
    if (this.#isWhole) return reaches(side, priceTicks, this.takePrice(side)) ? wantedLots : 0;
    return this.#sweep(0, side, priceTicks, wantedLots, endsAtOwn);
  }

  protected override take(slot: number): void {
    const { own } = this;
    const side = own.sideOf(slot);
    const price = own.takeLimit(slot);
    const best = this.takePrice(side);
    if (!reaches(side, price, best)) return;
    if (this.#isWhole) own.fill(slot, own.openOf(slot), best, false);
    else this.#sweep(slot, side, price, own.openOf(slot), this.selfTrade !== 'none');
  }

  protected override join(slot: number): void {
    const side = this.own.sideOf(slot);
    const price = this.own.priceOf(slot);
    this.#queue.join(slot, side, this.book.sizeAt(side, price), this.#printed[side].at(price));
  }

  /**
   * Walks the levels that the book shows on the other side, best first, as far as they are not taken, and answers how many lots
   * up to those wanted it finds. A slot takes them: at its own price when it stands, else at the levels'. Slot 0 only counts.
   */
  #sweep(slot: number, side: Side, limitTicks: number, wantedLots: number, endsAtOwn: boolean): number {
    const { own } = this;
    const levels = side === BUY ? this.#asks : this.#bids;
    const other = side === BUY ? SELL : BUY;
    const taken = this.#taken[other];
    const met = endsAtOwn ? own.first(other) : 0;
    let limit = limitTicks;
    let lotsAtLimit = Infinity;
    if (met !== 0 && reaches(side, limit, own.priceOf(met))) {
      limit = own.priceOf(met);
      lotsAtLimit = this.#queue.aheadOf(met);
    }
    let left = wantedLots;
    for (let level = this.#firstLevel(side); level >= 0 && left > 0; level = levels.next(level)) {
      const price = levels.priceOf(level);
      if (!reaches(side, limit, price)) break;
      const shown = levels.sizeOf(level);
      const free = (price === limit && lotsAtLimit < shown ? lotsAtLimit : shown) - taken.at(price);
      if (!(free > 0)) continue;
      const lots = left < free ? left : free;
      left -= lots;
      if (slot === 0) continue;
      taken.take(price, lots);
      const isMaker = own.stands(slot);
      own.fill(slot, lots, isMaker ? own.priceOf(slot) : price, isMaker);
    }
    return wantedLots - left;
  }

  /** The best level that is not stale on the side that an order takes from; -1 when there is none. */
  #firstLevel(side: Side): number {
    const levels = side === BUY ? this.#asks : this.#bids;
    const best = this.takePrice(side);
    let level = levels.best();
    while (level >= 0 && levels.priceOf(level) !== best) level = levels.next(level);
    return level;
  }

  /** A row of a level that may concern own orders, what they took, or the touch. */
  #levelNear(side: Side, data: Float64Array, offset: number): void {
    const { own } = this;
    const price = data[offset + PRICE_TICKS];
    const lots = data[offset + SIZE_LOTS];
    const levels = side === BUY ? this.#bids : this.#asks;
    const list = own.sides[side];
    const key = side === BUY ? -price : price;
    own.nowNs = data[offset + VENUE_NS];
    const isAmongOwn = key >= list.bestKey && key <= list.worstKey && !this.#isLaying;
    const prev = isAmongOwn ? levels.sizeAt(price) : 0;
    levels.set(price, lots);
    if (isAmongOwn) this.#queue.change(side, key, price, prev, lots);
    if (this.#touch.mustNote()) {
      this.#touch.note(side === BUY, price, lots);
      this.#lookOut();
    }
    const wasTaken = this.#taken[side].refresh(price);
    if (this.#printed[side].refresh(price) || wasTaken) this.#lookOut();
    if (lots > 0 && own.sides[1 - side].bestKey <= -key) {
      this.#cross(side === BUY ? SELL : BUY, price);
      this.#lookOut();
    }
  }

  /** A print took from a level that will be shown anew, unless rows of its very time have shown it already. */
  #notePrint(side: Side, data: Float64Array, offset: number): void {
    const price = data[offset + PRICE_TICKS];
    if (data[offset + VENUE_NS] === this.#levelNs[0] || !(this.book.sizeAt(side, price) > 0)) return;
    this.#printed[side].take(price, data[offset + SIZE_LOTS]);
    this.#lookOut();
  }

  #print(isBuyer: boolean, data: Float64Array, offset: number): void {
    const price = data[offset + PRICE_TICKS];
    this.own.nowNs = data[offset + VENUE_NS];
    if (isBuyer) this.#queue.print(SELL, price, data[offset + SIZE_LOTS]);
    else this.#queue.print(BUY, -price, data[offset + SIZE_LOTS]);
    this.#lookOut();
  }

  #mark(kind: number, data: Float64Array, offset: number): void {
    if (kind === SNAPSHOT_BEGIN) this.#beginSnapshot();
    else if (kind === SNAPSHOT_END) this.#endSnapshot(data, offset);
    else if (kind === GAP) this.book.noteGap();
    else if (kind === STATUS) this.isHalted = data[offset + SIZE_LOTS] !== TradingStatus.TRADING;
  }

  #beginSnapshot(): void {
    this.#isLaying = true;
    this.book.beginSnapshot();
    this.#touch.clear();
    this.#taken[BUY].clear();
    this.#taken[SELL].clear();
    this.#printed[BUY].clear();
    this.#printed[SELL].clear();
    this.#lookOut();
  }

  /** Own orders that the new book has crossed trade with it. */
  #endSnapshot(data: Float64Array, offset: number): void {
    this.book.endSnapshot(data[offset + SEQ]);
    if (!this.#isLaying) return;
    this.#isLaying = false;
    this.own.nowNs = data[offset + VENUE_NS];
    this.#queue.requeue(BUY, this.book);
    this.#queue.requeue(SELL, this.book);
    this.#cross(BUY, this.#touch.askTicks);
    this.#cross(SELL, this.#touch.bidTicks);
    this.#lookOut();
  }

  /** The other side of own orders now shows a level at a price. */
  #cross(side: Side, priceTicks: number): void {
    if (this.#isLaying) return;
    const { own } = this;
    const list = own.sides[side];
    const key = side === BUY ? -priceTicks : priceTicks;
    while (this.#isStrict ? list.bestKey < key : list.bestKey <= key) {
      const slot = list.slots[0];
      const price = own.priceOf(slot);
      if (this.#isWhole) own.fill(slot, own.openOf(slot), price, true);
      else {
        const beyond = side === BUY ? -1 : 1;
        this.#sweep(slot, side, this.#isStrict ? price + beyond : price, own.openOf(slot), false);
        // No more is to be had.
        if (own.openOf(slot) > 0) return;
      }
    }
  }

  #lookOut(): void {
    const { worstKey: worstBid, bestKey: bestBid } = this.#ownBids;
    const { worstKey: worstAsk, bestKey: bestAsk } = this.#ownAsks;
    const [takenBids, takenAsks] = this.#taken;
    const [printedBids, printedAsks] = this.#printed;
    if (this.#touch.differs) {
      this.#bidsFrom = -Infinity;
      this.#bidsCross = -Infinity;
      this.#asksFrom = Infinity;
      this.#asksCross = Infinity;
      return;
    }
    this.#bidsCross = bestAsk;
    this.#bidsFrom = Math.min(-worstBid, bestAsk, takenBids.lowest, printedBids.lowest);
    this.#bidsTo = Math.max(-bestBid, takenBids.highest, printedBids.highest);
    this.#asksCross = -bestBid;
    this.#asksFrom = Math.max(worstAsk, -bestBid, takenAsks.highest, printedAsks.highest);
    this.#asksTo = Math.min(bestAsk, takenAsks.lowest, printedAsks.lowest);
  }
}

/** Whether an order of this side and limit gets as far as a price; never as far as NaN. */
function reaches(side: Side, limitTicks: number, priceTicks: number): boolean {
  return side === BUY ? limitTicks >= priceTicks : limitTicks <= priceTicks;
}
