/** The host of a gateway whose orders go over REST, for tests: its requests are answered by hand, its reports read as objects. */
import { Field, headFlags, headInstrument, headKind, packHead } from '@quotewright/core/market/event';
import { Instrument, type InstrumentSpec } from '@quotewright/core/market/instrument';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { Credentials } from '../contract/credentials.ts';
import type { OrdersEvent, OrdersHost, OrdersSetup } from '../contract/orders.ts';
import { type Rest, type RestRequest, type RestResponse, signed } from '../contract/rest.ts';

const MARKET = 5;

export interface Report {
  readonly kind: number;
  readonly flags: number;
  readonly market: number;
  readonly orderId: number;
  readonly price: number;
  readonly size: number;
  readonly seq: number;
  readonly aux: number;
}

export class RestGatewayHost implements OrdersHost, Rest {
  readonly reports = new RecordQueue();
  readonly sent: string[] = [];
  readonly events: OrdersEvent[] = [];
  readonly reconnects: string[] = [];
  readonly requests: RestRequest[] = [];
  readonly instrument: Instrument;
  flushes = 0;
  /** What the venue says to a request; an Error is thrown. */
  answer: (request: RestRequest) => RestResponse | Error = () => ({ status: 200, headers: {}, text: '{}' });
  readonly #epochDay: number;
  readonly #data = new Float64Array(8);

  constructor(spec: InstrumentSpec, epochDay = 20_000) {
    this.instrument = new Instrument(spec);
    this.#epochDay = epochDay;
  }

  setup(): OrdersSetup {
    const credentials = new Credentials(
      new Map([
        ['key', Buffer.from('account-key')],
        ['secret', Buffer.from('secret')],
      ]),
    );
    return {
      instruments: [this.instrument],
      indices: [MARKET],
      markets: 7,
      epochDay: this.#epochDay,
      addresses: { rest: 'https://venue', feed: 'wss://venue', orders: 'wss://venue' },
      credentials,
      rest: this,
      budget: { take: () => true, observe: () => undefined, banUntil: () => undefined },
      tag: 'tagtag',
      host: this,
    };
  }

  async call(request: RestRequest): Promise<RestResponse> {
    const leaves = signed(request, this.nowMs());
    this.requests.push(leaves);
    const answer = this.answer(leaves);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }

  send(frame: string | Uint8Array): void {
    this.sent.push(typeof frame === 'string' ? frame : Buffer.from(frame).toString());
  }

  flush(): void {
    this.flushes++;
  }

  reconnect(reason: string): void {
    this.reconnects.push(reason);
  }

  tell(event: OrdersEvent): void {
    this.events.push(event);
  }

  nowNs(): number {
    return 7e9;
  }

  nowMs(): number {
    return this.#epochDay * 86_400_000 + 7000;
  }

  /** The engine's request. */
  request(kind: number, flags: number, orderId: number, priceTicks = 0, sizeLots = 0): Float64Array {
    const data = this.#data;
    data.fill(0);
    data[Field.HEAD] = packHead(kind, flags, MARKET);
    data[Field.ORDER_ID] = orderId;
    data[Field.PRICE_TICKS] = priceTicks;
    data[Field.SIZE_LOTS] = sizeLots;
    return data;
  }

  /** The reports so far, and none of them again; after promises have had their turn. */
  async taken(): Promise<Report[]> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const found: Report[] = [];
    while (this.reports.length > 0) {
      const at = this.reports.peek();
      const { data } = this.reports;
      const head = data[at + Field.HEAD]!;
      found.push({
        kind: headKind(head),
        flags: headFlags(head),
        market: headInstrument(head),
        orderId: data[at + Field.ORDER_ID]!,
        price: data[at + Field.PRICE_TICKS]!,
        size: data[at + Field.SIZE_LOTS]!,
        seq: data[at + Field.SEQ]!,
        aux: data[at + Field.AUX]!,
      });
      this.reports.shift();
    }
    return found;
  }
}
