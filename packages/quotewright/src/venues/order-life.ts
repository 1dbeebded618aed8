/**
 * The orders of a gateway that places them by REST and hears of them on a private stream: the two may tell the same in any order, and it is
 * reported once.
 */
import type { VenueOrder } from '@quotewright/core/trading/venue-account';
import { type Reject, ReportKind } from '@quotewright/core/trading/records';
import type { OrdersHost } from './contract/orders.ts';
import type { VenueError } from './contract/venue-error.ts';
import { type KnownOrder, KnownOrders } from './known-orders.ts';
import { OrderReportWriter } from './order-reports.ts';

export class OrderLife {
  readonly known = new KnownOrders();
  readonly reports: OrderReportWriter;
  readonly #host: OrdersHost;

  constructor(host: OrdersHost) {
    this.#host = host;
    this.reports = new OrderReportWriter(host.reports);
  }

  /** The venue has it, at the price and size that were asked for. */
  ack(order: KnownOrder, venueNs: number, nowNs: number): void {
    if (order.isAcked || order.hasEnded) return;
    order.isAcked = true;
    this.reports.ack(order, order.priceTicks, order.sizeLots, venueNs, nowNs);
  }

  refuse(order: KnownOrder, reason: Reject, nowNs: number): void {
    if (this.known.end(order)) this.reports.ended(ReportKind.REJECT, order, reason, 0, Number.NaN, nowNs);
  }

  /** A cancel was not done, and the order may stand. */
  refuseCancel(order: KnownOrder, reason: Reject, nowNs: number): void {
    if (!order.hasEnded) this.reports.ended(ReportKind.CANCEL_REJECT, order, reason, 0, Number.NaN, nowNs);
  }

  /** A request to place it has failed: it is refused, unless it may have arrived, or the stream has told of it. */
  notPlaced(order: KnownOrder, error: VenueError): void {
    this.tell(error);
    if (error.mayHaveArrived || order.isAcked) return;
    this.refuse(order, error.reject, this.#host.nowNs());
    this.#host.flush();
  }

  tell(error: VenueError): void {
    const type = error.mayHaveArrived ? 'notice' : 'refused';
    this.#host.tell({ type, detail: error.message, error });
  }

  /** The account has an open order. @returns the one that we placed, when its id was not known yet */
  seen(order: VenueOrder, venueId: string): KnownOrder | undefined {
    if (this.known.byVenueId(venueId) !== undefined) return undefined;
    const ours = this.known.byNumber(order.orderId);
    if (ours !== undefined) return ours;
    const sizeLots = order.openLots + order.filledLots;
    this.known.add({ ...order, number: order.orderId, sizeLots, flags: 0 }, venueId);
    return undefined;
  }
}
