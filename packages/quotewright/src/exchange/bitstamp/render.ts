/** The local Bitstamp's words for orders, trades, times and numbers. Source: www.bitstamp.net/api, www.bitstamp.net/websocket/v2. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import type { ExchangeFill, ExchangeOrder, VenueExchange } from '../contract.ts';

/** Ids have the size of the venue's. */
const FIRST_ORDER = 1_600_000_000_000_000;
/** Of others, by their number in the market's records. */
const FIRST_OTHER = 1_700_000_000_000_000;
const FIRST_TRADE = 300_000_000;
/** What a market order shows in place of a price. */
const NO_PRICE = '999999999.00';

export const orderId = (number: number): number => FIRST_ORDER + number;
export const otherId = (bookNumber: number): number => FIRST_OTHER + bookNumber;
export const tradeId = (number: number): number => FIRST_TRADE + number;

/** NaN when it is none of ours. */
export function orderNumber(id: string): number {
  const number = /^\d{1,16}$/u.test(id) ? Number(id) - FIRST_ORDER : Number.NaN;
  return number > 0 ? number : Number.NaN;
}

/** The venue takes these orders, and cancels them at once. */
export function isTaken({ status, reason }: ExchangeOrder): boolean {
  const { POST_ONLY_WOULD_TAKE, FOK_UNFILLED, SELF_TRADE } = Reject;
  return status === 'rejected' && (reason === POST_ONLY_WOULD_TAKE || reason === FOK_UNFILLED || reason === SELF_TRADE);
}

/** Unix microseconds. */
export function micros(exchange: VenueExchange, ns: number): string {
  const below = Math.floor(ns / 1e3) % 1e3;
  return `${exchange.unixMs(ns)}${String(below).padStart(3, '0')}`;
}

/** `YYYY-MM-DD HH:MM:SS.ffffff` */
export function dateTime(exchange: VenueExchange, ns: number): string {
  const text = new Date(exchange.unixMs(ns)).toISOString();
  const below = Math.floor(ns / 1e3) % 1e3;
  return `${text.slice(0, 10)} ${text.slice(11, 23)}${String(below).padStart(3, '0')}`;
}

export const typeOf = (side: Side): 0 | 1 => (side === Side.BUY ? 0 : 1);

export function priceText({ price }: Instrument, order: ExchangeOrder): string {
  return order.priceTicks === undefined ? NO_PRICE : price.format(order.priceTicks);
}

/** In `open_orders`. */
export function openOrder(exchange: VenueExchange, order: ExchangeOrder): object {
  const instrument = exchange.instruments[order.market]!;
  return {
    id: String(orderId(order.number)),
    datetime: dateTime(exchange, order.placedNs),
    type: String(typeOf(order.side)),
    price: priceText(instrument, order),
    amount: instrument.size.format(order.sizeLots - order.filledLots),
    amount_at_create: instrument.size.format(order.sizeLots),
    currency_pair: pairOf(instrument),
    market: pairOf(instrument),
    client_order_id: order.clientId,
  };
}

/** The answer to an order. */
export function placedOrder(exchange: VenueExchange, order: ExchangeOrder): object {
  const instrument = exchange.instruments[order.market]!;
  return {
    id: String(orderId(order.number)),
    market: pairOf(instrument),
    datetime: dateTime(exchange, order.placedNs),
    type: String(typeOf(order.side)),
    price: priceText(instrument, order),
    amount: instrument.size.format(order.sizeLots),
    client_order_id: order.clientId,
  };
}

export function orderStatus(exchange: VenueExchange, order: ExchangeOrder): object {
  const instrument = exchange.instruments[order.market]!;
  const { base, quote, price, size } = instrument;
  const words = { open: 'Open', filled: 'Finished', cancelled: 'Canceled', rejected: 'Canceled' } as const;
  return {
    id: orderId(order.number),
    datetime: dateTime(exchange, order.placedNs),
    type: String(typeOf(order.side)),
    status: words[order.status],
    market: pairOf(instrument),
    price: priceText(instrument, order),
    amount_remaining: size.format(order.sizeLots - order.filledLots),
    client_order_id: order.clientId,
    transactions: order.fills.map((fill) => ({
      tid: tradeId(fill.number),
      price: price.format(fill.priceTicks),
      [base.toLowerCase()]: size.format(fill.sizeLots),
      [quote.toLowerCase()]: worth(instrument, fill),
      fee: fill.fee,
      datetime: dateTime(exchange, fill.ns),
      type: 2,
    })),
  };
}

/** In `user_transactions`. */
export function transaction(exchange: VenueExchange, fill: ExchangeFill): object {
  const instrument = exchange.instruments[fill.order.market]!;
  const { base, quote, price, size } = instrument;
  const isBuy = fill.order.side === Side.BUY;
  const [lower, counter] = [base.toLowerCase(), quote.toLowerCase()];
  return {
    id: tradeId(fill.number),
    datetime: dateTime(exchange, fill.ns),
    type: '2',
    fee: fill.fee,
    order_id: orderId(fill.order.number),
    [lower]: `${isBuy ? '' : '-'}${size.format(fill.sizeLots)}`,
    [counter]: `${isBuy ? '-' : ''}${worth(instrument, fill)}`,
    [`${lower}_${counter}`]: price.format(fill.priceTicks),
  };
}

export function pairOf({ base, quote }: Instrument): string {
  return `${base}/${quote}`;
}

/** Exactly. */
function worth({ money }: Instrument, { priceTicks, sizeLots }: ExchangeFill): string {
  const digits = String(BigInt(priceTicks) * BigInt(sizeLots) * BigInt(money.numerator)).padStart(money.scale + 1, '0');
  return money.scale <= 0 ? digits : `${digits.slice(0, -money.scale)}.${digits.slice(-money.scale)}`;
}
