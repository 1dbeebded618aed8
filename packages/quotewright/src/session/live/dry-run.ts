/**
 * All but sending: requests are answered here, as by a venue that takes every order and fills none. An immediate order is cut off whole.
 * Market data, the account and the way for orders are the venue's own.
 */
import { Field, headFlags, headInstrument, headKind, packHead } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import type { VenueAccount, VenueOrder } from '@quotewright/core/trading/venue-account';
import type { TradedVenue } from './venue-trade.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { BUY, IOC, FOK } = OrderFlag;

type Connection = TradedVenue['connection'];

export class DryRun implements Connection {
  /** Requests that were not sent, by kind. */
  readonly counts = { new: 0, cancel: 0, amend: 0 };
  readonly #venue: Connection;
  readonly #reports = new RecordQueue();
  readonly #orders = new Map<number, VenueOrder>();
  readonly #nowNs: () => number;
  readonly #answer: (reports: RecordQueue) => void;

  /** @param answer takes the reports, and empties the queue */
  constructor(venue: Connection, nowNs: () => number, answer: (reports: RecordQueue) => void) {
    this.#venue = venue;
    this.#nowNs = nowNs;
    this.#answer = answer;
  }

  get areOrdersUp(): boolean {
    return this.#venue.areOrdersUp;
  }

  request(data: Float64Array, offset: number): void {
    const head = data[offset + HEAD]! | 0;
    const kind = headKind(head);
    const orderId = data[offset + ORDER_ID]!;
    const [priceTicks, sizeLots] = [data[offset + PRICE_TICKS]!, data[offset + SIZE_LOTS]!];
    const market = headInstrument(head);
    const flags = headFlags(head);
    const known = this.#orders.get(orderId);
    const side = (flags & BUY) === 0 ? Side.SELL : Side.BUY;
    if (kind === RequestKind.NEW) {
      this.counts.new++;
      const order = { orderId, market, side, priceTicks, openLots: sizeLots, filledLots: 0 };
      this.#report(ReportKind.ACK, order, sizeLots, 0);
      if ((flags & (IOC | FOK)) === 0) this.#orders.set(orderId, order);
      else this.#report(ReportKind.CANCELLED, order, sizeLots, Reject.UNFILLED_REST);
    } else if (kind === RequestKind.CANCEL) {
      this.counts.cancel++;
      const order = known ?? { orderId, market, side, priceTicks, openLots: 0, filledLots: 0 };
      this.#orders.delete(orderId);
      // An order of somebody else is not cancelled by who does not send.
      if (known === undefined) this.#report(ReportKind.CANCEL_REJECT, order, 0, Reject.UNKNOWN_ORDER);
      else this.#report(ReportKind.CANCELLED, order, order.openLots, Reject.REQUESTED);
    } else {
      this.counts.amend++;
      const order = { ...(known ?? { orderId, market, side, filledLots: 0 }), priceTicks, openLots: sizeLots };
      if (known !== undefined) this.#orders.set(orderId, order);
      this.#report(
        known === undefined ? ReportKind.AMEND_REJECT : ReportKind.AMENDED,
        order,
        sizeLots,
        known === undefined ? Reject.UNKNOWN_ORDER : 0,
      );
    }
    this.#answer(this.#reports);
  }

  /** The venue's, and the orders that it would have. */
  async account(sinceNs: number): Promise<VenueAccount> {
    const account = await this.#venue.account(sinceNs);
    return { ...account, orders: [...account.orders, ...this.#orders.values()] };
  }

  cancelAll(): Promise<void> {
    this.#orders.clear();
    return Promise.resolve();
  }

  #report(kind: number, order: VenueOrder, lots: number, reason: number): void {
    const nowNs = this.#nowNs();
    const at = this.#reports.reserve();
    const { data } = this.#reports;
    data[at + HEAD] = packHead(kind, order.side === Side.BUY ? BUY : 0, order.market);
    data[at + VENUE_NS] = nowNs;
    data[at + LOCAL_NS] = nowNs;
    data[at + PRICE_TICKS] = order.priceTicks;
    data[at + SIZE_LOTS] = lots;
    data[at + ORDER_ID] = order.orderId;
    data[at + SEQ] = 0;
    data[at + AUX] = reason;
  }
}
