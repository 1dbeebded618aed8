/**
 * The user's orders in one book of a living market: requests become operations of the engine, what the engine says of them
 * becomes reports. The rules are those of `own-order-venue.ts`; here others' orders can trade with ours too.
 */
import { EVENT_STRIDE, Field, headFlags, headKind } from '../../market/event.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { L3Book } from '../../market/l3-book.ts';
import { Side } from '../../market/side.ts';
import { MarketState, PostOnly, Reason, SelfTrade, TimeInForce } from '../../matching/codes.ts';
import type { MatchingEngine } from '../../matching/engine.ts';
import { OrderFlag, Reject, ReportKind, RequestKind } from '../../trading/records.ts';
import type { RecordQueue } from '../../trading/record-queue.ts';
import { OwnOrderBook } from '../own-order-book.ts';
import { Entry, type OrderTable, Participant } from './order-table.ts';
import type { Publisher } from './publisher.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { SLOT, GENERATION, HOME, RESTING } = Entry;
const { OWN } = Participant;
const { BUY, SELL } = Side;
/** Own orders of one owner do not trade with each other. Agents are nobody's. This is the owner of a request whose AUX names none. */
const OWNER = 1;

/** What the desk needs of its book (`VenueBook`). */
export interface OwnDeskHost {
  readonly index: number;
  readonly instrument: Instrument;
  readonly engine: MatchingEngine;
  readonly book: L3Book;
  readonly orders: OrderTable;
  readonly publisher: Publisher;
  nextNumber(): number;
  begin(participant: number, number: number): void;
  stand(entry: number, slot: number, side: number, priceTicks: number): void;
}

export class OwnDesk {
  readonly own: OwnOrderBook;
  readonly #venue: OwnDeskHost;
  readonly #reports: RecordQueue;
  /** The request at hand. */
  #id = 0;
  #flags = 0;
  #price = 0;
  #size = 0;
  /** Whose order it is: AUX of the request, from 1; 0 = nobody said. */
  #owner = 0;
  /** The book's number of the order that came last: told in its ACK when the request has named an owner. */
  #number = 0;
  /** Entry that is being amended, 0 = none; its open lots in the book when it keeps its place, else 0. */
  #moving = 0;
  #kept = 0;
  /** Entry by the number of an order in `own`. */
  #entries = new Int32Array(64);
  /** Executions of all instruments of the venue. */
  readonly #executions: { last: number };

  constructor(venue: OwnDeskHost, reports: RecordQueue, executions: { last: number }) {
    this.#venue = venue;
    this.#reports = reports;
    this.#executions = executions;
    this.own = new OwnOrderBook(venue.instrument, venue.index);
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    const head = data[offset + HEAD];
    this.#id = data[offset + ORDER_ID];
    this.#flags = headFlags(head);
    this.#price = data[offset + PRICE_TICKS];
    this.#size = data[offset + SIZE_LOTS];
    this.#owner = data[offset + AUX];
    this.own.nowNs = nowNs;
    const kind = headKind(head);
    if (kind === RequestKind.NEW) this.#new();
    else if (kind === RequestKind.CANCEL) this.#cancel();
    else if (kind === RequestKind.AMEND) this.#amend();
    this.#venue.publisher.commit();
    this.deliver();
  }

