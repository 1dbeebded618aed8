/** What the private channels of the local Bitstamp say of orders and trades. Source: www.bitstamp.net/websocket/v2, "My orders", "My trades". */
import { Side } from '@quotewright/core/market/side';
import type { ExchangeFill, ExchangeOrder, VenueExchange } from '../contract.ts';
import { micros, orderId, priceText, tradeId, typeOf } from './render.ts';

/** Kinds of orders by what they are: limit, market, immediate, fill or kill. */
const SUBTYPES = { GTC: 0, IOC: 4, FOK: 6 } as const;
const MARKET = 2;

/** @param tradedLots since the event before */
export function orderData(exchange: VenueExchange, order: ExchangeOrder, leftLots: number, tradedLots: number): object {
  const instrument = exchange.instruments[order.market]!;
  const { size } = instrument;
  const time = micros(exchange, tradedLots === 0 && order.status === 'open' ? order.placedNs : order.updatedNs);
  const price = priceText(instrument, order);
  const id = orderId(order.number);
  return {
    id,
    id_str: String(id),
    order_type: typeOf(order.side),
    order_subtype: order.priceTicks === undefined ? MARKET : SUBTYPES[order.timeInForce],
    datetime: time.slice(0, -6),
    microtimestamp: time,
    amount: Number(size.format(leftLots)),
    amount_str: size.format(leftLots),
    amount_traded: size.format(tradedLots),
    amount_at_create: size.format(order.sizeLots),
    price: Number(price),
    price_str: price,
    is_liquidation: false,
    trade_account_id: 0,
    ...(order.clientId === '' ? {} : { client_order_id: order.clientId }),
  };
}

export function tradeData(exchange: VenueExchange, fill: ExchangeFill): object {
  const { price, size } = exchange.instruments[fill.order.market]!;
  const { clientId, number, side } = fill.order;
  return {
    id: tradeId(fill.number),
    id_str: String(tradeId(fill.number)),
    amount: size.format(fill.sizeLots),
    price: price.format(fill.priceTicks),
    microtimestamp: micros(exchange, fill.ns),
    fee: fill.fee,
    order_id: String(orderId(number)),
    ...(clientId === '' ? {} : { client_order_id: clientId }),
    trade_account_id: 0,
    side: side === Side.BUY ? 'buy' : 'sell',
  };
}
