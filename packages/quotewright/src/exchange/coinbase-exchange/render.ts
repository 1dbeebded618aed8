/** Orders and fills in the words of Coinbase Exchange. */
import { Side } from '@quotewright/core/market/side';
import { isoTime, uuidOf } from '../coinbase/render.ts';
import { trimmed } from '../decimals.ts';
import type { ExchangeFill, ExchangeOrder, VenueExchange } from '../contract.ts';

export const sideName = (side: Side): 'buy' | 'sell' => (side === Side.BUY ? 'buy' : 'sell');

export function restOrder(exchange: VenueExchange, order: ExchangeOrder): Record<string, unknown> {
  const { symbol, price, size, money } = exchange.instruments[order.market]!;
  const isOpen = order.status === 'open';
  const value = (order.filledAtoms * BigInt(money.numerator)).toString().padStart(money.decimals + 1, '0');
  return {
    id: uuidOf(order.number),
    ...(order.priceTicks === undefined ? {} : { price: trimmed(price.format(order.priceTicks)) }),
    size: trimmed(size.format(order.sizeLots)),
    product_id: symbol,
    profile_id: order.account,
    side: sideName(order.side),
    type: order.priceTicks === undefined ? 'market' : 'limit',
    time_in_force: order.timeInForce,
    post_only: order.isPostOnly,
    created_at: isoTime(exchange, order.placedNs),
    ...(isOpen
      ? {}
      : {
          done_at: isoTime(exchange, order.updatedNs),
          done_reason: order.status === 'filled' ? 'filled' : 'canceled',
        }),
    fill_fees: order.feePaid,
    filled_size: trimmed(size.format(order.filledLots)),
    executed_value: trimmed(
      `${value.slice(0, value.length - money.decimals)}.${value.slice(value.length - money.decimals)}`,
    ),
    status: isOpen ? 'open' : 'done',
    settled: !isOpen,
    ...(order.clientId === '' ? {} : { client_oid: order.clientId }),
  };
}

export function restFill(exchange: VenueExchange, fill: ExchangeFill): Record<string, unknown> {
  const { order } = fill;
  const { symbol, price, size } = exchange.instruments[order.market]!;
  return {
    created_at: isoTime(exchange, fill.ns),
    trade_id: fill.number,
    product_id: symbol,
    order_id: uuidOf(order.number),
    user_id: order.account,
    profile_id: order.account,
    liquidity: fill.isMaker ? 'M' : 'T',
    price: trimmed(price.format(fill.priceTicks)),
    size: trimmed(size.format(fill.sizeLots)),
    fee: fill.fee,
    side: sideName(order.side),
    settled: true,
  };
}
