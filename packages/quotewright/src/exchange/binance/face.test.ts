import { createHmac, sign } from 'node:crypto';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import type { FaceConversation, FaceResponse } from '../contract.ts';
import { type HandExchange, handExchange } from '../testing/hand-exchange.ts';
import { binanceFace, binanceUsdmFace } from './face.ts';

const WORDS: Readonly<Record<string, string>> = {};

class Customer {
  readonly hand: HandExchange;
  readonly face;
  readonly frames: { readonly stream?: string; readonly [name: string]: unknown }[] = [];

  constructor(maker = binanceFace) {
    this.hand = handExchange(maker, { isAlive: false });
    this.face = maker.make(this.hand.exchange);
  }

  get key() {
    return this.hand.keys[0]!;
  }

  get nowMs(): number {
    return Math.floor(this.hand.exchange.nowMs());
  }

  /** A signed request, as the venue's documentation has it. */
  call(
    method: string,
    path: string,
    parameters: Readonly<Record<string, string | number>>,
    headers = WORDS,
  ): FaceResponse {
    const query = new URLSearchParams({ ...texts(parameters), timestamp: String(this.nowMs) }).toString();
    const signature = createHmac('sha256', this.key.secret).update(query).digest('hex');
    return this.raw(method, path, `${query}&signature=${signature}`, { 'x-mbx-apikey': this.key.key, ...headers });
  }

  raw(method: string, path: string, query: string, headers = WORDS): FaceResponse {
    const isBody = method === 'POST' || method === 'PUT';
    return this.face.http({
      method,
      path,
      target: isBody || query === '' ? path : `${path}?${query}`,
      query: new URLSearchParams(isBody ? '' : query),
      headers,
      body: isBody ? query : '',
    });
  }

  open(path: string): FaceConversation {
    const [bare = '', query = ''] = path.split('?');
    const socket = {
      send: (frame: string) => {
        // oxlint-disable-next-line no-unsafe-type-assertion -- the face writes objects
        this.frames.push(JSON.parse(frame) as { stream?: string });
      },
      close: () => undefined,
    };
    const request = {
      method: 'GET',
      path: bare,
      target: path,
      query: new URLSearchParams(query),
      headers: {},
      body: '',
    };
    const conversation = this.face.connect(socket, request);
    if (conversation === undefined) throw new Error(`nothing at ${path}`);
    return conversation;
  }
}

function texts(parameters: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, String(value)]));
}

const body = ({ body: text }: FaceResponse): { code?: number; msg?: string; [name: string]: unknown } =>
  JSON.parse(text);
const LIMIT = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.01', price: '50000' };

describe('who asks', () => {
  it.each([
    ['no key', { 'x-mbx-apikey': '' }, -2014],
    ['an unknown key', { 'x-mbx-apikey': 'x' }, -2015],
  ])('%s', (_, headers, code) => {
    expect(body(new Customer().call('GET', '/api/v3/account', {}, headers)).code).toBe(code);
  });

  it('with another secret, or none', () => {
    const customer = new Customer();
    const headers = { 'x-mbx-apikey': customer.key.key };
    const query = `timestamp=${customer.nowMs}`;
    expect(body(customer.raw('GET', '/api/v3/account', `${query}&signature=${'0'.repeat(64)}`, headers)).code).toBe(
      -1022,
    );
    expect(body(customer.raw('GET', '/api/v3/account', `${query}&signature=%ff`, headers)).code).toBe(-1022);
    expect(body(customer.raw('GET', '/api/v3/account', query, headers)).code).toBe(-1102);
    expect(body(customer.raw('GET', '/api/v3/account', '', headers)).code).toBe(-1102);
    const ahead = `timestamp=${customer.nowMs + 2000}`;
    expect(body(customer.raw('GET', '/api/v3/account', ahead, headers)).code).toBe(-1021);
    const old = `recvWindow=10&timestamp=${customer.nowMs - 11}`;
    expect(body(customer.raw('GET', '/api/v3/account', old, headers)).code).toBe(-1021);
  });
});

