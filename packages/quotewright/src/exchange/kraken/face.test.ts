/** Kraken's face: who gets in, what it says when it does not do what it is asked, and that its books are what its checksums say. */
import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Side } from '@quotewright/core/market/side';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ExchangeKey, FaceRequest, FaceResponse } from '../contract.ts';
import { handExchange, type HandExchange } from '../testing/hand-exchange.ts';
import { krakenFace } from './face.ts';
import { type Fields, fieldsOf, parseFields, textOf, textsOf } from './json.ts';

let hand: HandExchange;
let face: ReturnType<typeof krakenFace.make>;
let nonce: number;
beforeEach(() => {
  hand = handExchange(krakenFace);
  face = krakenFace.make(hand.exchange);
  nonce = 1000;
});

function request(path: string, method = 'GET', body = '', headers: Readonly<Record<string, string>> = {}): FaceRequest {
  const { pathname, searchParams } = new URL(path, 'http://x');
  return { method, path: pathname, target: path, query: searchParams, headers, body };
}

function signed(
  page: string,
  fields: Readonly<Record<string, string>> = {},
  key: ExchangeKey = hand.keys[0]!,
): FaceRequest {
  const path = `/0/private/${page}`;
  const body = new URLSearchParams({ nonce: (++nonce).toString(), ...fields }).toString();
  const digest = createHash('sha256').update(nonce.toString()).update(body).digest();
  const sign = createHmac('sha512', Buffer.from(key.secret, 'base64')).update(path).update(digest).digest('base64');
  const headers = { 'api-key': key.key, 'api-sign': sign, 'content-type': 'application/x-www-form-urlencoded' };
  return request(path, 'POST', body, headers);
}

const errorsOf = ({ body }: FaceResponse): unknown => parseFields(body)?.['error'];
const resultOf = (response: FaceResponse): Fields => {
  expect([errorsOf(response), response.status]).toEqual([[], 200]);
  return fieldsOf(parseFields(response.body)?.['result']);
};

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An order to buy some way below the best bid, unless the fields say otherwise. */
function order(fields: Readonly<Record<string, string>> = {}): FaceRequest {
  const price = hand.exchange.instruments[0]!.price.format(hand.best(0, Side.BUY) - 100);
  return signed('AddOrder', { pair: 'XBTUSD', type: 'buy', ordertype: 'limit', price, volume: '0.01', ...fields });
}

/** A connection, and what came over it. */
function connection(): { say: (message: object) => void; frames: string[]; of: (channel: string) => Fields[] } {
  const frames: string[] = [];
  const socket = { send: (text: string) => frames.push(text), close: () => {} };
  const talk = face.connect(socket, request('/v2'))!;
  const parsed = (): Fields[] => frames.map((text) => parseFields(text)!);
  return {
    say: (message) => talk.message(JSON.stringify(message)),
    frames,
    of: (name) => parsed().filter((message) => message['channel'] === name || message['method'] === name),
  };
}

describe('who asks', () => {
  it('gets in with a key, a signature and a nonce that rises', () => {
    expect(Object.keys(resultOf(face.http(signed('BalanceEx'))))).toContain('ZUSD');
    expect(errorsOf(face.http(request('/0/private/Balance', 'POST', 'nonce=1')))).toEqual(['EAPI:Invalid key']);
    const other = hand.keys[1]!;
    const forged = signed('Balance', {}, { ...hand.keys[0]!, secret: other.secret });
    expect(errorsOf(face.http(forged))).toEqual(['EAPI:Invalid signature']);
    const again = signed('Balance');
    resultOf(face.http(again));
    expect(errorsOf(face.http(again))).toEqual(['EAPI:Invalid nonce']);
    const changed = signed('Balance');
    expect(errorsOf(face.http({ ...changed, body: `${changed.body}&x=1` }))).toEqual(['EAPI:Invalid signature']);
    expect(errorsOf(face.http({ ...changed, path: '/0/private/BalanceEx' }))).toEqual(['EAPI:Invalid signature']);
  });

  it('is refused by the counter of REST, which sinks', () => {
    const answers = Array.from({ length: 25 }, () => errorsOf(face.http(signed('Balance'))));
    expect(answers.slice(-3)).toEqual(Array.from({ length: 3 }, () => ['EAPI:Rate limit exceeded']));
    hand.pass(5000);
    resultOf(face.http(signed('Balance')));
  });

  it('has a token for the socket, and none without', () => {
    const { say, of } = connection();
    const subscribe = (token: string) =>
      say({ method: 'subscribe', params: { channel: 'executions', token }, req_id: 3 });
    subscribe('made-up');
    expect(of('subscribe').at(-1)).toMatchObject({ success: false, error: 'ESession:Invalid session', req_id: '3' });
    subscribe(textOf(resultOf(face.http(signed('GetWebSocketsToken')))['token']));
    expect(of('subscribe').at(-1)).toMatchObject({ success: true });
    expect(of('executions')).toMatchObject([{ type: 'snapshot', sequence: '1' }]);
  });
});

