/**
 * A venue without a book, for tests: it takes orders, fills them at random, refuses and loses what it is told to, and counts
 * what was truly executed. Requests and reports travel with random delays, each way in order.
 */
import type { Random } from '../../base/random.ts';
import { Reject } from '../records.ts';
import type { DeskHarness, ReportFields, Request } from './desk-harness.ts';

export interface FakeOrder {
  readonly id: number;
  readonly isBuy: boolean;
  price: number;
  total: number;
  filled: number;
}

/** Chances in thousandths. */
export interface Chances {
  readonly refuse: number;
  readonly fill: number;
  readonly lose: number;
  readonly repeat: number;
}

type ReportName = Parameters<DeskHarness['report']>[0];
interface InFlight {
  readonly atNs: number;
  readonly run: () => void;
}

export class FakeVenue {
  /** Open orders. */
  readonly orders = new Map<number, FakeOrder>();
  executed = 0;
  /** Answers of `apply`, in the order of the reports. */
  readonly answers: string[] = [];
  chances: Chances;
  readonly #random: Random;
  readonly #harness: DeskHarness;
  readonly #toVenue: InFlight[] = [];
  readonly #toDesk: InFlight[] = [];
  #executions = 0;

  constructor(random: Random, harness: DeskHarness, chances: Chances) {
    this.#random = random;
    this.#harness = harness;
    this.chances = chances;
  }

  send(request: Request): void {
    if (this.#happens(this.chances.lose)) return;
    this.#travel(this.#toVenue, () => this.#arrive(request));
  }

  /** Time of the next arrival on either way; Infinity when nothing travels. */
  get nextNs(): number {
    return Math.min(this.#toVenue[0]?.atNs ?? Infinity, this.#toDesk[0]?.atNs ?? Infinity);
  }

  /** Lets the next message arrive; true when it was a report. */
  step(): boolean {
    const isReport = (this.#toDesk[0]?.atNs ?? Infinity) <= (this.#toVenue[0]?.atNs ?? Infinity);
    (isReport ? this.#toDesk : this.#toVenue).shift()?.run();
    return isReport;
  }

  /** Fills some of the open orders, in part or whole. */
  trade(): void {
    for (const order of this.orders.values()) if (this.#happens(this.chances.fill)) this.#fill(order);
  }

  #arrive(request: Request): void {
    const { id, price, size } = request;
    const order = this.orders.get(id);
    if (request.kind === 'NEW') {
      if (this.#happens(this.chances.refuse)) {
        const aux = this.#random.below(3) === 0 ? Reject.INSUFFICIENT_BALANCE : Reject.POST_ONLY_WOULD_TAKE;
        this.#say('REJECT', id, { aux });
        return;
      }
      const fresh = { id, isBuy: (request.flags & 1) !== 0, price, total: size, filled: 0 };
      this.orders.set(id, fresh);
      if (this.#happens(this.chances.fill)) this.#fill(fresh);
      this.#say('ACK', id, { price, size });
    } else if (request.kind === 'CANCEL') {
      if (order === undefined) this.#say('CANCEL_REJECT', id, { aux: Reject.UNKNOWN_ORDER });
      else if (this.#happens(this.chances.refuse)) this.#say('CANCEL_REJECT', id, { aux: Reject.OVERLOADED });
      else {
        this.orders.delete(id);
        this.#say('CANCELLED', id, { size: order.total - order.filled, aux: Reject.REQUESTED });
      }
    } else if (order === undefined) this.#say('AMEND_REJECT', id, { aux: Reject.UNKNOWN_ORDER });
    else if (this.#happens(this.chances.refuse)) this.#say('AMEND_REJECT', id, { aux: Reject.POST_ONLY_WOULD_TAKE });
    else if (size <= order.filled) {
      this.orders.delete(id);
      this.#say('CANCELLED', id, { size: order.total - order.filled, aux: Reject.REQUESTED });
    } else {
      order.price = price;
      order.total = size;
      this.#say('AMENDED', id, { price, size });
    }
  }

  #fill(order: FakeOrder): void {
    const open = order.total - order.filled;
    const size = this.#random.below(2) === 0 ? open : 1 + this.#random.below(open);
    order.filled += size;
    this.executed += size;
    if (order.filled === order.total) this.orders.delete(order.id);
    this.#say('FILL', order.id, { price: order.price, size, seq: ++this.#executions });
  }

  /** Executions are never lost: nothing would replace them. Refusals are not repeated: nothing in them would tell. */
  #say(kind: ReportName, id: number, fields: ReportFields): void {
    if (kind !== 'FILL' && this.#happens(this.chances.lose)) return;
    const run = (): void => {
      this.answers.push(this.#harness.report(kind, id, fields));
    };
    this.#travel(this.#toDesk, run);
    if (!kind.endsWith('REJECT') && this.#happens(this.chances.repeat)) this.#travel(this.#toDesk, run);
  }

  #travel(way: InFlight[], run: () => void): void {
    const earliest = this.#harness.nowNs + 1 + this.#random.below(100);
    way.push({ atNs: Math.max(earliest, way.at(-1)?.atNs ?? 0), run });
  }

  #happens(thousandths: number): boolean {
    return this.#random.below(1000) < thousandths;
  }
}