describe('orders', () => {
  it.each([
    [{ symbol: 'NOPE' }, -1121],
    [{ price: '50000.001' }, -1013],
    [{ quantity: '0.0000001' }, -1013],
    [{ price: '1', quantity: '0.01' }, -1013],
    [{ price: 'NaN' }, -1100],
    [{ quantity: '-1' }, -1100],
    [{ side: 'HOLD' }, -1117],
    [{ type: 'STOP' }, -1116],
    [{ timeInForce: 'GTX' }, -1115],
    [{ newClientOrderId: 'ß' }, -1100],
    [{ quantity: '8000' }, -2010],
    [{ type: 'LIMIT_MAKER', price: '90000' }, -2010],
  ])('are refused: %o', (more, code) => {
    expect(body(new Customer().call('POST', '/api/v3/order', { ...LIMIT, ...more })).code).toBe(code);
  });

  it('are placed, found, replaced and cancelled', () => {
    const customer = new Customer();
    const placed = customer.call('POST', '/api/v3/order', { ...LIMIT, newClientOrderId: 'mine' });
    expect(placed).toMatchObject({ status: 200, isAck: true, headers: { 'x-mbx-order-count-10s': '1' } });
    expect(body(customer.call('POST', '/api/v3/order', { ...LIMIT, newClientOrderId: 'mine' })).msg).toBe(
      'Duplicate order sent.',
    );
    const named = { symbol: 'BTCUSDT', origClientOrderId: 'mine' };
    expect(body(customer.call('GET', '/api/v3/order', named))).toMatchObject({
      status: 'NEW',
      price: '50000.00000000',
    });
    const replace = { ...LIMIT, price: '49000', cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrigClientOrderId: 'mine' };
    expect(body(customer.call('POST', '/api/v3/order/cancelReplace', replace))).toMatchObject({
      newOrderResult: 'SUCCESS',
    });
    expect(body(customer.call('POST', '/api/v3/order/cancelReplace', replace))).toMatchObject({
      code: -2022,
      data: { newOrderResult: 'NOT_ATTEMPTED' },
    });
    expect(body(customer.call('DELETE', '/api/v3/order', named)).code).toBe(-2011);
    expect(JSON.parse(customer.call('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' }).body)).toHaveLength(1);
    expect(body(customer.call('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' })).code).toBe(-2011);
  });

  it('count against limits: 429, then 418, each with the time to wait', () => {
    const customer = new Customer();
    const statuses = Array.from({ length: 125 }, () => customer.call('POST', '/api/v3/order', LIMIT).status);
    expect([statuses[99], statuses[100], statuses.at(-1)]).toEqual([200, 429, 418]);
    const banned = customer.call('GET', '/api/v3/account', {});
    expect(banned).toMatchObject({ status: 418, headers: { 'retry-after': '120' } });
    customer.hand.pass(121_000);
    expect(customer.call('GET', '/api/v3/account', {}).status).toBe(200);
  });
});

it.each([
  ['spot', binanceFace, '/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker'],
  ['USD-M', binanceUsdmFace, '/public/stream?streams=btcusdt@depth@100ms/btcusdt@bookTicker'],
])('depth diffs are chained, and end in the book that the snapshot has: %s', (_, maker, path) => {
  const customer = new Customer(maker);
  const { hand } = customer;
  customer.open(path);
  const levels = new Map<string, string>();
  for (let i = 0; i < 30; i++) {
    hand.exchange.place(hand.order({ priceTicks: hand.best(0, Side.BUY) - 500 + i, sizeLots: 20_000 + i }));
    hand.pass(40);
  }
  hand.pass(200);
  const diffs = customer.frames.filter(({ stream }) => stream?.endsWith('depth@100ms')).map(({ data }) => data);
  expect(diffs.length).toBeGreaterThan(5);
  let last = Number.NaN;
  for (const diff of diffs) {
    // oxlint-disable-next-line no-unsafe-type-assertion -- the face's own
    const { U, u, pu, b } = diff as { U: number; u: number; pu?: number; b: [string, string][] };
    if (!Number.isNaN(last)) expect([U, pu ?? last]).toEqual([last + 1, last]);
    last = u;
    for (const [price, size] of b) levels.set(price, size);
  }
  const page = maker === binanceFace ? '/api/v3/depth' : '/fapi/v1/depth';
  const snapshot = body(customer.raw('GET', page, 'symbol=BTCUSDT&limit=1000'));
  expect(snapshot['lastUpdateId']).toBe(last);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the face's own
  const bids = new Map(snapshot['bids'] as [string, string][]);
  for (const [price, size] of levels) expect(bids.get(price) ?? '0').toBe(Number(size) === 0 ? '0' : size);
});

