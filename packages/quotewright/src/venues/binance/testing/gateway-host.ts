/** A host for tests of the gateways: what is sent, told and reported is kept. */
import { EVENT_STRIDE, Field, packHead } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { Credentials } from '../../contract/credentials.ts';
import type { OrdersEvent, OrdersSetup } from '../../contract/orders.ts';
import { type RestRequest, type RestResponse, signed } from '../../contract/rest.ts';

export const NOW_MS = 1_767_225_600_000;
export const MARKET = 4;
export const BTCUSDT = new Instrument({
  venue: 'binance',
  symbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01',
  lot: '0.00001',
  contract: 'spot',
  fees: { maker: '0.001', taker: '0.002' },
});

export interface Report {
  readonly kind: number;
  readonly flags: number;
  readonly orderId: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly seq: number;
  readonly aux: number;
}

export class GatewayHost {
  readonly sent: string[] = [];
  readonly events: OrdersEvent[] = [];
  readonly reconnects: string[] = [];
  readonly bans: number[] = [];
  readonly observed = new Map<string, number>();
  readonly requests: RestRequest[] = [];
  readonly queue = new RecordQueue();
  hasRoom = true;
  answer: (request: RestRequest) => RestResponse = () => ({ status: 200, headers: {}, text: '[]' });

  setup(credentials: Readonly<Record<string, string | Buffer>>): OrdersSetup {
    const values = Object.entries(credentials).map(([name, value]) => [name, Buffer.from(value)] as const);
    return {
      instruments: [BTCUSDT],
      indices: [MARKET],
      markets: MARKET + 1,
      epochDay: NOW_MS / 86_400_000,
      addresses: { rest: 'https://rest', feed: 'wss://feed', orders: 'wss://orders' },
      credentials: new Credentials(new Map(values)),
      rest: {
        call: async (request) => {
          const leaves = signed(request, NOW_MS);
          this.requests.push(leaves);
          return Promise.resolve(this.answer(leaves));
        },
      },
      budget: {
        take: () => this.hasRoom,
        observe: (rule, used) => void this.observed.set(rule, used),
        banUntil: (ms) => void this.bans.push(ms),
      },
      tag: 'tagtag',
      host: {
        reports: this.queue,
        send: (frame) => void this.sent.push(String(frame)),
        flush: () => undefined,
        reconnect: (reason) => void this.reconnects.push(reason),
        tell: (event) => void this.events.push(event),
        nowNs: () => 5e9,
        nowMs: () => NOW_MS,
      },
    };
  }

  /** The reports since the last look. */
  reports(): Report[] {
    const reports: Report[] = [];
    for (; this.queue.length > 0; this.queue.shift()) {
      const at = this.queue.peek();
      const { data } = this.queue;
      const head = data[at]!;
      reports.push({
        kind: head & 0xff,
        flags: (head >> 8) & 0xff,
        orderId: data[at + Field.ORDER_ID]!,
        priceTicks: data[at + Field.PRICE_TICKS]!,
        sizeLots: data[at + Field.SIZE_LOTS]!,
        seq: data[at + Field.SEQ]!,
        aux: data[at + Field.AUX]!,
      });
    }
    return reports;
  }
}

/** A request of the engine. */
export function engineRequest(
  kind: number,
  flags: number,
  orderId: number,
  priceTicks = 0,
  sizeLots = 0,
): Float64Array {
  const data = new Float64Array(EVENT_STRIDE);
  data[Field.HEAD] = packHead(kind, flags, MARKET);
  data[Field.ORDER_ID] = orderId;
  data[Field.PRICE_TICKS] = priceTicks;
  data[Field.SIZE_LOTS] = sizeLots;
  return data;
}
