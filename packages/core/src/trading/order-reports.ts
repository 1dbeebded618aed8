/** The venues' reports on own orders, taken in by kind. */
import { checkState, restoreEach } from '../base/state.ts';
import { EVENT_STRIDE, Field } from '../market/event.ts';
import { ExecutionIds } from './execution-ids.ts';
import { LaneWord, OrderDouble, OrderMark, OrderWord } from './order-layout.ts';
import type { OrderMachine } from './order-machine.ts';
import { OrderState } from './order-state.ts';
import { OrderInput, TRANSITIONS } from './order-transitions.ts';
import { Reject, ReportKind } from './records.ts';

const { PRICE_TICKS, SIZE_LOTS, FILLED_LOTS, WANTED_PRICE_TICKS, WANTED_SIZE_LOTS, DENIED_NS } = OrderDouble;
const { STATE, FLAGS, LANE, REASON } = OrderWord;
const { CANCEL_REFUSED, DOUBTED, NO_AMEND } = OrderMark;
const { STALE_BEST } = LaneWord;
const { PENDING_AMEND, UNKNOWN, FILLED, CANCELLED } = OrderState;
const { REQUESTED, POST_ONLY_WOULD_TAKE, SELF_TRADE, UNKNOWN_ORDER, OVERLOADED, HALTED, OTHER } = Reject;
const HEAD = Field.HEAD;
const REPORT_PRICE = Field.PRICE_TICKS;
const REPORT_SIZE = Field.SIZE_LOTS;
const REPORT_ORDER = Field.ORDER_ID;
const REPORT_SEQ = Field.SEQ;
const REPORT_AUX = Field.AUX;

/** What `apply` did, and what is left to the engine: a set of bits, 0 = the report was no news. */
export const Applied = {
  IGNORED: 0,
  /** State, terms or filled size changed: tell the strategy (`onOrder`). */
  CHANGED: 1,
  /** An execution that was not booked before: book the report's size at its price to the position (`onFill`). */
  FILL: 2,
  /** The order is finished since this report. */
  FINISHED: 4,
  /** With FILL: the order was finished before; its state stays. */
  LATE: 8,
  /** With FILL: more has traded than the order's size. */
  OVERFILL: 16,
  /** The venue counts executions that we have not: they are on the way, or must be asked for. */
  MISSING: 32,
  /** An execution that is known already. */
  DUPLICATE: 64,
  /** No such order is known (any more). An execution of it is in no position: the operator must know. */
  UNKNOWN_ORDER: 128,
  /** No report, or one without the numbers it must have; nothing was changed. */
  MALFORMED: 256,
} as const;

export interface OrderReportsState {
  /** The executions known, by venue. */
  readonly executions: readonly Float64Array[];
  /** The venue's number and ours of each adopted order. */
  readonly adopted: readonly (readonly [number, number])[];
}

export class OrderReports {
  /** Slot of the order that the last report was about; -1 when it is not known. */
  slot = -1;
  readonly #machine: OrderMachine;
  readonly #venueOfMarket: Int32Array;
  readonly #ackTimeoutNs: number;
  readonly #executions: readonly ExecutionIds[];
  /** Our number by the venue's, of adopted orders. */
  readonly #adopted = new Map<number, number>();

  constructor(machine: OrderMachine, venueOfMarket: readonly number[], ackTimeoutNs: number) {
    this.#machine = machine;
    this.#venueOfMarket = Int32Array.from(venueOfMarket);
    this.#ackTimeoutNs = ackTimeoutNs;
    this.#executions = Array.from({ length: Math.max(-1, ...venueOfMarket) + 1 }, () => new ExecutionIds());
  }

