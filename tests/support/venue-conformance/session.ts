/** A connector to the venue under test, and everything that it has told. */
import type { Book } from '@quotewright/core/market/book';
import { BookBuilder } from '@quotewright/core/market/book-builder';
import {
  EVENT_STRIDE,
  EventKind,
  Field,
  headFlags,
  headInstrument,
  headKind,
  packHead,
} from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import { OrderFlag, RequestKind } from '@quotewright/core/trading/records';
import type { FeedFault } from '../../../packages/quotewright/src/venues/contract/feed.ts';
import type { Credentials } from '../../../packages/quotewright/src/venues/contract/credentials.ts';
import { VenueConnector } from '../../../packages/quotewright/src/venues/runtime/connector.ts';
import type { FrameTap } from '../../../packages/quotewright/src/venues/runtime/frame-tap.ts';
import type { VenueAccess } from '../../../packages/quotewright/src/venues/runtime/venue-access.ts';
import type { VenueEvent, VenueEventType } from '../../../packages/quotewright/src/venues/runtime/venue-event.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const POLL_MS = 20;
const ORDER_KINDS: ReadonlySet<number> = new Set([
  EventKind.ORDER_ADD,
  EventKind.ORDER_SET,
  EventKind.ORDER_REMOVE,
  EventKind.ORDER_EXEC,
  EventKind.ORDER_REDUCE,
]);
const WAIT_MS = 8000;

export interface Report {
  readonly kind: number;
  readonly orderId: number;
  readonly priceTicks: number;
  readonly sizeLots: number;
  /** Of a fill: the execution's number, and the fee's rate. */
  readonly seq: number;
  readonly aux: number;
  readonly isMaker: boolean;
}

export interface Print {
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly venueNs: number;
  readonly localNs: number;
}

/** What a session needs of the bench. */
export interface SessionHost {
  readonly instrument: Instrument;
  readonly complaints: readonly unknown[];
  credentials(): Credentials;
  access(
    settings: Readonly<Record<string, unknown>>,
    event: (event: VenueEvent) => void,
    tap: FrameTap | undefined,
    answerMs: number | undefined,
  ): VenueAccess;
  isLike(book: Book): boolean;
}

export interface SessionOptions {
  readonly hasOrders: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly credentials: Credentials;
  readonly tag: string;
  readonly tap: FrameTap;
  readonly isL3: boolean;
  /** How long an answer of REST is waited for. */
  readonly answerMs: number;
}

let nextNumber = 1;

export class Session {
  readonly connector: VenueConnector;
  readonly access: VenueAccess;
  readonly events: VenueEvent[] = [];
  readonly reports: Report[] = [];
  readonly prints: Print[] = [];
  /** Best quotes, as [bid ticks, ask ticks]. */
  readonly quotes: [number, number][] = [];
  readonly builder: BookBuilder;
  /** Changes of levels and of orders, snapshots, and GAPs. */
  levels = 0;
  orders = 0;
  snapshots = 0;
  gaps = 0;
  readonly #bench: SessionHost;
  readonly #timer: NodeJS.Timeout;
  #bid = Number.NaN;

  constructor(bench: SessionHost, options: Partial<SessionOptions>) {
    const {
      hasOrders = false,
      settings = {},
      credentials = bench.credentials(),
      tag = 'confor',
      isL3 = false,
    } = options;
    this.#bench = bench;
    this.builder = new BookBuilder(isL3);
    this.access = bench.access(settings, (event) => this.events.push(event), options.tap, options.answerMs);
    this.connector = VenueConnector.open({
      access: this.access,
      instruments: [bench.instrument],
      indices: [0],
      markets: 1,
      credentials,
      hasOrders,
      tag,
      isL3,
      seed: 3,
      on: {
        records: (queue) => this.#records(queue),
        reports: (queue) => this.#reports(queue),
        connection: () => undefined,
        event: (event) => this.events.push(event),
      },
    });
    this.#timer = setInterval(() => this.connector.poll(this.access.clock.nowNs()), POLL_MS);
  }

