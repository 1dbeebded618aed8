/** Whatever a customer sends, Binance's faces answer in the venue's words, and go on. */
import { createHmac } from 'node:crypto';
import { Random } from '@quotewright/core/base/random';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import type { FaceSocket } from '../contract.ts';
import { handExchange } from '../testing/hand-exchange.ts';
import { damaged, pick, rubbish, rubbishText } from '../testing/rubbish.ts';
import { binanceFace, binanceUsdmFace } from './face.ts';

const RUNS = 1200;
const SPOT_PATHS =
  'ping time exchangeInfo depth trades aggTrades ticker/24hr ticker/bookTicker order order/test openOrders allOrders order/cancelReplace order/amend/keepPriority myTrades account account/commission';
const USDM_PATHS =
  'ping time exchangeInfo depth trades aggTrades ticker/24hr ticker/bookTicker order order/test openOrders allOrders allOpenOrders userTrades commissionRate accountConfig countdownCancelAll listenKey';
const NAMES =
  'symbol side type timeInForce quantity price newClientOrderId origClientOrderId orderId newOrderRespType recvWindow limit startTime endTime fromId newQty cancelReplaceMode cancelOrderId cancelOrigClientOrderId countdownTime reduceOnly listenKey symbols'.split(
    ' ',
  );
const SOUND: Readonly<Record<string, readonly string[]>> = {
  symbol: ['BTCUSDT', 'ETHUSDT'],
  side: ['BUY', 'SELL'],
  type: ['LIMIT', 'MARKET', 'LIMIT_MAKER'],
  timeInForce: ['GTC', 'IOC', 'FOK', 'GTX'],
  quantity: ['0.01', '0.5'],
  price: ['50000', '60000', '3000'],
  cancelReplaceMode: ['STOP_ON_FAILURE', 'ALLOW_FAILURE'],
  recvWindow: ['5000'],
  limit: ['5', '1000'],
  orderId: ['1', '2'],
};
const METHODS =
  'ping time exchangeInfo depth order.place order.test order.cancel order.cancelReplace order.amend.keepPriority order.status openOrders.status openOrders.cancelAll allOrders myTrades account.status account.commission session.logon session.logout session.status userDataStream.subscribe userDataStream.subscribe.signature userDataStream.unsubscribe'.split(
    ' ',
  );

/** Parameters of which some are sound, some are not, and some come twice. */
function parameters(random: Random, isSound: boolean): [string, string][] {
  return Array.from({ length: random.below(10) }, () => {
    const name = pick(random, NAMES);
    const sound = SOUND[name];
    return [
      name,
      sound !== undefined && (isSound || random.below(2) === 0) ? pick(random, sound) : rubbishText(random),
    ];
  });
}

describe.each([
  ['spot', binanceFace, '/api/v3/', SPOT_PATHS],
  ['USD-M', binanceUsdmFace, '/fapi/v1/', USDM_PATHS],
] as const)('%s', (_, maker, base, paths) => {
  it('answers every page', () => {
    const random = Random.stream(7, 'fuzz');
    const hand = handExchange(maker);
    const face = maker.make(hand.exchange);
    const { key, secret } = hand.keys[0]!;
    const statuses = new Map<number, number>();
    for (let run = 0; run < RUNS; run++) {
      if (run % 5 === 0) hand.pass(2000);
      const path = base + pick(random, paths.split(' '));
      const nowMs = Math.floor(hand.exchange.nowMs());
      const timestamp = random.below(8) === 0 ? rubbishText(random) : String(nowMs - random.below(3) * 3000);
      const form = new URLSearchParams([...parameters(random, run % 2 === 0), ['timestamp', timestamp]]).toString();
      const payload = random.below(10) === 0 ? damaged(random, form) : form;
      const signature =
        random.below(10) === 0 ? rubbishText(random) : createHmac('sha256', secret).update(payload).digest('hex');
      const text = `${payload}&signature=${encodeURIComponent(signature.toWellFormed())}`;
      const isBody = random.below(3) === 0;
      const answer = face.http({
        method: pick(random, ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']),
        path,
        target: isBody ? path : `${path}?${text}`,
        query: new URLSearchParams(isBody ? '' : text),
        headers: { 'x-mbx-apikey': random.below(12) === 0 ? rubbishText(random) : key },
        body: isBody ? text : '',
      });
      const body: { code?: unknown; msg?: unknown } = JSON.parse(answer.body);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      expect(answer.status, `${path} ${text}: ${answer.body}`).toBeLessThan(500);
      if (answer.status !== 200) expect([typeof body.code, typeof body.msg], path).toEqual(['number', 'string']);
    }
    // It got past the door.
    expect(statuses.get(200)).toBeGreaterThan(RUNS / 20);
    expect(hand.best(0, Side.BUY)).toBeLessThan(hand.best(0, Side.SELL));
  });

  it('answers every frame', () => {
    const random = Random.stream(8, 'fuzz');
    const hand = handExchange(maker);
    const face = maker.make(hand.exchange);
    const { key, secret } = hand.keys[0]!;
    let closes = 0;
    let frames = 0;
    const socket: FaceSocket = { send: (text) => void (JSON.parse(text), frames++), close: () => void closes++ };
    const places = [
      '/ws',
      '/stream',
      '/ws/btcusdt@depth',
      '/ws-api/v3',
      '/private/ws',
      '/public/ws',
      `/ws/${rubbishText(random)}`,
    ];
    const talks = places.flatMap((path) => {
      const at = { method: 'GET', path, target: path, query: new URLSearchParams(), headers: {}, body: '' };
      return face.connect(socket, at) ?? [];
    });
    expect(talks.length).toBeGreaterThan(2);
    for (let run = 0; run < RUNS; run++) {
      if (run % 5 === 0) hand.pass(2000);
      const sound = Object.fromEntries(parameters(random, true));
      const timestamp = Math.floor(hand.exchange.nowMs());
      const own: Record<string, unknown> = { ...sound, apiKey: key, timestamp };
      if (random.below(5) === 0) own[pick(random, NAMES)] = rubbish(random);
      const query = Object.keys(own)
        .toSorted()
        .map((name) => `${name}=${typeof own[name] === 'string' ? own[name] : JSON.stringify(own[name])}`);
      const signature = createHmac('sha256', secret).update(query.join('&')).digest('hex');
      const request = {
        id: random.below(4) === 0 ? rubbish(random) : run,
        method:
          random.below(6) === 0
            ? rubbish(random)
            : pick(random, [...METHODS, 'SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS']),
        params:
          random.below(6) === 0
            ? rubbish(random)
            : random.below(3) === 0
              ? ['btcusdt@depth', rubbish(random)]
              : { ...own, signature },
      };
      const text = random.below(20) === 0 ? JSON.stringify(rubbish(random)) : JSON.stringify(request);
      pick(random, talks).message(random.below(5) === 0 ? damaged(random, text) : text);
    }
    expect(frames).toBeGreaterThan(RUNS / 4);
    for (const talk of talks) talk.closed();
    hand.pass(1000);
    expect(hand.best(0, Side.BUY)).toBeLessThan(hand.best(0, Side.SELL));
  });
});
