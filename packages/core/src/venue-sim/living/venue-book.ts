/**
 * One instrument of a living market: its engine, the orders of all participants, their positions, and the feed of what happens.
 * Each operation is one message of the feed.
 */
import { EventKind } from '../../market/event.ts';
import type { Instrument } from '../../market/instrument.ts';
import type { L3Book } from '../../market/l3-book.ts';
import { Side } from '../../market/side.ts';
import { type MarketState, SelfTrade, TimeInForce } from '../../matching/codes.ts';
import { MatchingEngine } from '../../matching/engine.ts';
import { EVENT_GONE, EventField, MatchEvent, MatchEventBuffer, eventKind, eventReason } from '../../matching/events.ts';
import type { RecordQueue } from '../../trading/record-queue.ts';
import { OwnDesk, type OwnDeskHost } from './own-desk.ts';
import { Entry, OrderTable, Participant } from './order-table.ts';
import { Publisher } from './publisher.ts';

const { SLOT, GENERATION, PARTICIPANT, SIDE, RESTING } = Entry;
const { OWN, MAKER } = Participant;
const { HEAD: EVENT_HEAD, REF, SLOT: EVENT_SLOT, MAKER_REF, PRICE, LOTS } = EventField;
const { ACCEPTED, REJECTED, TRADED, CANCELLED, AMENDED } = MatchEvent;
const { TRADE, ORDER_ADD, ORDER_EXEC, ORDER_REMOVE, ORDER_REDUCE } = EventKind;
const { GTC, IOC } = TimeInForce;
const { ALLOW } = SelfTrade;
const { BUY } = Side;
const GONE = EVENT_GONE;
const EVENTS = 256;

/** Counts over all instruments of a venue. */
export interface Sequences {
  readonly messages: { last: number };
  readonly executions: { last: number };
}

export class VenueBook implements OwnDeskHost {
  readonly index: number;
  readonly instrument: Instrument;
  readonly engine: MatchingEngine;
  readonly orders: OrderTable;
  readonly publisher: Publisher;
  /** The user's own orders. */
  readonly desk: OwnDesk;
  /** Signed lots by participant; they sum to 0. */
  readonly positions: Float64Array;
  /** Operations done. */
  operations = 0;
  /** What the last operation traded, and the side that took. */
  tradedLots = 0;
  tradedSide: number = BUY;
  readonly #isL3: boolean;
  #numbers = 0;
  /** Participant, order number and entry of the order that is entering or being changed. */
  #taker = 0;
  #takerNumber = 0;
  /** Auction: entries that traded and may be gone. */
  #uncrossed: number[] | undefined;

