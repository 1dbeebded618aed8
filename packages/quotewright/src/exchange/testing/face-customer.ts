/**
 * A customer of a face without a socket between them, who places, asks for and cancels limit orders in the venue's own words, signed as its
 * documentation has it: what all faces have in common is tried by the same tests.
 */
import { createHash, createHmac, randomUUID, sign } from 'node:crypto';
import { asDecimal, asList, asObject, asText, isObject, parseJson } from '../../data/json.ts';
import { orderId } from '../bitstamp/render.ts';
import { uuidOf } from '../coinbase/render.ts';
import { orderText } from '../kraken/ids.ts';
import type { ExchangeKey, FaceRequest, FaceResponse, VenueExchange } from '../contract.ts';

export interface OrderText {
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly size: string;
  readonly clientId?: string;
}

/** Requests, unsent: a test may spoil them. */
export interface Wording {
  /** Any at all, at a path of the venue's, signed. Fields are JSON where the venue has JSON, and else texts. */
  ask(method: string, path: string, fields: Readonly<Record<string, unknown>>): FaceRequest;
  place(order: OrderText): FaceRequest;
  cancel(id: string): FaceRequest;
  query(id: string): FaceRequest;
}

type Fields = Readonly<Record<string, string>>;
const HOST = '127.0.0.1:8701';

function requestOf(method: string, target: string, headers: Fields, body = ''): FaceRequest {
  const [path = '', query = ''] = target.split('?');
  return { method, path, target, query: new URLSearchParams(query), headers: { host: HOST, ...headers }, body };
}

/** As a form has them. */
const textsOf = (fields: Readonly<Record<string, unknown>>): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** Nonces of all customers rise. */
let nonce = 1;

/** The wording of a venue, for a key and the first market of an exchange. */
export function wordingOf(exchange: VenueExchange, key: ExchangeKey): Wording {
  const { symbol } = exchange.instruments[0]!;
  return WORDINGS[exchange.venue]!(exchange, key, symbol);
}

const WORDINGS: Readonly<Record<string, (exchange: VenueExchange, key: ExchangeKey, symbol: string) => Wording>> = {
  coinbase,
  'coinbase-exchange': coinbaseExchange,
  binance,
  'binance-usdm': binance,
  kraken,
  gemini,
  bitstamp,
};

function coinbase(exchange: VenueExchange, key: ExchangeKey, product_id: string): Wording {
  const signed = (method: string, path: string, content?: object): FaceRequest => {
    const nbf = Math.floor(exchange.nowMs() / 1000);
    const head = base64url({ alg: 'ES256', kid: key.key, typ: 'JWT', nonce: String(nonce++) });
    const claims = {
      sub: key.key,
      iss: 'cdp',
      nbf,
      exp: nbf + 120,
      uri: `${method} api.coinbase.com${path.split('?', 1)[0]}`,
    };
    const text = `${head}.${base64url(claims)}`;
    const signature = sign('sha256', Buffer.from(text), { key: key.secret, dsaEncoding: 'ieee-p1363' });
    const authorization = `Bearer ${text}.${signature.toString('base64url')}`;
    return requestOf(method, path, { authorization }, content === undefined ? '' : JSON.stringify(content));
  };
  const api = '/api/v3/brokerage/orders';
  return {
    ask: (method, path, fields) => signed(method, path, method === 'GET' ? undefined : fields),
    place: ({ side, price, size, clientId = randomUUID() }) =>
      signed('POST', api, {
        client_order_id: clientId,
        product_id,
        side: side.toUpperCase(),
        order_configuration: { limit_limit_gtc: { base_size: size, limit_price: price } },
      }),
    cancel: (id) => signed('POST', `${api}/batch_cancel`, { order_ids: [id] }),
    query: (id) => signed('GET', `${api}/historical/${id}`),
  };
}

function coinbaseExchange(exchange: VenueExchange, key: ExchangeKey, product_id: string): Wording {
  const signed = (method: string, path: string, content?: object): FaceRequest => {
    const body = content === undefined ? '' : JSON.stringify(content);
    const timestamp = String(exchange.nowMs() / 1000);
    const hmac = createHmac('sha256', Buffer.from(key.secret, 'base64')).update(timestamp + method + path + body);
    const headers = {
      'cb-access-key': key.key,
      'cb-access-passphrase': key.passphrase,
      'cb-access-timestamp': timestamp,
      'cb-access-sign': hmac.digest('base64'),
    };
    return requestOf(method, path, headers, body);
  };
  return {
    ask: (method, path, fields) => signed(method, path, method === 'GET' ? undefined : fields),
    place: ({ side, price, size, clientId }) =>
      signed('POST', '/orders', {
        product_id,
        side,
        price,
        size,
        ...(clientId === undefined ? {} : { client_oid: clientId }),
      }),
    cancel: (id) => signed('DELETE', `/orders/${id}`),
    query: (id) => signed('GET', `/orders/${id}`),
  };
}

function binance(exchange: VenueExchange, key: ExchangeKey, symbol: string): Wording {
  const path = exchange.venue === 'binance' ? '/api/v3/order' : '/fapi/v1/order';
  const signed = (method: string, fields: Fields, at = path): FaceRequest => {
    const query = new URLSearchParams({
      symbol,
      ...fields,
      timestamp: String(Math.floor(exchange.nowMs())),
    }).toString();
    const signature = createHmac('sha256', key.secret).update(query).digest('hex');
    return requestOf(method, `${at}?${query}&signature=${signature}`, { 'x-mbx-apikey': key.key });
  };
  return {
    ask: (method, at, fields) => signed(method, textsOf(fields), at),
    place: ({ side, price, size, clientId }) =>
      signed('POST', {
        side: side.toUpperCase(),
        type: 'LIMIT',
        timeInForce: 'GTC',
        price,
        quantity: size,
        ...(clientId === undefined ? {} : { newClientOrderId: clientId }),
      }),
    cancel: (id) => signed('DELETE', { orderId: id }),
    query: (id) => signed('GET', { orderId: id }),
  };
}

