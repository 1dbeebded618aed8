/**
 * Replay of order-by-order data: own orders stand in the real queues among the recorded orders.
 *
 * Passive fills. An own order joins behind every order that the recording shows at its price and ahead of those that come later. When the
 * recording executes an order behind ours (later at our price, or at a worse price), the aggressor would have met us first: the
 * executed lots go to own orders ahead, best price and oldest first, at their own prices, and no print gives more than its size.
 * An order that arrives at or through our price, in a book that is not crossed by itself, would have met us too.
 *
 * What is not known is bounded from below:
 * - The recording goes on as if we were not there. What our fill spared a recorded order stays in the queue at its place
 *   (`l3-spared.ts`) until its owner cancels, later prints eat it or the recorded level empties: it can only delay us.
 * - What own orders take stays taken until the recorded order goes. A recorded execution of lots that we took before
 *   finds nothing more in our world: it is not handed on to own orders behind.
 * - An order of unknown age (unknown number, or first seen in a snapshot) counts as older than every own order.
 *
 * Prints count once. Where a recording tells executions as ORDER_EXEC (LOBSTER, Coinbase), a TRADE is of an order that was not
 * shown. Shown orders go before hidden ones at a price, so a hidden print at our price fills us when no recorded order is shown there;
 * when one is, the print was at a better, half-tick price. Where it tells them as a smaller size or a removal and a TRADE
 * after it (Bitstamp), the TRADE executes the order that shrank last at that price; if none did, only a better price of ours counts.
 */
