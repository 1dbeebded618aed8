/** Whatever a customer sends, Kraken's face answers in the venue's words, and goes on. */
import { createHash, createHmac } from 'node:crypto';
import { Random } from '@quotewright/core/base/random';
import { Side } from '@quotewright/core/market/side';
import { expect, it } from 'vitest';
import type { FaceSocket } from '../contract.ts';
import { handExchange } from '../testing/hand-exchange.ts';
import { damaged, pick, rubbish, rubbishText } from '../testing/rubbish.ts';
import { krakenFace } from './face.ts';
import { parseFields, fieldsOf, textOf, type Fields } from './json.ts';

const RUNS = 1200;
const PAGES =
  'Balance BalanceEx GetWebSocketsToken GetApiKeyInfo OpenOrders ClosedOrders QueryOrders TradesHistory QueryTrades TradeVolume AddOrder AddOrderBatch AmendOrder CancelOrder CancelOrderBatch CancelAll CancelAllOrdersAfter toString __proto__'.split(
    ' ',
  );
const PUBLIC = 'Time SystemStatus Assets AssetPairs Ticker Depth Trades OHLC Spread constructor __proto__'.split(' ');
const NAMES =
  'pair type ordertype price volume timeinforce oflags cl_ord_id txid order_id order_qty limit_price ofs start end trades timeout orders cl_ord_ids count since userref'.split(
    ' ',
  );
const SOUND: Readonly<Record<string, readonly string[]>> = {
  pair: ['XBTUSD', 'ETH/USD', 'XXBTZUSD'],
  type: ['buy', 'sell'],
  ordertype: ['limit', 'market'],
  price: ['50000', '60000.1'],
  volume: ['0.01', '1'],
  timeinforce: ['GTC', 'IOC'],
  oflags: ['post', 'fciq'],
  timeout: ['60', '0'],
};
const METHODS =
  'ping subscribe unsubscribe add_order amend_order edit_order cancel_order cancel_all cancel_all_orders_after batch_add batch_cancel __proto__'.split(
    ' ',
  );
const CHANNELS = ['book', 'trade', 'ticker', 'instrument', 'executions', 'balances', 'level3', 'ohlc', 'toString'];
const FIELDS =
  'channel symbol depth snapshot snap_orders snap_trades ratecounter token side order_type limit_price order_qty time_in_force post_only reduce_only cl_ord_id order_id timeout orders req_id'.split(
    ' ',
  );

function form(random: Random): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: random.below(10) }, () => {
      const name = pick(random, NAMES);
      const sound = SOUND[name];
      return [name, sound !== undefined && random.below(3) > 0 ? pick(random, sound) : rubbishText(random)];
    }),
  );
}