function kraken(_: VenueExchange, key: ExchangeKey, pair: string): Wording {
  const signed = (page: string, fields: Fields): FaceRequest => {
    const path = `/0/private/${page}`;
    const own = String(nonce++);
    const body = new URLSearchParams({ nonce: own, ...fields }).toString();
    const digest = createHash('sha256').update(own).update(body).digest();
    const hmac = createHmac('sha512', Buffer.from(key.secret, 'base64')).update(path).update(digest);
    const headers = { 'api-key': key.key, 'api-sign': hmac.digest('base64') };
    return requestOf('POST', path, { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body);
  };
  return {
    ask: (_method, path, fields) => signed(path.slice(path.lastIndexOf('/') + 1), textsOf(fields)),
    place: ({ side, price, size, clientId }) =>
      signed('AddOrder', {
        pair,
        type: side,
        ordertype: 'limit',
        price,
        volume: size,
        ...(clientId === undefined ? {} : { cl_ord_id: clientId }),
      }),
    cancel: (txid) => signed('CancelOrder', { txid }),
    query: (txid) => signed('QueryOrders', { txid }),
  };
}

function gemini(_: VenueExchange, key: ExchangeKey, symbol: string): Wording {
  const signed = (path: string, fields: object): FaceRequest => {
    const payload = Buffer.from(JSON.stringify({ request: path, nonce: nonce++, ...fields })).toString('base64');
    const signature = createHmac('sha384', key.secret).update(payload).digest('hex');
    const headers = {
      'x-gemini-apikey': key.key,
      'x-gemini-payload': payload,
      'x-gemini-signature': signature,
    };
    return requestOf('POST', path, headers);
  };
  return {
    ask: (_method, path, fields) => signed(path, fields),
    place: ({ side, price, size, clientId }) =>
      signed('/v1/order/new', {
        symbol,
        side,
        price,
        amount: size,
        type: 'exchange limit',
        ...(clientId === undefined ? {} : { client_order_id: clientId }),
      }),
    cancel: (order_id) => signed('/v1/order/cancel', { order_id }),
    query: (order_id) => signed('/v1/order/status', { order_id }),
  };
}

function bitstamp(exchange: VenueExchange, key: ExchangeKey, symbol: string): Wording {
  const signed = (page: string, fields: Fields): FaceRequest => {
    const target = `/api/v2/${page}/`;
    const body = new URLSearchParams(fields).toString();
    const type = 'application/x-www-form-urlencoded';
    const own = randomUUID();
    const timestamp = String(exchange.nowMs());
    const text = `BITSTAMP ${key.key}POST${HOST}${target}${type}${own}${timestamp}v2${body}`;
    const headers = {
      'x-auth': `BITSTAMP ${key.key}`,
      'x-auth-signature': createHmac('sha256', key.secret).update(text).digest('hex'),
      'x-auth-nonce': own,
      'x-auth-timestamp': timestamp,
      'x-auth-version': 'v2',
      'content-type': type,
    };
    return requestOf('POST', target, headers, body);
  };
  return {
    ask: (_method, path, fields) => signed(path.replace(/^\/api\/v2\/|\/$/gu, ''), textsOf(fields)),
    place: ({ side, price, size, clientId }) =>
      signed(`${side}/${symbol}`, {
        price,
        amount: size,
        ...(clientId === undefined ? {} : { client_order_id: clientId }),
      }),
    cancel: (id) => signed('cancel_order', { id }),
    query: (id) => signed('order_status', { id }),
  };
}

/** Whether the venue has done what it was asked to, in its own words. */
export function isDone({ status, body }: FaceResponse): boolean {
  const value = parseJson(body);
  if (status !== 200 || !isObject(value)) return status === 200;
  const results = asList(value['results']).map(asObject);
  if (results.length > 0) return results.every((each) => each?.['success'] === true);
  return asList(value['error']).length === 0 && value['success'] !== false && value['status'] !== 'error';
}

/** The venue's id of the order that an answer is about. */
export function orderIdIn({ body }: FaceResponse): string {
  const value = asObject(parseJson(body)) ?? {};
  const inner = asObject(value['success_response']) ?? asObject(value['result']) ?? value;
  return asDecimal(inner['order_id'] ?? inner['orderId'] ?? asList(inner['txid']).map(asText)[0] ?? inner['id']);
}

/** The venue's id of an order of the exchange's. */
export function orderIdOf(venue: string, number: number): string {
  if (venue.startsWith('coinbase')) return uuidOf(number);
  if (venue === 'kraken') return orderText(number);
  return venue === 'bitstamp' ? String(orderId(number)) : String(number);
}

const SIGNATURES = new Set(['authorization', 'cb-access-sign', 'api-sign', 'x-gemini-signature', 'x-auth-signature']);

/** The request with another signature, of the same shape. */
export function forged(request: FaceRequest): FaceRequest {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, SIGNATURES.has(name) ? spoiled(value) : value]),
  );
  return { ...request, headers, target: spoiled(request.target, 'signature=') };
}

/** Another letter behind the mark, or in the middle of the last part of a text with points. */
function spoiled(text: string, mark = ''): string {
  const from = mark === '' ? text.lastIndexOf('.') + 4 : text.indexOf(mark) + mark.length;
  if (mark !== '' && !text.includes(mark)) return text;
  return `${text.slice(0, from)}${text[from] === 'a' ? 'b' : 'a'}${text.slice(from + 1)}`;
}