import { EventFlag, EventKind, Field, TradingStatus, headFlags, headKind } from '../market/event.ts';
import type { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { RecordedQueues } from './l3-queue.ts';
import { SparedLots } from './l3-spared.ts';
import { OWN_SHIFT, Own } from './own-order-book.ts';
import type { OwnImpact } from './own-impact.ts';
import { OwnOrderVenue, type SelfTradeRule } from './own-order-venue.ts';
import type { ReplayVenue } from './venue.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID } = Field;
/** More than any count of orders. */
const FIRST = 2 ** 52;
/** Of an own order: its rank in its queue, a number that grows with each order that joins. */
const RANK = Own.VENUE;
const { ORDER_ADD, ORDER_SET, ORDER_REMOVE, ORDER_EXEC, ORDER_REDUCE } = EventKind;

/** Where own orders stand at a price: in their real place, or at either end whatever happens, for the bounds of a result. */
export type QueuePlace = 'real' | 'front' | 'never';

/** The order that shrank or went last on a side: a print that follows may tell that it was executed. */
interface Shrunk {
  priceTicks: number;
  rank: number;
  lots: number;
}

export class L3ReplayVenue extends OwnOrderVenue implements ReplayVenue {
  /** Rows that named an order which the book does not hold, or that gave a new order the number of one it holds. */
  unknownIds = 0;
  duplicateIds = 0;
  readonly #place: QueuePlace;
  readonly #queues = new RecordedQueues();
  readonly #spared = new SparedLots();
  /** Orders that joined a queue so far, recorded and own. */
  #rank = 0;
  /** Between a gap or the beginning of a snapshot and the snapshot's end. */
  #isStale = false;
  #hasExecutions = false;
  readonly #shrunk: readonly [Shrunk, Shrunk] = [noneShrunk(), noneShrunk()];

  /**
   * @param index the instrument's index in the records
   * @param place `front`: own orders are executed before all others at their price; `never`: only by what trades at a worse price
   */
  constructor(
    instrument: Instrument,
    index = 0,
    place: QueuePlace = 'real',
    selfTrade: SelfTradeRule = 'cancel-newest',
    impact?: OwnImpact,
  ) {
    super(instrument, index, selfTrade, impact);
    this.#place = place;
  }

  market(data: Float64Array, offset: number): void {
    const head = data[offset + HEAD] | 0;
    const kind = headKind(head);
    const flags = headFlags(head);
    const side = (flags & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    const price = data[offset + PRICE_TICKS];
    const lots = data[offset + SIZE_LOTS];
    const id = data[offset + ORDER_ID];
    this.own.nowNs = data[offset + VENUE_NS];
    switch (kind) {
      case ORDER_ADD:
        this.#add(id, side, price, lots, (flags & EventFlag.SNAPSHOT) !== 0);
        break;
      case ORDER_EXEC:
        this.#execute(id, side, price, lots);
        break;
      case ORDER_REMOVE:
      case ORDER_REDUCE:
      case ORDER_SET:
        this.#change(kind, id, side, lots);
        break;
      case EventKind.TRADE:
        this.#print(side === Side.BUY ? Side.SELL : Side.BUY, price, lots);
        break;
      case EventKind.STATUS:
        this.isHalted = lots !== TradingStatus.TRADING;
        break;
      case EventKind.GAP:
        this.#isStale = true;
        break;
      case EventKind.SNAPSHOT_BEGIN:
        this.#isStale = true;
        this.#queues.beginSnapshot();
        this.#spared.clear();
        break;
      case EventKind.SNAPSHOT_END:
        this.#isStale = false;
        this.#queues.endSnapshot();
        break;
      default:
        break;
    }
    if ((flags & EventFlag.LAST) !== 0) this.#meet();
  }

  protected override takePrice(side: Side): number {
    return this.#queues.book.bestPrice(1 - side);
  }

  protected override reachable(side: Side, priceTicks: number, wantedLots: number, endsAtOwn: boolean): number {
    const queues = this.#queues;
    const { book } = queues;
    let found = 0;
    for (let level = book.best(1 - side); level !== 0 && found < wantedLots; level = book.levelAfter(level)) {
      if (isBeyond(side, priceTicks, book.levelPrice(level))) break;
      for (let slot = book.front(level); slot !== 0 && found < wantedLots; slot = book.behind(slot)) {
        if (endsAtOwn && this.#standsBehindOwn(slot, level)) return found;
        found += queues.freeLots(slot);
      }
    }
    return Math.min(found, wantedLots);
  }

  protected override take(own: number): void {
    const queues = this.#queues;
    const { book } = queues;
    const side = this.own.sideOf(own);
    const endsAtOwn = this.selfTrade !== 'none';
    const limit = this.own.takeLimit(own);
    for (let level = book.best(1 - side); level !== 0; level = book.levelAfter(level)) {
      const price = book.levelPrice(level);
      if (isBeyond(side, limit, price)) return;
      for (let slot = book.front(level); slot !== 0; slot = book.behind(slot)) {
        if (endsAtOwn && this.#standsBehindOwn(slot, level)) return;
        const free = queues.freeLots(slot);
        if (!(free > 0)) continue;
        queues.noteTaken(slot, this.own.fill(own, free, price, false));
        if (this.own.openOf(own) === 0) return;
      }
    }
  }

  protected override join(own: number): void {
    let rank = ++this.#rank;
    if (this.#place === 'front') rank -= FIRST;
    else if (this.#place === 'never') rank = Number.POSITIVE_INFINITY;
    this.own.values[(own << OWN_SHIFT) + RANK] = rank;
    this.own.stand(own);
  }

  #add(id: number, side: Side, price: number, lots: number, isSnapshot: boolean): void {
    if (isSnapshot) return this.#queues.restore(id, side, price, lots, 0);
    if (this.#queues.add(id, side, price, lots, this.#rank + 1) === 0) this.duplicateIds++;
    else this.#rank++;
  }

  #execute(id: number, side: Side, rowPrice: number, lots: number): void {
    this.#hasExecutions = true;
    const queues = this.#queues;
    const slot = queues.find(id);
    if (slot === 0) {
      this.unknownIds++;
      if (this.own.first(side) !== 0) this.#serve(side, rowPrice, 0, lots);
      return;
    }
    const price = queues.book.priceOf(slot);
    if (this.own.first(side) !== 0) {
      const rank = queues.rankOf(slot);
      const served = this.#serve(side, price, rank, Math.min(lots, queues.book.openLots(slot)));
      if (served > 0) this.#spared.add(side, price, rank, served);
    }
    queues.resize(slot, queues.book.openLots(slot) - lots);
    this.#forgetEmpty(side, price);
  }

  /** A print without an order of the book, on the side whose order was resting. */
  #print(side: Side, price: number, lots: number): void {
    if (this.own.first(side) === 0) return;
    if (this.#hasExecutions) {
      const isShown = this.#queues.book.findLevel(side, price) !== 0;
      this.#serve(side, price, isShown ? 0 : Number.POSITIVE_INFINITY, lots);
      return;
    }
    const shrunk = this.#shrunk[side];
    const isKnown = shrunk.priceTicks === price && shrunk.lots >= lots;
    const served = this.#serve(side, price, isKnown ? shrunk.rank : 0, lots);
    if (isKnown && served > 0) this.#spared.add(side, price, shrunk.rank, served);
    shrunk.lots -= lots;
    this.#forgetEmpty(side, price);
  }

  #change(kind: number, id: number, side: Side, lots: number): void {
    const queues = this.#queues;
    const slot = queues.find(id);
    if (slot === 0) {
      this.unknownIds++;
      return;
    }
    const open = queues.book.openLots(slot);
    const price = queues.book.priceOf(slot);
    const rank = queues.rankOf(slot);
    let left = 0;
    if (kind === ORDER_SET) left = lots;
    else if (kind === ORDER_REDUCE) left = open - lots;
    if (left > open) {
      queues.requeue(slot, left, ++this.#rank);
      return;
    }
    if (left < open && !this.#hasExecutions) {
      const shrunk = this.#shrunk[side];
      shrunk.priceTicks = price;
      shrunk.rank = rank;
      shrunk.lots = open - left;
    }
    if (!(left > 0)) this.#spared.withdraw(side, price, rank);
    queues.resize(slot, left);
    this.#forgetEmpty(side, price);
  }

  /**
   * An aggressor that traded `lots` at this price and rank of a side would have met own orders ahead first. Answers how many lots
   * did not get as far as the recording says.
   */
  #serve(side: Side, price: number, rank: number, lots: number): number {
    const own = this.own;
    const list = own.sides[side];
    let left = lots;
    for (let i = 0; i < list.count && left > 0;) {
      const slot = list.slots[i];
      const ownPrice = own.priceOf(slot);
      const ownRank = this.#rankOf(slot);
      if (isBeyond(side, ownPrice, price) || (ownPrice === price && ownRank >= rank)) break;
      left -= this.#spared.eat(side, ownPrice, ownRank, left);
      if (left > 0) left -= own.fill(slot, left, ownPrice, true);
      // What is filled has left the list.
      if (own.openOf(slot) > 0) i++;
    }
    return lots - left;
  }

  /** Own orders trade with recorded orders that stand at their price or through it. */
  #meet(): void {
    const { book } = this.#queues;
    if (this.#isStale) return;
    const bid = book.bestPrice(Side.BUY);
    const ask = book.bestPrice(Side.SELL);
    // A book that is crossed by itself is in the middle of a match, and the executions that end it follow.
    if (bid >= ask) return;
    const ownBid = this.own.first(Side.BUY);
    const ownAsk = this.own.first(Side.SELL);
    if (ownBid !== 0 && this.own.priceOf(ownBid) >= ask) this.#meetSide(Side.BUY);
    if (ownAsk !== 0 && this.own.priceOf(ownAsk) <= bid) this.#meetSide(Side.SELL);
  }

  #meetSide(side: Side): void {
    const queues = this.#queues;
    const { book } = queues;
    for (let level = book.best(1 - side); level !== 0; level = book.levelAfter(level)) {
      const price = book.levelPrice(level);
      const first = this.own.first(side);
      if (first === 0 || isBeyond(side, this.own.priceOf(first), price)) return;
      for (let slot = book.front(level); slot !== 0; slot = book.behind(slot)) {
        const free = queues.freeLots(slot);
        if (free > 0) queues.noteTaken(slot, this.#serve(side, price, Number.POSITIVE_INFINITY, free));
      }
    }
  }

  /** Whether an own order of the same side stands in front of a recorded one. */
  #standsBehindOwn(slot: number, level: number): boolean {
    const { book } = this.#queues;
    const side = book.sideOf(slot) === Side.BUY ? Side.BUY : Side.SELL;
    const first = this.own.first(side);
    if (first === 0) return false;
    const price = book.levelPrice(level);
    const ownPrice = this.own.priceOf(first);
    return isBeyond(side, price, ownPrice) || (ownPrice === price && this.#rankOf(first) < this.#queues.rankOf(slot));
  }

  #rankOf(own: number): number {
    return this.own.values[(own << OWN_SHIFT) + RANK];
  }

  #forgetEmpty(side: Side, price: number): void {
    if (this.#spared.has(side) && this.#queues.book.findLevel(side, price) === 0) this.#spared.dropAt(side, price);
  }
}

/** Whether `priceTicks` is worse for a buyer (or seller) than the limit allows. */
function isBeyond(side: Side, limitTicks: number, priceTicks: number): boolean {
  return side === Side.BUY ? priceTicks > limitTicks : priceTicks < limitTicks;
}

function noneShrunk(): Shrunk {
  return { priceTicks: Number.NaN, rank: 0, lots: 0 };
}
