/** Our orders on the executions channel, by frames as the venue sends them, and a life cycle that was recorded. */
import { EVENT_STRIDE, Field, headFlags, headKind, packHead } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { OrderFlag, Reject, ReportKind, RequestKind } from '@quotewright/core/trading/records';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { asList, asObject, asText, parseJson, type JsonObject } from '../../data/json.ts';
import { sharedData } from '../../data/testing/files.ts';
import { executionNumber } from '../contract/client-ids.ts';
import { Credentials } from '../contract/credentials.ts';
import type { OrdersEvent } from '../contract/orders.ts';
import { type RestRequest, signed } from '../contract/rest.ts';
import { KrakenOrders } from './orders.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { ACK, REJECT, FILL, CANCELLED, CANCEL_REJECT, AMENDED } = ReportKind;
const MARKET = 4;
const ID = 'OABCDE-FGHIJ-KLMNOP';
const TIME = '2026-01-01T12:00:00.500000Z';
const instrument = new Instrument({
  venue: 'kraken',
  symbol: 'BTC/USD',
  base: 'BTC',
  quote: 'USD',
  tick: '0.1',
  lot: '0.00000001',
  contract: 'spot',
});

class Desk {
  readonly reports = new RecordQueue();
  readonly sent: string[] = [];
  readonly events: OrdersEvent[] = [];
  readonly reconnects: string[] = [];
  readonly calls: RestRequest[] = [];
  readonly gateway: KrakenOrders;
  nowNs = 1e9;
  sequence = 1;
  readonly #record = new Float64Array(EVENT_STRIDE);

  constructor() {
    const values = [
      ['key', 'a-key'],
      ['secret', Buffer.from('a secret').toString('base64')],
    ] as const;
    this.gateway = new KrakenOrders({
      instruments: [instrument],
      indices: [MARKET],
      markets: 6,
      epochDay: Date.UTC(2026, 0, 1) / 86_400_000,
      addresses: { rest: 'https://r', feed: 'wss://f/v2', orders: 'wss://o/v2' },
      credentials: new Credentials(new Map(values.map(([name, value]) => [name, Buffer.from(value)]))),
      rest: {
        call: async (request) => {
          this.calls.push(signed(request, 1_767_225_601_000));
          const text = '{"error":[],"result":{"token":"the-token","expires":900}}';
          return Promise.resolve({ status: 200, headers: {}, text });
        },
      },
      budget: { take: () => true, observe: () => {}, banUntil: () => {} },
      tag: 'qtag00',
      host: {
        reports: this.reports,
        send: (frame) => this.sent.push(typeof frame === 'string' ? frame : Buffer.from(frame).toString()),
        flush: () => {},
        reconnect: (reason) => this.reconnects.push(reason),
        tell: (event) => this.events.push(event),
        nowNs: () => this.nowNs,
        nowMs: () => 1_767_225_601_000,
      },
    });
  }

  async open(): Promise<void> {
    await this.gateway.prepare();
    this.gateway.opened(this.nowNs);
    this.say({ method: 'subscribe', result: { channel: 'executions', maxratecount: 180 }, success: true, req_id: 1 });
    this.say({ channel: 'executions', type: 'snapshot', data: [], sequence: 1 });
    this.sent.length = 0;
  }

  say(message: object | string): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    this.gateway.message(Buffer.from(text), this.nowNs);
  }

  /** The next message of the channel. */
  tell(...data: readonly object[]): void {
    this.say({ channel: 'executions', type: 'update', data, sequence: ++this.sequence });
  }

  request(
    kind: number,
    number: number,
    priceTicks = 600_000,
    sizeLots = 10_000_000,
    flags: number = OrderFlag.BUY,
  ): void {
    const record = this.#record;
    record[HEAD] = packHead(kind, flags, MARKET);
    record[ORDER_ID] = number;
    record[PRICE_TICKS] = priceTicks;
    record[SIZE_LOTS] = sizeLots;
    this.gateway.request(record, 0, this.nowNs);
  }

  /** The answer to the last request. */
  answer(fields: object): void {
    const request = asObject(parseJson(this.sent.at(-1)!))?.['req_id'];
    this.say({ method: asObject(parseJson(this.sent.at(-1)!))?.['method'], req_id: request, ...fields });
  }

  taken(): Record<string, number>[] {
    const found: Record<string, number>[] = [];
    const names = new Map(Object.entries(ReportKind).map(([name, kind]) => [kind as number, name]));
    for (; this.reports.length > 0; this.reports.shift()) {
      const { data } = this.reports;
      const at = this.reports.peek();
      expect(names.get(headKind(data[at + HEAD]!))).toBeDefined();
      found.push({
        kind: headKind(data[at + HEAD]!),
        flags: headFlags(data[at + HEAD]!),
        id: data[at + ORDER_ID]!,
        price: data[at + PRICE_TICKS]!,
        size: data[at + SIZE_LOTS]!,
        seq: data[at + SEQ]!,
        aux: data[at + AUX]!,
      });
    }
    return found;
  }
}

