/**
 * A price-time priority matching engine for one instrument.
 *
 * Plain limit orders come in through `limit`, all others through one reused `request`; they are known by handles (slot,
 * generation) afterwards, and what happens goes out as records into the caller's event buffer. Time is an input
 * (`advance`). Nothing on the ordinary path allocates.
 *
 * Bounds: an order is at most 2^46 lots, prices are whole ticks within ±2^46, and a level's total stays below 2^53, so every sum
 * is exact. The book takes 33 million orders.
 *
 * This file is the hot path. It does by hand what `L3Book.take`, `append`, `unlink` and `MatchEventBuffer.begin` do, so that the
 * arrays are fetched once for all of it, and it takes every int32 argument through `| 0`: V8 then knows it for one, where a
 * plain store into an int32 array would convert it by way of a float64.
 */
import { Double, Flag, Header, SelfTradeBits, Spare, Word } from '../market/l3-layout.ts';
import { Side } from '../market/side.ts';
import { MarketState, OrderType, Reason, SelfTrade, TimeInForce } from './codes.ts';
import { EVENT_GONE, EventField, MatchEvent } from './events.ts';
import { LARGE_LOTS, OrderHandling } from './order-handling.ts';

// Constants of this module alone, for the reason given in `l3-layout.ts`.
const { NEXT, PREVIOUS, LEVEL, REF, OWNER, TAG, HEAD, TAIL, LEVEL_SIDE } = Word;
const { PRICE, OPEN } = Double;
const { LIVE, EXTENDED, MASK: FLAGS, GENERATION_UNIT, LAST_GENERATION } = Flag;
const { FREE, ORIGIN, WINDOWS_AT, WINDOW_BITS } = Header;
const { SHIFT: SELF_TRADE_SHIFT } = SelfTradeBits;
const { A: LOTS, B: LIMIT } = Spare;
const { BUY, SELL } = Side;
const { HEAD: EVENT_HEAD, REF: EVENT_REF, SLOT: EVENT_SLOT, GENERATION: EVENT_GENERATION } = EventField;
const { PRICE: EVENT_PRICE, LOTS: EVENT_LOTS } = EventField;
const { ACCEPTED, TRADED, CANCELLED } = MatchEvent;
const { GTC, IOC } = TimeInForce;
const { TRADING } = MarketState;
const { ALLOW } = SelfTrade;
const { REQUESTED } = Reason;
const SIDE_SHIFT = 16;
const REASON_SHIFT = 8;
const WINDOW = 1 << WINDOW_BITS;
const GONE = EVENT_GONE;
const LARGE = LARGE_LOTS;