  /** Waits until it is so. @throws what was waited for, with what was told meanwhile */
  async until(isSo: () => boolean, what: string, waitMs = WAIT_MS): Promise<void> {
    const end = performance.now() + waitMs;
    while (!isSo()) {
      if (performance.now() > end) {
        const told = this.events
          .slice(-12)
          .map(({ type, line, text, error }) => `${line} ${type}: ${text} ${error?.message ?? ''}`);
        const reports = this.reports.slice(-8).map((report) => JSON.stringify(report));
        throw new Error(
          `waited in vain: ${what}\n${[...told, ...reports, ...this.#bench.complaints.map(String)].join('\n')}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }

  async pass(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** The book is whole. */
  async reading(): Promise<this> {
    await this.until(() => this.builder.book.isWhole, 'a whole book');
    return this;
  }

  async trading(): Promise<this> {
    await this.until(() => this.connector.areOrdersUp, 'the way for orders');
    return this;
  }

  /** The best levels of both sides are those of the exchange. */
  get isRight(): boolean {
    return this.builder.book.isWhole && this.#bench.isLike(this.builder.book);
  }

  told(type: VenueEventType): readonly VenueEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  faults(): (FeedFault | undefined)[] {
    return this.told('stale').map(({ fault }) => fault);
  }

  /** Sends a new order and answers our number of it. */
  place(side: Side, priceTicks: number, sizeLots: number, flags = 0): number {
    const id = nextNumber++;
    this.#request(RequestKind.NEW, id, flags | (side === Side.BUY ? OrderFlag.BUY : 0), priceTicks, sizeLots);
    return id;
  }

  cancel(id: number, side: Side = Side.BUY): void {
    this.#request(RequestKind.CANCEL, id, side === Side.BUY ? OrderFlag.BUY : 0, 0, 0);
  }

  amend(id: number, side: Side, priceTicks: number, sizeLots: number): void {
    this.#request(RequestKind.AMEND, id, side === Side.BUY ? OrderFlag.BUY : 0, priceTicks, sizeLots);
  }

  /** Reports on an order of some kinds, or of all. */
  of(id: number, ...kinds: number[]): Report[] {
    return this.reports.filter(({ orderId, kind }) => orderId === id && (kinds.length === 0 || kinds.includes(kind)));
  }

  /** The first report of a kind on an order. */
  async report(id: number, ...kinds: number[]): Promise<Report> {
    await this.until(() => this.of(id, ...kinds).length > 0, `a report of kind ${kinds.join('/')} on order ${id}`);
    return this.of(id, ...kinds)[0]!;
  }

  close(): void {
    clearInterval(this.#timer);
    this.connector.close();
  }

  #request(kind: number, id: number, flags: number, priceTicks: number, sizeLots: number): void {
    const data = new Float64Array(EVENT_STRIDE);
    data[HEAD] = packHead(kind, flags, 0);
    data[LOCAL_NS] = this.access.clock.nowNs();
    data[PRICE_TICKS] = priceTicks;
    data[SIZE_LOTS] = sizeLots;
    data[ORDER_ID] = id;
    data[SEQ] = id;
    this.connector.request(data, 0);
  }

  #records(queue: RecordQueue): void {
    for (; queue.length > 0; queue.shift()) {
      const { data } = queue;
      const at = queue.peek();
      const head = data[at + HEAD]!;
      const kind = headKind(head);
      const isBuy = (headFlags(head) & OrderFlag.BUY) !== 0;
      if (headInstrument(head) !== 0) throw new Error(`a record of instrument ${headInstrument(head)}`);
      if (kind === EventKind.TRADE) {
        this.prints.push({
          side: isBuy ? Side.BUY : Side.SELL,
          priceTicks: data[at + PRICE_TICKS]!,
          sizeLots: data[at + SIZE_LOTS]!,
          venueNs: data[at + VENUE_NS]!,
          localNs: data[at + LOCAL_NS]!,
        });
      } else if (kind === EventKind.QUOTE) {
        if (isBuy) this.#bid = data[at + PRICE_TICKS]!;
        else this.quotes.push([this.#bid, data[at + PRICE_TICKS]!]);
      } else if (kind === EventKind.GAP) this.gaps++;
      else if (kind === EventKind.SNAPSHOT_END) this.snapshots++;
      else if (kind === EventKind.LEVEL) this.levels++;
      else if (ORDER_KINDS.has(kind)) this.orders++;
      this.builder.apply(data, at);
    }
  }

  #reports(queue: RecordQueue): void {
    for (; queue.length > 0; queue.shift()) {
      const { data } = queue;
      const at = queue.peek();
      this.reports.push({
        kind: headKind(data[at + HEAD]!),
        orderId: data[at + ORDER_ID]!,
        priceTicks: data[at + PRICE_TICKS]!,
        sizeLots: data[at + SIZE_LOTS]!,
        seq: data[at + SEQ]!,
        aux: data[at + AUX]!,
        isMaker: (headFlags(data[at + HEAD]!) & OrderFlag.MAKER) !== 0,
      });
    }
  }
}
