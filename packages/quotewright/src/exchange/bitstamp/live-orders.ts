/**
 * `live_orders` of the local Bitstamp, a market's orders one by one, and the page of single orders. Times are whole milliseconds, and each event
 * names the one before it, as the venue's do. Orders that are over at once are not shown, though the venue shows them: what they take is.
 * Source: www.bitstamp.net/websocket/v2, "Live orders"; frames of August 2026.
 */
import type { ExchangeOrder, VenueExchange } from '../contract.ts';
import { type RestingOrder, RestingOrders } from '../resting-orders.ts';
import { micros, orderId, otherId } from './render.ts';

type LiveEvent = 'order_created' | 'order_changed' | 'order_deleted';
type Row = [price: string, size: string, id: string];

export class LiveOrders {
  readonly #exchange: VenueExchange;
  readonly #market: number;
  readonly #channel: string;
  readonly #orders: RestingOrders;
  /** Whether anybody hears of the orders. */
  readonly #isHeard: () => boolean;
  /** Since the last turn. */
  readonly #frames: string[] = [];
  #events = 0;
  /** Unix milliseconds: nothing that is told from here on is older. */
  #ms: number;

  constructor(exchange: VenueExchange, market: number, isHeard: () => boolean) {
    this.#exchange = exchange;
    this.#market = market;
    this.#channel = `live_orders_${exchange.instruments[market]!.symbol}`;
    this.#isHeard = isHeard;
    this.#ms = exchange.nowMs();
    this.#orders = new RestingOrders({
      opened: (order, ns) => this.#tell('order_created', order, 0, ns),
      traded: (order, lots, ns) => this.#tell(order.lots === 0 ? 'order_deleted' : 'order_changed', order, lots, ns),
      changed: (order, _fromLots, ns) => this.#tell('order_changed', order, 0, ns),
      cancelled: (order, ns) => this.#tell('order_deleted', order, 0, ns),
    });
  }

  note(order: ExchangeOrder): void {
    this.#orders.note(order);
  }

  take(data: Float64Array, at: number): void {
    this.#orders.take(data, at);
  }

  /** The id that all see of an order with a number in the market's records. */
  id(number: number): number {
    const own = this.#orders.own(number);
    return own === undefined ? otherId(number) : orderId(own.number);
  }

  /** Takes the frames of the events so far. */
  frames(): string[] {
    return this.#frames.splice(0);
  }

  /** The market has lived up to now. */
  turn(nowNs: number): void {
    this.#orders.turn();
    this.#ms = Math.max(this.#ms, this.#exchange.unixMs(nowNs));
  }

  /** The page of single orders. */
  page(): { timestamp: string; microtimestamp: string; bids: Row[]; asks: Row[] } {
    const { price, size } = this.#exchange.instruments[this.#market]!;
    const side = (isBuy: boolean) =>
      this.#orders
        .side(isBuy)
        .map((order): Row => [price.format(order.priceTicks), size.format(order.lots), String(this.id(order.number))]);
    const timestamp = String(Math.floor(this.#ms / 1000));
    return { timestamp, microtimestamp: `${this.#ms}000`, bids: side(true), asks: side(false) };
  }

  #tell(event: LiveEvent, order: RestingOrder, tradedLots: number, ns: number): void {
    const previous = this.#events++;
    this.#ms = Math.max(this.#ms, Number(micros(this.#exchange, ns).slice(0, -3)));
    if (!this.#isHeard()) return;
    const { price, size } = this.#exchange.instruments[this.#market]!;
    const [left, paid] = [size.format(order.lots), price.format(order.priceTicks)];
    const id = this.id(order.number);
    const first = this.#orders.own(order.number)?.sizeLots ?? order.firstLots;
    const data = {
      id,
      id_str: String(id),
      order_type: order.isBuy ? 0 : 1,
      order_subtype: 0,
      datetime: String(Math.floor(this.#ms / 1000)),
      microtimestamp: `${this.#ms}000`,
      amount: Number(left),
      amount_str: left,
      amount_traded: size.format(tradedLots),
      amount_at_create: size.format(first),
      price: Number(paid),
      price_str: paid,
      is_liquidation: false,
    };
    const names = { event_id: eventId(this.#events), pre_event_id: eventId(previous), order_source: 'orderbook' };
    this.#frames.push(JSON.stringify({ data, channel: this.#channel, event, ...names }));
  }
}

/** As the venue's: thirty-two hexadecimal digits in five groups. */
function eventId(number: number): string {
  return `00000000-0000-0000-${number.toString(16).padStart(16, '0').replace(/^.{4}/u, '$&-')}`;
}
