/**
 * The slow, obvious matching engine that the fast one is tested against: plain objects in sorted arrays, written from
 * the rules. It answers the events that the fast engine should publish, in their order.
 */
import { Side } from '../../market/side.ts';
import { MarketState, PostOnly, Reason, SelfTrade, TimeInForce } from '../codes.ts';
import { MatchEvent } from '../events.ts';
import { isSelfTrade, naiveCanFill, naiveClearingPrice, reaches } from './naive-auction.ts';
import {
  type NaiveEvent,
  type NaiveOrder,
  type NaiveRequest,
  createOrder,
  hasLimit,
  isConditional,
  isLots,
  isTicks,
  refusal,
} from './naive-order.ts';
import { nextDue } from './naive-triggers.ts';

const LARGE_LOTS = 2 ** 26;
const MAX_LEVEL_LOTS = 2 ** 52;

export class NaiveEngine {
  /** Bids and asks: best price first, oldest first at a price. */
  readonly queues: readonly [NaiveOrder[], NaiveOrder[]] = [[], []];
  /** Conditional orders by arrival at their trigger. */
  readonly waiting: NaiveOrder[] = [];
  /** Events of the operation that is running; the caller empties it. */
  events: NaiveEvent[] = [];
  state: MarketState = MarketState.TRADING;
  lastTicks = Number.NaN;
  nowNs = 0;
  dayEndNs = 0;
  #sequence = 0;

  /** All orders in the book or before their trigger. */
  live(): NaiveOrder[] {
    return [...this.queues[0], ...this.queues[1], ...this.waiting];
  }

