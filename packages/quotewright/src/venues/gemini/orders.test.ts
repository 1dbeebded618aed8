import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { asObject, type JsonObject } from '../../data/json.ts';
import { executionNumber } from '../contract/client-ids.ts';
import { VenueError } from '../contract/venue-error.ts';
import { RestGatewayHost } from '../testing/rest-gateway-host.ts';
import { GeminiOrders } from './orders.ts';

const { BUY, POST_ONLY, IOC, FOK, MAKER } = OrderFlag;
const { NEW, CANCEL, AMEND } = RequestKind;
const { ACK, REJECT, FILL, CANCELLED, CANCEL_REJECT, AMEND_REJECT } = ReportKind;
const SPEC = {
  venue: 'gemini',
  symbol: 'btcusd',
  base: 'BTC',
  quote: 'USD',
  tick: '0.01',
  lot: '0.00000001',
  contract: 'spot',
} as const;

async function ready() {
  const host = new RestGatewayHost(SPEC);
  const gateway = new GeminiOrders(host.setup());
  gateway.opened(1);
  say(gateway, { type: 'subscription_ack', accountId: 1 });
  // The first heartbeat.
  await host.taken();
  host.requests.length = 0;
  return { host, gateway };
}

function say(gateway: GeminiOrders, message: unknown): void {
  gateway.message(Buffer.from(JSON.stringify(message)), 8e9);
}

/** The payload of a request. */
function payloadOf(host: RestGatewayHost, at = -1): JsonObject {
  return asObject(JSON.parse(Buffer.from(host.requests.at(at)!.headers!['x-gemini-payload']!, 'base64').toString()))!;
}

const ok = (body: unknown) => ({ status: 200, headers: {}, text: JSON.stringify(body) });
const refuse = (status: number, reason: string) => ({
  status,
  headers: {},
  text: JSON.stringify({ result: 'error', reason, message: reason }),
});
const event = (type: string, sequence: number, more: object = {}) => [
  {
    type,
    order_id: '77',
    client_order_id: 'tagtag-1z',
    symbol: 'btcusd',
    side: 'buy',
    price: '60000.01',
    original_amount: '0.5',
    remaining_amount: '0.5',
    socket_sequence: sequence,
    ...more,
  },
];

describe('an order', () => {
  it.each([
    [BUY | POST_ONLY, ['maker-or-cancel']],
    [BUY | IOC, ['immediate-or-cancel']],
    [FOK, ['fill-or-kill']],
    [BUY, undefined],
  ])('goes with flags %i in the words of the venue', async (flags, options) => {
    const { host, gateway } = await ready();
    gateway.request(host.request(NEW, flags, 71, 6_000_001, 50_000_000), 0, 7e9);
    await host.taken();
    expect(payloadOf(host)).toEqual({
      request: '/v1/order/new',
      nonce: expect.stringMatching(/^\d{13}$/u) as unknown,
      client_order_id: 'tagtag-1z',
      symbol: 'btcusd',
      amount: '0.50000000',
      price: '60000.01',
      side: (flags & BUY) === 0 ? 'sell' : 'buy',
      type: 'exchange limit',
      ...(options === undefined ? {} : { options }),
    });
  });

  it('is acknowledged once, by the answer or the event, fills with its exact fee, and ends by its event', async () => {
    const { host, gateway } = await ready();
    host.answer = () => ok({ order_id: '77', is_live: true });
    gateway.request(host.request(NEW, BUY, 71, 6_000_001, 50_000_000), 0, 7e9);
    expect(await host.taken()).toEqual([
      { kind: ACK, flags: BUY, market: 5, orderId: 71, price: 6_000_001, size: 50_000_000, seq: 0, aux: 0 },
    ]);
    say(gateway, event('accepted', 0));
    say(gateway, event('booked', 1));
    const fill = {
      trade_id: '2840141017904555',
      liquidity: 'Maker',
      price: '60000.00',
      amount: '0.1',
      fee: '12',
      fee_currency: 'USD',
    };
    say(gateway, event('fill', 2, { fill }));
    say(gateway, event('cancelled', 3, { remaining_amount: '0.4', reason: 'Requested' }));
    say(gateway, event('closed', 4));
    expect(await host.taken()).toEqual([
      // 12 of 6,000.
      {
        kind: FILL,
        flags: BUY | MAKER,
        market: 5,
        orderId: 71,
        price: 6_000_000,
        size: 10_000_000,
        seq: executionNumber('2840141017904555'),
        aux: 2_000_000,
      },
      {
        kind: CANCELLED,
        flags: BUY,
        market: 5,
        orderId: 71,
        price: 0,
        size: 40_000_000,
        seq: 0,
        aux: Reject.REQUESTED,
      },
    ]);
  });

  it.each([
    ['MakerOrCancelWouldTake', Reject.POST_ONLY_WOULD_TAKE],
    ['ImmediateOrCancelWouldPost', Reject.UNFILLED_REST],
    ['FillOrKillWouldNotFill', Reject.FOK_UNFILLED],
    ['SelfCrossPrevented', Reject.SELF_TRADE],
    ['SomethingNew', Reject.OTHER],
  ])('that the venue ends with %s is told with the reason', async (reason, expected) => {
    const { host, gateway } = await ready();
    gateway.request(host.request(NEW, BUY, 71, 6_000_001, 50_000_000), 0, 7e9);
    say(gateway, event('accepted', 0));
    say(gateway, event('cancelled', 1, { reason }));
    const reports = await host.taken();
    expect(reports.map(({ kind }) => kind)).toEqual([ACK, CANCELLED]);
    expect(reports[1]).toMatchObject({ aux: expected, size: 50_000_000 });
  });

  it.each([
    [406, 'InsufficientFunds', Reject.INSUFFICIENT_BALANCE],
    [400, 'InvalidPrice', Reject.BAD_PRICE],
    [400, 'InvalidQuantity', Reject.BAD_SIZE],
    [400, 'MarketNotOpen', Reject.HALTED],
    [429, 'RateLimit', Reject.OVERLOADED],
    [503, 'Maintenance', Reject.HALTED],
  ])('that is refused with %i %s is rejected', async (status, reason, expected) => {
    const { host, gateway } = await ready();
    host.answer = () => refuse(status, reason);
    gateway.request(host.request(NEW, BUY, 71, 6_000_001, 50_000_000), 0, 7e9);
    expect(await host.taken()).toMatchObject([{ kind: REJECT, orderId: 71, aux: expected }]);
    expect(host.flushes).toBe(1);
  });

  it('of which nobody knows whether it arrived is not reported on', async () => {
    const { host, gateway } = await ready();
    const text = 'no answer in time';
    host.answer = () => new VenueError({ venue: 'gemini', code: 'TIMEOUT', text, mayHaveArrived: true });
    gateway.request(host.request(NEW, BUY, 71, 6_000_001, 50_000_000), 0, 7e9);
    expect(await host.taken()).toEqual([]);
    host.answer = () => ({ status: 502, headers: {}, text: '<html></html>' });
    gateway.request(host.request(NEW, BUY, 72, 6_000_001, 50_000_000), 0, 7e9);
    expect(await host.taken()).toEqual([]);
  });

  it('whose nonce came too late is signed anew', async () => {
    const { host, gateway } = await ready();
    host.answer = () => (host.requests.length < 3 ? refuse(400, 'InvalidNonce') : ok({ order_id: '77' }));
    gateway.request(host.request(NEW, BUY, 71, 6_000_001, 50_000_000), 0, 7e9);
    expect(await host.taken()).toMatchObject([{ kind: ACK }]);
    const nonces = host.requests.map((_, i) => Number(payloadOf(host, i)['nonce']));
    expect(nonces).toEqual([nonces[0]!, nonces[0]! + 1, nonces[0]! + 2]);
  });
});

