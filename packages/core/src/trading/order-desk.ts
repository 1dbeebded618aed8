/**
 * All own orders of one engine: of several strategies, in several markets, at several venues. It writes requests into `outbox`,
 * takes the venues' reports, runs each order's state machine (`order-transitions.ts`) and keeps the totals of each lane (the
 * orders of one strategy in one market). It holds no positions: `apply` tells which executions to book.
 *
 * Orders are read by slot: `slotOf(id)`, `firstSlot`/`nextSlot`, or `slot` after `apply`. A finished order stays readable as
 * long as its slot is kept (`order-table.ts`).
 *
 * Times given to the methods never fall. Prices and sizes are whole ticks and lots; who calls has checked them.
 */
import { checkState } from '../base/state.ts';
import { Field, packHead } from '../market/event.ts';
import { Side } from '../market/side.ts';
import { LaneDouble, LaneWord, OrderDouble, OrderMark, OrderWord } from './order-layout.ts';
import { OrderMachine } from './order-machine.ts';
import { OrderReports, type OrderReportsState } from './order-reports.ts';
import type { OrderGate } from './order-gate.ts';
import { OrderState } from './order-state.ts';
import type { OrderTable, OrderTableState } from './order-table.ts';
import { OrderInput } from './order-transitions.ts';
import { RecordQueue } from './record-queue.ts';
import { OrderFlag, RequestKind } from './records.ts';
import { Refusal } from './refusal.ts';

export { Applied } from './order-reports.ts';

const { PRICE_TICKS, SIZE_LOTS, FILLED_LOTS, WANTED_PRICE_TICKS, WANTED_SIZE_LOTS, OPEN_LOTS } = OrderDouble;
const { ID, SENT_NS, TERMS_NS, CHANGED_NS, DEADLINE_NS, DENIED_NS } = OrderDouble;
const { STATE, FLAGS, LANE, NEXT, REASON } = OrderWord;
const { ADOPTED, DOUBTED, QUOTE, CANCEL_REFUSED } = OrderMark;
const { OPEN_LOTS: LANE_OPEN, BEST_TICKS } = LaneDouble;
const { FIRST, COUNT, VERSION } = LaneWord;

export interface OrderDeskOptions {
  readonly strategies: number;
  /** For each market the index of its venue. Execution numbers are unique within a venue. */
  readonly venueOfMarket: readonly number[];
  /** A request without an answer for so long makes its order UNKNOWN. Default: 5 s. */
  readonly ackTimeoutNs?: number;
  /** Asked before every new order and amendment. Absent (tests, the measuring of parts): everything goes out. */
  readonly gate?: OrderGate;
}

export interface OrderDeskState {
  readonly outbox: Float64Array;
  readonly requests: number;
  readonly refusal: Refusal;
  readonly table: OrderTableState;
  readonly reports: OrderReportsState;
}

export class OrderDesk {
  /** Requests, oldest first; the engine takes them out. */
  readonly outbox = new RecordQueue();
  /** The records; for the quoter and others who read many fields. */
  readonly table: OrderTable;
  readonly markets: number;
  readonly ackTimeoutNs: number;
  /** Requests written so far: the SEQ of the last one. */
  requests = 0;
  /** Why the last `place` or `amend` that the gate or a lack of room stopped was stopped. */
  refusal: Refusal = Refusal.NONE;
  readonly #gate: OrderGate | undefined;
  readonly #machine: OrderMachine;
  readonly #reports: OrderReports;
  /** Price, size and time (`GateTerm`) on their way from the small methods, which V8 inlines, to the large ones, so that no number is boxed. */
  readonly #args: Float64Array;

  /** @throws RangeError that names the field. */
  constructor(options: OrderDeskOptions) {
    const { strategies, venueOfMarket, ackTimeoutNs = 5e9 } = options;
    if (!Number.isSafeInteger(strategies) || strategies < 1) {
      throw new RangeError(`order desk: strategies ${strategies} is not a whole number from 1`);
    }
    if (!(ackTimeoutNs > 0)) throw new RangeError(`order desk: ackTimeoutNs ${ackTimeoutNs} is not above zero`);
    const wrong = venueOfMarket.find((venue) => !Number.isSafeInteger(venue) || venue < 0 || venue > 0xffff);
    if (wrong !== undefined) throw new RangeError(`order desk: venueOfMarket has ${wrong}, no index from 0 to 65535`);
    this.#gate = options.gate;
    this.#args = options.gate?.terms ?? new Float64Array(3);
    this.markets = venueOfMarket.length;
    this.ackTimeoutNs = ackTimeoutNs;
    this.#machine = new OrderMachine(strategies * this.markets);
    this.#reports = new OrderReports(this.#machine, venueOfMarket, ackTimeoutNs);
    this.table = this.#machine.table;
  }