  /** The order, whatever became of it; undefined when it was refused. */
  submit(r: NaiveRequest): NaiveOrder | undefined {
    const reason = refusal(r, this.state, this.nowNs, this.lastTicks);
    if (reason !== Reason.NONE) return this.#refuse(r, reason);
    const order = createOrder(r, this.#sequence++, this.lastTicks, this.nowNs, this.dayEndNs);
    if (r.postOnly !== PostOnly.NO && this.#wouldTake(order)) {
      if (r.postOnly === PostOnly.REJECT) return this.#refuse(r, Reason.POST_ONLY_WOULD_TAKE);
      const touch = this.queues[1 - r.side]![0]!.price;
      order.price = r.side === Side.BUY ? touch - 1 : touch + 1;
    }
    if (hasLimit(r.type) && order.canRest && !this.#fits(order.side, order.price, order.open))
      return this.#refuse(r, Reason.BAD_SIZE);
    if (r.timeInForce === TimeInForce.FOK && !naiveCanFill(order, this.queues[1 - r.side]!)) {
      return this.#refuse(r, Reason.FOK_UNFILLED);
    }
    if (r.link) this.#pair(order, r.link);
    this.#say(MatchEvent.ACCEPTED, Reason.NONE, order, order.price, order.open, false);
    if (isConditional(r.type)) {
      order.where = 'waiting';
      this.waiting.push(order);
    } else {
      this.#match(order);
      if (order.canRest) this.#rest(order);
      else this.#end(order, MatchEvent.CANCELLED, Reason.UNFILLED_REST);
    }
    this.#settle();
    return order;
  }

  cancel(order: NaiveOrder | undefined, slot: number, generation: number): boolean {
    if (order === undefined || order.where === 'gone') return this.#unknown(slot, generation);
    this.#end(order, MatchEvent.CANCELLED, Reason.REQUESTED);
    return true;
  }

  amend(order: NaiveOrder | undefined, slot: number, generation: number, price: number, lots: number): boolean {
    if (order === undefined || order.where === 'gone') return this.#unknown(slot, generation);
    const isReduction = price === order.price && lots <= order.open;
    const isTaking = reaches({ ...order, price }, this.queues[1 - order.side]![0]?.price ?? Number.NaN);
    let reason: Reason = Reason.NONE;
    if (order.where === 'waiting') reason = Reason.NOT_AMENDABLE;
    else if (!isTicks(price)) reason = Reason.BAD_PRICE;
    else if (!isLots(lots) || (!isReduction && !this.#fits(order.side, price, lots))) reason = Reason.BAD_SIZE;
    else if (order.displayLots > 0 && lots > order.displayLots * 10_000) reason = Reason.BAD_DISPLAY;
    else if (!isReduction && this.state === MarketState.HALTED) reason = Reason.HALTED;
    else if (!isReduction && order.isPostOnly && this.state === MarketState.AUCTION) reason = Reason.NOT_IN_AUCTION;
    else if (order.isPostOnly && isTaking && this.state === MarketState.TRADING) reason = Reason.POST_ONLY_WOULD_TAKE;
    if (reason !== Reason.NONE) {
      this.#say(MatchEvent.REJECTED, reason, order, price, lots, false);
      return false;
    }
    this.#say(MatchEvent.AMENDED, Reason.REQUESTED, order, price, lots, false);
    if (isReduction) {
      order.open = lots;
      order.shown = Math.min(order.shown, lots);
    } else {
      this.#takeOut(order);
      order.where = 'entering';
      order.price = price;
      order.open = lots;
      this.#match(order);
      this.#rest(order);
    }
    this.#settle();
    return true;
  }

  massCancel(owner: number): number {
    const mine = this.live().filter((order) => order.owner === owner);
    for (const order of mine.toSorted((a, b) => a.slot - b.slot)) {
      this.#unpair(order);
      this.#end(order, MatchEvent.CANCELLED, Reason.MASS_CANCEL);
    }
    return mine.length;
  }

  advance(nowNs: number): void {
    if (!(nowNs > this.nowNs)) return;
    this.nowNs = nowNs;
    const due = this.live().filter((order) => order.expiryNs <= nowNs);
    due.sort((a, b) => a.expiryNs - b.expiryNs || a.slot - b.slot);
    // An earlier one's going may have taken its linked order along.
    for (const order of due) if (order.where !== 'gone') this.#end(order, MatchEvent.EXPIRED, Reason.NONE);
  }

  setState(state: MarketState): void {
    this.state = state;
    if (state !== MarketState.TRADING) return;
    this.#uncross();
    this.#settle();
  }

  auctionPrice(): number {
    return naiveClearingPrice(this.queues[0], this.queues[1], this.lastTicks);
  }

  /** Trades an order that stands in no queue against the other side, as far as it goes. */
  #match(taker: NaiveOrder): void {
    if (this.state !== MarketState.TRADING) return;
    const opposite = this.queues[1 - taker.side]!;
    let hasTraded = false;
    while (taker.open > 0) {
      const maker = opposite[0];
      if (maker === undefined || !reaches(taker, maker.price)) break;
      if (isSelfTrade(taker, maker)) {
        this.#preventSelfTrade(taker, maker);
        continue;
      }
      const fill = Math.min(taker.open, maker.shown);
      hasTraded = true;
      this.#trade(taker, maker, maker.price, fill);
      this.#cancelLinked(maker);
    }
    // The taker's pair is dissolved by its trades, once they are done.
    if (hasTraded) this.#cancelLinked(taker);
  }

  /** Books a trade with a queued order; links are the caller's. */
  #trade(taker: NaiveOrder, maker: NaiveOrder, price: number, fill: number): void {
    this.lastTicks = price;
    const isGone = maker.open === fill;
    this.#push(MatchEvent.TRADED, Reason.NONE, taker.side, taker.ref, price, fill, isGone, maker, 0, 0);
    this.#fill(maker, fill);
    if (taker.where === 'queued') this.#fill(taker, fill);
    else taker.open -= fill;
  }

  #fill(order: NaiveOrder, lots: number): void {
    order.open -= lots;
    order.shown -= lots;
    if (order.shown > 0) return;
    this.#takeOut(order);
    if (order.open > 0) this.#place(order);
    else order.where = 'gone';
  }

  #preventSelfTrade(taker: NaiveOrder, maker: NaiveOrder): void {
    const both = Math.min(taker.open, maker.open);
    const mode = taker.selfTrade;
    const takerLoses = mode === SelfTrade.CANCEL_OLDEST ? 0 : mode === SelfTrade.DECREMENT ? both : taker.open;
    const makerLoses = mode === SelfTrade.CANCEL_NEWEST ? 0 : mode === SelfTrade.DECREMENT ? both : maker.open;
    if (takerLoses > 0) {
      taker.open -= takerLoses;
      const isGone = taker.open === 0;
      this.#say(MatchEvent.CANCELLED, Reason.SELF_TRADE, taker, taker.price, takerLoses, isGone);
    }
    if (makerLoses === maker.open) this.#end(maker, MatchEvent.CANCELLED, Reason.SELF_TRADE);
    else if (makerLoses > 0) {
      maker.open -= makerLoses;
      maker.shown = Math.min(maker.shown, maker.open);
      this.#say(MatchEvent.CANCELLED, Reason.SELF_TRADE, maker, maker.price, makerLoses, false);
    }
  }

  /** What is left of an order after it matched goes into the book, if a level's total allows. */
  #rest(order: NaiveOrder): void {
    if (order.open > 0 && this.#fits(order.side, order.price, order.open)) this.#place(order);
    else this.#end(order, MatchEvent.CANCELLED, Reason.BAD_SIZE);
  }

