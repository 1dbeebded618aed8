/**
 * What the matching engine does with orders that are not plain: conditional, timed, linked, iceberg, post-only, fill-or-kill ones,
 * amendments, mass cancels, auctions. The plain limit order's way is in `engine.ts`.
 */
import { NS_PER_DAY } from '../base/time.ts';
import { L3Book } from '../market/l3-book.ts';
import { Double, Flag, SelfTradeBits, Spare, Word } from '../market/l3-layout.ts';
import { PriceIndex } from '../market/price-index.ts';
import { Side } from '../market/side.ts';
import { clearingPrice } from './auction.ts';
import { MarketState, PostOnly, Reason, SelfTrade, TimeInForce } from './codes.ts';
import { EVENT_GONE, EventField, MatchEvent, type MatchEventBuffer, eventHead } from './events.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import { EXT_STRIDE, Ext, Extensions } from './extensions.ts';
import { canFill } from './liquidity.ts';
import { OrderRequest } from './request.ts';
import { TriggerBook } from './triggers.ts';
import { MAX_SLICES, isTicks, isWholeLots, validate } from './validate.ts';

const { LEVEL, REF, OWNER, TAG, LEVEL_SIDE } = Word;
const { PRICE, OPEN } = Double;
const { LIVE, EXTENDED, POST_ONLY, CONDITIONAL } = Flag;
const { PRICE: EVENT_PRICE, LOTS: EVENT_LOTS } = EventField;
const { BUY, SELL } = Side;
const { ACCEPTED, TRADED, CANCELLED } = MatchEvent;
const { TRADING } = MarketState;
const { SHIFT: SELF_TRADE_SHIFT, MASK: SELF_TRADE_MASK } = SelfTradeBits;
const GONE = EVENT_GONE;

/** Above this size an order is checked against its level's total; below it, 2^26 orders cannot reach the bound. */
export const LARGE_LOTS = 2 ** 26;
const MAX_LEVEL_LOTS = 2 ** 52;
const TRIGGER_WINDOW_BITS = 10;

/** What the taker still wants, and its limit price: passed between methods in the arena's spare float64. */
const { A: LOTS, B: LIMIT } = Spare;

export abstract class OrderHandling {
  /** Queues: bids, asks, and the conditional orders that wait for a rising and for a falling price. */
  readonly book: L3Book;
  readonly events: MatchEventBuffer;
  /** The next order that is not a plain limit; filled by the caller, read by `submit`. */
  readonly request = new OrderRequest();
  /** Price of the last trade, NaN before the first. */
  lastTradeTicks = Number.NaN;
  /** Time of the engine: set by `advance` alone. */
  nowNs = 0;
  /** When DAY orders expire, counted from UTC midnight. */
  dayEndNs = 0;
  protected marketState: MarketState = TRADING;
  readonly #extensions: Extensions;
  readonly #expiries: ExpiryQueue;
  readonly #triggers: TriggerBook;
  /** Slot of the order that is matching now, 0 = none or one without a slot. */
  protected taker = 0;
  protected takerSide: number = BUY;
  /** A trade has happened since conditional orders were last looked at. */
  protected hasTraded = false;

  /** @param capacity orders and levels for which memory is held ready (32 bytes each); it doubles when full */
  constructor(events: MatchEventBuffer, capacity = 65_536) {
    this.events = events;
    this.book = new L3Book(capacity, [
      new PriceIndex(SELL, TRIGGER_WINDOW_BITS),
      new PriceIndex(BUY, TRIGGER_WINDOW_BITS),
    ]);
    this.#extensions = new Extensions(this.book);
    this.#expiries = new ExpiryQueue(this.book);
    this.#triggers = new TriggerBook(this.book, this.#extensions);
  }

  get state(): MarketState {
    return this.marketState;
  }

  /**
   * Trades the taker's lots against the other side up to its limit (both in the arena's spare float64), and leaves there what
   * it could not.
   */
  protected abstract match(side: number, ref: number, owner: number, selfTrade: number, slot: number): void;