  /** Slot of the order that the last `apply` was about; -1 when it is not known. */
  get slot(): number {
    return this.#reports.slot;
  }

  /**
   * Sends a new order. `flags` are of `OrderFlag` (BUY is set from the side), and `OrderMark.QUOTE`.
   * @returns its number, or 0 when it was not sent: `refusal` says why
   */
  place(
    strategy: number,
    market: number,
    side: Side,
    priceTicks: number,
    sizeLots: number,
    flags: number,
    nowNs: number,
  ): number {
    const args = this.#args;
    args[0] = priceTicks;
    args[1] = sizeLots;
    args[2] = nowNs;
    this.#machine.nowNs[0] = nowNs;
    if (this.#gate !== undefined && !this.#passes(strategy, market, side, flags, -1)) return 0;
    const slot = this.#place(strategy * this.markets + market, side, flags);
    return slot < 0 ? 0 : this.table.doubles[slot << 4];
  }

  /** Asks for an order's cancel; false when it is not known, finished, unacknowledged or already being changed. */
  cancel(orderId: number, nowNs: number): boolean {
    this.#machine.nowNs[0] = nowNs;
    const slot = this.table.slotOf(orderId);
    return slot >= 0 && this.#cancel(slot);
  }

  /** Asks for another price and total size (filled included); false as above, and when no more than is filled is asked for. */
  amend(orderId: number, priceTicks: number, totalLots: number, nowNs: number): boolean {
    const args = this.#args;
    args[0] = priceTicks;
    args[1] = totalLots;
    args[2] = nowNs;
    this.#machine.nowNs[0] = nowNs;
    const slot = this.table.slotOf(orderId);
    return slot >= 0 && this.#amend(slot);
  }

  /**
   * Makes a record, UNKNOWN until there is more evidence, of an order that the venue knows and we do not. It is a quote: the quoter
   * keeps it where one is wanted, and cancels it elsewhere. The venue's number of it is `foreignId`.
   * @returns our number of it, 0 when there is no room
   */
  adopt(
    strategy: number,
    market: number,
    side: Side,
    priceTicks: number,
    sizeLots: number,
    foreignId: number,
    nowNs: number,
  ): number {
    this.#args[0] = priceTicks;
    this.#args[1] = sizeLots;
    this.#machine.nowNs[0] = nowNs;
    const slot = this.#record(strategy * this.markets + market, side, QUOTE, OrderState.UNKNOWN);
    if (slot < 0) return 0;
    this.table.words[(slot << 5) | FLAGS] |= ADOPTED;
    const id = this.idAt(slot);
    this.#reports.alias(foreignId, id);
    return id;
  }

  /** Another process goes on with these orders: new ones have numbers that the one before cannot have given out. */
  restart(epoch: number): void {
    this.table.jump(epoch);
  }

  /** Slot of an order by the number that the venue has for it; -1 when it is not known (any more). */
  slotAtVenue(venueId: number): number {
    return this.#reports.slotOf(venueId);
  }

  /** The number that the venue has for an order. */
  venueIdAt(slot: number): number {
    const id = this.idAt(slot);
    return (this.table.words[(slot << 5) | FLAGS] & ADOPTED) === 0 ? id : this.#reports.foreignId(id);
  }

  /** Whether an execution at a market's venue is among the 65,536 booked last. */
  hasExecution(market: number, execution: number): boolean {
    return this.#reports.hasExecution(market, execution);
  }

  /** Takes a report. @returns `Applied` bits; `slot` is the order's */
  apply(data: Float64Array, offset: number, nowNs: number): number {
    this.#machine.nowNs[0] = nowNs;
    return this.#reports.apply(data, offset);
  }

  /** When the next request will be overdue; Infinity when none is in flight. */
  get nextTimeoutNs(): number {
    return this.table.soonestNs;
  }

  /** Makes UNKNOWN the order whose request is overdue first. @returns its slot, -1 when none is overdue: call until then */
  timeOut(nowNs: number): number {
    const slot = this.table.soonest;
    if (slot < 0 || this.table.soonestNs > nowNs) return -1;
    this.#machine.nowNs[0] = nowNs;
    this.#machine.move(slot, OrderInput.TIMEOUT);
    return slot;
  }

  /** The connection to the order's venue went: it is UNKNOWN. @returns false when it was, or is finished */
  disconnect(slot: number, nowNs: number): boolean {
    this.#machine.nowNs[0] = nowNs;
    return this.#machine.move(slot, OrderInput.DISCONNECTED);
  }

  /** Slot of an order, also of a finished one that is kept; -1 when it is not known (any more). */
  slotOf(orderId: number): number {
    return this.table.slotOf(orderId);
  }

  /** Slot of the oldest unfinished order of a strategy in a market, -1 = none. */
  firstSlot(strategy: number, market: number): number {
    return this.table.laneWords[((strategy * this.markets + market) << 5) | FIRST];
  }

  /** Slot of the next younger one of an unfinished order; -1 = none. Read it before the order can finish. */
  nextSlot(slot: number): number {
    return this.table.words[(slot << 5) | NEXT];
  }

  /** Unfinished orders of a strategy in a market. */
  count(strategy: number, market: number): number {
    return this.table.laneWords[((strategy * this.markets + market) << 5) | COUNT];
  }

  /** Lots that may still trade at most on a side. */
  openLots(strategy: number, market: number, side: Side): number {
    return this.table.laneDoubles[((strategy * this.markets + market) << 4) | (LANE_OPEN + side)];
  }

  /** Highest bid or lowest ask at which an unfinished order may stand; NaN = none. */
  bestTicks(strategy: number, market: number, side: Side): number {
    const lane = strategy * this.markets + market;
    this.table.refreshBest(lane, side);
    return this.table.laneDoubles[(lane << 4) | (BEST_TICKS + side)];
  }

  idAt(slot: number): number {
    return this.table.doubles[(slot << 4) | ID];
  }

  stateAt(slot: number): OrderState {
    // oxlint-disable-next-line no-unsafe-type-assertion -- nothing else is ever stored there
    return this.table.words[(slot << 5) | STATE] as OrderState;
  }

  strategyAt(slot: number): number {
    return (this.table.words[(slot << 5) | LANE] / this.markets) | 0;
  }

  marketAt(slot: number): number {
    return this.table.words[(slot << 5) | LANE] % this.markets;
  }

  sideAt(slot: number): Side {
    return (this.table.words[(slot << 5) | FLAGS] & OrderFlag.BUY) !== 0 ? Side.BUY : Side.SELL;
  }

  /** The `OrderFlag`s that it was placed with. */
  flagsAt(slot: number): number {
    return this.table.words[(slot << 5) | FLAGS] & 0xff;
  }

  priceTicksAt(slot: number): number {
    return this.table.doubles[(slot << 4) | PRICE_TICKS];
  }

  /** Total size, filled included. */
  sizeLotsAt(slot: number): number {
    return this.table.doubles[(slot << 4) | SIZE_LOTS];
  }

  filledLotsAt(slot: number): number {
    return this.table.doubles[(slot << 4) | FILLED_LOTS];
  }

  /** What may still trade: more than size less filled while a larger size is asked for, 0 when finished. */
  openLotsAt(slot: number): number {
    return this.table.doubles[(slot << 4) | OPEN_LOTS];
  }

  /** A `Reject` code: why a request was refused last, or why the order ended; 0 otherwise. */
  reasonAt(slot: number): number {
    return this.table.words[(slot << 5) | REASON];
  }

  /** When the last request on the order was sent. */
  askedNsAt(slot: number): number {
    return this.table.doubles[(slot << 4) | DEADLINE_NS] - this.ackTimeoutNs;
  }

  /** When its state changed last. */
  changedNsAt(slot: number): number {
    return this.table.doubles[(slot << 4) | CHANGED_NS];
  }

  sentNsAt(slot: number): number {
    return this.table.doubles[(slot << 4) | SENT_NS];
  }

  save(): OrderDeskState {
    const { outbox, requests, refusal, table } = this;
    return { outbox: outbox.save(), requests, refusal, table: table.save(), reports: this.#reports.save() };
  }

  restore(state: OrderDeskState): void {
    checkState('the order desk', state, this.save(), ['outbox']);
    this.outbox.restore(state.outbox);
    this.requests = state.requests;
    this.refusal = state.refusal;
    this.table.restore(state.table);
    this.#reports.restore(state.reports);
  }

  #passes(strategy: number, market: number, side: Side, flags: number, slot: number): boolean {
    // oxlint-disable-next-line no-unsafe-type-assertion -- a gate answers codes
    this.refusal = this.#gate!.check(strategy, market, side, flags, slot) as Refusal;
    return this.refusal === 0;
  }

  /** Price and size are in `#args`, the time is the machine's. */
  #place(lane: number, side: Side, flags: number): number {
    const slot = this.#record(lane, side, flags, OrderState.PENDING_NEW);
    if (slot < 0) return -1;
    this.table.await(slot);
    this.#send(RequestKind.NEW, slot);
    return slot;
  }