  #place(order: NaiveOrder): void {
    order.shown = order.displayLots > 0 ? Math.min(order.open, order.displayLots) : order.open;
    order.where = 'queued';
    const queue = this.queues[order.side];
    const behind = queue.findIndex((other) =>
      order.side === Side.BUY ? other.price < order.price : other.price > order.price,
    );
    queue.splice(behind < 0 ? queue.length : behind, 0, order);
  }

  #takeOut(order: NaiveOrder): void {
    const list = order.where === 'waiting' ? this.waiting : this.queues[order.side];
    const at = list.indexOf(order);
    if (at < 0) throw new Error(`the naive engine lost order ${order.ref}`);
    list.splice(at, 1);
  }

  /** Ends an order wherever it is; says so when something of it was left. Its linked order goes with it. */
  #end(order: NaiveOrder, kind: MatchEvent, reason: Reason): void {
    if (order.open > 0) {
      this.#say(kind, reason, order, order.where === 'waiting' ? order.trigger : order.price, order.open, true);
    }
    if (order.where === 'queued' || order.where === 'waiting') this.#takeOut(order);
    order.where = 'gone';
    order.open = 0;
    this.#cancelLinked(order);
  }

  #pair(a: NaiveOrder, b: NaiveOrder): void {
    this.#unpair(b);
    a.link = b;
    b.link = a;
  }

  #unpair(order: NaiveOrder): void {
    if (order.link !== null) order.link.link = null;
    order.link = null;
  }

  #cancelLinked(order: NaiveOrder): void {
    const other = order.link;
    this.#unpair(order);
    if (other === null || other.where === 'gone') return;
    if (other.where === 'entering') {
      // It is matching right now: what is left of it ends here, and its own way through the engine goes on with nothing.
      if (other.open > 0) {
        this.#say(MatchEvent.CANCELLED, Reason.LINKED_ORDER, other, other.price, other.open, true);
        other.open = 0;
      }
    } else this.#end(other, MatchEvent.CANCELLED, Reason.LINKED_ORDER);
  }

  #uncross(): void {
    const [bids, asks] = this.queues;
    // A trade can cancel a linked order that the price was found with; what then still crosses is uncrossed anew.
    for (let price = this.auctionPrice(); !Number.isNaN(price); price = this.auctionPrice()) {
      while (bids.length > 0 && asks.length > 0 && bids[0]!.price >= price && asks[0]!.price <= price) {
        const buyer = bids[0]!;
        const seller = asks[0]!;
        this.#trade(buyer, seller, price, Math.min(buyer.shown, seller.shown));
        this.#cancelLinked(buyer);
        this.#cancelLinked(seller);
      }
    }
  }

  #settle(): void {
    if (this.state !== MarketState.TRADING) return;
    for (;;) {
      const order = nextDue(this.waiting, this.lastTicks);
      if (order === undefined) return;
      this.#takeOut(order);
      order.where = 'entering';
      this.#say(MatchEvent.TRIGGERED, Reason.NONE, order, this.lastTicks, order.open, false);
      this.#cancelLinked(order);
      this.#match(order);
      if (hasLimit(order.type)) this.#rest(order);
      else this.#end(order, MatchEvent.CANCELLED, Reason.UNFILLED_REST);
    }
  }

  #wouldTake(order: NaiveOrder): boolean {
    const touch = this.queues[1 - order.side]![0];
    return touch !== undefined && reaches(order, touch.price);
  }

  #fits(side: Side, price: number, lots: number): boolean {
    if (lots <= LARGE_LOTS) return true;
    const level = this.queues[side].filter((order) => order.price === price);
    return level.reduce((total, order) => total + order.shown, lots) <= MAX_LEVEL_LOTS;
  }

  #refuse(r: NaiveRequest, reason: Reason): undefined {
    this.#push(MatchEvent.REJECTED, reason, r.side, r.ref, r.priceTicks, r.sizeLots, false, null, 0, 0);
    return undefined;
  }

  #unknown(slot: number, generation: number): false {
    this.#push(MatchEvent.REJECTED, Reason.UNKNOWN_ORDER, 0, 0, Number.NaN, 0, false, null, slot, generation);
    return false;
  }

  #say(kind: MatchEvent, reason: Reason, order: NaiveOrder, price: number, lots: number, isGone: boolean): void {
    this.#push(kind, reason, order.side, order.ref, price, lots, isGone, order, 0, 0);
  }

  #push(
    kind: number,
    reason: number,
    side: number,
    ref: number,
    price: number,
    lots: number,
    isGone: boolean,
    order: NaiveOrder | null,
    slot: number,
    generation: number,
  ): void {
    this.events.push({ kind, reason, side, ref, price, lots, isGone, order, slot, generation });
  }
}