  /** Enters `request`. Answers the order's slot when it rests or waits for its trigger, else 0; the events say the rest. */
  submit(): number {
    const r = this.request;
    const book = this.book;
    const reason = validate(r, this.marketState, this.nowNs, this.lastTradeTicks);
    if (reason !== Reason.NONE) return this.#reject(reason);
    const { side, ref, owner } = r;
    if (r.linkSlot !== 0) {
      if (!book.isLive(r.linkSlot, r.linkGeneration)) return this.#reject(Reason.LINK_GONE);
      if (book.words[(r.linkSlot << 3) | OWNER] !== owner) return this.#reject(Reason.BAD_COMBINATION);
    }
    const lots = r.sizeLots;
    let price = r.hasLimit ? r.priceTicks : side === BUY ? Infinity : -Infinity;
    if (r.postOnly !== PostOnly.NO && this.#crosses(side, price)) {
      if (r.postOnly === PostOnly.REJECT) return this.#reject(Reason.POST_ONLY_WOULD_TAKE);
      price = book.bestPrice(side ^ 1) + (side === BUY ? -1 : 1);
    }
    const isImmediate = !r.hasLimit || r.timeInForce === TimeInForce.IOC || r.timeInForce === TimeInForce.FOK;
    if (!isImmediate && !this.fitsLevel(side, price, lots)) return this.#reject(Reason.BAD_SIZE);
    if (isImmediate && !r.isConditional) {
      const isFok = r.timeInForce === TimeInForce.FOK;
      if (isFok && !canFill(book, this.#extensions, side, price, lots, owner, r.selfTrade)) {
        return this.#reject(Reason.FOK_UNFILLED);
      }
      this.events.write(eventHead(ACCEPTED, Reason.NONE, side), ref, 0, 0, r.limit, lots);
      book.doubles[LOTS] = lots;
      book.doubles[LIMIT] = price;
      this.match(side, ref, owner, r.selfTrade, 0);
      const left = book.doubles[LOTS];
      if (left > 0) this.endImmediate(side, ref, r.limit, left);
      this.settle();
      return 0;
    }
    const slot = this.#takeSpecial();
    if (slot === 0) return this.#reject(Reason.BOOK_FULL);
    const generation = book.generationOf(slot);
    this.#write(ACCEPTED, Reason.NONE, slot, side, r.hasLimit ? price : Number.NaN, lots, 0);
    if (r.isConditional) {
      this.#triggers.place(slot, r, this.lastTradeTicks);
      // The last trade may have reached its trigger already.
      this.hasTraded = true;
    } else this.#enter(slot, side, price, lots);
    this.settle();
    return book.isLive(slot, generation) ? slot : 0;
  }

  /**
   * Changes price and open size (hidden lots included). A smaller size at the same price keeps its place; anything else
   * goes to the back of the queue, and trades first if it now crosses. The handle stays. False, with a REJECTED event, when refused.
   */
  amend(slot: number, generation: number, priceTicks: number, sizeLots: number): boolean {
    const book = this.book;
    if (!book.isLive(slot, generation)) return this.refuseHandle(slot, generation);
    const tag = book.words[(slot << 3) | TAG];
    const side = this.#extensions.sideOf(slot);
    const open = this.#extensions.openOf(slot);
    const isReduction = priceTicks === book.priceOf(slot) && sizeLots <= open;
    let reason: Reason = Reason.NONE;
    if ((tag & CONDITIONAL) !== 0) reason = Reason.NOT_AMENDABLE;
    else if (!isTicks(priceTicks)) reason = Reason.BAD_PRICE;
    else if (!isWholeLots(sizeLots) || (!isReduction && !this.fitsLevel(side, priceTicks, sizeLots))) {
      reason = Reason.BAD_SIZE;
    } else if (this.#isTooThin(slot, sizeLots)) reason = Reason.BAD_DISPLAY;
    else if (!isReduction && this.marketState === MarketState.HALTED) reason = Reason.HALTED;
    else if (!isReduction && (tag & POST_ONLY) !== 0 && this.marketState === MarketState.AUCTION) {
      reason = Reason.NOT_IN_AUCTION;
    } else if ((tag & POST_ONLY) !== 0 && this.marketState === TRADING && this.#crosses(side, priceTicks)) {
      reason = Reason.POST_ONLY_WOULD_TAKE;
    }
    if (reason !== Reason.NONE) {
      this.#write(MatchEvent.REJECTED, reason, slot, side, priceTicks, sizeLots, 0);
      return false;
    }
    if (isReduction) this.#extensions.shrink(slot, open - sizeLots);
    else book.unlink(slot);
    this.#write(MatchEvent.AMENDED, Reason.REQUESTED, slot, side, priceTicks, sizeLots, 0);
    if (!isReduction) this.#enter(slot, side, priceTicks, sizeLots);
    this.settle();
    return true;
  }

  /** Cancels every order of an owner, conditional ones too, in the order of their slots; answers how many. */
  massCancel(owner: number): number {
    const { book } = this;
    let count = 0;
    for (let slot = book.firstSlot; slot < book.slotLimit; slot++) {
      const at = slot << 3;
      if ((book.words[at | TAG] & LIVE) === 0 || book.words[at | OWNER] !== owner) continue;
      // Legs of a pair have one owner, so each of them is met here and counted.
      this.#extensions.unlink(slot);
      this.drop(slot, CANCELLED, Reason.MASS_CANCEL);
      count++;
    }
    return count;
  }

  /** Moves the engine's time and expires what is due. Time never goes back: an earlier one is ignored. */
  advance(nowNs: number): void {
    if (!(nowNs > this.nowNs)) return;
    this.nowNs = nowNs;
    for (let slot = this.#expiries.popDue(nowNs); slot !== 0; slot = this.#expiries.popDue(nowNs)) {
      this.drop(slot, MatchEvent.EXPIRED, Reason.NONE);
    }
  }

  /** Changes the market's state. Entering TRADING uncrosses the book at one price and then fires conditional orders. */
  setState(state: MarketState): void {
    this.marketState = state;
    if (state !== TRADING) return;
    this.#uncross();
    this.settle();
  }

  /** The price at which an auction would uncross now, NaN when the book is not crossed. */
  auctionPrice(): number {
    return clearingPrice(this.book, (level) => this.#extensions.volumeOf(level), this.lastTradeTicks);
  }

  /** Open lots of an order, hidden ones included. */
  openLots(slot: number): number {
    return this.#extensions.openOf(slot);
  }

  /** Takes a slot with the flags, the extension, the expiry and the link that the request asks for; 0 when the book is full. */
  #takeSpecial(): number {
    const r = this.request;
    const { book } = this;
    const flags = (r.selfTrade << SELF_TRADE_SHIFT) | (r.postOnly === PostOnly.NO ? 0 : POST_ONLY);
    const slot = book.take(r.ref, r.owner, flags);
    if (slot === 0) return 0;
    if (r.isConditional || r.displayLots !== 0) {
      const ext = this.#extensions.extend(slot);
      this.#extensions.data[ext + Ext.DISPLAY] = r.displayLots;
    }
    if (r.linkSlot !== 0) this.#extensions.link(slot, r.linkSlot);
    if (r.timeInForce === TimeInForce.GTD) this.#expiries.push(r.expiryNs, slot, book.generationOf(slot));
    else if (r.timeInForce === TimeInForce.DAY) {
      const dayEnd = (Math.floor((this.nowNs - this.dayEndNs) / NS_PER_DAY) + 1) * NS_PER_DAY + this.dayEndNs;
      this.#expiries.push(dayEnd, slot, book.generationOf(slot));
    }
    return slot;
  }

  /** Matches an order that has a slot and stands in no queue; what is left rests. */
  #enter(slot: number, side: number, priceTicks: number, lots: number): void {
    const { book } = this;
    const isTaker = this.marketState === TRADING && this.#crosses(side, priceTicks);
    const left = isTaker ? this.#trade(slot, side, priceTicks, lots) : lots;
    if (left > 0 && this.fitsLevel(side, priceTicks, left)) {
      const ext = this.#extensions.offsetOf(slot);
      const display = this.#extensions.displayOf(slot);
      const shown = display > 0 ? Math.min(left, display) : left;
      if (ext >= 0) this.#extensions.data[ext + Ext.HIDDEN] = left - shown;
      book.place(slot, side, priceTicks, shown);
      return;
    }
    if (left > 0) this.#write(CANCELLED, Reason.BAD_SIZE, slot, side, priceTicks, left, GONE);
    this.#forget(slot);
  }

  /** Matches an order that has a slot and stands in no queue; answers what is left. Its linked order goes at a trade. */
  #trade(slot: number, side: number, limit: number, lots: number): number {
    const { words, doubles } = this.book;
    const at = slot << 3;
    const selfTrade = (words[at | TAG] & SELF_TRADE_MASK) >> SELF_TRADE_SHIFT;
    const hadTraded = this.hasTraded;
    this.hasTraded = false;
    doubles[LOTS] = lots;
    doubles[LIMIT] = limit;
    this.match(side, this.#extensions.refOf(slot), words[at | OWNER], selfTrade, slot);
    if (this.hasTraded) this.#cancelLinked(slot);
    this.hasTraded ||= hadTraded;
    return doubles[LOTS];
  }

  /** One step of matching against a maker that is linked, an iceberg, or the taker's own. */
  protected meetSpecial(
    maker: number,
    side: number,
    price: number,
    ref: number,
    own: number,
    selfTrade: number,
    slot: number,
  ): void {
    const { book } = this;
    const { doubles } = book;
    const lots = doubles[LOTS];
    if (book.words[(maker << 3) | OWNER] !== own) {
      const fill = Math.min(lots, book.openLots(maker));
      doubles[LOTS] = lots - fill;
      this.lastTradeTicks = price;
      this.hasTraded = true;
      this.#writeTrade(side, ref, maker, price, fill);
      this.#afterFill(maker, fill);
      return;
    }
    const open = this.#extensions.openOf(maker);
    const both = Math.min(lots, open);
    const fromTaker = selfTrade === SelfTrade.CANCEL_OLDEST ? 0 : selfTrade === SelfTrade.DECREMENT ? both : lots;
    const fromMaker = selfTrade === SelfTrade.CANCEL_NEWEST ? 0 : selfTrade === SelfTrade.DECREMENT ? both : open;
    if (fromTaker > 0) {
      doubles[LOTS] = lots - fromTaker;
      const generation = slot === 0 ? 0 : book.generationOf(slot);
      const head = eventHead(CANCELLED, Reason.SELF_TRADE, side) | (fromTaker === lots ? GONE : 0);
      this.events.write(head, ref, slot, generation, this.#takerPrice(), fromTaker);
    }
    if (fromMaker === open) this.drop(maker, CANCELLED, Reason.SELF_TRADE);
    else if (fromMaker > 0) {
      this.#extensions.shrink(maker, fromMaker);
      this.#write(CANCELLED, Reason.SELF_TRADE, maker, side ^ 1, price, fromMaker, 0);
    }
  }

  /** Books a trade of a queued order: less of it, its next iceberg slice, or nothing; its linked order goes. */
  #afterFill(slot: number, fill: number): void {
    this.#reduce(slot, fill);
    this.#endFill(slot);
  }

  /** Takes traded lots out of a queued order; when nothing is left, it stands in no queue from here on. */
  #reduce(slot: number, fill: number): void {
    const { book } = this;
    const { data } = this.#extensions;
    const left = book.openLots(slot) - fill;
    if (left > 0) {
      book.resize(slot, left);
      return;
    }
    const ext = this.#extensions.offsetOf(slot);
    const hidden = ext < 0 ? 0 : data[ext + Ext.HIDDEN];
    const side = book.sideOf(slot);
    const price = book.priceOf(slot);
    book.unlink(slot);
    if (hidden === 0) return;
    const shown = Math.min(hidden, data[ext + Ext.DISPLAY]);
    data[ext + Ext.HIDDEN] = hidden - shown;
    book.place(slot, side, price, shown);
  }