  constructor(
    index: number,
    instrument: Instrument,
    makers: number,
    cells: number,
    feed: RecordQueue,
    reports: RecordQueue,
    sequences: Sequences,
    isL3: boolean,
  ) {
    this.index = index;
    this.instrument = instrument;
    this.engine = new MatchingEngine(new MatchEventBuffer(EVENTS, (events) => this.#read(events)), 1 << 14);
    this.orders = new OrderTable(cells);
    this.publisher = new Publisher(index, this.engine.book, feed, sequences.messages, isL3);
    this.positions = new Float64Array(MAKER + makers);
    this.desk = new OwnDesk(this, reports, sequences.executions);
    this.#isL3 = isL3;
  }

  /** The queues of the engine. */
  get book(): L3Book {
    return this.engine.book;
  }

  /** A limit order of an agent: answers its entry when it rests, else 0. */
  limit(participant: number, side: number, priceTicks: number, lots: number, home: number): number {
    const { orders, engine } = this;
    const entry = orders.take(participant, side, home, ++this.#numbers);
    this.begin(participant, this.#numbers);
    const slot = engine.limit(side, priceTicks, lots, entry, 0, GTC, ALLOW);
    engine.events.flush();
    if (slot === 0) orders.release(entry);
    else this.stand(entry, slot, side, priceTicks);
    this.publisher.commit();
    return slot === 0 ? 0 : entry;
  }

  /** An order of an agent that takes what it finds up to a price. */
  take(participant: number, side: number, limitTicks: number, lots: number): void {
    this.begin(participant, ++this.#numbers);
    this.engine.limit(side, limitTicks, lots, 0, 0, IOC, ALLOW);
    this.engine.events.flush();
    this.publisher.commit();
  }

  /** Cancels an agent's resting order. */
  cancel(entry: number): void {
    this.begin(0, 0);
    const at = entry << 3;
    const { words } = this.orders;
    this.engine.cancel(words[at | SLOT], words[at | GENERATION]);
    this.engine.events.flush();
    this.publisher.commit();
  }

  /** An operation begins: who takes if it trades, under which number. */
  begin(participant: number, number: number): void {
    this.operations++;
    this.tradedLots = 0;
    this.#taker = participant;
    this.#takerNumber = number;
  }

  /** A number for a new order. */
  nextNumber(): number {
    return ++this.#numbers;
  }

  /** The order of an entry has come to rest. */
  stand(entry: number, slot: number, side: number, priceTicks: number): void {
    const { book } = this.engine;
    this.orders.rest(entry, slot, book.generationOf(slot), priceTicks);
    if (this.#isL3) {
      const number = this.orders.doubles[(entry << 1) | 1];
      this.publisher.stage(ORDER_ADD, side, priceTicks, book.openLots(slot), number, 0);
    } else this.publisher.levelChanged(side, priceTicks);
  }

  /** The order of an entry leaves the place where it rests, by its owner's wish. */
  leave(entry: number): void {
    const at = entry << 3;
    const { words, doubles } = this.orders;
    const side = words[at | SIDE];
    const price = doubles[entry << 1];
    if (this.#isL3) this.publisher.stage(ORDER_REMOVE, side, price, 0, doubles[(entry << 1) | 1], 0);
    else this.publisher.levelChanged(side, price);
  }

  /** Halts trading, opens an auction, or resumes: an auction's trades are followed by a snapshot. */
  setState(state: MarketState): void {
    this.begin(0, 0);
    const uncrossed: number[] = [];
    this.#uncrossed = uncrossed;
    this.engine.setState(state);
    this.engine.events.flush();
    this.#uncrossed = undefined;
    const { orders, book } = this;
    for (const entry of uncrossed) {
      const at = entry << 3;
      const { words } = orders;
      if (words[at | RESTING] === 1 && !book.isLive(words[at | SLOT], words[at | GENERATION])) orders.release(entry);
    }
    if (uncrossed.length === 0) this.publisher.commit();
    else this.publisher.snapshot(orders);
  }

  #read(events: MatchEventBuffer): void {
    const { ints, doubles, length } = events;
    for (let record = 0; record < length; record++) {
      const at = record << 3;
      const head = ints[at | EVENT_HEAD];
      const kind = eventKind(head);
      const price = doubles[(record << 2) | PRICE];
      const lots = doubles[(record << 2) | LOTS];
      const ref = ints[at | REF];
      if (kind === TRADED) this.#traded(head, ref, ints[at | MAKER_REF], price, lots);
      else if (kind === CANCELLED) this.#cancelled(head, ref, ints[at | EVENT_SLOT]);
      else if (kind === ACCEPTED) {
        if (this.#taker === OWN) this.desk.accepted(ref);
      } else if (kind === REJECTED) this.desk.rejected(eventReason(head));
      else if (kind === AMENDED) this.#amended(ref, price, lots);
    }
  }

  #traded(head: number, takerEntry: number, maker: number, price: number, lots: number): void {
    const side = (head >> 16) & 1;
    const { orders, positions, publisher } = this;
    const at = maker << 3;
    const signed = side === BUY ? lots : -lots;
    const makerParticipant = orders.words[at | PARTICIPANT];
    let taker = this.#taker;
    let number = this.#takerNumber;
    if (this.#uncrossed !== undefined) {
      taker = orders.words[(takerEntry << 3) | PARTICIPANT];
      number = orders.doubles[(takerEntry << 1) | 1];
      this.#uncrossed.push(takerEntry, maker);
    }
    this.tradedLots += lots;
    this.tradedSide = side;
    positions[taker] += signed;
    positions[makerParticipant] -= signed;
    if (this.#isL3) {
      publisher.stage(ORDER_EXEC, side ^ 1, price, lots, orders.doubles[(maker << 1) | 1], number);
    } else {
      publisher.stage(TRADE, side, price, lots, 0, number);
      publisher.levelChanged(side ^ 1, price);
    }
    if (taker === OWN) this.desk.filled(takerEntry, price, lots, this.#uncrossed !== undefined);
    if (makerParticipant === OWN) this.desk.filled(maker, price, lots, true);
    if ((head & GONE) !== 0 && this.#uncrossed === undefined) orders.release(maker);
  }

  #cancelled(head: number, entry: number, slot: number): void {
    // An agent's immediate order has no entry: what it did not find concerns nobody.
    if (entry === 0) return;
    const { words } = this.orders;
    const at = entry << 3;
    const isOwn = words[at | PARTICIPANT] === OWN;
    const isQueued = words[at | RESTING] === 1 && words[at | SLOT] === slot;
    if (isQueued && !this.desk.isMoving(entry)) this.leave(entry);
    if (isOwn) this.desk.cancelled(entry, eventReason(head));
    if (isQueued && (head & GONE) !== 0) this.orders.release(entry);
  }

  /** Own orders alone are amended. */
  #amended(entry: number, price: number, open: number): void {
    const before = this.desk.amended(entry, price);
    if (before === 0) {
      this.leave(entry);
      return;
    }
    const { words, doubles } = this.orders;
    const side = words[(entry << 3) | SIDE];
    if (this.#isL3) this.publisher.stage(ORDER_REDUCE, side, price, before - open, doubles[(entry << 1) | 1], 0);
    else this.publisher.levelChanged(side, price);
  }
}
