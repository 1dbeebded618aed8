import { readFileSync } from 'node:fs';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../data/testing/files.ts';
import { VenueError } from '../contract/venue-error.ts';
import { RestGatewayHost } from '../testing/rest-gateway-host.ts';
import { BitstampOrders } from './orders.ts';

const { BUY, POST_ONLY, IOC, FOK, MAKER } = OrderFlag;
const { NEW, CANCEL, AMEND } = RequestKind;
const { ACK, REJECT, FILL, CANCELLED, CANCEL_REJECT, AMEND_REJECT } = ReportKind;
const SPEC = {
  venue: 'bitstamp',
  symbol: 'btcusd',
  base: 'BTC',
  quote: 'USD',
  tick: '1',
  lot: '0.00000001',
  contract: 'spot',
} as const;
/** Of the recorded events, 2023-09-04. */
const EPOCH_DAY = 19_604;

async function ready() {
  const host = new RestGatewayHost(SPEC, EPOCH_DAY);
  const gateway = new BitstampOrders(host.setup());
  host.answer = () => ok({ token: 'abc', valid_sec: 60, user_id: 314_159 });
  await gateway.prepare();
  gateway.opened(1);
  for (const kind of ['orders', 'trades']) {
    expect(gateway.isReady).toBe(false);
    say(gateway, { event: 'bts:subscription_succeeded', channel: `private-my_${kind}_btcusd-314159`, data: {} });
  }
  expect(gateway.isReady).toBe(true);
  host.answer = () => ok({});
  host.requests.length = 0;
  return { host, gateway };
}

function say(gateway: BitstampOrders, message: unknown): void {
  gateway.message(Buffer.from(JSON.stringify(message)), 8e9);
}

const ok = (body: unknown) => ({ status: 200, headers: {}, text: JSON.stringify(body) });
const placed = (id: string) => ok({ id, datetime: '2023-09-04 12:41:02.313000', type: '0', price: '25862' });
const trade = (more: object) => ({
  event: 'trade',
  channel: 'private-my_trades_btcusd-314159',
  data: {
    id: 635_698_396,
    amount: '0.10000000',
    price: '25000',
    microtimestamp: '1693831263000000',
    fee: '7.5',
    order_id: '1658864794234880',
    side: 'buy',
    ...more,
  },
});

/** The recorded life of an order, as frames. */
function recorded(id: number): string[] {
  const text = readFileSync(sharedData('wire/bitstamp_wsMyOrders.json'), 'utf8');
  return text.split('\n').filter((line) => line.includes(`"id":${id}`));
}

describe('recorded lives of orders', () => {
  it('a limit order that is filled later: acknowledged, its end is its trades', async () => {
    const { host, gateway } = await ready();
    host.answer = () => placed('1658869033291777');
    gateway.request(host.request(NEW, 0, 71, 25_845, 38_692), 0, 7e9);
    const frames = recorded(1_658_869_033_291_777);
    expect(frames).toHaveLength(2);
    expect(await host.taken()).toMatchObject([{ kind: ACK, orderId: 71 }]);
    for (const frame of frames) gateway.message(Buffer.from(frame), 8e9);
    expect(await host.taken()).toEqual([]);
    // Its trade rested: it is later than the order.
    say(
      gateway,
      trade({
        order_id: '1658869033291777',
        amount: '0.00038692',
        price: '25845',
        fee: '0.03',
        microtimestamp: '1693832302664000',
      }),
    );
    expect(await host.taken()).toMatchObject([{ kind: FILL, orderId: 71, size: 38_692, flags: MAKER }]);
  });

  it.each([1_658_864_794_234_880, 1_658_870_500_933_632])('an immediate order %i leaves a rest', async (id) => {
    const { host, gateway } = await ready();
    host.answer = () => placed(String(id));
    gateway.request(host.request(NEW, IOC, 72, 25_000, 38_667), 0, 7e9);
    await host.taken();
    const frames = recorded(id);
    expect(frames).toHaveLength(3);
    for (const frame of frames) gateway.message(Buffer.from(frame), 8e9);
    expect(await host.taken()).toMatchObject([{ kind: CANCELLED, orderId: 72, size: 1, aux: Reject.UNFILLED_REST }]);
  });
});