  /** The venue will speak of an order under another number than ours. */
  alias(foreignId: number, ownId: number): void {
    // Those of orders that are kept no more have had their time.
    for (const [foreign, own] of this.#adopted) {
      if (this.#machine.table.slotOf(own) < 0) this.#adopted.delete(foreign);
    }
    this.#adopted.set(foreignId, ownId);
  }

  /** Slot of an order by the number under which the venue speaks of it; -1 when it is not known (any more). */
  slotOf(venueId: number): number {
    return this.#slotOf(venueId, this.#machine.table.slotOf(venueId));
  }

  /** The number under which the venue knows an adopted order. */
  foreignId(ownId: number): number {
    for (const [foreign, own] of this.#adopted) if (own === ownId) return foreign;
    return ownId;
  }

  /** Whether an execution of a market's venue is among those booked last. */
  hasExecution(market: number, execution: number): boolean {
    return this.#executions[this.#venueOfMarket[market]].has(execution);
  }

  /** An adopted order goes before the one that had the number before it. */
  #slotOf(venueId: number, ownSlot: number): number {
    const own = this.#adopted.get(venueId);
    const slot = own === undefined ? -1 : this.#machine.table.slotOf(own);
    return slot >= 0 ? slot : ownSlot;
  }

  /** Takes the report at `data[offset]` at the machine's time. @returns `Applied` bits */
  apply(data: Float64Array, offset: number): number {
    this.slot = -1;
    const kind = data[offset + HEAD] & 0xff;
    if (kind < ReportKind.ACK || kind > ReportKind.STATUS || offset + EVENT_STRIDE > data.length)
      return Applied.MALFORMED;
    let slot = this.#machine.table.slotOf(data[offset + REPORT_ORDER]);
    if (this.#adopted.size > 0) slot = this.#slotOf(data[offset + REPORT_ORDER], slot);
    if (slot < 0) return Applied.UNKNOWN_ORDER;
    this.slot = slot;
    switch (kind) {
      case ReportKind.FILL:
        return this.#fill(slot, data, offset);
      case ReportKind.ACK:
      case ReportKind.AMENDED:
        return this.#terms(slot, kind, data, offset);
      case ReportKind.STATUS:
        return this.#status(slot, data, offset);
      case ReportKind.CANCEL_REJECT:
      case ReportKind.AMEND_REJECT:
        return this.#refused(slot, kind, data[offset + REPORT_AUX] | 0);
      default:
        return this.#ended(slot, kind, data, offset);
    }
  }

  save(): OrderReportsState {
    return { executions: this.#executions.map((ids) => ids.save()), adopted: [...this.#adopted] };
  }

  restore(state: OrderReportsState): void {
    checkState('order reports', state, this.save(), ['adopted']);
    restoreEach('execution numbers by venue', state.executions, this.#executions);
    this.#adopted.clear();
    for (const [foreign, own] of state.adopted) this.#adopted.set(foreign, own);
  }

  #fill(slot: number, data: Float64Array, offset: number): number {
    const size = data[offset + REPORT_SIZE];
    const price = data[offset + REPORT_PRICE];
    const execution = data[offset + REPORT_SEQ];
    // Infinity − Infinity is NaN, so this asks for finite numbers too.
    if (!(size > 0) || size - size !== 0 || price - price !== 0 || execution !== execution) return Applied.MALFORMED;
    const table = this.#machine.table;
    const doubles = table.doubles;
    const at = slot << 4;
    const lane = table.words[(slot << 5) | LANE];
    // An execution without a number (0) cannot be told from its repetition.
    if (
      execution !== 0 &&
      !this.#executions[this.#venueOfMarket[lane % this.#venueOfMarket.length]].add(data, offset + REPORT_SEQ)
    ) {
      return Applied.DUPLICATE;
    }
    const filled = doubles[at | FILLED_LOTS] + size;
    doubles[at | FILLED_LOTS] = filled;
    const over = filled > this.#machine.mostLots(slot) ? Applied.OVERFILL : 0;
    if (table.words[(slot << 5) | STATE] >= FILLED) {
      return Applied.FILL | Applied.CHANGED | Applied.LATE | over;
    }
    if (filled >= this.#machine.mostLots(slot)) {
      this.#machine.move(slot, OrderInput.COMPLETE);
      return Applied.FILL | Applied.CHANGED | Applied.FINISHED | over;
    }
    if (!this.#machine.move(slot, OrderInput.PART)) this.#machine.touch(slot);
    this.#machine.recount(slot);
    return Applied.FILL | Applied.CHANGED;
  }

  /** ACK and AMENDED. */
  #terms(slot: number, kind: number, data: Float64Array, offset: number): number {
    const table = this.#machine.table;
    const doubles = table.doubles;
    const at = slot << 4;
    const price = data[offset + REPORT_PRICE];
    const size = data[offset + REPORT_SIZE];
    if (price - price !== 0 || !(size > 0) || size - size !== 0) return Applied.MALFORMED;
    const input = kind === ReportKind.ACK ? OrderInput.ACKED : OrderInput.AMENDED;
    const next = TRANSITIONS[(table.words[(slot << 5) | STATE] << 4) | input];
    // An acknowledgement that comes after an amendment was sent tells nothing of it.
    if (next === 0 || (kind === ReportKind.ACK && !this.#machine.isSettled(slot))) return Applied.IGNORED;
    if (doubles[at | WANTED_PRICE_TICKS] !== price || doubles[at | WANTED_SIZE_LOTS] !== size) {
      if (!this.#machine.isSettled(slot)) return this.#earlierTerms(slot, price, size);
    }
    this.#machine.setTerms(slot, price, size);
    if (doubles[at | FILLED_LOTS] >= size) {
      this.#machine.move(slot, OrderInput.COMPLETE);
      return Applied.CHANGED | Applied.FINISHED;
    }
    this.#seen(slot);
    this.#machine.alive(slot);
    if (!this.#machine.move(slot, input)) this.#machine.touch(slot);
    this.#machine.recount(slot);
    return Applied.CHANGED;
  }

  /** Terms of before the amendment whose outcome is not known: a repeated report, or the venue's own doing. */
  #earlierTerms(slot: number, priceTicks: number, sizeLots: number): number {
    const { doubles, words, laneWords } = this.#machine.table;
    doubles[(slot << 4) | PRICE_TICKS] = priceTicks;
    doubles[(slot << 4) | SIZE_LOTS] = sizeLots;
    laneWords[(words[(slot << 5) | LANE] << 5) | (STALE_BEST + (~words[(slot << 5) | FLAGS] & 1))] = 1;
    this.#machine.touch(slot);
    this.#machine.recount(slot);
    return Applied.CHANGED;
  }

  #status(slot: number, data: Float64Array, offset: number): number {
    const table = this.#machine.table;
    const doubles = table.doubles;
    const at = slot << 4;
    const open = data[offset + REPORT_SIZE];
    const filled = data[offset + REPORT_AUX];
    const price = data[offset + REPORT_PRICE];
    if (!(open >= 0) || !(filled >= 0) || open - open !== 0 || filled - filled !== 0) return Applied.MALFORMED;
    if (open > 0 && price - price !== 0) return Applied.MALFORMED;
    const input = open > 0 ? OrderInput.SEEN_OPEN : OrderInput.SEEN_GONE;
    const state = table.words[(slot << 5) | STATE];
    const next = TRANSITIONS[(state << 4) | input];
    if (next === 0) return Applied.IGNORED;
    const missing = filled > doubles[at | FILLED_LOTS] ? Applied.MISSING : 0;
    if (open === 0) {
      this.#machine.move(slot, input);
      return Applied.CHANGED | Applied.FINISHED | missing;
    }
    if (state === PENDING_AMEND) this.#earlierTerms(slot, price, open + filled);
    else this.#machine.setTerms(slot, price, open + filled);
    this.#seen(slot);
    if (!this.#machine.move(slot, input)) this.#machine.touch(slot);
    this.#machine.recount(slot);
    return Applied.CHANGED | missing;
  }

  /** A sign of life: what was said against it before does not count any more. */
  #seen(slot: number): void {
    const { doubles, words } = this.#machine.table;
    doubles[(slot << 4) | DENIED_NS] = Number.NaN;
    words[(slot << 5) | FLAGS] &= ~DOUBTED;
  }

  /** CANCEL_REJECT and AMEND_REJECT. */
  #refused(slot: number, kind: number, reason: number): number {
    const table = this.#machine.table;
    const doubles = table.doubles;
    const at = slot << 4;
    const state = table.words[(slot << 5) | STATE];
    const isDenied = reason === UNKNOWN_ORDER || reason === OTHER;
    const isDoubted = state === UNKNOWN || (table.words[(slot << 5) | FLAGS] & DOUBTED) !== 0;
    let input: number = kind === ReportKind.CANCEL_REJECT ? OrderInput.CANCEL_REFUSED : OrderInput.AMEND_REFUSED;
    if (isDenied) {
      // Only that there is no such order says that it is gone: other reasons (a key, a nonce, a network) are about the request.
      const isAgain =
        reason === UNKNOWN_ORDER && this.#machine.nowNs[0] - doubles[at | DENIED_NS] >= this.#ackTimeoutNs;
      input = isAgain ? OrderInput.DENIED_AGAIN : OrderInput.DENIED;
    } else if (isDoubted && (reason === OVERLOADED || reason === HALTED)) {
      // Nobody has looked for the order: a budget (our own too) is used up, or a venue takes nothing now.
      input = OrderInput.DENIED;
    } else if (input === OrderInput.CANCEL_REFUSED && state !== PENDING_AMEND && !this.#machine.isSettled(slot)) {
      // It is open, but an amendment before was not answered: at which terms it stands is not known.
      input = OrderInput.DENIED;
    }
    if (TRANSITIONS[(state << 4) | input] === 0) return Applied.IGNORED;
    table.words[(slot << 5) | REASON] = reason;
    if (kind === ReportKind.AMEND_REJECT) {
      // The amendment that might have enlarged it is off: what is filled may be all.
      if (doubles[at | FILLED_LOTS] >= doubles[at | SIZE_LOTS]) input = OrderInput.COMPLETE;
      else if (!isDenied) this.#amendRefused(slot, reason);
    } else if (!isDenied) table.words[(slot << 5) | FLAGS] |= CANCEL_REFUSED;
    if (
      reason === UNKNOWN_ORDER &&
      input === OrderInput.DENIED &&
      doubles[at | DENIED_NS] !== doubles[at | DENIED_NS]
    ) {
      doubles[at | DENIED_NS] = this.#machine.nowNs[0];
    }
    if (!this.#machine.move(slot, input)) this.#machine.touch(slot);
    if (table.words[(slot << 5) | STATE] >= FILLED) return Applied.CHANGED | Applied.FINISHED;
    this.#machine.recount(slot);
    return Applied.CHANGED;
  }

  #amendRefused(slot: number, reason: number): void {
    const table = this.#machine.table;
    const doubles = table.doubles;
    const at = slot << 4;
    this.#machine.noteRefusal(slot, reason);
    if (reason !== POST_ONLY_WOULD_TAKE && reason !== SELF_TRADE) table.words[(slot << 5) | FLAGS] |= NO_AMEND;
    this.#machine.setTerms(slot, doubles[at | PRICE_TICKS], doubles[at | SIZE_LOTS]);
  }

  /** REJECT and CANCELLED. */
  #ended(slot: number, kind: number, data: Float64Array, offset: number): number {
    const table = this.#machine.table;
    const doubles = table.doubles;
    const at = slot << 4;
    const input = kind === ReportKind.REJECT ? OrderInput.REFUSED : OrderInput.ENDED;
    const next = TRANSITIONS[(table.words[(slot << 5) | STATE] << 4) | input];
    if (next === 0) return Applied.IGNORED;
    const reason = data[offset + REPORT_AUX] | 0;
    table.words[(slot << 5) | REASON] = reason;
    if (next === UNKNOWN) {
      this.#machine.move(slot, input);
      return Applied.CHANGED;
    }
    if (reason !== REQUESTED) this.#machine.noteRefusal(slot, reason);
    const cut = data[offset + REPORT_SIZE];
    const isMissing = next === CANCELLED && cut > 0 && doubles[at | SIZE_LOTS] - cut > doubles[at | FILLED_LOTS];
    this.#machine.move(slot, input);
    return Applied.CHANGED | Applied.FINISHED | (isMissing ? Applied.MISSING : 0);
  }
}