  /** Makes an order's record. */
  #record(lane: number, side: Side, flags: number, state: OrderState): number {
    const table = this.table;
    const slot = table.take();
    if (slot < 0) {
      this.refusal = Refusal.NO_ROOM;
      return -1;
    }
    const args = this.#args;
    const nowNs = this.#machine.nowNs[0];
    const doubles = table.doubles;
    const words = table.words;
    const at = slot << 4;
    doubles[at | PRICE_TICKS] = args[0];
    doubles[at | SIZE_LOTS] = args[1];
    doubles[at | FILLED_LOTS] = 0;
    doubles[at | WANTED_PRICE_TICKS] = args[0];
    doubles[at | WANTED_SIZE_LOTS] = args[1];
    doubles[at | OPEN_LOTS] = args[1];
    doubles[at | SENT_NS] = nowNs;
    doubles[at | TERMS_NS] = nowNs;
    doubles[at | CHANGED_NS] = nowNs;
    doubles[at | DEADLINE_NS] = nowNs + this.ackTimeoutNs;
    doubles[at | DENIED_NS] = Number.NaN;
    words[(slot << 5) | STATE] = state;
    words[(slot << 5) | FLAGS] = (flags & ((0xff & ~OrderFlag.BUY) | QUOTE)) | (side === Side.BUY ? OrderFlag.BUY : 0);
    words[(slot << 5) | REASON] = 0;
    table.link(slot, lane);
    table.laneWords[(lane << 5) | VERSION]++;
    return slot;
  }

  #cancel(slot: number): boolean {
    const table = this.table;
    const isDoubted = table.words[(slot << 5) | STATE] === OrderState.UNKNOWN;
    if (!this.#machine.move(slot, OrderInput.SEND_CANCEL)) return false;
    table.words[(slot << 5) | REASON] = 0;
    const flags = table.words[(slot << 5) | FLAGS] & ~(CANCEL_REFUSED | DOUBTED);
    table.words[(slot << 5) | FLAGS] = isDoubted ? flags | DOUBTED : flags;
    this.#request(RequestKind.CANCEL, slot);
    return true;
  }

  #amend(slot: number): boolean {
    const table = this.table;
    const doubles = table.doubles;
    const at = slot << 4;
    const args = this.#args;
    if (!(args[1] > doubles[at | FILLED_LOTS]) || !this.#machine.can(slot, OrderInput.SEND_AMEND)) return false;
    if (this.#gate !== undefined) {
      const lane = table.words[(slot << 5) | LANE];
      const flags = table.words[(slot << 5) | FLAGS];
      const strategy = (lane / this.markets) | 0;
      if (!this.#passes(strategy, lane % this.markets, this.sideAt(slot), flags, slot)) return false;
    }
    this.#machine.move(slot, OrderInput.SEND_AMEND);
    table.words[(slot << 5) | REASON] = 0;
    doubles[at | WANTED_PRICE_TICKS] = args[0];
    doubles[at | WANTED_SIZE_LOTS] = args[1];
    doubles[at | TERMS_NS] = this.#machine.nowNs[0];
    table.better(slot);
    this.#machine.recount(slot);
    this.#request(RequestKind.AMEND, slot);
    return true;
  }

  /** Sends a request on an order that stands, and waits for the answer. */
  #request(kind: number, slot: number): void {
    this.table.doubles[(slot << 4) | DEADLINE_NS] = this.#machine.nowNs[0] + this.ackTimeoutNs;
    this.table.await(slot);
    this.#send(kind, slot);
  }

  #send(kind: number, slot: number): void {
    const outbox = this.outbox;
    const out = outbox.reserve();
    const data = outbox.data;
    const doubles = this.table.doubles;
    const words = this.table.words;
    const flags = words[(slot << 5) | FLAGS] & 0xff;
    data[out + Field.HEAD] = packHead(kind, flags, words[(slot << 5) | LANE] % this.markets);
    data[out + Field.VENUE_NS] = Number.NaN;
    data[out + Field.LOCAL_NS] = this.#machine.nowNs[0];
    data[out + Field.PRICE_TICKS] = doubles[(slot << 4) | WANTED_PRICE_TICKS];
    data[out + Field.SIZE_LOTS] = doubles[(slot << 4) | WANTED_SIZE_LOTS];
    data[out + Field.ORDER_ID] = doubles[slot << 4];
    if ((words[(slot << 5) | FLAGS] & ADOPTED) !== 0) data[out + Field.ORDER_ID] = this.venueIdAt(slot);
    data[out + Field.SEQ] = ++this.requests;
    data[out + Field.AUX] = 0;
  }
}
