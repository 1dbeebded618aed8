/** Orders, fills and times in the words of Coinbase Advanced Trade. */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { nsToIso } from '@quotewright/core/base/time';
import type { ExchangeFill, ExchangeOrder, VenueExchange } from '../contract.ts';
import { trimmed } from '../decimals.ts';

const ORDER_ID = /^0{8}-0{4}-4000-8000-([0-9a-f]{12})$/u;
const PRICE_DECIMALS = 8;

/** The venue's ids are UUIDs: these are made of the exchange's number. */
export function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** NaN: it is no id of this venue. */
export function numberOf(uuid: string): number {
  return Number.parseInt(ORDER_ID.exec(uuid)?.[1] ?? '', 16);
}

export function isoTime(exchange: VenueExchange, ns: number): string {
  return nsToIso(ns, exchange.epochDay);
}

/** The average price of what is filled; '0' without. */
export function averagePrice({ filledAtoms, filledLots }: ExchangeOrder, { price }: Instrument): string {
  if (filledLots === 0) return '0';
  const scaled = (filledAtoms * BigInt(price.numerator) * 10n ** BigInt(PRICE_DECIMALS)) / BigInt(filledLots);
  const digits = scaled.toString().padStart(PRICE_DECIMALS + price.decimals + 1, '0');
  const point = digits.length - PRICE_DECIMALS - price.decimals;
  return trimmed(`${digits.slice(0, point)}.${digits.slice(point)}`);
}

function filledValue({ filledAtoms }: ExchangeOrder, { money }: Instrument): string {
  const digits = (filledAtoms * BigInt(money.numerator)).toString().padStart(money.decimals + 1, '0');
  return trimmed(`${digits.slice(0, digits.length - money.decimals)}.${digits.slice(digits.length - money.decimals)}`);
}

export function statusOf({ status }: ExchangeOrder): string {
  if (status === 'open') return 'OPEN';
  if (status === 'filled') return 'FILLED';
  return status === 'cancelled' ? 'CANCELLED' : 'FAILED';
}

const TIMES_IN_FORCE = { GTC: 'GOOD_UNTIL_CANCELLED', IOC: 'IMMEDIATE_OR_CANCEL', FOK: 'FILL_OR_KILL' } as const;

export function configurationOf(order: ExchangeOrder, { price, size }: Instrument): Record<string, unknown> {
  const base_size = trimmed(size.format(order.sizeLots));
  if (order.priceTicks === undefined) return { market_market_ioc: { base_size } };
  const terms = { base_size, limit_price: trimmed(price.format(order.priceTicks)) };
  if (order.timeInForce === 'IOC') return { sor_limit_ioc: terms };
  if (order.timeInForce === 'FOK') return { limit_limit_fok: terms };
  return { limit_limit_gtc: { ...terms, post_only: order.isPostOnly } };
}

/** As `List Orders` and `Get Order` have it. */
export function restOrder(exchange: VenueExchange, order: ExchangeOrder): Record<string, unknown> {
  const instrument = exchange.instruments[order.market]!;
  const { size } = instrument;
  return {
    order_id: uuidOf(order.number),
    product_id: instrument.symbol,
    user_id: order.account,
    order_configuration: configurationOf(order, instrument),
    side: order.side === Side.BUY ? 'BUY' : 'SELL',
    client_order_id: order.clientId,
    status: statusOf(order),
    time_in_force: TIMES_IN_FORCE[order.timeInForce],
    created_time: isoTime(exchange, order.placedNs),
    completion_percentage: ((order.filledLots / order.sizeLots) * 100).toFixed(2),
    filled_size: trimmed(size.format(order.filledLots)),
    average_filled_price: averagePrice(order, instrument),
    fee: '',
    number_of_fills: String(order.fills.length),
    filled_value: filledValue(order, instrument),
    pending_cancel: false,
    size_in_quote: false,
    total_fees: order.feePaid,
    size_inclusive_of_fees: false,
    settled: order.status !== 'open',
    product_type: 'SPOT',
    order_type: order.priceTicks === undefined ? 'MARKET' : 'LIMIT',
    reject_reason: 'REJECT_REASON_UNSPECIFIED',
    cancel_message: order.status === 'cancelled' ? 'User requested cancel' : '',
    last_fill_time: order.fills.length === 0 ? null : isoTime(exchange, order.fills.at(-1)!.ns),
    last_update_time: isoTime(exchange, order.updatedNs),
  };
}

/** As the `user` channel has it. */
export function channelOrder(exchange: VenueExchange, order: ExchangeOrder): Record<string, unknown> {
  const instrument = exchange.instruments[order.market]!;
  const { size, price } = instrument;
  const isOpen = order.status === 'open';
  return {
    order_id: uuidOf(order.number),
    client_order_id: order.clientId,
    cumulative_quantity: trimmed(size.format(order.filledLots)),
    leaves_quantity: trimmed(size.format(isOpen ? order.sizeLots - order.filledLots : 0)),
    avg_price: averagePrice(order, instrument),
    total_fees: order.feePaid,
    status: statusOf(order),
    product_id: instrument.symbol,
    creation_time: isoTime(exchange, order.placedNs),
    order_side: order.side === Side.BUY ? 'BUY' : 'SELL',
    order_type: order.priceTicks === undefined ? 'Market' : 'Limit',
    cancel_reason: order.status === 'cancelled' ? 'User requested cancel' : '',
    reject_reason: '',
    limit_price: order.priceTicks === undefined ? '0' : trimmed(price.format(order.priceTicks)),
    number_of_fills: String(order.fills.length),
    filled_value: filledValue(order, instrument),
    outstanding_hold_amount: '0',
    post_only: String(order.isPostOnly),
    product_type: 'SPOT',
    time_in_force: TIMES_IN_FORCE[order.timeInForce],
    trigger_status: 'INVALID_ORDER_TYPE',
  };
}

/** As `List Fills` has it. */
export function restFill(exchange: VenueExchange, fill: ExchangeFill): Record<string, unknown> {
  const { order } = fill;
  const { price, size, symbol } = exchange.instruments[order.market]!;
  return {
    // Two orders of one account may meet in one trade.
    entry_id: uuidOf(2 * fill.number + (fill.isMaker ? 1 : 0)),
    trade_id: uuidOf(fill.number),
    order_id: uuidOf(order.number),
    trade_time: isoTime(exchange, fill.ns),
    trade_type: 'FILL',
    price: trimmed(price.format(fill.priceTicks)),
    size: trimmed(size.format(fill.sizeLots)),
    commission: fill.fee,
    product_id: symbol,
    sequence_timestamp: isoTime(exchange, fill.ns),
    liquidity_indicator: fill.isMaker ? 'MAKER' : 'TAKER',
    size_in_quote: false,
    user_id: order.account,
    side: order.side === Side.BUY ? 'BUY' : 'SELL',
  };
}
