/** Pages of the local Coinbase Exchange that need a key: accounts, orders, fills, fees; and orders placed and cancelled. */
import { Rounding } from '@quotewright/core/base/grid';
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import { asDecimal, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import { difference, trimmed } from '../decimals.ts';
import { lotsFor } from '../coinbase/order-entry.ts';
import { limitOf, marketOf } from '../coinbase/public-pages.ts';
import { MAKER_RATE, TAKER_RATE } from '../coinbase/listing.ts';
import { numberOf, uuidOf } from '../coinbase/render.ts';
import type { ExchangeKey, ExchangeOrder, FaceRequest, FaceResponse, OrderTerms, VenueExchange } from '../contract.ts';
import { acknowledged, notFound, ok, orderRefused, refused } from './answers.ts';
import { restFill, restOrder } from './render.ts';

/** Orders that are taken and end at once, with the reason in words. */
const REJECTED: Readonly<Record<number, string>> = {
  [Reject.POST_ONLY_WOULD_TAKE]: 'post only',
  [Reject.FOK_UNFILLED]: 'fill or kill order could not be filled',
};
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu;

export function privatePage(exchange: VenueExchange, key: ExchangeKey, request: FaceRequest): FaceResponse {
  const { method, path } = request;
  const id = orderName(path);
  if (method !== 'GET' && !key.canTrade) return refused(403, 'Forbidden');
  if (method === 'POST' && path === '/orders') return place(exchange, key, request.body);
  if (method === 'DELETE' && path === '/orders') return cancelAll(exchange, key, request.query);
  if (method === 'DELETE' && id !== undefined) return cancel(exchange, key, id);
  if (method !== 'GET') return notFound;
  if (path === '/accounts') return accounts(exchange, key);
  if (path === '/fees') {
    return ok({ maker_fee_rate: MAKER_RATE, taker_fee_rate: TAKER_RATE, usd_volume: '0' });
  }
  if (path === '/orders') return orders(exchange, key, request.query);
  if (path === '/fills') return fills(exchange, key, request.query);
  const order = id === undefined ? undefined : find(exchange, key, id);
  return order === undefined ? notFound : ok(restOrder(exchange, order));
}

/** What stands behind `/orders/`; undefined when that is nothing, or cannot be read. */
function orderName(path: string): string | undefined {
  try {
    return decodeURIComponent(/^\/orders\/(.+)$/u.exec(path)?.[1] ?? '') || undefined;
  } catch {
    return undefined;
  }
}

function accounts(exchange: VenueExchange, { account }: ExchangeKey): FaceResponse {
  return ok(
    exchange.balances(account).map(({ currency, total, held }, i) => ({
      id: uuidOf(i + 1),
      currency,
      balance: total,
      hold: held,
      available: trimmed(difference(total, held)),
      profile_id: account,
      trading_enabled: true,
      pending_deposit: '0',
    })),
  );
}

function find(exchange: VenueExchange, { account }: ExchangeKey, id: string): ExchangeOrder | undefined {
  if (id.startsWith('client:')) return exchange.orderByClientId(account, id.slice('client:'.length));
  return exchange.order(account, numberOf(id));
}

function orders(exchange: VenueExchange, { account }: ExchangeKey, query: URLSearchParams): FaceResponse {
  const asked = query.getAll('status');
  const statuses = new Set(asked.length === 0 ? ['open', 'pending', 'active'] : asked);
  const isAll = statuses.has('all');
  const symbol = query.get('product_id');
  const found = exchange
    .orders(account)
    .filter(({ status }) => status !== 'rejected' && (isAll || statuses.has(status === 'open' ? 'open' : 'done')))
    .filter(({ market }) => symbol === null || exchange.instruments[market]!.symbol === symbol)
    .toReversed();
  return page(found, query, (order) => restOrder(exchange, order));
}

function fills(exchange: VenueExchange, { account }: ExchangeKey, query: URLSearchParams): FaceResponse {
  const symbol = query.get('product_id');
  const id = query.get('order_id');
  if (symbol === null && id === null) return refused(400, 'product_id or order_id is required');
  const found = exchange
    .fills(account)
    .filter(({ order }) => id === null || uuidOf(order.number) === id)
    .filter(({ order }) => symbol === null || exchange.instruments[order.market]!.symbol === symbol)
    .toReversed();
  return page(found, query, (fill) => restFill(exchange, fill));
}

/** The page behind the cursor `after`, a count of what came before; newest first. */
function page<T>(found: readonly T[], query: URLSearchParams, render: (entry: T) => unknown): FaceResponse {
  const after = query.get('after') ?? '';
  const from = /^\d{1,9}$/u.test(after) ? Number(after) : 0;
  const to = from + limitOf(query, 1000);
  return ok(found.slice(from, to).map(render), to < found.length ? { 'cb-after': String(to) } : {});
}

function place(exchange: VenueExchange, { account }: ExchangeKey, body: string): FaceResponse {
  const request = parseJson(body);
  if (!isObject(request)) return refused(400, 'Invalid JSON');
  const market = marketOf(exchange, asText(request['product_id']));
  const { side } = request;
  const clientId = asText(request['client_oid']);
  if (market < 0) return refused(404, 'Product not found');
  if (side !== 'buy' && side !== 'sell') return refused(400, "Invalid side, expected 'buy' or 'sell'");
  if (clientId !== '' && !UUID.test(clientId)) return refused(400, 'client_oid must be a valid UUID');
  if (clientId !== '' && exchange.orderByClientId(account, clientId)?.status === 'open') {
    return refused(400, 'duplicate client_oid');
  }
  const plan = planOf(exchange, market, side === 'buy' ? Side.BUY : Side.SELL, request);
  if (typeof plan === 'string') return refused(400, plan);
  const order = exchange.place({
    account,
    market,
    side: side === 'buy' ? Side.BUY : Side.SELL,
    isReduceOnly: false,
    clientId,
    ...plan,
  });
  if (order.status !== 'rejected') return acknowledged({ ...restOrder(exchange, order), status: 'pending' });
  const words = REJECTED[order.reason];
  if (words === undefined) return orderRefused(order.reason);
  return ok({ ...restOrder(exchange, order), status: 'rejected', reject_reason: words });
}

/** @returns what is wrong in words */
function planOf(
  exchange: VenueExchange,
  market: number,
  side: Side,
  request: JsonObject,
): Pick<OrderTerms, 'priceTicks' | 'sizeLots' | 'timeInForce' | 'isPostOnly'> | string {
  const { price, size } = exchange.instruments[market]!;
  const funds = asDecimal(request['funds']);
  if (request['type'] === 'market') {
    const text = asDecimal(request['size']);
    const sizeLots = text === '' ? lotsFor(exchange, market, side, funds) : size.parse(text);
    return sizeLots > 0
      ? { priceTicks: undefined, sizeLots, timeInForce: 'IOC', isPostOnly: false }
      : 'size is too small';
  }
  if (request['type'] !== undefined && request['type'] !== 'limit') return 'Invalid order type';
  const sizeText = asDecimal(request['size']);
  const sizeLots = size.parse(sizeText);
  const priceTicks = price.parse(asDecimal(request['price']));
  const timeInForce = request['time_in_force'] ?? 'GTC';
  if (!(sizeLots > 0)) return size.parse(sizeText, Rounding.UP) > 1 ? 'size is too precise' : 'size is too small';
  if (!(priceTicks > 0)) return 'price too precise';
  if (timeInForce !== 'GTC' && timeInForce !== 'IOC' && timeInForce !== 'FOK') return 'Invalid time_in_force';
  return { priceTicks, sizeLots, timeInForce, isPostOnly: request['post_only'] === true };
}

function cancel(exchange: VenueExchange, key: ExchangeKey, id: string): FaceResponse {
  const order = find(exchange, key, id);
  if (order === undefined) return refused(404, 'order not found');
  if (order.status !== 'open') return refused(400, 'Order already done');
  const why = exchange.cancel(key.account, order.number);
  return why === Reject.NONE ? acknowledged(uuidOf(order.number)) : refused(400, 'Order already done');
}

function cancelAll(exchange: VenueExchange, { account }: ExchangeKey, query: URLSearchParams): FaceResponse {
  const symbol = query.get('product_id');
  const open = exchange
    .openOrders(account)
    .filter(({ market }) => symbol === null || exchange.instruments[market]!.symbol === symbol);
  const done = open.map(({ number }) => number).filter((number) => exchange.cancel(account, number) === Reject.NONE);
  return acknowledged(done.map(uuidOf));
}
