/** Our orders at Kraken, by our number and by the venue's id, and requests that are not answered yet. */
import type { Side } from '@quotewright/core/market/side';

/** Finished orders are known for a while: a fill may be told of late. */
const FINISHED = 512;

export interface OwnOrder {
  readonly number: number;
  /** Index of the instrument in the gateway's set-up, and in HEAD. */
  readonly instrument: number;
  readonly market: number;
  readonly side: Side;
  priceTicks: number;
  sizeLots: number;
  /** Local time of when it was sent, and when it was last amended. */
  placedNs: number;
  touchedNs: number;
  /** '' until the venue has told it. */
  venueId: string;
  isAcked: boolean;
  isFinished: boolean;
  /** Sum of the executions that were reported. */
  filledLots: number;
  /** Executions that were reported. */
  readonly executions: Set<string>;
}

export type Pending =
  | { readonly type: 'new' | 'cancel'; readonly order: OwnOrder }
  | { readonly type: 'amend'; readonly order: OwnOrder; readonly priceTicks: number; readonly sizeLots: number };

export function ownOrder(
  terms: Pick<OwnOrder, 'number' | 'instrument' | 'market' | 'side' | 'priceTicks' | 'sizeLots'>,
  nowNs: number,
): OwnOrder {
  return {
    ...terms,
    placedNs: nowNs,
    touchedNs: nowNs,
    venueId: '',
    isAcked: false,
    isFinished: false,
    filledLots: 0,
    executions: new Set(),
  };
}

export class OwnOrders {
  readonly #byNumber = new Map<number, OwnOrder>();
  readonly #byVenueId = new Map<string, OwnOrder>();
  readonly #finished: OwnOrder[] = [];

  add(order: OwnOrder): void {
    this.#byNumber.set(order.number, order);
  }

  /** The venue has told its id. */
  name(order: OwnOrder, venueId: string): void {
    if (venueId === '' || order.venueId === venueId) return;
    order.venueId = venueId;
    this.#byVenueId.set(venueId, order);
  }

  of(number: number): OwnOrder | undefined {
    return this.#byNumber.get(number);
  }

  ofVenue(venueId: string): OwnOrder | undefined {
    return this.#byVenueId.get(venueId);
  }

  /** None of them may still stand. */
  get areFinished(): boolean {
    return this.#byNumber.size === this.#finished.length;
  }

  finish(order: OwnOrder): void {
    if (order.isFinished) return;
    order.isFinished = true;
    this.#finished.push(order);
    if (this.#finished.length <= FINISHED) return;
    const oldest = this.#finished.shift()!;
    this.#byNumber.delete(oldest.number);
    this.#byVenueId.delete(oldest.venueId);
  }
}
