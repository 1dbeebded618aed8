/** Fills out of cumulative quantities: each is reported once, none is lost, and an order's end comes after its last fill. */
import { generateKeyPairSync } from 'node:crypto';
import { EVENT_STRIDE, Field, headKind, packHead } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { Credentials } from '../contract/credentials.ts';
import type { OrdersEvent } from '../contract/orders.ts';
import type { RestRequest, RestResponse } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';
import { CoinbaseOrders } from './orders.ts';
import { coinbase } from './venue.ts';

const BTC = new Instrument({
  venue: 'coinbase',
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  tick: '0.01',
  lot: '0.00000001',
  contract: 'spot',
});
const SECRET = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({
  type: 'sec1',
  format: 'pem',
});
const ok = (body: unknown): RestResponse => ({ status: 200, headers: {}, text: JSON.stringify(body) });

/** A gateway whose venue is written by the test: `answers` by path, the last one stays. */
class Desk {
  readonly reports = new RecordQueue();
  readonly asked: RestRequest[] = [];
  readonly events: OrdersEvent[] = [];
  readonly reconnects: string[] = [];
  readonly answers: Record<string, (RestResponse | VenueError)[]> = {};
  readonly orders: CoinbaseOrders;
  nowMs = 1_795_300_000_000;
  hasRoom = true;
  #seq = 0;

  constructor() {
    this.orders = new CoinbaseOrders({
      instruments: [BTC],
      indices: [2],
      markets: 3,
      epochDay: 20_778,
      addresses: coinbase.environments['live']!,
      credentials: new Credentials(
        new Map([
          ['key', Buffer.from('organizations/a/apiKeys/b')],
          ['secret', Buffer.from(SECRET)],
        ]),
      ),
      rest: { call: async (request) => this.#call(request) },
      budget: { take: () => this.hasRoom, observe: () => undefined, banUntil: () => undefined },
      tag: 'qtag00',
      host: {
        reports: this.reports,
        send: () => undefined,
        flush: () => undefined,
        reconnect: (reason) => this.reconnects.push(reason),
        tell: (event) => this.events.push(event),
        nowNs: () => 1,
        nowMs: () => this.nowMs,
      },
    });
    this.orders.opened(0);
    this.answers['/api/v3/brokerage/orders'] = [ok({ success: true, success_response: { order_id: 'X' } })];
  }

  request(kind: number, flags = 0, size = 100): void {
    const data = new Float64Array(EVENT_STRIDE);
    data.set([packHead(kind, OrderFlag.BUY | flags, 2), 0, 0, 5_000_000, size, 71, 1, 0]);
    this.orders.request(data, 0, 1);
  }

  user(status: string, filled: string, fields: object = {}): void {
    const order = { order_id: 'X', client_order_id: 'qtag00-1z', status, cumulative_quantity: filled, ...fields };
    this.frame('user', [{ type: 'update', orders: [{ ...order, product_id: 'BTC-USD', order_side: 'BUY' }] }]);
  }

  frame(channel: string, events: unknown[], sequence_num = this.#seq++): void {
    const frame = { channel, timestamp: '2026-11-21T10:00:00Z', sequence_num, events };
    this.orders.message(Buffer.from(JSON.stringify(frame)), 1);
  }

  fills(...fills: [entry: string, size: string][]): void {
    const list = fills.map(([entry_id, size]) => ({
      entry_id,
      order_id: 'X',
      product_id: 'BTC-USD',
      trade_type: 'FILL',
      trade_time: '2026-11-21T10:00:00Z',
      price: '50000',
      size,
      commission: (Number(size) * 300).toFixed(10),
      side: 'BUY',
      liquidity_indicator: 'MAKER',
    }));
    (this.answers['/api/v3/brokerage/orders/historical/fills'] ??= []).push(ok({ fills: list, cursor: '' }));
  }

  /** Everything that is under way arrives; time passes for what is tried again. */
  async settle(): Promise<void> {
    for (let i = 0; i < 8; i++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.nowMs += 2000;
      this.orders.poll(2);
    }
  }

  /** Kind, lots and AUX of each report since the last time. */
  taken(): number[][] {
    const found: number[][] = [];
    for (; this.reports.length > 0; this.reports.shift()) {
      const { data } = this.reports;
      const at = this.reports.peek();
      found.push([headKind(data[at + Field.HEAD]!), data[at + Field.SIZE_LOTS]!, data[at + Field.AUX]!]);
    }
    return found;
  }

  async #call(request: RestRequest): Promise<RestResponse> {
    this.asked.push(request);
    const answers = this.answers[request.path.replace(/\?.*$/u, '')] ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof VenueError) throw answer;
    return Promise.resolve(answer ?? { status: 404, headers: {}, text: '' });
  }
}

const { ACK, FILL, CANCELLED, REJECT, CANCEL_REJECT } = ReportKind;
const PPB = 6_000_000;

