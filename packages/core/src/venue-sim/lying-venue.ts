/**
 * A living venue that lies, for tests of what survives it: requests and reports are lost, repeated, late (and so out of order), refused
 * for no reason; a cancel is refused with "no such order" though the order stands; the connection goes; a list of open orders is
 * wrong for a moment. Executions happen once and their numbers are true, as are positions when asked for.
 *
 * Everything is drawn from streams of one seed.
 */
import { Random } from '../base/random.ts';
import { EVENT_STRIDE, EventFlag, Field, headFlags, headInstrument, headKind, packHead } from '../market/event.ts';
import { RecordQueue } from '../trading/record-queue.ts';
import { Reject, ReportKind, RequestKind } from '../trading/records.ts';
import type { AskableVenue, VenueAccount } from '../trading/venue-account.ts';
import type { LivingVenue } from './venue.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;

/** Chances from 0 to 1; what is absent does not happen. */
export interface Lies {
  readonly requestLost?: number;
  readonly requestTwice?: number;
  readonly requestLate?: number;
  /** Refused as overloaded, without a look at it. */
  readonly requestRefused?: number;
  /** A cancel or an amendment is answered with "no such order", though the venue has it. */
  readonly orderDenied?: number;
  readonly reportLost?: number;
  readonly reportTwice?: number;
  readonly reportLate?: number;
  /** An answer's list of open orders lacks some, or has some that are gone. */
  readonly wrongList?: number;
  /** What is late is late by up to so much. Default: 1 s. */
  readonly lateNs?: number;
}

const REFUSAL: Readonly<Record<number, number>> = {
  [RequestKind.NEW]: ReportKind.REJECT,
  [RequestKind.CANCEL]: ReportKind.CANCEL_REJECT,
  [RequestKind.AMEND]: ReportKind.AMEND_REJECT,
};

/** A record that arrives later. */
interface Late {
  readonly ns: number;
  readonly isRequest: boolean;
  readonly record: Float64Array;
}

export class LyingVenue implements LivingVenue, AskableVenue {
  readonly reports = new RecordQueue();
  /** Lies told, by kind. */
  readonly told: Record<string, number> = {};
  /** Nothing passes while it is down. */
  isUp = true;
  readonly #venue: LivingVenue & AskableVenue;
  readonly #lies: Lies;
  readonly #random: Random;
  readonly #lateNs: number;
  /** By time. */
  readonly #late: Late[] = [];
  #isHonest = false;
  /** The last answer had a wrong list: the next one has not. */
  #wasWrong = false;

  constructor(venue: LivingVenue & AskableVenue, lies: Lies, seed: number) {
    this.#venue = venue;
    this.#lies = lies;
    this.#random = Random.stream(seed, 'lies');
    this.#lateNs = lies.lateNs ?? 1e9;
  }

  get feed(): RecordQueue {
    return this.#venue.feed;
  }

