/**
 * Orders, cancels and edits as the local Coinbase takes them.
 * Source: docs.cdp.coinbase.com, "Create Order", "Cancel Orders", "Edit Order".
 */
import { Rounding } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import { asList, asObject, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { ExchangeKey, FaceResponse, OrderTerms, VenueExchange } from '../contract.ts';
import { acknowledged, ok, orderRefused, orderRefusedAs, refused } from './answers.ts';
import { marketOf } from './public-pages.ts';
import { numberOf, uuidOf } from './render.ts';

const invalid = (words: string) => refused(400, 'INVALID_ARGUMENT', words);
/** Levels that a market order in quote currency is reckoned with. */
const DEPTH = 200;

type Plan = Pick<OrderTerms, 'priceTicks' | 'sizeLots' | 'timeInForce' | 'isPostOnly'>;

export function placeOrder(exchange: VenueExchange, { account }: ExchangeKey, body: string): FaceResponse {
  const request = parseJson(body);
  if (!isObject(request)) return invalid('body is not JSON');
  const clientId = asText(request['client_order_id']);
  const market = marketOf(exchange, asText(request['product_id']));
  const configuration = asObject(request['order_configuration']) ?? {};
  const { side } = request;
  if (clientId === '') return invalid('client_order_id is required');
  if (side !== 'BUY' && side !== 'SELL') return invalid('side is required');
  if (market < 0) return orderRefusedAs('INVALID_PRODUCT_ID', 'Invalid product_id', 'UNKNOWN', configuration);
  // A name that was used before answers with its order: a request that is sent twice is done once.
  const before = exchange.orderByClientId(account, clientId);
  if (before !== undefined && before.status !== 'rejected') return placed(exchange, before, request);
  const plan = planOf(exchange, market, side === 'BUY' ? Side.BUY : Side.SELL, configuration);
  if (typeof plan === 'number') return orderRefused(plan, configuration);
  if (plan === undefined) return invalid('order_configuration is not supported');
  const order = exchange.place({
    account,
    market,
    side: side === 'BUY' ? Side.BUY : Side.SELL,
    isReduceOnly: false,
    clientId,
    ...plan,
  });
  return order.status === 'rejected' ? orderRefused(order.reason, configuration) : placed(exchange, order, request);
}

function placed(
  exchange: VenueExchange,
  order: OrderTerms & { readonly number: number },
  request: JsonObject,
): FaceResponse {
  const { symbol } = exchange.instruments[order.market]!;
  const side = order.side === Side.BUY ? 'BUY' : 'SELL';
  return acknowledged({
    success: true,
    success_response: { order_id: uuidOf(order.number), product_id: symbol, side, client_order_id: order.clientId },
    order_configuration: request['order_configuration'],
  });
}

/** @returns a `Reject` when sizes or prices are wrong, undefined when there is no such kind of order */
function planOf(
  exchange: VenueExchange,
  market: number,
  side: Side,
  configuration: JsonObject,
): Plan | Reject | undefined {
  const [kind, value] = Object.entries(configuration)[0] ?? [];
  const terms = asObject(value);
  const instrument = exchange.instruments[market]!;
  if (terms === undefined) return undefined;
  if (kind === 'market_market_ioc') {
    const sizeLots =
      terms['quote_size'] === undefined
        ? sizeOf(instrument, terms['base_size'])
        : lotsFor(exchange, market, side, asText(terms['quote_size']));
    return sizeLots > 0 ? { priceTicks: undefined, sizeLots, timeInForce: 'IOC', isPostOnly: false } : Reject.BAD_SIZE;
  }
  if (kind !== 'limit_limit_gtc' && kind !== 'sor_limit_ioc' && kind !== 'limit_limit_fok') return undefined;
  const sizeLots = sizeOf(instrument, terms['base_size']);
  const priceTicks = instrument.price.parse(asText(terms['limit_price']));
  if (!(sizeLots > 0)) return Reject.BAD_SIZE;
  if (!(priceTicks > 0)) return Reject.BAD_PRICE;
  const timeInForce = kind === 'sor_limit_ioc' ? 'IOC' : kind === 'limit_limit_fok' ? 'FOK' : 'GTC';
  return { priceTicks, sizeLots, timeInForce, isPostOnly: timeInForce === 'GTC' && terms['post_only'] === true };
}

function sizeOf({ size }: Instrument, value: unknown): number {
  return size.parse(asText(value));
}

/** How many lots the opposite side has for an amount of quote currency; NaN when the amount is none. */
export function lotsFor(exchange: VenueExchange, market: number, side: Side, amount: string): number {
  const { money } = exchange.instruments[market]!;
  let left = money.parse(amount, Rounding.DOWN);
  if (!(left > 0)) return Number.NaN;
  const prices = new Float64Array(DEPTH);
  const sizes = new Float64Array(DEPTH);
  const count = exchange.top(market, side === Side.BUY ? Side.SELL : Side.BUY, DEPTH, prices, sizes);
  let lots = 0;
  for (let i = 0; i < count && left > 0; i++) {
    const take = Math.min(sizes[i]!, Math.floor(left / prices[i]!));
    lots += take;
    left -= take * prices[i]!;
    if (take < sizes[i]!) break;
  }
  return lots;
}

export function cancelOrders(exchange: VenueExchange, { account }: ExchangeKey, body: string): FaceResponse {
  const request = parseJson(body);
  const ids = isObject(request) ? asList(request['order_ids']).map(asText) : [];
  if (ids.length === 0) return invalid('order_ids is required');
  if (ids.length > 100) return invalid('order_ids has more than 100 entries');
  const results = ids.map((order_id) => {
    const why = exchange.cancel(account, numberOf(order_id));
    const isDone = why === Reject.NONE;
    return {
      success: isDone,
      failure_reason: isDone ? 'UNKNOWN_CANCEL_FAILURE_REASON' : 'UNKNOWN_CANCEL_ORDER',
      order_id,
    };
  });
  return acknowledged({ results });
}

const EDIT_REASONS: Readonly<Record<number, string>> = {
  [Reject.UNKNOWN_ORDER]: 'ORDER_NOT_FOUND',
  [Reject.BAD_PRICE]: 'INVALID_EDITED_PRICE',
  [Reject.BAD_SIZE]: 'INVALID_EDITED_SIZE',
  [Reject.INSUFFICIENT_BALANCE]: 'INSUFFICIENT_FUND',
};

export function editOrder(exchange: VenueExchange, { account }: ExchangeKey, body: string): FaceResponse {
  const request = parseJson(body);
  if (!isObject(request)) return invalid('body is not JSON');
  const order = exchange.order(account, numberOf(asText(request['order_id'])));
  if (order === undefined || order.status !== 'open') return editRefused('ORDER_NOT_FOUND');
  const { price, size } = exchange.instruments[order.market]!;
  if (order.priceTicks === undefined || order.timeInForce !== 'GTC')
    return editRefused('ONLY_LIMIT_ORDER_EDITS_SUPPORTED');
  const priceTicks = request['price'] === undefined ? order.priceTicks : price.parse(asText(request['price']));
  const sizeLots = request['size'] === undefined ? order.sizeLots : size.parse(asText(request['size']));
  if (!(priceTicks > 0)) return editRefused('INVALID_EDITED_PRICE');
  if (!(sizeLots > 0)) return editRefused('INVALID_EDITED_SIZE');
  if (sizeLots <= order.filledLots) return editRefused('CANNOT_EDIT_TO_BELOW_FILLED_SIZE');
  const why = exchange.amend(account, order.number, priceTicks, sizeLots);
  if (why !== Reject.NONE) return editRefused(EDIT_REASONS[why] ?? 'COMMANDER_REJECTED_EDIT_ORDER');
  const order_id = uuidOf(order.number);
  return acknowledged({ success: true, success_response: { order_id }, order_id, errors: [] });
}

function editRefused(reason: string): FaceResponse {
  return ok({ success: false, errors: [{ edit_failure_reason: reason }] });
}