const state = (type: string) => ({
  order_id: ID,
  cl_ord_id: 'qtag00-1z',
  exec_type: type,
  order_status: type,
  timestamp: TIME,
});
const trade = (id: string, quantity: string) =>
  `{"order_id":"${ID}","exec_id":"${id}","exec_type":"trade","symbol":"BTC/USD","side":"buy","last_qty":${quantity},"last_price":60000.0,"liquidity_ind":"m","fees":[{"asset":"USD","qty":0.12}],"timestamp":"${TIME}"}`;

let desk: Desk;
beforeEach(async () => {
  desk = new Desk();
  await desk.open();
});

describe('an order', () => {
  it('is acknowledged when it is live, filled once, and over', () => {
    desk.request(RequestKind.NEW, 71);
    expect(desk.sent).toHaveLength(1);
    desk.answer({ success: true, result: { order_id: ID, cl_ord_id: 'qtag00-1z' } });
    expect(desk.taken()).toEqual([]);
    desk.tell(state('pending_new'));
    desk.tell(state('new'));
    expect(desk.taken()).toMatchObject([{ kind: ACK, id: 71, price: 600_000, size: 10_000_000 }]);
    const frame = `{"channel":"executions","type":"update","data":[${trade('TAAAAA-BBBBB-CCCCCC', '0.10000000')}],"sequence":4}`;
    desk.say(frame);
    // It comes twice, as messages with the same number do, and as an execution with the same id.
    desk.say(frame);
    desk.sequence = 4;
    desk.say(frame.replace('"sequence":4', '"sequence":5'));
    desk.sequence = 5;
    desk.tell(state('filled'));
    expect(desk.taken()).toMatchObject([
      {
        kind: FILL,
        flags: OrderFlag.BUY | OrderFlag.MAKER,
        price: 600_000,
        size: 10_000_000,
        seq: executionNumber('TAAAAA-BBBBB-CCCCCC'),
        // 0.12 of 6,000.
        aux: 20_000,
      },
    ]);
    expect(desk.reconnects).toEqual([]);
  });

  it('that is refused is rejected, in the venue’s answer or after it was taken', () => {
    desk.request(RequestKind.NEW, 71);
    desk.answer({ success: false, error: 'EOrder:Insufficient funds' });
    desk.request(RequestKind.NEW, 72);
    desk.answer({ success: true, result: { order_id: ID } });
    desk.tell({ ...state('canceled'), cl_ord_id: undefined, reason: 'Post only order', cum_qty: 0 });
    expect(desk.taken()).toMatchObject([
      { kind: REJECT, id: 71, aux: Reject.INSUFFICIENT_BALANCE },
      { kind: REJECT, id: 72, aux: Reject.POST_ONLY_WOULD_TAKE },
    ]);
    expect(desk.events.filter(({ type }) => type === 'refused')).toHaveLength(1);
  });

  it('is amended and cancelled; what was cut off is told', () => {
    desk.request(RequestKind.NEW, 71);
    desk.tell(state('new'));
    desk.request(RequestKind.AMEND, 71, 600_000, 5_000_000);
    desk.answer({ success: true, result: { amend_id: 'T', order_id: ID } });
    desk.request(RequestKind.CANCEL, 71);
    desk.answer({ success: true, result: { order_id: ID } });
    desk.say(
      `{"channel":"executions","type":"update","data":[{"order_id":"${ID}","exec_type":"canceled","cum_qty":0.02000000,"reason":"User requested","timestamp":"${TIME}"}],"sequence":3}`,
    );
    expect(desk.taken()).toMatchObject([
      { kind: ACK },
      { kind: AMENDED, size: 5_000_000, flags: OrderFlag.BUY | OrderFlag.KEPT_PLACE },
      { kind: CANCELLED, size: 3_000_000, aux: Reject.REQUESTED },
    ]);
    desk.request(RequestKind.CANCEL, 71);
    expect(desk.taken()).toMatchObject([{ kind: CANCEL_REJECT, aux: Reject.UNKNOWN_ORDER }]);
  });

  it('of which nobody knows whether it arrived is not spoken of', () => {
    desk.request(RequestKind.NEW, 71);
    desk.gateway.closed(desk.nowNs);
    expect(desk.taken()).toEqual([]);
    desk.request(RequestKind.NEW, 72);
    expect(desk.taken()).toMatchObject([{ kind: REJECT, id: 72, aux: Reject.OVERLOADED }]);
  });

  it('that the snapshot tells of is evidence: live, and filled', async () => {
    desk.request(RequestKind.NEW, 71);
    desk.gateway.closed(desk.nowNs);
    await desk.gateway.prepare();
    desk.gateway.opened(desk.nowNs);
    expect(desk.gateway.isReady).toBe(false);
    const open = JSON.stringify({ ...state('new'), symbol: 'BTC/USD', side: 'buy' });
    desk.say(
      `{"channel":"executions","type":"snapshot","data":[${open},${trade('TAAAAA-BBBBB-CCCCCC', '0.01000000')}],"sequence":1}`,
    );
    expect(desk.gateway.isReady).toBe(true);
    expect(desk.taken()).toMatchObject([
      { kind: ACK, id: 71 },
      { kind: FILL, id: 71, size: 1_000_000 },
    ]);
  });
});