  /** Hands the reports on. An execution's number is unique at the venue, not only in this book. */
  deliver(): void {
    const queue = this.own.reports;
    for (; queue.length > 0; queue.shift()) {
      const from = queue.peek();
      const to = this.#reports.reserve();
      const { data } = this.#reports;
      for (let i = 0; i < EVENT_STRIDE; i++) data[to + i] = queue.data[from + i];
      const kind = headKind(data[to + HEAD]);
      if (kind === ReportKind.FILL) data[to + SEQ] = ++this.#executions.last;
      else if (kind === ReportKind.ACK && this.#owner !== 0) data[to + SEQ] = this.#number;
    }
  }

  /** The engine has taken the order of the request at hand. */
  accepted(entry: number): void {
    const slot = this.own.open(this.#id, this.#flags, this.#price, this.#size);
    this.#venue.orders.words[(entry << 3) | HOME] = slot;
    if (slot >= this.#entries.length) {
      const entries = new Int32Array(this.#entries.length * 2);
      entries.set(this.#entries);
      this.#entries = entries;
    }
    this.#entries[slot] = entry;
  }

  /** The engine has refused the request at hand. */
  rejected(reason: number): void {
    this.#refuse(this.#moving === 0 ? ReportKind.REJECT : ReportKind.AMEND_REJECT, rejectOf(reason));
  }

  filled(entry: number, priceTicks: number, lots: number, isMaker: boolean): void {
    const slot = this.#venue.orders.words[(entry << 3) | HOME];
    this.own.nowNs = this.#venue.publisher.nowNs;
    this.own.fill(slot, lots, priceTicks, isMaker);
  }

  cancelled(entry: number, reason: number): void {
    const slot = this.#venue.orders.words[(entry << 3) | HOME];
    this.own.nowNs = this.#venue.publisher.nowNs;
    this.own.cancel(slot, rejectOf(reason));
  }

  /** The engine has amended an order. Answers the open lots it had in the book when it kept its place; 0 when it has left it. */
  amended(entry: number, priceTicks: number): number {
    const { own } = this;
    const slot = this.#venue.orders.words[(entry << 3) | HOME];
    own.amend(slot, priceTicks, this.#size, this.#kept > 0);
    return this.#kept;
  }

  isMoving(entry: number): boolean {
    return this.#moving === entry;
  }

  #new(): void {
    const { own } = this;
    const { engine, orders } = this.#venue;
    const flags = this.#flags;
    const side = (flags & OrderFlag.BUY) === 0 ? SELL : BUY;
    const isKnown = own.find(this.#id) !== 0;
    const reason = isKnown ? Reject.OTHER : this.#refusal(side, flags, this.#size);
    if (reason !== Reject.NONE) {
      this.#refuse(ReportKind.REJECT, reason);
      return;
    }
    const number = this.#venue.nextNumber();
    this.#number = number;
    const entry = orders.take(OWN, side, 0, number);
    this.#venue.begin(OWN, number);
    const r = engine.request;
    r.reset();
    r.side = side;
    r.owner = this.#owner === 0 ? OWNER : this.#owner;
    r.ref = entry;
    r.selfTrade = SelfTrade.CANCEL_NEWEST;
    r.postOnly = (flags & OrderFlag.POST_ONLY) === 0 ? PostOnly.NO : PostOnly.REJECT;
    if ((flags & OrderFlag.FOK) !== 0) r.timeInForce = TimeInForce.FOK;
    else if ((flags & OrderFlag.IOC) !== 0) r.timeInForce = TimeInForce.IOC;
    r.priceTicks = this.#price;
    r.sizeLots = this.#size;
    const slot = engine.submit();
    engine.events.flush();
    if (slot !== 0) this.#venue.stand(entry, slot, side, this.#price);
    else orders.release(entry);
  }

  #cancel(): void {
    const slot = this.own.find(this.#id);
    if (slot === 0) this.#refuse(ReportKind.CANCEL_REJECT, Reject.UNKNOWN_ORDER);
    else this.#pull(this.#entries[slot]);
  }

  #amend(): void {
    const { own } = this;
    const { engine, orders, book } = this.#venue;
    const slot = own.find(this.#id);
    if (slot === 0) {
      this.#refuse(ReportKind.AMEND_REJECT, Reject.UNKNOWN_ORDER);
      return;
    }
    const side = own.sideOf(slot);
    this.#flags = own.flagsOf(slot);
    const open = this.#size - (own.totalOf(slot) - own.openOf(slot));
    const keepsPlace = this.#price === own.priceOf(slot) && this.#size <= own.totalOf(slot);
    // What an order has already is judged no more, only what changes.
    const reason = this.#refusal(side, keepsPlace ? 0 : this.#flags, open);
    if (reason !== Reject.NONE) {
      this.#refuse(ReportKind.AMEND_REJECT, reason);
      return;
    }
    const entry = this.#entries[slot];
    if (open <= 0) {
      this.#pull(entry);
      return;
    }
    const at = entry << 3;
    const handle = orders.words[at | SLOT];
    const generation = orders.words[at | GENERATION];
    this.#venue.begin(OWN, orders.doubles[(entry << 1) | 1]);
    this.#moving = entry;
    this.#kept = keepsPlace ? own.openOf(slot) : 0;
    const isDone = engine.amend(handle, generation, this.#price, open);
    engine.events.flush();
    this.#moving = 0;
    if (!isDone || keepsPlace || orders.words[at | RESTING] !== 1) return;
    if (book.isLive(handle, generation)) this.#venue.stand(entry, handle, side, this.#price);
    else orders.release(entry);
  }

  /** @param open what would stand, or trade, of the request's total size */
  #refusal(side: Side, flags: number, open: number): Reject {
    const { engine, book } = this.#venue;
    if (engine.state === MarketState.HALTED) return Reject.HALTED;
    // The limit of a market order is far away: an order that takes is worth what it takes at.
    const best = book.bestPrice(side ^ 1);
    const takes = side === BUY ? this.#price >= best : this.#price <= best;
    const reason = this.own.judge(this.#price, takes ? best : this.#price, this.#size);
    if (reason !== Reject.NONE) return reason;
    const isTooMuch = (flags & OrderFlag.REDUCE_ONLY) !== 0 && open > this.own.reducible(side);
    return isTooMuch ? Reject.REDUCE_ONLY : Reject.NONE;
  }

  /** Cancels an own order on request. */
  #pull(entry: number): void {
    const { engine, orders } = this.#venue;
    const at = entry << 3;
    this.#venue.begin(OWN, 0);
    engine.cancel(orders.words[at | SLOT], orders.words[at | GENERATION]);
    engine.events.flush();
  }

  #refuse(kind: ReportKind, reason: Reject): void {
    this.own.refuse(kind, this.#flags, this.#price, this.#size, this.#id, reason);
  }
}

/** What the engine's reason is called in reports. */
function rejectOf(reason: number): Reject {
  switch (reason) {
    case Reason.BAD_SIZE:
      return Reject.BAD_SIZE;
    case Reason.BAD_PRICE:
      return Reject.BAD_PRICE;
    case Reason.POST_ONLY_WOULD_TAKE:
      return Reject.POST_ONLY_WOULD_TAKE;
    case Reason.FOK_UNFILLED:
      return Reject.FOK_UNFILLED;
    case Reason.HALTED:
    case Reason.NOT_IN_AUCTION:
      return Reject.HALTED;
    case Reason.UNKNOWN_ORDER:
      return Reject.UNKNOWN_ORDER;
    case Reason.REQUESTED:
      return Reject.REQUESTED;
    case Reason.UNFILLED_REST:
      return Reject.UNFILLED_REST;
    case Reason.SELF_TRADE:
      return Reject.SELF_TRADE;
    default:
      return Reject.OTHER;
  }
}
