import { createHmac, generateKeyPairSync, verify } from 'node:crypto';
import { Random } from '@quotewright/core/base/random';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { asObject, asText, type JsonObject } from '../../data/json.ts';
import { DAMAGES } from '../testing/damage.ts';
import { tradeNumber } from './execution-report.ts';
import { BinanceOrders } from './orders.ts';
import { usedOf } from './rate-limits.ts';
import { GatewayHost, NOW_MS, engineRequest } from './testing/gateway-host.ts';

const { BUY, POST_ONLY, IOC, FOK } = OrderFlag;
const SECRET = 's'.repeat(64);
const HMAC = { key: 'k'.repeat(64), secret: SECRET };
const { NEW, CANCEL, AMEND } = RequestKind;

function message(gateway: BinanceOrders, content: object): void {
  gateway.message(Buffer.from(JSON.stringify(content)), 7e9);
}

function ready(): { host: GatewayHost; gateway: BinanceOrders } {
  const host = new GatewayHost();
  const gateway = new BinanceOrders(host.setup(HMAC));
  gateway.opened();
  message(gateway, { id: 'subscribe', status: 200, result: { subscriptionId: 0 } });
  host.sent.length = 0;
  return { host, gateway };
}

function frame(text: string): { id: string; method: string; params: JsonObject } {
  const parsed = asObject(JSON.parse(text))!;
  return { id: asText(parsed['id']), method: asText(parsed['method']), params: asObject(parsed['params'])! };
}

/** The parameters by name in order, as the venue's documentation has it. */
function payload(params: JsonObject): string {
  const names = Object.keys(params).filter((name) => name !== 'signature');
  return names
    .toSorted()
    .map((name) => `${name}=${String(params[name])}`)
    .join('&');
}

const report = (more: object) => ({
  subscriptionId: 0,
  event: {
    e: 'executionReport',
    s: 'BTCUSDT',
    c: 'tagtag-z',
    C: '',
    S: 'BUY',
    o: 'LIMIT',
    f: 'GTC',
    q: '0.50000000',
    p: '60000.01000000',
    z: '0.00000000',
    i: 4711,
    T: NOW_MS,
    t: -1,
    ...more,
  },
});

describe('connection', () => {
  it('subscribes with an HMAC key by a signature, and signs each request', () => {
    const host = new GatewayHost();
    const gateway = new BinanceOrders(host.setup(HMAC));
    gateway.opened();
    const { method, params } = frame(host.sent[0]!);
    expect(method).toBe('userDataStream.subscribe.signature');
    expect(params['signature']).toBe(createHmac('sha256', SECRET).update(payload(params)).digest('hex'));
    expect(gateway.isReady).toBe(false);
    message(gateway, { id: 'subscribe', status: 200, result: { subscriptionId: 0 } });
    expect(gateway.isReady).toBe(true);
    gateway.closed();
    expect(gateway.isReady).toBe(false);
  });

  it('logs in with an Ed25519 key, and signs no more', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const host = new GatewayHost();
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const gateway = new BinanceOrders(host.setup({ key: HMAC.key, privateKey: pem }));
    gateway.opened();
    const { method, params } = frame(host.sent[0]!);
    expect(method).toBe('session.logon');
    const signature = Buffer.from(asText(params['signature']), 'base64');
    expect(verify(undefined, Buffer.from(payload(params)), publicKey, signature)).toBe(true);
    message(gateway, { id: 'logon', status: 200, result: {} });
    expect(frame(`${host.sent[1]!.slice(0, -1)},"params":{}}`).method).toBe('userDataStream.subscribe');
    message(gateway, { id: 'subscribe', status: 200, result: { subscriptionId: 0 } });
    gateway.request(engineRequest(NEW, BUY, 35, 6_000_001, 50_000), 0);
    expect(frame(host.sent[2]!).params).not.toHaveProperty('signature');
  });

  it('begins anew when it is not let in, or the venue ends it', () => {
    const { host, gateway } = ready();
    message(gateway, { id: 'subscribe', status: 401, error: { code: -2015, msg: 'Invalid API-key' } });
    expect(host.events.at(-1)).toMatchObject({ type: 'refused', error: { code: 'AUTH' } });
    message(gateway, { subscriptionId: 0, event: { e: 'eventStreamTerminated' } });
    expect(host.reconnects).toHaveLength(2);
  });
});