it('answers every page', () => {
  const random = Random.stream(7, 'fuzz');
  const hand = handExchange(krakenFace);
  const face = krakenFace.make(hand.exchange);
  const { key, secret } = hand.keys[0]!;
  let nonce = 1000;
  let done = 0;
  for (let run = 0; run < RUNS; run++) {
    if (run % 5 === 0) hand.pass(5000);
    const isPublic = random.below(4) === 0;
    const page = isPublic
      ? pick(random, PUBLIC)
      : random.below(20) === 0
        ? encodeURIComponent(rubbishText(random).toWellFormed())
        : pick(random, PAGES);
    const path = `/0/${isPublic ? 'public' : 'private'}/${page}`;
    const told = random.below(10) === 0 ? rubbishText(random) : String(++nonce);
    const isJson = random.below(3) === 0;
    const fields = form(random);
    const whole = isJson
      ? JSON.stringify({
          nonce: told,
          ...fields,
          ...(random.below(3) === 0 ? { [pick(random, NAMES)]: rubbish(random) } : {}),
        })
      : new URLSearchParams({ nonce: told, ...fields }).toString();
    const body = random.below(10) === 0 ? damaged(random, whole) : whole;
    const digest = createHash('sha256')
      .update(told + body)
      .digest();
    const sign = createHmac('sha512', Buffer.from(secret, 'base64')).update(path).update(digest).digest('base64');
    const answer = face.http({
      method: isPublic ? 'GET' : pick(random, ['POST', 'POST', 'POST', 'POST', 'GET', 'DELETE']),
      path,
      target: path,
      query: new URLSearchParams(isPublic ? fields : {}),
      headers: {
        'api-key': random.below(12) === 0 ? rubbishText(random) : key,
        'api-sign': random.below(12) === 0 ? rubbishText(random) : sign,
        'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      },
      body,
    });
    const said: { error?: unknown; result?: unknown } = JSON.parse(answer.body);
    expect(answer.status, `${path} ${body}: ${answer.body}`).toBeLessThan(500);
    expect(Array.isArray(said.error), `${path} ${body}`).toBe(true);
    if (said.result !== undefined) done++;
  }
  // It got past the door.
  expect(done).toBeGreaterThan(RUNS / 20);
  expect(hand.best(0, Side.BUY)).toBeLessThan(hand.best(0, Side.SELL));
});

it('answers every frame', () => {
  const random = Random.stream(8, 'fuzz');
  const hand = handExchange(krakenFace);
  const face = krakenFace.make(hand.exchange);
  const { key, secret } = hand.keys[0]!;
  const answers: Fields[] = [];
  const socket: FaceSocket = { send: (text) => void answers.push(parseFields(text)!), close: () => undefined };
  const at = { method: 'GET', path: '/v2', target: '/v2', query: new URLSearchParams(), headers: {}, body: '' };
  let talk = face.connect(socket, at)!;
  const path = '/0/private/GetWebSocketsToken';
  const digest = createHash('sha256').update('1nonce=1').digest();
  const sign = createHmac('sha512', Buffer.from(secret, 'base64')).update(path).update(digest).digest('base64');
  const headers = { 'api-key': key, 'api-sign': sign, 'content-type': 'application/x-www-form-urlencoded' };
  const told = face.http({ ...at, method: 'POST', path, headers, body: 'nonce=1' });
  const token = textOf(fieldsOf(parseFields(told.body)?.['result'])['token']);
  expect(token).not.toBe('');
  for (let run = 0; run < RUNS; run++) {
    if (run % 5 === 0) hand.pass(5000);
    if (run % 200 === 0) {
      talk.closed();
      talk = face.connect(socket, at)!;
    }
    const params: Record<string, unknown> = {
      token: random.below(10) === 0 ? rubbish(random) : token,
      channel: pick(random, CHANNELS),
      symbol: random.below(2) === 0 ? ['BTC/USD'] : 'BTC/USD',
      side: pick(random, ['buy', 'sell']),
      order_type: 'limit',
      limit_price: pick(random, [50_000, 60_000.1]),
      order_qty: 0.01,
      ...(random.below(2) === 0 ? { [pick(random, FIELDS)]: rubbish(random) } : {}),
      ...(random.below(4) === 0 ? { [pick(random, FIELDS)]: rubbish(random) } : {}),
    };
    const request = {
      method: random.below(8) === 0 ? rubbish(random) : pick(random, METHODS),
      params: random.below(10) === 0 ? rubbish(random) : params,
      req_id: random.below(4) === 0 ? rubbish(random) : run,
    };
    const text = JSON.stringify(random.below(20) === 0 ? rubbish(random) : request);
    talk.message(random.below(5) === 0 ? damaged(random, text) : text);
  }
  expect(answers.filter((answer) => answer['success'] === 'true' || answer['success'] === true).length).toBeGreaterThan(
    50,
  );
  expect(answers.every((answer) => answer !== undefined)).toBe(true);
  hand.pass(1000);
  expect(hand.best(0, Side.BUY)).toBeLessThan(hand.best(0, Side.SELL));
});
