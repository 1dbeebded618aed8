/** Our open orders at Coinbase Advanced Trade, by our number and by the venue's id. */
import { OrderNumbers } from '../order-numbers.ts';
import type { ReportedOrder } from '../order-reports.ts';

export interface OwnOrder extends ReportedOrder {
  /** Index of the instrument in the gateway's set-up. */
  readonly instrument: number;
  /** `OrderFlag`s of the request. */
  readonly flags: number;
  priceTicks: number;
  sizeLots: number;
  /** '' until the venue has told it. */
  venueId: string;
  isAcked: boolean;
  /** A cancel came before the venue's id was known. */
  isCancelWanted: boolean;
  /** Sum of the fills that were reported. */
  filledLots: number;
  /** What the private channel says was filled; fills are fetched until those reported add up to it. */
  cumulativeLots: number;
  /** The venue has ended it: FILLED, CANCELLED, EXPIRED, FAILED; '' = it has not. It is reported when its fills are. */
  end: string;
  /** Executions that were reported. */
  readonly executions: Set<number>;
  /** Requests for its fills that brought nothing new. */
  emptyFetches: number;
}

export class OwnOrders {
  readonly #byNumber = new Map<number, OwnOrder>();
  readonly #byVenueId = new Map<string, OwnOrder>();
  readonly #numbers = new OrderNumbers();

  get all(): Iterable<OwnOrder> {
    return this.#byNumber.values();
  }

  add(order: OwnOrder): void {
    this.#byNumber.set(order.number, order);
    if (order.venueId !== '') this.#byVenueId.set(order.venueId, order);
  }

  /** The venue has told its id. */
  name(order: OwnOrder, venueId: string): void {
    if (order.venueId === venueId || venueId === '') return;
    order.venueId = venueId;
    this.#byVenueId.set(venueId, order);
  }

  of(number: number): OwnOrder | undefined {
    return this.#byNumber.get(number);
  }

  ofVenue(venueId: string): OwnOrder | undefined {
    return this.#byVenueId.get(venueId);
  }

  /** The number of an order, also of one that is not open any more; undefined when it is not known. */
  numberOf(venueId: string): number | undefined {
    return this.#byVenueId.get(venueId)?.number ?? this.#numbers.of(venueId);
  }

  remember(venueId: string, number: number): void {
    this.#numbers.remember(venueId, number);
  }

  remove(order: OwnOrder): void {
    this.#byNumber.delete(order.number);
    this.#byVenueId.delete(order.venueId);
    if (order.filledLots > 0) this.remember(order.venueId, order.number);
  }
}
