/**
 * The local Bitstamp's private pages: orders, their ends and replacements, transactions, balances, fees, tokens.
 * Source: www.bitstamp.net/api, "Orders", "Account balances", "User transactions", "Fees", "Websockets token".
 */
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import type { ExchangeKey, ExchangeOrder, FaceResponse, OrderTerms, VenueExchange } from '../contract.ts';
import { difference } from '../decimals.ts';
import { notFound, ok, orderNotFound, refused } from './answers.ts';
import {
  isTaken,
  openOrder,
  orderId,
  orderNumber,
  orderStatus,
  pairOf,
  placedOrder,
  transaction,
  typeOf,
} from './render.ts';

const MOST = 1000;

export function privatePage(
  exchange: VenueExchange,
  key: ExchangeKey,
  path: string,
  form: URLSearchParams,
): FaceResponse {
  const [, page = '', symbol] =
    /^\/api\/v2\/((?:buy|sell)(?:\/market)?|open_orders|cancel_all_orders|cancel_order|replace_order|order_status|user_transactions|account_balances|fees\/trading)\/(?:([a-z0-9-]+)\/)?$/u.exec(
      path,
    ) ?? [];
  const isAll = symbol === undefined || symbol === 'all';
  const market = exchange.instruments.findIndex((instrument) => instrument.symbol === symbol);
  if (page === '' || (!isAll && market < 0)) return notFound;
  if (page === 'account_balances') return balances(exchange, key);
  if (page === 'fees/trading') return fees(exchange, market);
  if (page === 'open_orders') {
    const orders = exchange.openOrders(key.account).filter((order) => isAll || order.market === market);
    return ok(orders.map((order) => openOrder(exchange, order)));
  }
  if (page === 'order_status') return status(exchange, key, form);
  if (page === 'user_transactions') return transactions(exchange, key, isAll ? -1 : market, form);
  if (!key.canTrade) return refused(403, '403.001', 'No permission found');
  if (page === 'cancel_order') return cancel(exchange, key, form);
  if (page === 'cancel_all_orders') return cancelAll(exchange, key, isAll ? -1 : market);
  if (page === 'replace_order') return replace(exchange, key, form);
  return market < 0 ? notFound : place(exchange, termsOf(exchange, key, market, page, form));
}

/** @returns the refusal when it is no order */
function termsOf(
  exchange: VenueExchange,
  { account }: ExchangeKey,
  market: number,
  page: string,
  form: URLSearchParams,
): OrderTerms | FaceResponse {
  const { price, size } = exchange.instruments[market]!;
  const isMarket = page.endsWith('/market');
  const sizeLots = size.parse(form.get('amount') ?? '');
  const priceTicks = isMarket ? undefined : price.parse(form.get('price') ?? '');
  if (form.get('amount') === null) return refused(400, '400.005', 'This field is required.', 'amount');
  if (!isMarket && form.get('price') === null) return refused(400, '400.006', 'This field is required.', 'price');
  if (!(sizeLots > 0)) return wrongDecimals('amount', size.decimals, sizeLots);
  if (priceTicks !== undefined && !(priceTicks > 0)) return wrongDecimals('price', price.decimals, priceTicks);
  const clientId = form.get('client_order_id') ?? '';
  if (clientId !== '' && exchange.orderByClientId(account, clientId) !== undefined) {
    return refused(400, '400.019', 'Provided client_order_id already exists.', 'client_order_id');
  }
  const has = (option: string) => (form.get(option) ?? '').toLowerCase() === 'true';
  return {
    account,
    market,
    side: page.startsWith('buy') ? Side.BUY : Side.SELL,
    priceTicks,
    sizeLots,
    timeInForce: isMarket || has('ioc_order') ? 'IOC' : has('fok_order') ? 'FOK' : 'GTC',
    isPostOnly: has('moc_order'),
    isReduceOnly: false,
    clientId,
  };
}

function place(exchange: VenueExchange, terms: OrderTerms | FaceResponse): FaceResponse {
  if ('status' in terms) return terms;
  const order = exchange.place(terms);
  return order.status === 'rejected' ? rejected(exchange, order) : ok(placedOrder(exchange, order), true);
}

/** Orders that find no counterparty, or would take, are taken and cancelled at once: the venue answers as to any other. */
function rejected(exchange: VenueExchange, order: ExchangeOrder): FaceResponse {
  const { base, quote, spec } = exchange.instruments[order.market]!;
  const { reason, side } = order;
  if (reason === Reject.INSUFFICIENT_BALANCE) {
    const currency = side === Side.BUY ? quote : base;
    const has = exchange.balances(order.account).find((each) => each.currency === currency)?.total ?? '0';
    const words = `You have only ${has} ${currency} available. Check your account balance for details.`;
    return refused(400, '400.009', words);
  }
  if (reason === Reject.BAD_NOTIONAL || reason === Reject.BAD_SIZE) {
    return refused(400, '400.020', `Minimum order size is ${spec.minNotional ?? '0'} ${quote}.`);
  }
  if (reason === Reject.BAD_PRICE) return refused(400, '400.021', 'Price is more than 20% below market price.');
  if (reason === Reject.HALTED) return refused(400, '400.003', 'Trading for provided market is disabled.');
  return isTaken(order)
    ? ok(placedOrder(exchange, order), true)
    : refused(400, '400.001', 'Order could not be placed.');
}

