/**
 * The local Gemini's private pages: orders, trades, balances, fees, roles.
 * Source: docs.gemini.com, "New Order", "Cancel Order", "Order Status", "Get Past Trades", "Get Available Balances", "Get Notional Volume".
 */
import { Side } from '@quotewright/core/market/side';
import { asDecimal, asInteger, asList, asText } from '../../data/json.ts';
import type { ExchangeOrder, FaceResponse, VenueExchange } from '../contract.ts';
import { notFound, ok, refused } from './answers.ts';
import type { SignedRequest } from './auth.ts';
import { isCancelledAtOnce, orderPage, reasonOf, tradePage } from './render.ts';
import { difference, trimmed } from '../decimals.ts';

type Page = (exchange: VenueExchange, request: SignedRequest) => FaceResponse;

const PAGES: Readonly<Record<string, Page>> = {
  '/v1/order/new': place,
  '/v1/order/cancel': cancel,
  '/v1/order/cancel/all': cancelAll,
  '/v1/order/cancel/session': cancelAll,
  '/v1/order/status': status,
  '/v1/orders': (exchange, { key }) => ok(exchange.openOrders(key.account).map((order) => orderPage(exchange, order))),
  '/v1/mytrades': trades,
  '/v1/balances': balances,
  '/v1/notionalvolume': fees,
  '/v1/heartbeat': () => ok({ result: 'ok' }),
  '/v1/roles': (_, { key }) => ok({ isAuditor: !key.canTrade, isFundManager: key.canWithdraw, isTrader: key.canTrade }),
};

/** What keys without the role of a trader may not do. */
const OF_TRADERS = /^\/v1\/(?:order\/(?:new|cancel)|heartbeat)/u;

export function privatePage(exchange: VenueExchange, path: string, request: SignedRequest): FaceResponse {
  const page = PAGES[path];
  if (page === undefined) return notFound;
  if (OF_TRADERS.test(path) && !request.key.canTrade) {
    const words =
      'To access this endpoint, you need to log in to the website and go to the settings page to assign one of these roles [Trader]';
    return refused(403, 'MissingRole', words);
  }
  return page(exchange, request);
}

function place(exchange: VenueExchange, { key: { account }, payload }: SignedRequest): FaceResponse {
  const symbol = asText(payload['symbol']);
  const market = exchange.instruments.findIndex((instrument) => instrument.symbol === symbol.toLowerCase());
  if (market < 0) {
    const list = exchange.instruments.map((instrument) => `'${instrument.symbol.toUpperCase()}'`).join(', ');
    return refused(
      400,
      'InvalidSymbol',
      `Received bad symbol '${symbol}' but expected a supported symbol from [${list}]`,
    );
  }
  const type = asText(payload['type']);
  if (type !== 'exchange limit') {
    return refused(400, 'InvalidOrderType', `Invalid order type for symbol ${symbol.toUpperCase()}: '${type}'`);
  }
  const side = asText(payload['side']).toLowerCase();
  if (side !== 'buy' && side !== 'sell') return refused(400, 'InvalidSide', `Invalid side for symbol: '${side}'`);
  const { price, size, minSizeLots } = exchange.instruments[market]!;
  const priceTicks = price.parse(asDecimal(payload['price']));
  const sizeLots = size.parse(asDecimal(payload['amount']));
  if (!(priceTicks > 0)) {
    const words = `Invalid price for symbol ${symbol.toUpperCase()}: ${asDecimal(payload['price'])}`;
    return refused(400, 'InvalidPrice', words);
  }
  if (!(sizeLots >= minSizeLots)) {
    const words = `Invalid quantity for symbol ${symbol.toUpperCase()}: ${asDecimal(payload['amount'])}`;
    return refused(400, 'InvalidQuantity', words);
  }
  const options = asList(payload['options']);
  const [option] = options;
  if (options.length > 1)
    return refused(400, 'ConflictingOptions', 'A single order supports at most one of these options');
  const isKnown = option === 'maker-or-cancel' || option === 'immediate-or-cancel' || option === 'fill-or-kill';
  if (option !== undefined && !isKnown) {
    return refused(400, 'UnsupportedOption', `Option ${JSON.stringify(option)} is not supported.`);
  }
  const clientId = asText(payload['client_order_id']);
  if (clientId.length > 100)
    return refused(400, 'ClientOrderIdTooLong', 'The Client Order ID must be under 100 characters');
  const order = exchange.place({
    account,
    market,
    side: side === 'buy' ? Side.BUY : Side.SELL,
    priceTicks,
    sizeLots,
    timeInForce: option === 'immediate-or-cancel' ? 'IOC' : option === 'fill-or-kill' ? 'FOK' : 'GTC',
    isPostOnly: option === 'maker-or-cancel',
    isReduceOnly: false,
    clientId,
  });
  if (order.status !== 'rejected' || isCancelledAtOnce(order)) return ok(orderPage(exchange, order), true);
  const reason = reasonOf(order.reason);
  const words = `Failed to place ${side} order on symbol '${symbol.toUpperCase()}' for price ${price.format(priceTicks)} and quantity ${trimmed(size.format(sizeLots))}: ${reason}`;
  return refused(reason === 'InsufficientFunds' ? 406 : 400, reason, words);
}

