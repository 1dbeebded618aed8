/**
 * One product's book order by order, from the `full` channel: order ids (UUIDs) become numbers, and messages become order events. What
 * the messages say of orders that are not in the book is nothing: those never rested, or rested before the snapshot was made.
 * A message that contradicts the book (an order opened twice, more executed than was open) is answered with false.
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, packHead } from '@quotewright/core/market/event';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ } = Field;
const { BUY, LAST, SNAPSHOT } = EventFlag;

interface Resting {
  readonly number: number;
  readonly isBuy: boolean;
  priceTicks: number;
  openLots: number;
}

export class L3Orders {
  isBelieved = false;
  readonly market: number;
  readonly #out: RecordQueue;
  readonly #resting = new Map<string, Resting>();
  #lastNumber = 0;
  #localNs = 0;
  #venueNs = 0;
  #seq = 0;

  constructor(market: number, out: RecordQueue) {
    this.market = market;
    this.#out = out;
  }

  /** A message of this time and number is applied next. */
  begin(venueNs: number, localNs: number, seq: number): void {
    this.#venueNs = venueNs;
    this.#localNs = localNs;
    this.#seq = seq;
  }

  beginSnapshot(): void {
    this.#resting.clear();
    this.isBelieved = true;
    this.#put(EventKind.SNAPSHOT_BEGIN, SNAPSHOT, 0, 0, 0);
  }

  endSnapshot(): void {
    this.#put(EventKind.SNAPSHOT_END, SNAPSHOT | LAST, 0, 0, 0);
  }

  open(id: string, isBuy: boolean, priceTicks: number, lots: number, isSnapshot: boolean): boolean {
    if (this.#resting.has(id)) return false;
    const number = ++this.#lastNumber;
    this.#resting.set(id, { number, isBuy, priceTicks, openLots: lots });
    const flags = (isBuy ? BUY : 0) | (isSnapshot ? SNAPSHOT : LAST);
    this.#put(EventKind.ORDER_ADD, flags, priceTicks, lots, number);
    return true;
  }

  done(id: string): void {
    const order = this.#resting.get(id);
    if (order === undefined) return;
    this.#resting.delete(id);
    this.#put(EventKind.ORDER_REMOVE, sideOf(order) | LAST, order.priceTicks, order.openLots, order.number);
  }

  /** @param isBuy the maker's side */
  match(makerId: string, isBuy: boolean, priceTicks: number, lots: number): boolean {
    const order = this.#resting.get(makerId);
    if (order === undefined) {
      this.#put(EventKind.TRADE, (isBuy ? 0 : BUY) | LAST, priceTicks, lots, 0);
      return true;
    }
    if (lots > order.openLots || order.isBuy !== isBuy) return false;
    order.openLots -= lots;
    // Who builds the book drops an order that is filled, so its `done`, which follows, is not told again.
    if (order.openLots === 0) this.#resting.delete(makerId);
    this.#put(EventKind.ORDER_EXEC, sideOf(order) | LAST, priceTicks, lots, order.number);
    return true;
  }

  /** @param priceTicks NaN when the message tells none */
  change(id: string, priceTicks: number, lots: number): void {
    const order = this.#resting.get(id);
    if (order === undefined) return;
    if (priceTicks === order.priceTicks || priceTicks !== priceTicks) {
      order.openLots = lots;
      this.#put(EventKind.ORDER_SET, sideOf(order) | LAST, order.priceTicks, lots, order.number);
      return;
    }
    this.#put(EventKind.ORDER_REMOVE, sideOf(order), order.priceTicks, order.openLots, order.number);
    order.priceTicks = priceTicks;
    order.openLots = lots;
    this.#put(EventKind.ORDER_ADD, sideOf(order) | LAST, priceTicks, lots, order.number);
  }

  /** One GAP, unless that was said before. @returns whether it was believed until now */
  lose(localNs: number, seq: number): boolean {
    if (!this.isBelieved) return false;
    this.isBelieved = false;
    this.begin(Number.NaN, localNs, seq);
    this.#put(EventKind.GAP, LAST, 0, 0, 0);
    return true;
  }

  #put(kind: number, flags: number, priceTicks: number, lots: number, number: number): void {
    const at = this.#out.reserve();
    const { data } = this.#out;
    data.fill(0, at, at + EVENT_STRIDE);
    data[at + HEAD] = packHead(kind, flags, this.market);
    data[at + VENUE_NS] = this.#venueNs;
    data[at + LOCAL_NS] = this.#localNs;
    data[at + PRICE_TICKS] = priceTicks;
    data[at + SIZE_LOTS] = lots;
    data[at + ORDER_ID] = number;
    data[at + SEQ] = this.#seq;
  }
}

function sideOf({ isBuy }: Resting): number {
  return isBuy ? BUY : 0;
}
