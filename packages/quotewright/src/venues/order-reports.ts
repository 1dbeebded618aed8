/** Writes reports on own orders as records (`trading/records.ts`) for the gateways of venues. */
import { Field, packHead } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { OrderFlag, type Reject, ReportKind } from '@quotewright/core/trading/records';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;

/** What reports say of an order beside what has happened. */
export interface ReportedOrder {
  /** Our number of it. */
  readonly number: number;
  /** Index of its instrument as in HEAD. */
  readonly market: number;
  readonly side: Side;
}

export class OrderReportWriter {
  readonly #out: RecordQueue;

  constructor(out: RecordQueue) {
    this.#out = out;
  }

  /** ACK: it stands at a price with a total size. */
  ack(order: ReportedOrder, priceTicks: number, sizeLots: number, venueNs: number, localNs: number): void {
    this.#put(ReportKind.ACK, 0, order, venueNs, localNs, priceTicks, sizeLots, 0, 0);
  }

  /** AMENDED: it stands at a price with a total size. */
  amended(
    order: ReportedOrder,
    keepsPlace: boolean,
    priceTicks: number,
    sizeLots: number,
    venueNs: number,
    localNs: number,
  ): void {
    const flags = keepsPlace ? OrderFlag.KEPT_PLACE : 0;
    this.#put(ReportKind.AMENDED, flags, order, venueNs, localNs, priceTicks, sizeLots, 0, 0);
  }

  fill(
    order: ReportedOrder,
    priceTicks: number,
    sizeLots: number,
    execution: number,
    feePpb: number,
    isMaker: boolean,
    venueNs: number,
    localNs: number,
  ): void {
    const flags = isMaker ? OrderFlag.MAKER : 0;
    this.#put(ReportKind.FILL, flags, order, venueNs, localNs, priceTicks, sizeLots, execution, feePpb);
  }

  /** REJECT, CANCELLED (`cutLots` were cut off), CANCEL_REJECT, AMEND_REJECT. */
  ended(
    kind:
      | typeof ReportKind.REJECT
      | typeof ReportKind.CANCELLED
      | typeof ReportKind.CANCEL_REJECT
      | typeof ReportKind.AMEND_REJECT,
    order: ReportedOrder,
    reason: Reject,
    cutLots: number,
    venueNs: number,
    localNs: number,
  ): void {
    this.#put(kind, 0, order, venueNs, localNs, 0, cutLots, 0, reason);
  }

  #put(
    kind: ReportKind,
    flags: number,
    { number, market, side }: ReportedOrder,
    venueNs: number,
    localNs: number,
    priceTicks: number,
    sizeLots: number,
    seq: number,
    aux: number,
  ): void {
    const out = this.#out;
    const at = out.reserve();
    const { data } = out;
    data[at + HEAD] = packHead(kind, flags | (side === Side.BUY ? OrderFlag.BUY : 0), market);
    data[at + VENUE_NS] = venueNs;
    data[at + LOCAL_NS] = localNs;
    data[at + PRICE_TICKS] = priceTicks;
    data[at + SIZE_LOTS] = sizeLots;
    data[at + ORDER_ID] = number;
    data[at + SEQ] = seq;
    data[at + AUX] = aux;
  }
}