function cancel(exchange: VenueExchange, { key: { account }, payload }: SignedRequest): FaceResponse {
  const order = orderOf(exchange, account, asDecimal(payload['order_id']));
  if (order === undefined) return missing(asDecimal(payload['order_id']));
  exchange.cancel(account, order.number);
  return ok(orderPage(exchange, exchange.order(account, order.number) ?? order), true);
}

function cancelAll(exchange: VenueExchange, { key: { account } }: SignedRequest): FaceResponse {
  const cancelledOrders: number[] = [];
  const cancelRejects: number[] = [];
  for (const { number } of exchange.openOrders(account)) {
    (exchange.cancel(account, number) === 0 ? cancelledOrders : cancelRejects).push(number);
  }
  return ok({ result: 'ok', details: { cancelledOrders, cancelRejects } }, true);
}

function status(exchange: VenueExchange, { key: { account }, payload }: SignedRequest): FaceResponse {
  const name = asText(payload['client_order_id']);
  const order =
    name === '' ? orderOf(exchange, account, asDecimal(payload['order_id'])) : exchange.orderByClientId(account, name);
  return order === undefined ? missing(asDecimal(payload['order_id'])) : ok(orderPage(exchange, order));
}

/** Newest first. */
function trades(exchange: VenueExchange, { key: { account }, payload }: SignedRequest): FaceResponse {
  const symbol = asText(payload['symbol']).toLowerCase();
  const limit = Math.min(500, Math.max(1, asInteger(payload['limit_trades'] ?? 50) || 50));
  const since = payload['timestamp'] === undefined ? 0 : asInteger(payload['timestamp']);
  if (!(since >= 0)) {
    const words = `Received invalid timestamp '${asDecimal(payload['timestamp'])}'.  Timestamp field in payload must be either a string or an int representing seconds or milliseconds that can be parsed to a valid date and time.`;
    return refused(400, 'InvalidTimestampInPayload', words);
  }
  // Seconds or milliseconds.
  const sinceMs = since < 1e11 ? since * 1000 : since;
  const fills = exchange.fills(account).filter(({ order, ns }) => {
    const isAsked = symbol === '' || exchange.instruments[order.market]!.symbol === symbol;
    return isAsked && exchange.unixMs(ns) >= sinceMs;
  });
  return ok(
    fills
      .slice(-limit)
      .toReversed()
      .map((fill) => tradePage(exchange, fill)),
  );
}

function balances(exchange: VenueExchange, { key: { account } }: SignedRequest): FaceResponse {
  return ok(
    exchange.balances(account).map(({ currency, total, held }) => ({
      type: 'exchange',
      currency,
      amount: total,
      available: trimmed(difference(total, held)),
      availableForWithdrawal: trimmed(difference(total, held)),
    })),
  );
}

/** Basis points. */
const points = (rate: string | undefined): number => Number((Number(rate ?? '0') * 10_000).toFixed(6));

function fees(exchange: VenueExchange): FaceResponse {
  const schedule = exchange.instruments[0]?.spec.fees;
  const [maker, taker] = [points(schedule?.maker), points(schedule?.taker)];
  return ok({
    date: new Date(exchange.nowMs()).toISOString().slice(0, 10),
    last_updated_ms: exchange.nowMs(),
    web_maker_fee_bps: maker,
    web_taker_fee_bps: taker,
    web_auction_fee_bps: taker,
    api_maker_fee_bps: maker,
    api_taker_fee_bps: taker,
    api_auction_fee_bps: taker,
    fix_maker_fee_bps: maker,
    fix_taker_fee_bps: taker,
    fix_auction_fee_bps: taker,
    notional_30d_volume: 0,
    notional_1d_volume: [],
  });
}

function orderOf(exchange: VenueExchange, account: string, id: string): ExchangeOrder | undefined {
  return /^\d{1,15}$/u.test(id) ? exchange.order(account, Number(id)) : undefined;
}

function missing(id: string): FaceResponse {
  return refused(404, 'OrderNotFound', `Order ${id} not found`);
}
