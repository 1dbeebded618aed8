/**
 * Bitstamp's order messages (created, changed, deleted) → events, for every format that carries them.
 *
 * Messages can come late: a deleted order's `order_created` or `order_changed` may follow its `order_deleted` by some
 * milliseconds. Whoever applies such a message holds an order that no delete will ever remove, a zombie. So the numbers
 * of deleted orders are remembered for a while, and what comes after a delete stays out of the book and is counted.
 */
import { EventFlag, EventKind } from '@quotewright/core/market/event';
import type { EventBatch } from '@quotewright/core/market/event';
import type { ReadReport } from '../report.ts';

export type OrderAction = 'created' | 'changed' | 'deleted';

/** What a message meant for the book. */
export const Outcome = {
  APPLIED: 0,
  /** The message of an order that was deleted before: left out. */
  LATE: 1,
  /** It names an order from before the recording: deleted, or changed and thereby known from now on. */
  FROM_BEFORE: 2,
  /** Left out for another reason: the second delete of an order, a change of one that was never seen. */
  IGNORED: 3,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

export interface OrderMessage {
  readonly action: OrderAction;
  readonly id: number;
  readonly buy: boolean;
  readonly priceTicks: number;
  /** What is left open; for `deleted` what was left then: 0 when it was filled. */
  readonly lots: number;
  /** Receive time, nanoseconds since the epoch day. */
  readonly localNs: number;
  readonly line: number;
}

/** A message that came after its order's delete: applied, it would leave an order in the book for good, a zombie. */
export interface LateMessage {
  readonly message: OrderMessage;
  readonly deleted: Deleted;
}

interface Deleted {
  readonly line: number;
  readonly localNs: number;
}

/** Deleted orders that are remembered. Late messages come within milliseconds; this is an hour of a busy day. */
const REMEMBERED = 16_384;

interface Live {
  readonly priceTicks: number;
  readonly lots: number;
}

export class BitstampOrders {
  /** Most events that one message makes. */
  static readonly MAX_EVENTS = 2;
  /** Messages left out because their order was deleted before, the first hundred. */
  readonly late: LateMessage[] = [];
  readonly #report: ReadReport;
  readonly #live = new Map<number, Live>();
  readonly #dead = new Map<number, Deleted>();
  readonly #deadRing = new Float64Array(REMEMBERED);
  #deadCount = 0;
  /** Numbers rise, so an unknown order with a smaller one than the first created is from before the recording. */
  #firstCreated = Number.POSITIVE_INFINITY;
  /** Number of the order of each side that traded last, by BUY flag. */
  readonly #lastFilled = [0, 0];

  constructor(report: ReadReport) {
    this.#report = report;
  }

  apply(message: OrderMessage, batch: EventBatch): Outcome {
    const { action, id } = message;
    if (action === 'created' && this.#firstCreated === Number.POSITIVE_INFINITY) this.#firstCreated = id;
    const deleted = this.#dead.get(id);
    if (deleted !== undefined) return this.#afterDelete(message, deleted);
    const live = this.#live.get(id);
    if (action === 'created') {
      if (live !== undefined) {
        this.#report.addDuplicate(message.line, `order_created of order ${id}`);
        return Outcome.IGNORED;
      }
      this.#set(message);
      this.#push(EventKind.ORDER_ADD, message, message.priceTicks, message.lots, EventFlag.LAST, batch);
      return Outcome.APPLIED;
    }
    if (live === undefined) return this.#unknown(message, batch);
    if (message.lots < live.lots && (action === 'changed' || message.lots === 0)) {
      this.#lastFilled[message.buy ? 1 : 0] = id;
    }
    if (action === 'deleted') {
      this.#bury(message);
      this.#push(EventKind.ORDER_REMOVE, message, live.priceTicks, live.lots, EventFlag.LAST, batch);
      return Outcome.APPLIED;
    }
    this.#set(message);
    if (message.priceTicks === live.priceTicks) {
      this.#push(EventKind.ORDER_SET, message, live.priceTicks, message.lots, EventFlag.LAST, batch);
    } else {
      // A market order that walks the book shows the price of its last execution: it moves from level to level.
      this.#push(EventKind.ORDER_REMOVE, message, live.priceTicks, live.lots, 0, batch);
      this.#push(EventKind.ORDER_ADD, message, message.priceTicks, message.lots, EventFlag.LAST, batch);
    }
    return Outcome.APPLIED;
  }

  /**
   * Whether the aggressor of the print that comes now bought. Prints of 2015 name neither orders nor sides; they follow
   * the messages of the two orders that traded, of which the younger one took.
   */
  takerIsBuy(): boolean {
    return this.#lastFilled[1]! > this.#lastFilled[0]!;
  }

  #afterDelete(message: OrderMessage, deleted: Deleted): Outcome {
    if (message.action === 'deleted') {
      this.#report.addDuplicate(message.line, `order_deleted of order ${message.id}`);
      return Outcome.IGNORED;
    }
    this.#report.addIgnored(`order_${message.action} after the order's order_deleted (a zombie if applied)`);
    if (this.late.length < 100) this.late.push({ message, deleted });
    return Outcome.LATE;
  }

  #unknown(message: OrderMessage, batch: EventBatch): Outcome {
    const { action, id } = message;
    const isFromBefore = id < this.#firstCreated;
    if (action === 'deleted') {
      this.#bury(message);
      this.#report.addIgnored(
        isFromBefore ? 'order_deleted of an order from before the recording' : 'order_deleted before its order_created',
      );
      return isFromBefore ? Outcome.FROM_BEFORE : Outcome.IGNORED;
    }
    if (!isFromBefore) {
      this.#report.addIgnored('order_changed of an order that was never created');
      return Outcome.IGNORED;
    }
    // Its size is known from here on; its place in the queue is not, and it goes to the back.
    this.#set(message);
    this.#push(EventKind.ORDER_ADD, message, message.priceTicks, message.lots, EventFlag.LAST, batch);
    return Outcome.FROM_BEFORE;
  }

  #set(message: OrderMessage): void {
    this.#live.set(message.id, { priceTicks: message.priceTicks, lots: message.lots });
  }

  #bury({ id, line, localNs }: OrderMessage): void {
    this.#live.delete(id);
    const slot = this.#deadCount++ % REMEMBERED;
    if (this.#deadCount > REMEMBERED) this.#dead.delete(this.#deadRing[slot]!);
    this.#deadRing[slot] = id;
    this.#dead.set(id, { line, localNs });
  }

  #push(
    kind: EventKind,
    { id, buy, localNs }: OrderMessage,
    ticks: number,
    lots: number,
    flags: number,
    batch: EventBatch,
  ): void {
    batch.push(kind, buy ? flags | EventFlag.BUY : flags, 0, Number.NaN, localNs, ticks, lots, id, 0, 0);
  }
}