describe('orders by REST', () => {
  it.each([
    [{ pair: 'NOSUCH' }, 'EQuery:Unknown asset pair'],
    [{ type: 'hold' }, 'EGeneral:Invalid arguments:type'],
    [{ ordertype: 'iceberg' }, 'EGeneral:Invalid arguments:ordertype'],
    [{ timeinforce: 'FOK' }, 'EGeneral:Invalid arguments:timeinforce'],
    [{ price: '' }, 'EGeneral:Invalid arguments:price'],
    [{ price: '-5' }, 'EOrder:Invalid price'],
    [{ price: '1000.05' }, 'EOrder:Tick size check failed'],
    [{ volume: 'NaN' }, 'EGeneral:Invalid arguments:volume'],
    [{ volume: '0.00000001' }, 'EOrder:Order minimum not met'],
    [{ volume: '100000' }, 'EOrder:Insufficient funds'],
    [{ cl_ord_id: 'longer than eighteen characters' }, 'EGeneral:Invalid arguments:cl_ord_id'],
  ])('%o: %s', (fields, error) => {
    expect(errorsOf(face.http(order(fields)))).toEqual([error]);
    expect(hand.exchange.openOrders('one')).toEqual([]);
  });

  it('live through placing, amending, asking and cancelling', () => {
    const added = resultOf(face.http(order({ cl_ord_id: 'mine', oflags: 'post' })));
    const [txid] = textsOf(added['txid']);
    expect(errorsOf(face.http(order({ cl_ord_id: 'mine' })))).toEqual(['EGeneral:Invalid arguments:cl_ord_id']);
    resultOf(face.http(signed('AmendOrder', { txid: txid!, order_qty: '0.02' })));
    const open = fieldsOf(resultOf(face.http(signed('OpenOrders')))['open']);
    expect(fieldsOf(open[txid!])).toMatchObject({
      status: 'open',
      vol: '0.02000000',
      cl_ord_id: 'mine',
      oflags: 'fciq,post',
    });
    expect(errorsOf(face.http(signed('QueryOrders', { txid: txid! }, hand.keys[1])))).toEqual(['EOrder:Unknown order']);
    expect(resultOf(face.http(signed('CancelOrder', { cl_ord_id: 'mine' })))).toMatchObject({ count: '1' });
    expect(errorsOf(face.http(signed('CancelOrder', { txid: txid! })))).toEqual(['EOrder:Unknown order']);
    const closed = fieldsOf(resultOf(face.http(signed('ClosedOrders')))['closed']);
    expect(fieldsOf(closed[txid!])).toMatchObject({ status: 'canceled', reason: 'User requested' });
  });

  it('a cancel that names none is answered', () => {
    const { say, of } = connection();
    const token = textOf(resultOf(face.http(signed('GetWebSocketsToken')))['token']);
    say({ method: 'cancel_order', params: { token } });
    expect(of('cancel_order')).toMatchObject([{ success: false, error: 'EGeneral:Invalid arguments:order_id' }]);
  });

  it('are cancelled when nobody is heard of any more', () => {
    resultOf(face.http(order()));
    resultOf(face.http(signed('CancelAllOrdersAfter', { timeout: '5' })));
    hand.pass(4000);
    expect(hand.exchange.openOrders('one')).toHaveLength(1);
    hand.pass(1500);
    expect(hand.exchange.openOrders('one')).toEqual([]);
  });

  it('a trade is in the history with its fee, and the balance is less by it', () => {
    const price = hand.exchange.instruments[0]!.price.format(hand.best(0, Side.SELL));
    resultOf(face.http(order({ price, volume: '0.0001', timeinforce: 'IOC' })));
    const trades = Object.values(fieldsOf(resultOf(face.http(signed('TradesHistory')))['trades'])).map(fieldsOf);
    expect(trades).toMatchObject([{ pair: 'XXBTZUSD', type: 'buy', vol: '0.00010000', maker: false }]);
    expect(Number(trades[0]!['fee'])).toBeCloseTo(Number(trades[0]!['cost']) * 0.004, 9);
    const cash = Number(resultOf(face.http(signed('Balance')))['ZUSD']);
    expect(cash).toBeCloseTo(1_000_000 - Number(trades[0]!['cost']) * 1.004, 6);
  });
});

/** A book by its frames alone, as a customer keeps it. */
class ChecksumBook {
  readonly #depth: number;
  readonly #sides = { asks: new Map<string, string>(), bids: new Map<string, string>() };

  constructor(depth = 10) {
    this.#depth = depth;
  }