describe('requests', () => {
  it.each([
    [0, { side: 'SELL', type: 'LIMIT', timeInForce: 'GTC' }],
    [BUY | POST_ONLY, { side: 'BUY', type: 'LIMIT_MAKER' }],
    [BUY | IOC, { side: 'BUY', type: 'LIMIT', timeInForce: 'IOC' }],
    [FOK, { side: 'SELL', type: 'LIMIT', timeInForce: 'FOK' }],
  ])('are written as the venue wants them: flags %i', (flags, wanted) => {
    const { host, gateway } = ready();
    gateway.request(engineRequest(NEW, flags, 35, 6_000_001, 50_000), 0);
    const { method, params } = frame(host.sent[0]!);
    expect(method).toBe('order.place');
    expect(params).toMatchObject({
      ...wanted,
      symbol: 'BTCUSDT',
      price: '60000.01',
      quantity: '0.50000',
      newClientOrderId: 'tagtag-z',
      timestamp: NOW_MS,
    });
    if (!('timeInForce' in wanted)) expect(params).not.toHaveProperty('timeInForce');
    expect(params['signature']).toBe(createHmac('sha256', SECRET).update(payload(params)).digest('hex'));
  });

  it('cancel by our name of the order', () => {
    const { host, gateway } = ready();
    gateway.request(engineRequest(CANCEL, BUY, 35), 0);
    expect(frame(host.sent[0]!)).toMatchObject({ method: 'order.cancel', params: { origClientOrderId: 'tagtag-z' } });
  });

  it('are refused at once when they cannot be sent', () => {
    const { host, gateway } = ready();
    gateway.request(engineRequest(AMEND, BUY, 35, 1, 1), 0);
    host.hasRoom = false;
    gateway.request(engineRequest(NEW, BUY, 36, 1, 1), 0);
    gateway.request(engineRequest(CANCEL, BUY, 35), 0);
    expect(host.sent).toEqual([]);
    expect(host.reports().map(({ kind, aux }) => [kind, aux])).toEqual([
      [ReportKind.AMEND_REJECT, Reject.OTHER],
      [ReportKind.REJECT, Reject.OVERLOADED],
      [ReportKind.CANCEL_REJECT, Reject.OVERLOADED],
    ]);
  });
});

