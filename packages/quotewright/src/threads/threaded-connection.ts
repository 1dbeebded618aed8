/** One venue whose market data comes from threads, each with a group of the instruments; orders and their REST stay on the thread that trades. */
import type { L2Book } from '@quotewright/core/market/l2-book';
import type { VenueAccount } from '@quotewright/core/trading/venue-account';
import {
  type ConnectorListener,
  type ConnectorSetup,
  type ConnectorStats,
  type VenueConnection,
  VenueConnector,
} from '../venues/runtime/connector.ts';
import type { CredentialShape, Credentials } from '../venues/contract/credentials.ts';
import { FeedThread } from './feed-thread.ts';

export interface ThreadPlan {
  /** Threads of market data of this venue, at least 1. */
  readonly count: number;
  /** Processors that they are bound to, in turn; empty: wherever the system puts them. */
  readonly cpus: readonly number[];
  /** Is told what could not be done about names and processors. */
  readonly warn: (text: string) => void;
}

export class ThreadedConnection implements VenueConnection {
  readonly venue: string;
  isFeedUp = false;
  readonly #orders: VenueConnector;
  readonly #threads: readonly FeedThread[];

  private constructor(orders: VenueConnector, threads: readonly FeedThread[]) {
    this.venue = orders.venue;
    this.#orders = orders;
    this.#threads = threads;
  }

  /** @throws InputError when a thread cannot begin */
  static async open(setup: Omit<ConnectorSetup, 'hasFeed'>, plan: ThreadPlan): Promise<ThreadedConnection> {
    const { access, instruments, indices, credentials, on } = setup;
    const made: { connection?: ThreadedConnection } = {};
    const listener: ConnectorListener = {
      ...on,
      connection: (kind, _isUp, nowNs) => {
        if (kind === 'feed') made.connection?.look(on, nowNs);
      },
    };
    const values = credentials && valuesOf(access.venue.credentials, credentials);
    const threads: FeedThread[] = [];
    try {
      for (const group of groupsOf(instruments.length, plan.count)) {
        const number = threads.length + 1;
        // oxlint-disable-next-line no-await-in-loop -- few, and the first that fails ends it
        const { thread, warning } = await FeedThread.open(
          {
            venue: access.venue.name,
            settings: access.settings,
            specs: group.map((place) => instruments[place]!.spec),
            indices: group.map((place) => indices[place]!),
            markets: setup.markets,
            isL3: setup.isL3,
            seed: setup.seed + number,
            credentials: values,
            memories: access.budget.memories,
            name: `${access.venue.name.slice(0, 12)}-${number}`,
            cpu: plan.cpus.length === 0 ? undefined : plan.cpus[threads.length % plan.cpus.length],
          },
          access.clock,
          listener,
        );
        threads.push(thread);
        if (warning !== '') plan.warn(warning);
      }
      made.connection = new ThreadedConnection(VenueConnector.open({ ...setup, hasFeed: false }), threads);
      made.connection.look(on, access.clock.nowNs());
      return made.connection;
    } catch (error) {
      await Promise.all(threads.map((thread) => thread.close()));
      throw error;
    }
  }

  get areOrdersUp(): boolean {
    return this.#orders.areOrdersUp;
  }

  get stats(): ConnectorStats {
    return this.#threads.reduce(
      (sum, { stats }, thread) => (stats === undefined ? sum : added(sum, stats, thread + 1)),
      this.#orders.stats,
    );
  }

  request(data: Float64Array, offset: number): void {
    this.#orders.request(data, offset);
  }

  account(sinceNs: number): Promise<VenueAccount> {
    return this.#orders.account(sinceNs);
  }

  cancelAll(): Promise<void> {
    return this.#orders.cancelAll();
  }

  poll(nowNs: number): void {
    this.#orders.poll(nowNs);
  }

  /** Books are the threads'. */
  book(): L2Book | undefined {
    return undefined;
  }

  close(): void {
    this.#orders.close();
    for (const thread of this.#threads) void thread.close();
  }

  /** Tells when all of the threads' market data comes, and when some of it does not any more. */
  look(on: ConnectorListener, nowNs: number): void {
    const isUp = this.#threads.every((thread) => thread.isUp);
    if (isUp === this.isFeedUp) return;
    this.isFeedUp = isUp;
    on.connection('feed', isUp, nowNs);
  }
}

function valuesOf(shape: CredentialShape, credentials: Credentials): Map<string, Uint8Array> {
  const names = shape.map(({ name }) => name).filter((name) => credentials.has(name));
  return new Map(names.map((name) => [name, credentials.bytes(name)]));
}

/** Counts of two connections that have different lines. */
function added(a: ConnectorStats, b: ConnectorStats, thread: number): ConnectorStats {
  const feeds = Object.entries(b.feeds).map(([line, stats]) => [`${line} ${thread}`, stats] as const);
  return {
    feeds: { ...a.feeds, ...Object.fromEntries(feeds) },
    duplicates: a.duplicates + b.duplicates,
    reconnects: a.reconnects + b.reconnects,
    zombies: a.zombies + b.zombies,
    stales: a.stales + b.stales,
    resyncs: a.resyncs + b.resyncs,
    switches: a.switches + b.switches,
  };
}

/** Places of so many instruments, dealt out among at most so many groups. */
function groupsOf(instruments: number, count: number): number[][] {
  const groups: number[][] = Array.from({ length: Math.min(count, instruments) }, () => []);
  for (let place = 0; place < instruments; place++) groups[place % groups.length]!.push(place);
  return groups;
}
