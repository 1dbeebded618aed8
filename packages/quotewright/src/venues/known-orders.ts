/** The orders that a gateway knows, by our number and by the venue's id. Those that ended are forgotten after many others have. */
import { Field, headFlags, headInstrument } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { OrderFlag } from '@quotewright/core/trading/records';

/** Ended orders that are kept: what is late still finds them. */
const KEPT = 4096;

export interface OrderTerms {
  readonly number: number;
  /** Index of its instrument as in HEAD. */
  readonly market: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  /** `OrderFlag`s of the request; 0 of an order that somebody else has placed. */
  readonly flags: number;
}

export interface KnownOrder extends Omit<OrderTerms, 'sizeLots'> {
  /** The venue may have made it smaller. */
  sizeLots: number;
  /** '' until the venue has told it. */
  venueId: string;
  /** The venue's time at which it was placed; NaN until the venue has told it. */
  placedNs: number;
  isAcked: boolean;
  /** It is to be cancelled as soon as its id is known. */
  isCancelDue: boolean;
  hasEnded: boolean;
}

export class KnownOrders {
  readonly #byNumber = new Map<number, KnownOrder>();
  readonly #byVenueId = new Map<string, KnownOrder>();
  readonly #ended: KnownOrder[] = [];

  byNumber(number: number): KnownOrder | undefined {
    return this.#byNumber.get(number);
  }

  byVenueId(venueId: string): KnownOrder | undefined {
    return this.#byVenueId.get(venueId);
  }

  add({ number, market, side, priceTicks, sizeLots, flags }: OrderTerms, venueId = ''): KnownOrder {
    const order: KnownOrder = {
      number,
      market,
      side,
      priceTicks,
      sizeLots,
      flags,
      venueId,
      placedNs: Number.NaN,
      isAcked: venueId !== '',
      isCancelDue: false,
      hasEnded: false,
    };
    this.#byNumber.set(number, order);
    if (venueId !== '') this.#byVenueId.set(venueId, order);
    return order;
  }

  /** The venue has told its id. @returns false when it had before */
  name(order: KnownOrder, venueId: string): boolean {
    if (order.venueId !== '' || venueId === '') return false;
    order.venueId = venueId;
    this.#byVenueId.set(venueId, order);
    return true;
  }

  /** @returns false when it had ended before */
  end(order: KnownOrder): boolean {
    if (order.hasEnded) return false;
    order.hasEnded = true;
    this.#ended.push(order);
    if (this.#ended.length > 2 * KEPT) {
      for (const old of this.#ended.splice(0, KEPT)) {
        if (this.#byNumber.get(old.number) === old) this.#byNumber.delete(old.number);
        if (this.#byVenueId.get(old.venueId) === old) this.#byVenueId.delete(old.venueId);
      }
    }
    return true;
  }
}

/** The order that a NEW at `data[offset]` asks for. */
export function termsOf(data: Float64Array, offset: number): OrderTerms {
  const head = data[offset + Field.HEAD]!;
  const flags = headFlags(head);
  return {
    number: data[offset + Field.ORDER_ID]!,
    market: headInstrument(head),
    side: (flags & OrderFlag.BUY) === 0 ? Side.SELL : Side.BUY,
    priceTicks: data[offset + Field.PRICE_TICKS]!,
    sizeLots: data[offset + Field.SIZE_LOTS]!,
    flags,
  };
}
