/**
 * One venue, connected: market data over one line or two redundant ones, orders over a private line, and REST. What comes is handed on
 * in the socket's own turn. Who uses it calls `poll` some times a second and empties the queues that it is given.
 */
import { Random } from '@quotewright/core/base/random';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import type { Credentials } from '../contract/credentials.ts';
import type { FeedStats } from '../contract/feed.ts';
import type { OrderGateway } from '../contract/orders.ts';
import { Arbiter } from './arbiter.ts';
import { measureOffset } from './clock-offset.ts';
import { FeedLine } from './feed-line.ts';
import { OrderLine } from './order-line.ts';
import { putRefusal } from './refusal.ts';
import type { VenueAccess } from './venue-access.ts';
import { EventCounter, type Told, type VenueEvent } from './venue-event.ts';

const MEASURE_NS = 10e9;

export interface ConnectorSetup {
  /** Addresses, TLS, budget, REST and clock. It is its maker's to close. */
  readonly access: VenueAccess;
  readonly instruments: readonly Instrument[];
  /** By instrument of this venue: its index in HEAD of records, requests and reports. */
  readonly indices: readonly number[];
  /** Instruments of the engine. */
  readonly markets: number;
  readonly credentials: Credentials | undefined;
  /** Market data comes here: its lines are made. Otherwise other threads have them. */
  readonly hasFeed?: boolean;
  /** Orders are sent: the private line is made, and credentials must be there. */
  readonly hasOrders: boolean;
  /** Of our client ids: six of 0-9 a-z. */
  readonly tag: string;
  readonly isL3: boolean;
  /** For jitter. */
  readonly seed: number;
  readonly on: ConnectorListener;
}

/** Called synchronously, in the turn of the socket (or of `poll`) that it came in. */
export interface ConnectorListener {
  /** Market records, whole messages; the callee empties the queue. */
  records(queue: RecordQueue): void;
  /** Reports on our orders; the callee empties the queue. */
  reports(queue: RecordQueue): void;
  /**
   * `feed`: market data comes over at least one line, or over none any more (GAP records were put out before this). `orders`: requests
   * are taken and reports complete, or not any more; after a break the account is to be asked before it is relied on.
   */
  connection(kind: 'feed' | 'orders', isUp: boolean, nowNs: number): void;
  event(event: VenueEvent): void;
}

export interface ConnectorStats {
  /** By line that there is: `feed`, and `feed-b` when redundant. */
  readonly feeds: Readonly<Record<string, Readonly<FeedStats>>>;
  /** Messages that came over both lines, and were left out the second time. */
  readonly duplicates: number;
  /** Connections that broke or could not be made. */
  readonly reconnects: number;
  readonly zombies: number;
  readonly stales: number;
  readonly resyncs: number;
  readonly switches: number;
}

/** What who trades sees of a connector, whether it is in this thread or in another. */
export interface VenueConnection {
  readonly venue: string;
  readonly stats: ConnectorStats;
  /** Market data comes over at least one line. */
  readonly isFeedUp: boolean;
  readonly areOrdersUp: boolean;
  /** Sends the engine's request at `data[offset]` (NEW, CANCEL, AMEND). While orders are down it is refused at once, by a report. */
  request(data: Float64Array, offset: number): void;
  /** Executions at or after the venue time `sinceNs`. @throws VenueError */
  account(sinceNs: number): Promise<VenueAccount>;
  /** Everything of ours in these instruments. @throws VenueError */
  cancelAll(): Promise<void>;
  /** Some times a second: heartbeats, time-outs, ages of books, renewals. */
  poll(nowNs: number): void;
  /** The book of an instrument (index as in HEAD) that leads now; of L3 feeds none. */
  book(market: number): L2Book | undefined;
  /** For good: connections end, and what was up is told to be down. */
  close(): void;
}