  get nextNs(): number {
    const lateNs = this.#late.length === 0 ? Number.POSITIVE_INFINITY : this.#late[0].ns;
    return Math.min(lateNs, this.#venue.nextNs);
  }

  step(): void {
    const [late] = this.#late;
    if (late === undefined || late.ns > this.#venue.nextNs) {
      this.#venue.step();
      this.#collect();
      return;
    }
    this.#late.shift();
    if (late.isRequest) this.#deliver(late.record, 0, late.ns);
    else if (this.isUp) this.#emit(late.record, 0, late.ns);
  }

  request(data: Float64Array, offset: number, nowNs: number): void {
    const lies = this.#lies;
    if (!this.isUp) return;
    if (this.#lie('requestLost', lies.requestLost)) return;
    if (this.#lie('requestRefused', lies.requestRefused)) return this.#refuse(data, offset, nowNs, Reject.OVERLOADED);
    const isNew = headKind(data[offset + HEAD] | 0) === RequestKind.NEW;
    if (!isNew && this.#lie('orderDenied', lies.orderDenied)) {
      return this.#refuse(data, offset, nowNs, Reject.UNKNOWN_ORDER);
    }
    if (this.#lie('requestLate', lies.requestLate)) return this.#hold(data, offset, nowNs, true);
    this.#deliver(data, offset, nowNs);
    if (this.#lie('requestTwice', lies.requestTwice)) this.#deliver(data, offset, nowNs);
  }

  /** The connection goes: requests and reports are lost until it comes back. What is late already may arrive. */
  setUp(isUp: boolean): void {
    this.isUp = isUp;
  }

  /** From now on it tells the truth. */
  repent(): void {
    this.#isHonest = true;
  }

  account(sinceNs: number): VenueAccount {
    const account = this.#venue.account(sinceNs);
    this.#wasWrong = !this.#wasWrong && this.#lie('wrongList', this.#lies.wrongList);
    if (!this.#wasWrong) return account;
    const orders = account.orders.filter(() => this.#random.below(3) > 0);
    for (const { orderId, market, side, priceTicks, sizeLots } of account.executions) {
      if (this.#random.below(4) > 0 || orders.some((each) => each.orderId === orderId)) continue;
      orders.push({ orderId, market, side, priceTicks, openLots: sizeLots, filledLots: 0 });
    }
    return { ...account, orders };
  }

  #deliver(data: Float64Array, offset: number, nowNs: number): void {
    this.#venue.request(data, offset, nowNs);
    this.#collect();
  }

  /** Lets the venue's reports through, or not. */
  #collect(): void {
    const { reports } = this.#venue;
    const lies = this.#lies;
    for (; reports.length > 0; reports.shift()) {
      const at = reports.peek();
      const { data } = reports;
      const nowNs = data[at + VENUE_NS];
      if (!this.isUp || this.#lie('reportLost', lies.reportLost)) continue;
      if (this.#lie('reportLate', lies.reportLate)) this.#hold(data, at, nowNs, false);
      else this.#emit(data, at, nowNs);
      if (this.#lie('reportTwice', lies.reportTwice)) this.#hold(data, at, nowNs, false);
    }
  }

  #hold(data: Float64Array, offset: number, nowNs: number, isRequest: boolean): void {
    const ns = nowNs + 1 + Math.floor(this.#random.uniform() * this.#lateNs);
    const record = data.slice(offset, offset + EVENT_STRIDE);
    const index = this.#late.findIndex((each) => each.ns > ns);
    this.#late.splice(index < 0 ? this.#late.length : index, 0, { ns, isRequest, record });
  }

  #emit(data: Float64Array, offset: number, nowNs: number): void {
    const at = this.reports.reserve();
    const to = this.reports.data;
    for (let i = 0; i < EVENT_STRIDE; i++) to[at + i] = data[offset + i];
    // The wire asks for times that do not fall.
    to[at + VENUE_NS] = nowNs;
  }

  #refuse(data: Float64Array, offset: number, nowNs: number, reason: number): void {
    const at = this.reports.reserve();
    const to = this.reports.data;
    const head = data[offset + HEAD] | 0;
    to[at + HEAD] = packHead(REFUSAL[headKind(head)], headFlags(head) & EventFlag.BUY, headInstrument(head));
    to[at + VENUE_NS] = nowNs;
    to[at + LOCAL_NS] = Number.NaN;
    to[at + PRICE_TICKS] = data[offset + PRICE_TICKS];
    to[at + SIZE_LOTS] = data[offset + SIZE_LOTS];
    to[at + ORDER_ID] = data[offset + ORDER_ID];
    to[at + SEQ] = 0;
    to[at + AUX] = reason;
  }

  #lie(name: string, chance: number | undefined): boolean {
    if (this.#isHonest || chance === undefined || !(this.#random.uniform() < chance)) return false;
    this.told[name] = (this.told[name] ?? 0) + 1;
    return true;
  }
}
