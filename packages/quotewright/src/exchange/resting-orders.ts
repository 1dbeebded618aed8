/**
 * The resting orders of one market, one by one, for faces whose venues show them: kept by the market's messages, whose records have a number for
 * each order. When all faces listen the exchange tells of every order that stands (`LocalExchange.tellBooks`), so none is without one.
 */
import { EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import type { ExchangeOrder } from './contract.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID } = Field;
const { TRADE, ORDER_ADD, ORDER_REDUCE, ORDER_REMOVE, SNAPSHOT_BEGIN, SNAPSHOT_END } = EventKind;
const { BUY, SNAPSHOT } = EventFlag;

export interface RestingOrder {
  /** In the market's records. */
  readonly number: number;
  readonly isBuy: boolean;
  readonly priceTicks: number;
  /** When it came to rest. */
  readonly firstLots: number;
  /** Open. */
  lots: number;
}

/** What has become of an order, at a time in nanoseconds since the epoch day. */
export interface RestingListener {
  opened(order: RestingOrder, ns: number): void;
  /** `lots` of it have traded. Gone when none are open. */
  traded(order: RestingOrder, lots: number, ns: number): void;
  /** It has other lots than it had, and did not trade as far as was told. */
  changed(order: RestingOrder, fromLots: number, ns: number): void;
  cancelled(order: RestingOrder, ns: number): void;
}

export class RestingOrders {
  readonly #listener: RestingListener;
  /** By number; of one price the oldest first. */
  #resting = new Map<number, RestingOrder>();
  /** While the book is laid anew: what stood before. */
  #before = new Map<number, RestingOrder>();
  readonly #own = new Map<number, ExchangeOrder>();
  /** Orders of accounts that have ended: the market's messages of this turn may still name them. */
  readonly #ended: number[] = [];

  constructor(listener: RestingListener) {
    this.#listener = listener;
  }

  /** An order of an account is another now (`ExchangeListener.order`). */
  note(order: ExchangeOrder): void {
    if (order.bookNumber === 0) return;
    if (order.status === 'open') this.#own.set(order.bookNumber, order);
    else this.#ended.push(order.bookNumber);
  }

  /** The account's order that has a number in the market's records; undefined: it is somebody else's. */
  own(number: number): ExchangeOrder | undefined {
    return this.#own.get(number);
  }

  /** The market's messages so far are read. */
  turn(): void {
    for (const number of this.#ended.splice(0)) this.#own.delete(number);
  }

  /** Takes a record of the market; one that tells nothing of a resting order is left alone. */
  take(data: Float64Array, at: number): void {
    const head = data[at + HEAD]!;
    const kind = headKind(head);
    const ns = data[at + VENUE_NS]!;
    const number = data[at + ORDER_ID]!;
    const lots = data[at + SIZE_LOTS]!;
    if (kind === ORDER_ADD) {
      const isBuy = (headFlags(head) & BUY) !== 0;
      const order = { number, isBuy, priceTicks: data[at + PRICE_TICKS]!, firstLots: lots, lots };
      if ((headFlags(head) & SNAPSHOT) === 0) this.#open(order, ns);
      else this.#again(order, ns);
    } else if (kind === TRADE) {
      const order = this.#reduce(number, lots);
      if (order !== undefined) this.#listener.traded(order, lots, ns);
    } else if (kind === ORDER_REDUCE) {
      const order = this.#reduce(number, lots);
      if (order !== undefined) this.#listener.changed(order, order.lots + lots, ns);
    } else if (kind === ORDER_REMOVE) {
      const order = this.#resting.get(number);
      this.#resting.delete(number);
      if (order !== undefined) this.#listener.cancelled(order, ns);
    } else if (kind === SNAPSHOT_BEGIN) {
      this.#before = this.#resting;
      this.#resting = new Map();
    } else if (kind === SNAPSHOT_END) {
      for (const order of this.#before.values()) this.#listener.cancelled(order, ns);
      this.#before.clear();
    }
  }

  /** The best first, of one price the oldest. */
  side(isBuy: boolean): RestingOrder[] {
    return [...this.#resting.values()]
      .filter((order) => order.isBuy === isBuy)
      .toSorted((a, b) => (isBuy ? b.priceTicks - a.priceTicks : a.priceTicks - b.priceTicks));
  }

  #open(order: RestingOrder, ns: number): void {
    this.#resting.set(order.number, order);
    this.#listener.opened(order, ns);
  }

  /** The book is laid anew. */
  #again(order: RestingOrder, ns: number): void {
    const known = this.#before.get(order.number);
    this.#before.delete(order.number);
    if (known?.priceTicks === order.priceTicks) {
      const { lots } = known;
      known.lots = order.lots;
      this.#resting.set(order.number, known);
      if (lots !== order.lots) this.#listener.changed(known, lots, ns);
      return;
    }
    if (known !== undefined) this.#listener.cancelled(known, ns);
    this.#open(order, ns);
  }

  #reduce(number: number, lots: number): RestingOrder | undefined {
    const order = this.#resting.get(number);
    if (order === undefined) return undefined;
    order.lots = Math.max(0, order.lots - lots);
    if (order.lots === 0) this.#resting.delete(number);
    return order;
  }
}