describe('fills', () => {
  it('are fetched until they add up to what the channel says; two may come as one message', async () => {
    const desk = new Desk();
    desk.request(RequestKind.NEW);
    await desk.settle();
    expect(desk.taken()).toEqual([[ACK, 100, 0]]);
    // The list is behind the channel at first.
    desk.fills();
    desk.fills(['a', '0.0000003']);
    desk.fills(['a', '0.0000003'], ['b', '0.0000002']);
    desk.user('OPEN', '0.0000005');
    await desk.settle();
    expect(desk.taken()).toEqual([
      [FILL, 30, PPB],
      [FILL, 20, PPB],
    ]);
    desk.user('OPEN', '0.0000005');
    await desk.settle();
    expect(desk.taken()).toEqual([]);
  });

  it('come before the end of their order, although the end is told first', async () => {
    const desk = new Desk();
    desk.request(RequestKind.NEW, OrderFlag.IOC);
    desk.fills(['a', '0.0000004']);
    desk.user('CANCELLED', '0.0000004');
    await desk.settle();
    expect(desk.taken()).toEqual([
      [ACK, 100, 0],
      [FILL, 40, PPB],
      [CANCELLED, 60, Reject.UNFILLED_REST],
    ]);
  });

  it('of an order that is filled are its end', async () => {
    const desk = new Desk();
    desk.request(RequestKind.NEW);
    desk.fills(['a', '0.000001']);
    desk.user('FILLED', '0.000001');
    desk.user('FILLED', '0.000001');
    await desk.settle();
    desk.user('FILLED', '0.000001');
    await desk.settle();
    expect(desk.taken()).toEqual([
      [ACK, 100, 0],
      [FILL, 100, PPB],
    ]);
  });

  it('of an order that has ended are its own by what is remembered: the venue is not asked for each of them', async () => {
    const desk = new Desk();
    desk.request(RequestKind.NEW);
    desk.fills(['a', '0.000001']);
    desk.user('FILLED', '0.000001');
    await desk.settle();
    desk.answers['/api/v3/brokerage/orders/historical/batch'] = [ok({ orders: [], cursor: '' })];
    desk.fills(['a', '0.000001']);
    const { executions } = await desk.orders.account(0);
    expect(executions.map(({ orderId }) => orderId)).toEqual([71]);
    expect(desk.asked.filter(({ path }) => path.endsWith('/historical/X'))).toEqual([]);
  });

  it('are asked for again when the venue fails to answer', async () => {
    const desk = new Desk();
    desk.request(RequestKind.NEW);
    const path = '/api/v3/brokerage/orders/historical/fills';
    desk.answers[path] = [{ status: 500, headers: {}, text: '' }];
    desk.fills(['a', '0.000001']);
    desk.user('FILLED', '0.000001');
    await desk.settle();
    expect(desk.taken()).toEqual([
      [ACK, 100, 0],
      [FILL, 100, PPB],
    ]);
  });
});

describe('requests', () => {
  it('that were lost on their way are not guessed', async () => {
    const desk = new Desk();
    const lost = new VenueError({ venue: 'coinbase', code: 'TIMEOUT', text: 'no answer', mayHaveArrived: true });
    desk.answers['/api/v3/brokerage/orders'] = [lost];
    desk.request(RequestKind.NEW);
    await desk.settle();
    expect(desk.taken()).toEqual([]);
    desk.user('OPEN', '0');
    expect(desk.taken()).toEqual([[ACK, 100, 0]]);
  });

  it('that are refused are told with the reason', async () => {
    const desk = new Desk();
    const error_response = { error: 'INSUFFICIENT_FUND', message: 'Insufficient balance', preview_failure_reason: '' };
    desk.answers['/api/v3/brokerage/orders'] = [ok({ success: false, error_response })];
    desk.request(RequestKind.NEW);
    await desk.settle();
    expect(desk.taken()).toEqual([[REJECT, 0, Reject.INSUFFICIENT_BALANCE]]);
  });

  it('without room in the budget are refused at once', () => {
    const desk = new Desk();
    desk.hasRoom = false;
    desk.request(RequestKind.NEW);
    expect(desk.taken()).toEqual([[REJECT, 0, Reject.OVERLOADED]]);
    expect(desk.asked).toEqual([]);
  });

  it('to cancel wait for the venue’s id', async () => {
    const desk = new Desk();
    desk.answers['/api/v3/brokerage/orders/batch_cancel'] = [ok({ results: [{ success: true, order_id: 'X' }] })];
    desk.request(RequestKind.NEW, OrderFlag.POST_ONLY);
    desk.request(RequestKind.CANCEL);
    await desk.settle();
    expect(desk.asked.map(({ body }) => body)).toEqual([
      '{"client_order_id":"qtag00-1z","product_id":"BTC-USD","side":"BUY","order_configuration":{"limit_limit_gtc":{"base_size":"0.00000100","limit_price":"50000.00","post_only":true}}}',
      '{"order_ids":["X"]}',
    ]);
    desk.user('CANCELLED', '0');
    expect(desk.taken()).toEqual([
      [ACK, 100, 0],
      [CANCELLED, 100, Reject.REQUESTED],
    ]);
    desk.request(RequestKind.CANCEL);
    expect(desk.taken()).toEqual([[CANCEL_REJECT, 0, Reject.UNKNOWN_ORDER]]);
  });
});

describe('the private connection', () => {
  it('is made anew when a number is missing', () => {
    const desk = new Desk();
    desk.frame('heartbeats', [], 0);
    desk.frame('heartbeats', [], 2);
    expect(desk.reconnects).toEqual(['sequence_num: found 2, expected 1']);
  });

  it('is ready when the venue has confirmed, and not when it refuses', () => {
    const desk = new Desk();
    desk.orders.message(Buffer.from('{"type":"error","message":"authentication failure"}'), 1);
    expect([desk.orders.isReady, desk.events[0]!.error?.code]).toEqual([false, 'AUTH']);
    desk.frame('subscriptions', [{ subscriptions: { user: ['u'] } }]);
    expect(desk.orders.isReady).toBe(true);
  });
});