describe('the channel', () => {
  it('breaks off when a message is missing, or cannot be read', () => {
    desk.say({ channel: 'executions', type: 'update', data: [], sequence: 7 });
    expect(desk.reconnects).toHaveLength(1);
    expect(desk.gateway.isReady).toBe(false);
    desk.say('{"channel":"executions"');
    expect(desk.reconnects).toHaveLength(2);
  });

  it('the order of somebody else is nothing to us', () => {
    desk.tell(
      { ...state('new'), cl_ord_id: 'other-name' },
      { ...state('filled'), order_id: 'OX', cl_ord_id: undefined },
    );
    expect(desk.taken()).toEqual([]);
  });

  it('orders end when we are gone: the timer is renewed, and the token stays out of events', () => {
    for (let i = 0; i < 6; i++) {
      desk.nowNs += 5e9;
      desk.say({ channel: 'heartbeat' });
      desk.gateway.poll(desk.nowNs);
    }
    const renewals = desk.sent.filter((frame) => frame.includes('"cancel_all_orders_after"'));
    expect(renewals.length).toBeGreaterThan(1);
    expect(renewals[0]).toContain('"timeout":30');
    expect(JSON.stringify(desk.events)).not.toContain('the-token');
    desk.nowNs += 11e9;
    desk.gateway.poll(desk.nowNs);
    expect(desk.reconnects).toHaveLength(1);
  });
});

describe('limits', () => {
  it('the counter of the pair keeps requests back, and leaves room for cancels', () => {
    for (let number = 1; number <= 300; number++) desk.request(RequestKind.NEW, number);
    const refused = desk.taken();
    expect(refused.length).toBeGreaterThan(100);
    expect(refused.every(({ kind, aux }) => kind === REJECT && aux === Reject.OVERLOADED)).toBe(true);
    desk.sent.length = 0;
    desk.request(RequestKind.CANCEL, 1);
    expect(desk.sent).toHaveLength(1);
    desk.nowNs += 60e9;
    desk.request(RequestKind.NEW, 1000);
    expect(desk.sent).toHaveLength(2);
  });

  it.each([
    [-1, 5, Reject.BAD_PRICE],
    [Number.NaN, 5, Reject.BAD_PRICE],
    [5, 0, Reject.BAD_SIZE],
    [5, Number.NaN, Reject.BAD_SIZE],
  ])('price %d, size %d is nothing to send', (price, size, aux) => {
    desk.request(RequestKind.NEW, 71, price, size);
    expect([desk.sent.length, desk.taken()]).toMatchObject([0, [{ kind: REJECT, aux }]]);
  });

  it('all or nothing is refused: the venue has nothing of the kind', () => {
    desk.request(RequestKind.NEW, 71, 5, 5, OrderFlag.FOK);
    expect([desk.sent.length, desk.taken()]).toMatchObject([0, [{ kind: REJECT, aux: Reject.FOK_UNFILLED }]]);
  });
});

/** What WebSocket v1 said of an order, step by step, in the words of v2. */
function recordedLife(id: string): JsonObject[] {
  const text = readFileSync(sharedData('wire/kraken_wsOpenTrades.json'), 'utf8');
  const entries = text.split('\n').flatMap((line) => asList(asList(parseJson(line))[0]));
  return entries.map((entry) => asObject(asObject(entry)?.[id])).filter((entry) => entry !== undefined);
}

it('a recorded life cycle (v1 openOrders): pending, open, filled, closed gives one acknowledgement and one fill', () => {
  const life = recordedLife('OKB55A-UEMMN-YUXM2A');
  expect(life.map((step) => asText(step['status']))).toEqual(['pending', 'open', '', 'closed']);
  const lots = instrument.size.parse(asText(life[0]!['vol']));
  desk.request(RequestKind.NEW, 71, 300_000, lots);
  for (const step of life) {
    const status = asText(step['status']);
    if (status === 'pending') desk.tell(state('pending_new'));
    else if (status === 'open') desk.tell(state('new'));
    else if (status === 'closed') desk.tell(state('filled'));
    else {
      const [quantity, price, fee] = ['vol_exec', 'avg_price', 'fee'].map((name) => asText(step[name]));
      desk.say(
        `{"channel":"executions","type":"update","data":[${trade('T1', quantity!)
          .replace('60000.0', price!)
          .replace('0.12', fee!)}],"sequence":${++desk.sequence}}`,
      );
    }
  }
  // 0.00687 of 2.64252.
  expect(desk.taken()).toMatchObject([
    { kind: ACK, id: 71, size: lots },
    { kind: FILL, price: 264_252, size: lots, aux: 2_599_791 },
  ]);
});