export class VenueConnector implements VenueConnection {
  readonly venue: string;
  readonly #setup: ConnectorSetup;
  readonly #events: EventCounter;
  readonly #feeds: readonly FeedLine[];
  readonly #arbiter: Arbiter | undefined;
  readonly #orders: OrderLine | undefined;
  /** Reports on requests that were not sent. */
  readonly #refusals = new RecordQueue(64);
  #isFeedUp = false;
  /** Clocks are not compared anew before. */
  #measureNs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  /** Begins to connect; what comes of it is told. @throws RangeError when orders are wanted without credentials */
  static open(setup: ConnectorSetup): VenueConnector {
    const connector = new VenueConnector(setup);
    for (const line of connector.#feeds) line.start();
    connector.#orders?.start();
    return connector;
  }

  private constructor(setup: ConnectorSetup) {
    const {
      access,
      instruments,
      indices,
      markets,
      credentials,
      hasFeed = true,
      hasOrders,
      tag,
      isL3,
      seed,
      on,
    } = setup;
    const { venue, settings } = access;
    this.venue = venue.name;
    this.#setup = setup;
    this.#events = new EventCounter(venue.name, (event) => on.event(event));
    const tell = this.#tell.bind(this);
    const names = settings.redundant ? (['feed', 'feed-b'] as const) : (['feed'] as const);
    this.#feeds = (hasFeed ? names : []).map((name, line) => {
      const random = Random.stream(seed, `${venue.name} ${name}`);
      return new FeedLine({
        name,
        access,
        instruments,
        indices,
        credentials,
        isL3,
        random: () => random.uniform(),
        tell,
        records: ({ out }, nowNs) => this.#records(line, out, nowNs),
        connection: (_, __, nowNs) => this.#feedChanged(nowNs),
      });
    });
    this.#arbiter =
      hasFeed && settings.redundant
        ? new Arbiter({
            isGlobal: venue.abilities.hasGlobalSequence,
            indices,
            lines: this.#feeds,
            switched: (market, line, nowNs) =>
              tell(nowNs, { type: 'switched', line: names[line] ?? 'feed', market, text: 'its book leads now' }),
          })
        : undefined;
    if (!hasOrders) return;
    if (credentials === undefined) throw new RangeError(`${venue.name}: orders need credentials`);
    const random = Random.stream(seed, `${venue.name} orders`);
    this.#orders = new OrderLine({
      access,
      instruments,
      indices,
      markets,
      credentials,
      tag,
      random: () => random.uniform(),
      tell,
      reports: (queue) => on.reports(queue),
      ready: (isReady, nowNs) => on.connection('orders', isReady, nowNs),
    });
  }

  get isFeedUp(): boolean {
    return this.#isFeedUp;
  }

  get areOrdersUp(): boolean {
    return this.#orders?.isReady === true;
  }

  get stats(): ConnectorStats {
    const events = this.#events;
    return {
      feeds: Object.fromEntries(this.#feeds.map(({ name, feed }) => [name, feed.stats])),
      duplicates: this.#arbiter?.duplicates ?? 0,
      reconnects: events.total('disconnected') + events.total('unreachable'),
      zombies: events.total('zombie'),
      stales: events.total('stale'),
      resyncs: events.total('resync'),
      switches: events.total('switched'),
    };
  }

  request(data: Float64Array, offset: number): void {
    const nowNs = this.#setup.access.clock.nowNs();
    if (this.#orders?.isReady === true) this.#orders.request(data, offset, nowNs);
    else {
      putRefusal(this.#refusals, data, offset, nowNs);
      this.#setup.on.reports(this.#refusals);
    }
  }

  async account(sinceNs: number): Promise<VenueAccount> {
    return this.#gateway().account(sinceNs);
  }

  async cancelAll(): Promise<void> {
    return this.#gateway().cancelAll();
  }

  poll(nowNs: number): void {
    for (const line of this.#feeds) line.poll(nowNs);
    this.#orders?.poll(nowNs);
  }

  book(market: number): L2Book | undefined {
    return this.#arbiter === undefined ? this.#feeds[0]?.feed.book(market) : this.#arbiter.book(market);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#orders?.close();
    for (const line of this.#feeds) line.close();
  }

  #tell(nowNs: number, told: Told): void {
    this.#events.tell(nowNs, told);
    if (told.error?.code === 'CLOCK' && nowNs >= this.#measureNs) void this.#measure(nowNs);
  }

  /** The venue says that our clock is off: one of the two was set, and what we know of their difference is no good any more. */
  async #measure(nowNs: number): Promise<void> {
    this.#measureNs = nowNs + MEASURE_NS;
    const { access } = this.#setup;
    const text = await measureOffset(access).then(
      ({ offsetMs, errorMs }) => `the clocks were compared anew: ${offsetMs.toFixed(1)} ± ${errorMs.toFixed(1)} ms`,
      (error: unknown) => `the clocks could not be compared anew: ${String(error)}`,
    );
    if (!this.#isClosed) this.#events.tell(access.clock.nowNs(), { type: 'notice', line: 'rest', text });
  }

  #records(line: number, out: RecordQueue, nowNs: number): void {
    const { on } = this.#setup;
    if (this.#arbiter === undefined) return on.records(out);
    this.#arbiter.take(line, nowNs);
    if (this.#arbiter.out.length > 0) on.records(this.#arbiter.out);
  }

  #feedChanged(nowNs: number): void {
    const isUp = this.#feeds.some((line) => line.isUp);
    if (isUp === this.#isFeedUp) return;
    this.#isFeedUp = isUp;
    this.#setup.on.connection('feed', isUp, nowNs);
  }

  #gateway(): OrderGateway {
    if (this.#orders !== undefined) return this.#orders.gateway;
    throw new RangeError(`${this.venue}: this connection has no orders`);
  }
}