describe('a cancel', () => {
  it('waits for the id of its order', async () => {
    const { host, gateway } = await ready();
    gateway.request(host.request(NEW, BUY, 71, 6_000_001, 50_000_000), 0, 7e9);
    gateway.request(host.request(CANCEL, BUY, 71), 0, 7e9);
    await host.taken();
    expect(host.requests.map(({ path }) => path)).toEqual(['/v1/order/new']);
    say(gateway, event('accepted', 0));
    await host.taken();
    expect(host.requests.at(-1)).toMatchObject({ path: '/v1/order/cancel', isCancel: true });
    expect(payloadOf(host)).toMatchObject({ order_id: 77 });
  });

  it('of an order that is not known, here or there, is refused', async () => {
    const { host, gateway } = await ready();
    gateway.request(host.request(CANCEL, BUY, 9), 0, 7e9);
    expect(await host.taken()).toMatchObject([{ kind: CANCEL_REJECT, orderId: 9, aux: Reject.UNKNOWN_ORDER }]);
    gateway.request(host.request(NEW, BUY, 71, 6_000_001, 50_000_000), 0, 7e9);
    say(gateway, event('accepted', 0));
    host.answer = () => refuse(404, 'OrderNotFound');
    gateway.request(host.request(CANCEL, BUY, 71), 0, 7e9);
    expect(await host.taken()).toMatchObject([{ kind: ACK }, { kind: CANCEL_REJECT, aux: Reject.UNKNOWN_ORDER }]);
  });
});

it('an amendment is refused: the venue has none', async () => {
  const { host, gateway } = await ready();
  gateway.request(host.request(AMEND, BUY, 71, 1, 1), 0, 7e9);
  expect(await host.taken()).toMatchObject([{ kind: AMEND_REJECT, orderId: 71 }]);
});

describe('the connection', () => {
  it('is given up when a number is missing, not when one is shared by a batch', async () => {
    const { host, gateway } = await ready();
    say(gateway, [...event('accepted', 0), ...event('booked', 0)]);
    say(gateway, { type: 'heartbeat', socket_sequence: 1 });
    expect(host.reconnects).toEqual([]);
    say(gateway, event('cancelled', 3));
    expect(host.reconnects).toEqual(['order events are missing']);
  });

  it('is given up when a fill cannot be read, which is then not booked in part', async () => {
    const { host, gateway } = await ready();
    gateway.request(host.request(NEW, BUY, 71, 6_000_001, 50_000_000), 0, 7e9);
    say(gateway, event('fill', 0, { fill: { trade_id: '1', price: '60000.001', amount: '0.1', fee: '1' } }));
    expect(host.reconnects).toEqual(['a fill cannot be read']);
    expect((await host.taken()).map(({ kind }) => kind)).not.toContain(FILL);
  });

  it('takes no orders before the acknowledgement, and keeps the key alive after it', async () => {
    const host = new RestGatewayHost(SPEC);
    const gateway = new GeminiOrders(host.setup());
    await gateway.prepare();
    expect(Object.keys(gateway.headers)).toContain('x-gemini-signature');
    gateway.opened(1);
    gateway.request(host.request(NEW, BUY, 71, 1, 1), 0, 7e9);
    expect(await host.taken()).toMatchObject([{ kind: REJECT, aux: Reject.OVERLOADED }]);
    say(gateway, { type: 'subscription_ack' });
    gateway.poll(8e9);
    await host.taken();
    expect(host.requests.map(({ path }) => path)).toEqual(['/v1/heartbeat']);
  });
});