describe('answers', () => {
  it.each([
    [-2010, 'Account has insufficient balance for requested action.', 400, Reject.INSUFFICIENT_BALANCE],
    [-2010, 'Order would immediately match and take.', 400, Reject.POST_ONLY_WOULD_TAKE],
    [-1013, 'Filter failure: PRICE_FILTER', 400, Reject.BAD_PRICE],
    [-1013, 'Filter failure: LOT_SIZE', 400, Reject.BAD_SIZE],
    [-1013, 'Filter failure: NOTIONAL', 400, Reject.BAD_NOTIONAL],
    [-1015, 'Too many new orders; current limit is 100 orders per 10 SECOND.', 429, Reject.OVERLOADED],
  ])('%i %s', (code, msg, status, reason) => {
    const { host, gateway } = ready();
    gateway.request(engineRequest(NEW, BUY, 35, 6_000_001, 50_000), 0);
    message(gateway, { id: frame(host.sent[0]!).id, status, error: { code, msg } });
    expect(host.reports()).toMatchObject([{ kind: ReportKind.REJECT, flags: BUY, orderId: 35, aux: reason }]);
  });

  it('to a cancel of an order that there is not', () => {
    const { host, gateway } = ready();
    gateway.request(engineRequest(CANCEL, 0, 35), 0);
    message(gateway, { id: frame(host.sent[0]!).id, status: 400, error: { code: -2011, msg: 'Unknown order sent.' } });
    expect(host.reports()).toMatchObject([{ kind: ReportKind.CANCEL_REJECT, orderId: 35, aux: Reject.UNKNOWN_ORDER }]);
  });

  it('that do not tell whether it was done say nothing', () => {
    const { host, gateway } = ready();
    gateway.request(engineRequest(NEW, BUY, 35, 6_000_001, 50_000), 0);
    const { id } = frame(host.sent[0]!);
    message(gateway, { id, status: 503, error: { code: -1000, msg: 'Unknown error' } });
    message(gateway, { id, status: 400, error: { code: -1007, msg: 'Timeout waiting for response' } });
    message(gateway, { id, status: 200, result: {} });
    expect(host.reports()).toEqual([]);
  });

  it('tell of limits, and of bans', () => {
    const { host, gateway } = ready();
    const rateLimits = [
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000, count: 70 },
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100, count: 12 },
    ];
    message(gateway, { id: 'x', status: 200, result: {}, rateLimits });
    expect([...host.observed]).toEqual([
      ['weight', 70],
      ['orders', 12],
    ]);
    message(gateway, { id: 'x', status: 418, error: { code: -1003, msg: 'Way too much', data: { retryAfter: 1234 } } });
    expect(host.bans).toEqual([1234]);
    expect(host.events.at(-1)).toMatchObject({ error: { code: 'BANNED' } });
  });
});

describe('what happens', () => {
  it('becomes reports, fills with the rate of their fee', () => {
    const { host, gateway } = ready();
    message(gateway, report({ x: 'NEW', X: 'NEW' }));
    const fill = { x: 'TRADE', l: '0.20000000', z: '0.20000000', L: '60000.00000000', t: 99 };
    message(gateway, report({ ...fill, m: false, n: '12', N: 'USDT' }));
    message(gateway, report({ ...fill, m: true, n: '0.00020000', N: 'BTC', t: 100 }));
    message(gateway, report({ ...fill, m: true, n: '0.001', N: 'BNB', t: 101 }));
    message(gateway, report({ x: 'CANCELED', X: 'CANCELED', c: 'web_1', C: 'tagtag-z', z: '0.20000000' }));
    const fills = { kind: ReportKind.FILL, orderId: 35, priceTicks: 6_000_000, sizeLots: 20_000 };
    expect(host.reports()).toMatchObject([
      { kind: ReportKind.ACK, orderId: 35, priceTicks: 6_000_001, sizeLots: 50_000 },
      { ...fills, flags: BUY, aux: 1_000_000, seq: tradeNumber('BTCUSDT', '99') },
      { ...fills, flags: BUY | OrderFlag.MAKER, aux: 1_000_000 },
      // A price of BNB is not known: the instrument's own rate.
      { ...fills, flags: BUY | OrderFlag.MAKER, aux: 1_000_000 },
      { kind: ReportKind.CANCELLED, orderId: 35, aux: Reject.REQUESTED, sizeLots: 30_000 },
    ]);
  });

  it.each([
    [{ x: 'EXPIRED', X: 'EXPIRED', f: 'IOC' }, Reject.UNFILLED_REST],
    [{ x: 'EXPIRED', X: 'EXPIRED', f: 'FOK' }, Reject.FOK_UNFILLED],
    [{ x: 'EXPIRED', X: 'EXPIRED_IN_MATCH' }, Reject.SELF_TRADE],
    [{ x: 'EXPIRED', X: 'EXPIRED' }, Reject.EXPIRED],
  ])('ends of orders have their reason: %o', (more, reason) => {
    const { host, gateway } = ready();
    message(gateway, report(more));
    expect(host.reports()).toMatchObject([{ kind: ReportKind.CANCELLED, aux: reason, sizeLots: 50_000 }]);
  });

  it('to orders of others is not ours, until the account has named them', async () => {
    const { host, gateway } = ready();
    message(gateway, report({ x: 'NEW', c: 'somebody', i: 12 }));
    expect(host.reports()).toEqual([]);
    const open = {
      symbol: 'BTCUSDT',
      orderId: 12,
      clientOrderId: 'somebody',
      side: 'BUY',
      price: '1.00',
      origQty: '1',
      executedQty: '0',
    };
    host.answer = ({ path }) => ({
      status: 200,
      headers: {},
      text: JSON.stringify(path.includes('openOrders') ? [open] : []),
    });
    const { orders } = await gateway.account(0);
    const { orderId } = orders[0]!;
    gateway.request(engineRequest(CANCEL, BUY, orderId), 0);
    expect(frame(host.sent.at(-1)!).params).toMatchObject({ orderId: 12 });
    message(gateway, report({ x: 'CANCELED', c: 'web', C: 'somebody', i: 12 }));
    expect(host.reports()).toMatchObject([{ kind: ReportKind.CANCELLED, orderId }]);
  });

  it('gives the account the numbers that the reports have', async () => {
    const { host, gateway } = ready();
    const trade = {
      symbol: 'BTCUSDT',
      id: 99,
      orderId: 4711,
      price: '60000.00',
      qty: '0.2',
      commission: '12',
      commissionAsset: 'USDT',
      time: NOW_MS,
      isBuyer: true,
      isMaker: false,
    };
    const order = { symbol: 'BTCUSDT', orderId: 4711, clientOrderId: 'tagtag-z' };
    host.answer = ({ path }) => ({
      status: 200,
      headers: {},
      text: JSON.stringify(path.includes('myTrades') ? [trade] : path.includes('allOrders') ? [order] : []),
    });
    const { executions, positionLots } = await gateway.account(0);
    expect(executions).toMatchObject([
      { execution: tradeNumber('BTCUSDT', '99'), orderId: 35, feePpb: 1_000_000, sizeLots: 20_000 },
    ]);
    expect(positionLots.every((lots) => Number.isNaN(lots))).toBe(true);
  });
});