describe('an order', () => {
  it.each([
    [BUY | POST_ONLY, '/api/v2/buy/btcusd/', '&moc_order=True'],
    [IOC, '/api/v2/sell/btcusd/', '&ioc_order=True'],
    [BUY | FOK, '/api/v2/buy/btcusd/', '&fok_order=True'],
    [0, '/api/v2/sell/btcusd/', ''],
  ])('goes with flags %i in the words of the venue', async (flags, path, option) => {
    const { host, gateway } = await ready();
    gateway.request(host.request(NEW, flags, 71, 25_000, 10_000_000), 0, 7e9);
    await host.taken();
    expect(host.requests).toMatchObject([
      { method: 'POST', path, body: `amount=0.10000000&price=25000&client_order_id=tagtag-1z${option}` },
    ]);
  });

  it.each([
    ['in the microsecond in which it was placed', '1693831262313000', 0],
    ['later', '1693831263000000', MAKER],
  ])('that trades %s is told as such', async (_, microtimestamp, flag) => {
    const { host, gateway } = await ready();
    host.answer = () => placed('1658864794234880');
    gateway.request(host.request(NEW, BUY, 71, 25_000, 10_000_000), 0, 7e9);
    await host.taken();
    say(gateway, trade({ microtimestamp }));
    // 7.5 of 2,500.
    const fill = { kind: FILL, flags: BUY | flag, market: 5, orderId: 71, price: 25_000, size: 10_000_000 };
    expect(await host.taken()).toEqual([{ ...fill, seq: 635_698_396, aux: 3_000_000 }]);
  });

  it.each([
    [
      '{"status":"error","reason":{"__all__":["You have only 1.00 USD available. Check your account balance for details."]}}',
      Reject.INSUFFICIENT_BALANCE,
    ],
    ['{"status":"error","reason":{"__all__":["Minimum order size is 10.00 USD."]}}', Reject.BAD_NOTIONAL],
    [
      '{"status":"error","reason":{"price":["Ensure that there are no more than 0 decimal places."]}}',
      Reject.BAD_PRICE,
    ],
    [
      '{"status":"error","reason":{"amount":["Ensure that there are no more than 8 decimal places."]}}',
      Reject.BAD_SIZE,
    ],
    ['{"status":"error","reason":"x","response_code":"400.002"}', Reject.OVERLOADED],
    ['{"error":"Bitstamp.net is under scheduled maintenance. We\'ll be back soon."}', Reject.HALTED],
    ['{"status":"error","reason":{"__all__":["\u{1F4A5}"]}}', Reject.OTHER],
  ])('that is refused with %s is rejected', async (text, expected) => {
    const { host, gateway } = await ready();
    host.answer = () => ({ status: 200, headers: {}, text });
    gateway.request(host.request(NEW, BUY, 71, 25_000, 10_000_000), 0, 7e9);
    expect(await host.taken()).toMatchObject([{ kind: REJECT, orderId: 71, aux: expected }]);
  });

  it('of which nobody knows whether it arrived is not reported on', async () => {
    const { host, gateway } = await ready();
    host.answer = () => new VenueError({ venue: 'bitstamp', code: 'NETWORK', text: 'gone', mayHaveArrived: true });
    gateway.request(host.request(NEW, BUY, 71, 25_000, 10_000_000), 0, 7e9);
    host.answer = () => ({ status: 502, headers: {}, text: '<html></html>' });
    gateway.request(host.request(NEW, BUY, 72, 25_000, 10_000_000), 0, 7e9);
    expect(await host.taken()).toEqual([]);
  });

  it('is cancelled when its id is known, and ends as asked for', async () => {
    const { host, gateway } = await ready();
    host.answer = ({ path }) =>
      path.includes('/buy/') ? placed('1658864794234880') : ok({ id: 1, status: 'Canceled' });
    gateway.request(host.request(NEW, BUY | POST_ONLY, 71, 25_000, 10_000_000), 0, 7e9);
    gateway.request(host.request(CANCEL, BUY, 71), 0, 7e9);
    await host.taken();
    expect(host.requests.map(({ path, body }) => `${path} ${body}`).at(-1)).toBe(
      '/api/v2/cancel_order/ id=1658864794234880',
    );
    const channel = 'private-my_orders_btcusd-314159';
    say(gateway, { event: 'order_deleted', channel, data: { id_str: '1658864794234880', amount_str: '0.10000000' } });
    expect(await host.taken()).toMatchObject([{ kind: CANCELLED, size: 10_000_000, aux: Reject.REQUESTED }]);
    gateway.request(host.request(CANCEL, BUY, 71), 0, 7e9);
    expect(await host.taken()).toMatchObject([{ kind: CANCEL_REJECT, aux: Reject.UNKNOWN_ORDER }]);
  });

  it('is not amended', async () => {
    const { host, gateway } = await ready();
    gateway.request(host.request(AMEND, BUY, 71, 1, 1), 0, 7e9);
    expect(await host.taken()).toMatchObject([{ kind: AMEND_REJECT, orderId: 71 }]);
  });
});

it('asks for heartbeats, and gives up a connection that is silent', async () => {
  const { host, gateway } = await ready();
  host.sent.length = 0;
  gateway.poll(12e9);
  expect(host.sent).toEqual(['{"event":"bts:heartbeat"}']);
  gateway.poll(40e9);
  expect(host.reconnects).toHaveLength(1);
});