export class MatchingEngine extends OrderHandling {
  /**
   * Enters a plain limit order, GTC or IOC: the fast path. Answers its slot when it rests, else 0; the events say the rest.
   * What is out of the ordinary (a size or price beyond int32, an auction, a bad value) takes the way of `submit`.
   */
  limit(
    side: number,
    priceTicks: number,
    sizeLots: number,
    ref: number,
    owner: number,
    timeInForce: TimeInForce,
    selfTrade: SelfTrade,
  ): number {
    const price = priceTicks | 0;
    const lots = sizeLots | 0;
    const holder = owner | 0;
    const isPlain =
      this.marketState === TRADING &&
      price === priceTicks &&
      lots === sizeLots &&
      lots > 0 &&
      timeInForce <= IOC &&
      holder === owner &&
      holder >= 0;
    const book = this.book;
    if (!isPlain || !book.reserve() || (lots > LARGE && !this.fitsLevel(side & 1, price, lots))) {
      return this.#limitBySubmit(side, priceTicks, sizeLots, ref, owner, timeInForce, selfTrade);
    }
    const order = ref | 0;
    const direction = side & 1;
    const words = book.words;
    const doubles = book.doubles;
    let slot = 0;
    let tag = 0;
    if (timeInForce === GTC) {
      slot = words[FREE];
      const at = slot << 3;
      words[FREE] = words[at | NEXT];
      tag = (words[at | TAG] & ~FLAGS) | LIVE | (selfTrade << SELF_TRADE_SHIFT);
      words[at | REF] = order;
      words[at | OWNER] = holder;
      words[at | TAG] = tag;
    }
    const events = this.events;
    let record = events.length;
    if (record === events.capacity) {
      events.flush();
      record = 0;
    }
    events.length = record + 1;
    const ints = events.ints;
    const eventDoubles = events.doubles;
    const eventAt = record << 3;
    ints[eventAt | EVENT_HEAD] = ACCEPTED | (direction << SIDE_SHIFT);
    ints[eventAt | EVENT_REF] = order;
    ints[eventAt | EVENT_SLOT] = slot;
    ints[eventAt | EVENT_GENERATION] = tag >>> 8;
    eventDoubles[(record << 2) | EVENT_PRICE] = price;
    eventDoubles[(record << 2) | EVENT_LOTS] = lots;
    let left = lots;
    const touch = words[direction ^ 1];
    if (touch !== 0) {
      const touchTicks = doubles[(touch << 2) | PRICE];
      if (direction === BUY ? touchTicks <= price : touchTicks >= price) {
        doubles[LOTS] = lots;
        doubles[LIMIT] = price;
        this.match(direction, order, holder, selfTrade, slot);
        left = doubles[LOTS] | 0;
      }
    }
    if (slot === 0) {
      if (left > 0) this.endImmediate(direction, order, price, left);
    } else if (left === 0) {
      book.release(slot);
      slot = 0;
    } else {
      const offset = (direction === BUY ? -price : price) - doubles[ORIGIN + direction];
      const isInWindow = offset >= 0 && offset < WINDOW;
      const level = isInWindow ? words[WINDOWS_AT + ((direction << WINDOW_BITS) | offset)] : 0;
      if (!isInWindow) book.place(slot, direction, price, left);
      else if (level <= 0) {
        doubles[(slot << 2) | OPEN] = left;
        book.append(slot, book.openInWindow(direction, offset | 0, price));
      } else {
        const at = slot << 3;
        const levelAt = level << 3;
        const tail = words[levelAt | TAIL];
        words[at | NEXT] = 0;
        words[at | PREVIOUS] = tail;
        words[at | LEVEL] = level;
        words[(tail << 3) | NEXT] = slot;
        words[levelAt | TAIL] = slot;
        doubles[(slot << 2) | OPEN] = left;
        doubles[(level << 2) | OPEN] += left;
      }
    }
    if (!this.hasTraded) return slot;
    this.settle();
    // A conditional order that fired may have traded with this one.
    return slot !== 0 && book.isLive(slot, tag >>> 8) ? slot : 0;
  }

  /** Cancels an order. False, with a REJECTED event, when the handle is stale. */
  cancel(slot: number, generation: number): boolean {
    const book = this.book;
    const words = book.words;
    const order = slot | 0;
    const at = order << 3;
    if (!book.isLive(order, generation)) return this.refuseHandle(order, generation);
    const tag = words[at | TAG];
    const next = words[at | NEXT];
    const previous = words[at | PREVIOUS];
    // Extended orders, a level's last one, and the last use of a record are not ordinary.
    if ((tag & EXTENDED) !== 0 || (next | previous) === 0 || tag >>> 8 === LAST_GENERATION) {
      this.drop(order, CANCELLED, REQUESTED);
      return true;
    }
    const doubles = book.doubles;
    const level = words[at | LEVEL];
    const levelAt = level << 3;
    const open = doubles[(order << 2) | OPEN];
    const events = this.events;
    let record = events.length;
    if (record === events.capacity) {
      events.flush();
      record = 0;
    }
    events.length = record + 1;
    const ints = events.ints;
    const eventDoubles = events.doubles;
    const eventAt = record << 3;
    const cause = CANCELLED | (REQUESTED << REASON_SHIFT) | GONE;
    ints[eventAt | EVENT_HEAD] = cause | (words[levelAt | LEVEL_SIDE] << SIDE_SHIFT);
    ints[eventAt | EVENT_REF] = words[at | REF];
    ints[eventAt | EVENT_SLOT] = order;
    ints[eventAt | EVENT_GENERATION] = tag >>> 8;
    eventDoubles[(record << 2) | EVENT_PRICE] = doubles[(level << 2) | PRICE];
    eventDoubles[(record << 2) | EVENT_LOTS] = open;
    if (next === 0) words[levelAt | TAIL] = previous;
    else words[(next << 3) | PREVIOUS] = previous;
    if (previous === 0) words[levelAt | HEAD] = next;
    else words[(previous << 3) | NEXT] = next;
    doubles[(level << 2) | OPEN] -= open;
    words[at | TAG] = (tag & ~FLAGS) + GENERATION_UNIT;
    words[at | NEXT] = words[FREE];
    words[FREE] = order;
    return true;
  }