it('reads what is used of the limits from the headers of pages', () => {
  const headers = {
    'x-mbx-used-weight-1m': '31',
    'x-mbx-order-count-10s': '2',
    'x-mbx-order-count-1d': 'x',
    date: '7',
  };
  expect(usedOf(headers)).toEqual({ weight: 31, orders: 2 });
});

it('a mass cancel does not mind that there is nothing to cancel', async () => {
  const { host, gateway } = ready();
  host.answer = () => ({ status: 400, headers: {}, text: '{"code":-2011,"msg":"Unknown order sent."}' });
  await gateway.cancelAll();
  expect(host.requests[0]).toMatchObject({ method: 'DELETE', isCancel: true });
  host.answer = () => ({ status: 401, headers: {}, text: '{"code":-2015,"msg":"Invalid API-key"}' });
  await expect(gateway.cancelAll()).rejects.toMatchObject({ code: 'AUTH' });
});

it('nothing that comes makes it fail', () => {
  const { host, gateway } = ready();
  const random = Random.stream(11, 'frames');
  const frames = [
    report({ x: 'TRADE', l: '0.2', z: '0.2', L: '60000', t: 99, n: '12', N: 'USDT', m: true }),
    report({ x: 'CANCELED', c: 'w', C: 'tagtag-z' }),
    { id: 'pz.0.1', status: 400, error: { code: -2010, msg: 'x' }, rateLimits: [{}] },
  ].map((each) => Buffer.from(JSON.stringify(each)));
  const damages = Object.values(DAMAGES);
  for (let i = 0; i < 20_000; i++) {
    const bytes = damages[i % damages.length]!(frames[i % frames.length]!, random);
    gateway.message(bytes, i);
    for (const { sizeLots, priceTicks } of host.reports()) {
      expect(Number.isSafeInteger(sizeLots) && (Number.isNaN(priceTicks) || Number.isSafeInteger(priceTicks))).toBe(
        true,
      );
    }
  }
});
