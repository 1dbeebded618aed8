import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { GatewayHost, NOW_MS, engineRequest } from '../binance/testing/gateway-host.ts';
import { BinanceUsdmOrders } from './orders.ts';

const { BUY, POST_ONLY, REDUCE_ONLY } = OrderFlag;
const KEY = { key: 'k'.repeat(64), secret: 's'.repeat(64) };

async function ready(): Promise<{ host: GatewayHost; gateway: BinanceUsdmOrders }> {
  const host = new GatewayHost();
  const gateway = new BinanceUsdmOrders(host.setup(KEY));
  host.answer = () => ({ status: 200, headers: {}, text: '{"listenKey":"abc"}' });
  await gateway.prepare();
  gateway.opened(0);
  host.requests.length = 0;
  host.answer = () => ({ status: 200, headers: {}, text: '{}' });
  return { host, gateway };
}

/** Parameters of a signed request. */
const sent = ({ requests }: GatewayHost, i = 0) =>
  Object.fromEntries(new URL(requests[i]!.path, 'https://x').searchParams);

it('connects to the stream of a listen key', async () => {
  const { gateway } = await ready();
  expect(gateway.url).toBe('wss://orders/ws?listenKey=abc&events=ORDER_TRADE_UPDATE/listenKeyExpired');
  const host = new GatewayHost();
  host.answer = () => ({ status: 401, headers: {}, text: '{"code":-2015,"msg":"Invalid API-key"}' });
  await expect(new BinanceUsdmOrders(host.setup(KEY)).prepare()).rejects.toMatchObject({ code: 'AUTH' });
});

it('tells the venue to cancel when it is gone, and renews the listen key', async () => {
  const { host, gateway } = await ready();
  gateway.poll(1);
  expect(sent(host)).toMatchObject({ symbol: 'BTCUSDT', countdownTime: '45000' });
  gateway.poll(2);
  expect(host.requests).toHaveLength(1);
  gateway.poll(31 * 60e9);
  expect(host.requests.map(({ method }) => method)).toEqual(['POST', 'PUT', 'POST']);
  gateway.message(Buffer.from('{"e":"listenKeyExpired"}'), 1);
  expect([gateway.isReady, host.reconnects.length]).toEqual([false, 1]);
});

const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the listen key', () => {
  it('is renewed again in a minute when that failed, and in half an hour when it was done', async () => {
    const { host, gateway } = await ready();
    const renewals = (): number => host.requests.filter(({ method }) => method === 'PUT').length;
    const at = async (minutes: number, status: number): Promise<number> => {
      host.answer = () => ({ status, headers: {}, text: '{}' });
      gateway.poll(minutes * 60e9);
      await settle();
      return renewals();
    };
    expect([await at(30, 503), await at(30.5, 503), await at(31, 200), await at(60.9, 200), await at(61, 200)]).toEqual(
      [1, 1, 2, 2, 3],
    );
    expect([gateway.isReady, host.reconnects]).toEqual([true, []]);
  });

  it('that there is no more makes another connection', async () => {
    const { host, gateway } = await ready();
    host.answer = () => ({ status: 400, headers: {}, text: '{"code":-1125,"msg":"This listenKey does not exist."}' });
    gateway.poll(30 * 60e9);
    await settle();
    expect([gateway.isReady, host.reconnects]).toEqual([false, ['the listen key has ended']]);
  });
});

describe('requests', () => {
  it('are new, amended and cancelled orders', async () => {
    const { host, gateway } = await ready();
    gateway.request(engineRequest(RequestKind.NEW, BUY | POST_ONLY | REDUCE_ONLY, 35, 6_000_001, 50_000), 0);
    gateway.request(engineRequest(RequestKind.AMEND, BUY, 35, 6_000_002, 40_000), 0);
    gateway.request(engineRequest(RequestKind.CANCEL, BUY, 35), 0);
    expect(host.requests.map(({ method }) => method)).toEqual(['POST', 'PUT', 'DELETE']);
    const order = { symbol: 'BTCUSDT', side: 'BUY', price: '60000.01', quantity: '0.50000', timeInForce: 'GTX' };
    expect(sent(host)).toMatchObject({ ...order, reduceOnly: 'true', newClientOrderId: 'tagtag-z', type: 'LIMIT' });
    expect(sent(host, 1)).toMatchObject({ origClientOrderId: 'tagtag-z', price: '60000.02', quantity: '0.40000' });
    expect(sent(host, 2)).toMatchObject({ origClientOrderId: 'tagtag-z', timestamp: String(NOW_MS) });
  });

  it.each([
    [
      400,
      '{"code":-5022,"msg":"Post Only order will be rejected."}',
      [[ReportKind.REJECT, Reject.POST_ONLY_WOULD_TAKE]],
    ],
    [400, '{"code":-2019,"msg":"Margin is insufficient."}', [[ReportKind.REJECT, Reject.INSUFFICIENT_BALANCE]]],
    // It may have been taken.
    [503, '{"msg":"Unknown error, please check your request or try again later."}', []],
  ])('that are answered with %i %s', async (status, text, wanted) => {
    const { host, gateway } = await ready();
    host.answer = () => ({ status, headers: {}, text });
    gateway.request(engineRequest(RequestKind.NEW, BUY, 35, 6_000_001, 50_000), 0);
    await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(host.reports().map(({ kind, aux }) => [kind, aux])).toEqual(wanted);
  });

  it('are refused at once without room in the budget', async () => {
    const { host, gateway } = await ready();
    host.hasRoom = false;
    gateway.request(engineRequest(RequestKind.NEW, BUY, 35, 1, 1), 0);
    expect(host.requests).toEqual([]);
    expect(host.reports()).toMatchObject([{ kind: ReportKind.REJECT, aux: Reject.OVERLOADED }]);
  });
});

it('reports what ORDER_TRADE_UPDATE tells', async () => {
  const { host, gateway } = await ready();
  const order = {
    s: 'BTCUSDT',
    c: 'tagtag-z',
    S: 'SELL',
    o: 'LIMIT',
    f: 'GTC',
    q: '0.5',
    p: '60000.01',
    z: '0',
    i: 8,
    T: NOW_MS,
  };
  for (const x of ['NEW', 'AMENDMENT']) {
    gateway.message(Buffer.from(JSON.stringify({ e: 'ORDER_TRADE_UPDATE', o: { ...order, x } })), 1);
  }
  expect(host.reports()).toMatchObject([
    { kind: ReportKind.ACK, orderId: 35, flags: 0, sizeLots: 50_000 },
    { kind: ReportKind.AMENDED, orderId: 35, priceTicks: 6_000_001 },
  ]);
});
