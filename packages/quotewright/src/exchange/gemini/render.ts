/** The local Gemini's words for orders, trades and numbers. Source: docs.gemini.com, "Order Status", "Get Past Trades", "Order Events". */
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import type { ExchangeFill, ExchangeOrder, VenueExchange } from '../contract.ts';
import { trimmed } from '../decimals.ts';

const REASONS: Readonly<Partial<Record<Reject, string>>> = {
  [Reject.REQUESTED]: 'Requested',
  [Reject.POST_ONLY_WOULD_TAKE]: 'MakerOrCancelWouldTake',
  [Reject.UNFILLED_REST]: 'ImmediateOrCancelWouldPost',
  [Reject.FOK_UNFILLED]: 'FillOrKillWouldNotFill',
  [Reject.SELF_TRADE]: 'SelfCrossPrevented',
  [Reject.BAD_PRICE]: 'InvalidPrice',
  [Reject.BAD_SIZE]: 'InvalidQuantity',
  [Reject.BAD_NOTIONAL]: 'InvalidQuantity',
  [Reject.INSUFFICIENT_BALANCE]: 'InsufficientFunds',
  [Reject.HALTED]: 'MarketNotOpen',
  [Reject.UNKNOWN_ORDER]: 'OrderNotFound',
};

export function reasonOf(reason: Reject): string {
  return REASONS[reason] ?? 'DuplicateOrder';
}

/** The venue takes these orders, and cancels them at once. */
export function isCancelledAtOnce(order: ExchangeOrder): boolean {
  const { status, reason } = order;
  return (
    status === 'rejected' &&
    (reason === Reject.POST_ONLY_WOULD_TAKE || reason === Reject.FOK_UNFILLED || reason === Reject.SELF_TRADE)
  );
}

export function optionsOf(order: ExchangeOrder): string[] {
  if (order.isPostOnly) return ['maker-or-cancel'];
  if (order.timeInForce === 'IOC') return ['immediate-or-cancel'];
  return order.timeInForce === 'FOK' ? ['fill-or-kill'] : [];
}

/** What pages and events say of an order. */
export function orderFields(exchange: VenueExchange, order: ExchangeOrder): Record<string, unknown> {
  const instrument = exchange.instruments[order.market]!;
  const { price, size, symbol } = instrument;
  const ms = exchange.unixMs(order.placedNs);
  const isCancelled = order.status === 'cancelled' || isCancelledAtOnce(order);
  return {
    order_id: String(order.number),
    symbol,
    side: order.side === Side.BUY ? 'buy' : 'sell',
    timestamp: String(Math.floor(ms / 1000)),
    timestampms: ms,
    is_live: order.status === 'open',
    is_cancelled: isCancelled,
    is_hidden: false,
    avg_execution_price: averageOf(instrument, order),
    executed_amount: trimmed(size.format(order.filledLots)),
    remaining_amount: trimmed(size.format(order.sizeLots - order.filledLots)),
    original_amount: trimmed(size.format(order.sizeLots)),
    ...(order.priceTicks === undefined ? {} : { price: price.format(order.priceTicks) }),
    ...(order.clientId === '' ? {} : { client_order_id: order.clientId }),
    ...(isCancelled ? { reason: reasonOf(order.reason) } : {}),
  };
}

export function orderPage(exchange: VenueExchange, order: ExchangeOrder): Record<string, unknown> {
  return {
    ...orderFields(exchange, order),
    id: String(order.number),
    exchange: 'gemini',
    type: 'exchange limit',
    was_forced: false,
    options: optionsOf(order),
  };
}

export function tradePage(exchange: VenueExchange, fill: ExchangeFill): Record<string, unknown> {
  const { price, size, symbol } = exchange.instruments[fill.order.market]!;
  const ms = exchange.unixMs(fill.ns);
  return {
    price: price.format(fill.priceTicks),
    amount: trimmed(size.format(fill.sizeLots)),
    timestamp: Math.floor(ms / 1000),
    timestampms: ms,
    type: fill.order.side === Side.BUY ? 'Buy' : 'Sell',
    aggressor: !fill.isMaker,
    fee_currency: fill.feeCurrency,
    fee_amount: fill.fee,
    tid: fill.number,
    order_id: String(fill.order.number),
    ...(fill.order.clientId === '' ? {} : { client_order_id: fill.order.clientId }),
    exchange: 'gemini',
    is_auction_fill: false,
    is_clearing_fill: false,
    symbol: symbol.toUpperCase(),
  };
}

/** To the tick below; `0.00` before anything has traded. */
function averageOf({ price }: Instrument, { filledAtoms, filledLots }: ExchangeOrder): string {
  return price.format(filledLots === 0 ? 0 : Number(filledAtoms / BigInt(filledLots)));
}