/** Off the grid, or none. */
function wrongDecimals(field: string, decimals: number, steps: number): FaceResponse {
  const isBelow = steps <= 0;
  const words = isBelow
    ? 'Ensure this value is greater than or equal to 1E-8.'
    : `Ensure that there are no more than ${decimals} decimal places.`;
  return refused(400, field === 'amount' ? '400.026' : '400.007', words, field);
}

function find(exchange: VenueExchange, { account }: ExchangeKey, form: URLSearchParams): ExchangeOrder | undefined {
  const name = form.get('client_order_id') ?? form.get('orig_client_order_id') ?? '';
  if (name !== '' && form.get('id') === null) return exchange.orderByClientId(account, name);
  const number = orderNumber(form.get('id') ?? '');
  return Number.isNaN(number) ? undefined : exchange.order(account, number);
}

function cancel(exchange: VenueExchange, key: ExchangeKey, form: URLSearchParams): FaceResponse {
  const order = find(exchange, key, form);
  if (order === undefined || exchange.cancel(key.account, order.number) !== Reject.NONE) return orderNotFound;
  return ok(cancelled(exchange, order), true);
}

function cancelled(exchange: VenueExchange, order: ExchangeOrder): object {
  const instrument = exchange.instruments[order.market]!;
  const { price, size } = instrument;
  return {
    ...placedOrder(exchange, order),
    id: orderId(order.number),
    amount: Number(size.format(order.sizeLots - order.filledLots)),
    price: Number(price.format(order.priceTicks ?? 0)),
    type: typeOf(order.side),
    market: pairOf(instrument),
    status: 'Canceled',
  };
}

function cancelAll(exchange: VenueExchange, { account }: ExchangeKey, market: number): FaceResponse {
  const canceled: object[] = [];
  for (const order of exchange.openOrders(account)) {
    if (market >= 0 && order.market !== market) continue;
    if (exchange.cancel(account, order.number) === Reject.NONE) canceled.push(cancelled(exchange, order));
  }
  return ok({ canceled, success: true }, true);
}

/** The order is cancelled, and another one with the new terms takes its place at the back of the queue. */
function replace(exchange: VenueExchange, key: ExchangeKey, form: URLSearchParams): FaceResponse {
  const order = find(exchange, key, form);
  if (order?.status !== 'open') return orderNotFound;
  const words = new URLSearchParams(form);
  if (words.get('client_order_id') === order.clientId) words.delete('client_order_id');
  const terms = termsOf(exchange, key, order.market, order.side === Side.BUY ? 'buy' : 'sell', words);
  if (!('status' in terms)) exchange.cancel(key.account, order.number);
  return place(exchange, terms);
}

function status(exchange: VenueExchange, key: ExchangeKey, form: URLSearchParams): FaceResponse {
  const order = find(exchange, key, form);
  return order === undefined ? orderNotFound : ok(orderStatus(exchange, order));
}

function transactions(
  exchange: VenueExchange,
  { account }: ExchangeKey,
  market: number,
  form: URLSearchParams,
): FaceResponse {
  const number = (name: string, otherwise: number) => (form.get(name) === null ? otherwise : Number(form.get(name)));
  const [offset, limit, since] = [number('offset', 0), number('limit', 100), number('since_timestamp', 0)];
  if (!(offset >= 0)) return refused(400, '400.010', 'Invalid offset.', 'offset');
  if (!(limit > 0 && limit <= MOST)) return refused(400, '400.011', 'Invalid limit.', 'limit');
  if (!(since >= 0)) return refused(400, '400.013', 'Invalid since_timestamp.', 'since_timestamp');
  const fills = exchange
    .fills(account)
    .filter(({ order, ns }) => (market < 0 || order.market === market) && exchange.unixMs(ns) >= since * 1000);
  const sorted = form.get('sort') === 'asc' ? fills : fills.toReversed();
  return ok(sorted.slice(offset, offset + limit).map((fill) => transaction(exchange, fill)));
}

function balances(exchange: VenueExchange, { account }: ExchangeKey): FaceResponse {
  return ok(
    exchange.balances(account).map(({ currency, total, held }) => ({
      currency: currency.toLowerCase(),
      total,
      available: difference(total, held),
      reserved: held,
    })),
  );
}

const perCent = (rate: string | undefined): string => String(Number((Number(rate ?? '0') * 100).toFixed(8)));

function fees(exchange: VenueExchange, market: number): FaceResponse {
  const of = exchange.instruments.map(({ symbol, spec }) => ({
    currency_pair: symbol,
    market: symbol,
    fees: { maker: perCent(spec.fees?.maker), taker: perCent(spec.fees?.taker) },
  }));
  return ok(market < 0 ? of : of[market]);
}