  /** What a trade of an order brings with it, once its lots are booked. */
  #endFill(slot: number): void {
    if (this.book.words[(slot << 3) | LEVEL] === 0) this.#forget(slot);
    else this.#cancelLinked(slot);
  }

  /** Takes a queued order out of the book and says so. */
  protected drop(slot: number, kind: MatchEvent, reason: Reason): void {
    const book = this.book;
    const words = book.words;
    const at = slot << 3;
    const tag = words[at | TAG];
    if ((tag & EXTENDED) === 0) {
      const level = words[at | LEVEL];
      const head = eventHead(kind, reason, words[(level << 3) | LEVEL_SIDE]) | GONE;
      const events = this.events;
      const record = events.begin(head, words[at | REF], slot, tag >>> 8);
      events.doubles[(record << 2) | EVENT_PRICE] = book.doubles[(level << 2) | PRICE];
      events.doubles[(record << 2) | EVENT_LOTS] = book.doubles[(slot << 2) | OPEN];
      book.unlink(slot);
      book.release(slot);
      return;
    }
    const side = this.#extensions.sideOf(slot);
    this.#write(kind, reason, slot, side, book.priceOf(slot), this.#extensions.openOf(slot), GONE);
    if ((tag & CONDITIONAL) !== 0) this.#triggers.remove(slot);
    else book.unlink(slot);
    this.#forget(slot);
  }

  /** Gives back the slot and the extension of an order that stands in no queue; its linked order goes too. */
  #forget(slot: number): void {
    this.#cancelLinked(slot);
    const ext = this.#extensions.offsetOf(slot);
    if (ext >= 0) this.#extensions.release(ext / EXT_STRIDE);
    this.book.release(slot);
  }

  #cancelLinked(slot: number): void {
    const other = this.#extensions.unlink(slot);
    if (other === 0) return;
    if (other !== this.taker) {
      // In an auction the two legs can trade with each other: one that is filled whole has nothing to cancel.
      if (this.book.words[(other << 3) | LEVEL] === 0) return;
      this.drop(other, CANCELLED, Reason.LINKED_ORDER);
      return;
    }
    // The other leg is matching right now and stands in no queue: its rest ends here.
    const { doubles } = this.book;
    const left = doubles[LOTS];
    doubles[LOTS] = 0;
    if (left > 0) {
      this.#write(CANCELLED, Reason.LINKED_ORDER, other, this.takerSide, this.#takerPrice(), left, GONE);
    }
  }

  /** Fires conditional orders until none is due; each can trade and so make more of them due. */
  protected settle(): void {
    if (!this.hasTraded || this.marketState !== TRADING) return;
    while (this.#triggers.count > 0) {
      const slot = this.#triggers.nextDue(this.lastTradeTicks);
      if (slot === 0) break;
      this.#fire(slot);
    }
    this.hasTraded = false;
  }

  #fire(slot: number): void {
    const { data } = this.#extensions;
    const ext = this.#extensions.offsetOf(slot);
    const side = data[ext + Ext.SIDE];
    const limit = data[ext + Ext.LIMIT];
    const lots = this.book.openLots(slot);
    this.#triggers.remove(slot);
    this.#write(MatchEvent.TRIGGERED, Reason.NONE, slot, side, this.lastTradeTicks, lots, 0);
    this.#cancelLinked(slot);
    if (!Number.isNaN(limit)) {
      this.#enter(slot, side, limit, lots);
      return;
    }
    const left = this.#trade(slot, side, side === BUY ? Infinity : -Infinity, lots);
    if (left > 0) this.#write(CANCELLED, Reason.UNFILLED_REST, slot, side, limit, left, GONE);
    this.#forget(slot);
  }

  /**
   * Trades a crossed book at its clearing price, oldest best orders first; self-trade prevention does not apply here. Orders that
   * trades cancel (the other legs of pairs) can leave it crossed at other prices: then it is done again.
   */
  #uncross(): void {
    const { book } = this;
    for (let price = this.auctionPrice(); !Number.isNaN(price); price = this.auctionPrice()) {
      while (book.bestPrice(BUY) >= price && book.bestPrice(SELL) <= price) {
        const buyer = book.front(book.best(BUY));
        const seller = book.front(book.best(SELL));
        const generation = book.generationOf(seller);
        const fill = Math.min(book.openLots(buyer), book.openLots(seller));
        this.#writeTrade(BUY, this.#extensions.refOf(buyer), seller, price, fill);
        this.#reduce(buyer, fill);
        this.#reduce(seller, fill);
        this.#endFill(buyer);
        // The buyer's fill may have cancelled the seller, when the two were linked.
        if (book.isLive(seller, generation)) this.#endFill(seller);
      }
      this.lastTradeTicks = price;
      this.hasTraded = true;
    }
  }

  /** Limit price of the order that is matching now, NaN when it trades at any price. */
  #takerPrice(): number {
    const limit = this.book.doubles[LIMIT];
    return Number.isFinite(limit) ? limit : Number.NaN;
  }

  #crosses(side: number, priceTicks: number): boolean {
    const touch = this.book.bestPrice(side ^ 1);
    return side === BUY ? touch <= priceTicks : touch >= priceTicks;
  }

  /** True when the order is an iceberg that would have too many slices at this size. */
  #isTooThin(slot: number, sizeLots: number): boolean {
    const display = this.#extensions.displayOf(slot);
    return display > 0 && sizeLots > display * MAX_SLICES;
  }

  /**
   * True when the total shown at the level stays exact with these lots in it. A refilled iceberg adds at most what it
   * showed before, so the bound holds for hidden lots too, give or take one order.
   */
  protected fitsLevel(side: number, priceTicks: number, lots: number): boolean {
    if (lots <= LARGE_LOTS) return true;
    return this.book.levelLots(this.book.findLevel(side, priceTicks)) + lots <= MAX_LEVEL_LOTS;
  }

  #writeTrade(side: number, ref: number, maker: number, price: number, lots: number): void {
    const isLast = this.#extensions.openOf(maker) === lots;
    const head = eventHead(TRADED, Reason.NONE, side) | (isLast ? GONE : 0);
    this.events.write(head, ref, maker, this.#extensions.refOf(maker), price, lots);
  }

  #write(
    kind: MatchEvent,
    reason: Reason,
    slot: number,
    side: number,
    price: number,
    lots: number,
    gone: number,
  ): void {
    const head = eventHead(kind, reason, side) | gone;
    this.events.write(head, this.#extensions.refOf(slot), slot, this.book.generationOf(slot), price, lots);
  }

  /** Says that the rest of an order that never rests found no counterparty. */
  protected endImmediate(side: number, ref: number, price: number, lots: number): void {
    this.events.write(eventHead(CANCELLED, Reason.UNFILLED_REST, side) | GONE, ref, 0, 0, price, lots);
  }

  /** Says that a handle names no order. */
  protected refuseHandle(slot: number, generation: number): false {
    this.events.write(eventHead(MatchEvent.REJECTED, Reason.UNKNOWN_ORDER, BUY), 0, slot, generation, Number.NaN, 0);
    return false;
  }

  #reject(reason: Reason): number {
    const { side, ref, priceTicks, sizeLots } = this.request;
    this.events.write(eventHead(MatchEvent.REJECTED, reason, side), ref, 0, 0, priceTicks, sizeLots);
    return 0;
  }
}