const signed = (customer: Customer, parameters: Readonly<Record<string, string | number>>, isEd25519 = false) => {
  const all = { ...texts(parameters), apiKey: customer.key.key, timestamp: String(customer.nowMs) };
  const payload = Object.entries(all)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const signature = isEd25519
    ? sign(undefined, Buffer.from(payload), customer.key.edPrivate).toString('base64')
    : createHmac('sha256', customer.key.secret).update(payload).digest('hex');
  return { ...all, timestamp: customer.nowMs, signature };
};
const ask = (customer: Customer, line: FaceConversation, id: number, method: string, params: object) => {
  line.message(JSON.stringify({ id, method, params }));
  return customer.frames.find((frame) => frame['id'] === id);
};

it('limits belong to keys that there are: who makes one up takes nothing from others', () => {
  const customer = new Customer();
  const weight = (key: string) =>
    customer.raw('GET', '/api/v3/time', '', { 'x-mbx-apikey': key }).headers?.['x-mbx-used-weight-1m'];
  expect([weight(''), weight('made up'), weight('another'), weight(customer.key.key)]).toEqual(['1', '2', '3', '1']);
});

describe('the WebSocket API', () => {
  it('takes orders, and tells of them', () => {
    const customer = new Customer();
    const line = customer.open('/ws-api/v3');
    expect(ask(customer, line, 1, 'userDataStream.subscribe', {})).toMatchObject({ status: 401 });
    expect(ask(customer, line, 2, 'userDataStream.subscribe.signature', signed(customer, {}))).toMatchObject({
      result: { subscriptionId: 0 },
    });
    expect(ask(customer, line, 3, 'order.place', signed(customer, { ...LIMIT, newClientOrderId: 'a' }))).toMatchObject({
      status: 200,
    });
    const events = customer.frames.flatMap(({ event }) => (event === undefined ? [] : [event]));
    expect(events[0]).toMatchObject({ e: 'executionReport', x: 'NEW', c: 'a', q: '0.01000000' });
    expect(events[1]).toMatchObject({ e: 'outboundAccountPosition' });
    expect(
      ask(customer, line, 4, 'order.cancel', signed(customer, { symbol: 'BTCUSDT', origClientOrderId: 'a' })),
    ).toMatchObject({ status: 200 });
    const cancelled = customer.frames.find(({ event }) => JSON.stringify(event ?? '').includes('"CANCELED"'));
    expect(cancelled).toMatchObject({ event: { x: 'CANCELED', C: 'a' } });
  });

  it('logs Ed25519 keys in, and them alone', () => {
    const customer = new Customer();
    const line = customer.open('/ws-api/v3');
    expect(ask(customer, line, 1, 'session.logon', signed(customer, {}))).toMatchObject({ error: { code: -4056 } });
    expect(ask(customer, line, 2, 'session.logon', signed(customer, {}, true))).toMatchObject({ status: 200 });
    expect(ask(customer, line, 3, 'order.place', { ...LIMIT, timestamp: customer.nowMs })).toMatchObject({
      status: 200,
    });
    expect(ask(customer, line, 4, 'nonsense', {})).toMatchObject({ error: { code: -1104 } });
    line.message('{');
    expect(customer.frames.at(-1)).toMatchObject({ id: null, error: { code: -1135 } });
    for (const method of ['constructor', '__proto__', 'toString']) {
      expect(ask(customer, line, 5, method, {})).toMatchObject({ error: { code: -1104 } });
      customer.frames.length = 0;
    }
    for (const limit of ['abc', '-1', '1.5', '1e9']) {
      expect(ask(customer, line, 6, 'depth', { symbol: 'BTCUSDT', limit })).toMatchObject({ error: { code: -1130 } });
      customer.frames.length = 0;
    }
    line.message(`{"id":${'['.repeat(50_000)}${']'.repeat(50_000)},"method":"ping"}`);
    expect(customer.frames.at(-1)).toMatchObject({ id: null, error: { code: -1135 } });
  });
});