  sorted(side: 'asks' | 'bids'): [price: string, size: string][] {
    return [...this.#sides[side]].toSorted(([a], [b]) => (side === 'asks' ? 1 : -1) * (Number(a) - Number(b)));
  }

  /** Whether the frame's checksum is that of the book with what it changes. */
  agrees(frame: Fields): boolean {
    const book = fieldsOf(listOf(frame['data'])[0]);
    for (const side of ['bids', 'asks'] as const) {
      const levels = this.#sides[side];
      for (const level of listOf(book[side]).map(fieldsOf)) {
        const quantity = textOf(level['qty']);
        if (Number(quantity) === 0) levels.delete(textOf(level['price']));
        else levels.set(textOf(level['price']), quantity);
      }
      for (const [price] of this.sorted(side).slice(this.#depth)) levels.delete(price);
    }
    const text = [...this.sorted('asks').slice(0, 10), ...this.sorted('bids').slice(0, 10)]
      .flat()
      .map((number) => number.replace('.', '').replace(/^0+/u, ''))
      .join('');
    return crc32(text) === Number(book['checksum']);
  }
}

describe('books on the socket', () => {
  it.each([10, 100])('of depth %i are what their checksums say, and what the exchange has', (depth) => {
    hand = handExchange(krakenFace, { isAlive: true });
    face = krakenFace.make(hand.exchange);
    const { say, of } = connection();
    say({ method: 'subscribe', params: { channel: 'book', symbol: ['BTC/USD'], depth } });
    hand.pass(5000);
    const book = new ChecksumBook(depth);
    const frames = of('book');
    expect(frames.length).toBeGreaterThan(100);
    for (const frame of frames) expect(book.agrees(frame)).toBe(true);
    const prices = new Float64Array(depth);
    const count = hand.exchange.top(0, Side.BUY, depth, prices, new Float64Array(depth));
    const { price } = hand.exchange.instruments[0]!;
    expect(book.sorted('bids').map(([each]) => each)).toEqual(
      Array.from(prices.subarray(0, count), (each) => price.format(each)),
    );
  });

  it('a checksum that is told wrong is one alone: the book is what it was', () => {
    hand = handExchange(krakenFace, { isAlive: true });
    face = krakenFace.make(hand.exchange);
    const lines = [10, 25].map((depth) => ({ depth, line: connection() }));
    // A ticker has no checksum: it does not use the fault up.
    connection().say({ method: 'subscribe', params: { channel: 'ticker', symbol: ['BTC/USD'] } });
    for (const { line, depth } of lines) {
      line.say({ method: 'subscribe', params: { channel: 'book', symbol: ['BTC/USD'], depth } });
    }
    hand.pass(500);
    hand.fault('bad-checksum');
    hand.pass(2000);
    const wrong = lines.map(({ line, depth }) => {
      const book = new ChecksumBook(depth);
      return line.of('book').filter((frame) => !book.agrees(frame)).length;
    });
    expect(wrong.toSorted((a, b) => a - b)).toEqual([0, 1]);
    expect(hand.exchange.faults.take('bad-checksum')).toBe(false);
  });

  it('subscriptions that are none are refused by name', () => {
    const { say, of } = connection();
    say({ method: 'subscribe', params: { channel: 'book', symbol: ['NO/SUCH'] } });
    say({ method: 'subscribe', params: { channel: 'book', symbol: ['BTC/USD'], depth: 7 } });
    say({ method: 'subscribe', params: { channel: 'nonsense' } });
    expect(of('subscribe').map(({ error }) => error)).toEqual([
      'Currency pair not supported NO/SUCH',
      'Subscription depth not supported',
      'Subscription name invalid',
    ]);
  });
});

it('nonsense is answered, not thrown at', () => {
  const frames: string[] = [];
  const talk = face.connect({ send: (text) => frames.push(text), close: () => {} }, request('/v2'))!;
  for (const text of [
    '',
    '{',
    '[]',
    'null',
    '{"method":5}',
    '{"method":"add_order"}',
    '{"method":"subscribe","params":[]}',
    '{"method":"ping","req_id":"abc"}',
    '{"method":"ping","req_id":"1,2"}',
    '{"method":"ping","req_id":1e400}',
    '{"method":"ping","req_id":{}}',
    '{"method":"subscribe","params":{"channel":"book"}}',
    '{"method":"unsubscribe","params":{"channel":"book","symbol":[]}}',
  ]) {
    const { length } = frames;
    talk.message(text);
    expect(frames.length).toBeGreaterThan(length);
  }
  for (const path of [
    '/',
    '/0',
    '/0/public/Nope',
    '/0/private/Nope',
    '/1/public/Time',
    '/0/public/Depth?pair=x',
    '/0/public/Time/x',
  ]) {
    expect(errorsOf(face.http(request(path)))).not.toEqual([]);
  }
  expect(face.connect({ send: () => {}, close: () => {} }, request('/ws'))).toBeUndefined();
});