  /**
   * Each maker that is plain and of another owner is settled in the inner loop; the level's record is brought up to date
   * once at its end.
   */
  protected override match(side: number, ref: number, owner: number, selfTrade: number, slot: number): void {
    const book = this.book;
    const events = this.events;
    const eventDoubles = events.doubles;
    const words = book.words;
    const doubles = book.doubles;
    const order = ref | 0;
    const limit = doubles[LIMIT];
    const head = TRADED | (side << SIDE_SHIFT);
    // Nobody's orders, and those that allow it, meet each other freely: owner -1 is no order's.
    const own = selfTrade === ALLOW || owner === 0 ? -1 : owner | 0;
    let lots = doubles[LOTS];
    this.taker = slot;
    this.takerSide = side;
    while (lots > 0) {
      const level = words[side ^ 1];
      if (level === 0) break;
      const price = doubles[(level << 2) | PRICE];
      if (side === BUY ? price > limit : price < limit) break;
      const levelAt = level << 3;
      let maker = words[levelAt | HEAD];
      let traded = 0;
      let isSpecial = false;
      do {
        const at = maker << 3;
        if ((words[at | TAG] & EXTENDED) !== 0 || words[at | OWNER] === own) {
          isSpecial = true;
          break;
        }
        const open = doubles[(maker << 2) | OPEN];
        const fill = lots < open ? lots : open;
        const record = events.begin(fill === open ? head | GONE : head, order, maker, words[at | REF]);
        eventDoubles[(record << 2) | EVENT_PRICE] = price;
        eventDoubles[(record << 2) | EVENT_LOTS] = fill;
        lots -= fill;
        traded += fill;
        if (fill === open) {
          const next = words[at | NEXT];
          book.release(maker);
          maker = next;
        } else doubles[(maker << 2) | OPEN] = open - fill;
      } while (lots > 0 && maker !== 0);
      if (traded > 0) {
        this.lastTradeTicks = price;
        this.hasTraded = true;
        if (maker === 0) book.closeLevel(level);
        else {
          words[levelAt | HEAD] = maker;
          words[(maker << 3) | PREVIOUS] = 0;
          doubles[(level << 2) | OPEN] -= traded;
        }
      }
      if (isSpecial) {
        doubles[LOTS] = lots;
        this.meetSpecial(maker, side, price, order, own, selfTrade, slot);
        lots = doubles[LOTS];
      }
    }
    doubles[LOTS] = lots;
    this.taker = 0;
  }

  #limitBySubmit(
    side: number,
    priceTicks: number,
    sizeLots: number,
    ref: number,
    owner: number,
    timeInForce: TimeInForce,
    selfTrade: SelfTrade,
  ): number {
    const r = this.request;
    r.reset();
    r.side = side === BUY ? BUY : SELL;
    r.type = OrderType.LIMIT;
    r.priceTicks = priceTicks;
    r.sizeLots = sizeLots;
    r.ref = ref;
    r.owner = owner;
    r.timeInForce = timeInForce;
    r.selfTrade = selfTrade;
    return this.submit();
  }
}
