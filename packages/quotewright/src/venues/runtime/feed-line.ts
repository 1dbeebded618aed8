/** A feed on a socket of its own: what the one says is the other's, and records leave in the socket's turn. */
import { EVENT_STRIDE, EventFlag, EventKind, Field, packHead } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { Credentials } from '../contract/credentials.ts';
import type { Feed, FeedEvent } from '../contract/feed.ts';
import { BookWatch } from './book-watch.ts';
import { SocketLine } from './socket-line.ts';
import type { VenueAccess } from './venue-access.ts';
import type { Told } from './venue-event.ts';

export interface FeedLineSetup {
  readonly name: 'feed' | 'feed-b';
  readonly access: VenueAccess;
  readonly instruments: readonly Instrument[];
  readonly indices: readonly number[];
  readonly credentials: Credentials | undefined;
  readonly isL3: boolean;
  readonly random: () => number;
  readonly tell: (nowNs: number, told: Told) => void;
  /** Records are in `out`: to be taken now. */
  readonly records: (line: FeedLine, nowNs: number) => void;
  readonly connection: (line: FeedLine, isUp: boolean, nowNs: number) => void;
}

export class FeedLine {
  readonly name: 'feed' | 'feed-b';
  readonly feed: Feed;
  readonly out = new RecordQueue(1024);
  readonly #setup: FeedLineSetup;
  readonly #socket: SocketLine;
  readonly #watch: BookWatch;

  constructor(setup: FeedLineSetup) {
    const { name, access, instruments, indices, credentials, isL3, random } = setup;
    this.name = name;
    this.#setup = setup;
    this.feed = access.venue.feed({
      instruments,
      indices,
      epochDay: access.clock.epochDay,
      addresses: access.addresses,
      isL3,
      credentials,
      host: {
        out: this.out,
        random,
        send: (frame) => this.#socket.send(frame),
        fetch: (request, tag) => void this.#fetch(request, tag),
        reconnect: (reason) => this.#socket.reconnect(reason),
        tell: (event) => this.#tell(event),
      },
    });
    const { bestQuote } = access.venue.abilities;
    this.#watch = new BookWatch(this.feed, indices, bestQuote, access.settings, random, (told) =>
      setup.tell(access.clock.nowNs(), { ...told, line: name }),
    );
    this.#socket = new SocketLine({
      name,
      access,
      random,
      tell: setup.tell,
      isTapped: true,
      user: {
        prepare: () => this.feed.url,
        opened: (nowNs) => {
          this.#watch.opened(nowNs);
          setup.connection(this, true, nowNs);
          this.#turn(nowNs, () => this.feed.opened(nowNs));
        },
        message: (bytes, nowNs) => {
          try {
            this.feed.message(bytes, nowNs);
            if (this.out.length > 0) this.#watch.look(this.out, nowNs);
          } catch (error) {
            return this.#broken(error, nowNs);
          }
          this.#flush(nowNs);
        },
        closed: (nowNs) => {
          this.#watch.closed();
          this.#closeFeed(nowNs);
          this.#flush(nowNs);
          setup.connection(this, false, nowNs);
        },
      },
    });
  }

  get isUp(): boolean {
    return this.#socket.isOpen;
  }

  get connections(): number {
    return this.#socket.connections;
  }

  start(): void {
    this.#socket.start();
  }

  poll(nowNs: number): void {
    this.#socket.poll(nowNs);
    if (!this.#socket.isOpen) return;
    this.#turn(nowNs, () => {
      this.feed.poll(nowNs);
      this.#watch.poll(nowNs);
    });
  }

  book(market: number): L2Book | undefined {
    return this.feed.book(market);
  }

  /** From the snapshot again; see `Feed.resync`. */
  resync(market: number, nowNs: number): void {
    try {
      this.feed.resync(market, 'gap', nowNs);
    } catch (error) {
      this.#broken(error, nowNs);
    }
  }

  close(): void {
    this.#socket.close();
  }

  /** Lets the feed do something, and hands on what it puts out. */
  #turn(nowNs: number, run: () => void): void {
    try {
      run();
      // What the watch finds is put out by the feed behind what it looked at.
      this.#watch.look(this.out, nowNs);
    } catch (error) {
      return this.#broken(error, nowNs);
    }
    this.#flush(nowNs);
  }

  #flush(nowNs: number): void {
    if (this.out.length > 0) this.#setup.records(this, nowNs);
  }

  /**
   * The feed has thrown, which is a mistake of ours: the process goes on, because orders may stand. Nothing that the feed knows is believed, and it
   * begins anew with another connection.
   */
  #broken(error: unknown, nowNs: number): void {
    const text = `a message could not be taken in: ${String(error)}`;
    this.feed.stats.unreadable++;
    this.out.clear();
    this.#setup.tell(nowNs, { type: 'unreadable', line: this.name, text });
    this.#socket.reconnect(text);
  }

  #closeFeed(nowNs: number): void {
    try {
      this.feed.closed(nowNs);
    } catch (error) {
      // Of what it believes nothing is known any more, and no book is to be believed without it.
      this.out.clear();
      for (const market of this.#setup.indices) putGap(this.out, market, nowNs);
      const text = `the feed could not be ended: ${String(error)}`;
      this.#setup.tell(nowNs, { type: 'unreadable', line: this.name, text });
    }
  }

  async #fetch(request: Parameters<FeedFetch>[0], tag: number): Promise<void> {
    const { access } = this.#setup;
    const connection = this.#socket.connections;
    const response = await access.rest.call(request).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      this.#setup.tell(access.clock.nowNs(), { type: 'notice', line: this.name, text: `no answer: ${text}` });
      return undefined;
    });
    // The feed begins anew with each connection, and what it asked over the last one is of no use to it.
    if (!this.#socket.isOpen || this.#socket.connections !== connection) return;
    const nowNs = response?.receivedNs ?? access.clock.nowNs();
    this.#turn(nowNs, () => this.feed.fetched(tag, response, nowNs));
  }

  #tell({ type, market, fault, detail }: FeedEvent): void {
    this.#setup.tell(this.#setup.access.clock.nowNs(), { type, line: this.name, market, text: detail, fault });
  }
}

function putGap(out: RecordQueue, market: number, nowNs: number): void {
  const at = out.reserve();
  out.data.fill(0, at, at + EVENT_STRIDE);
  out.data[at + Field.HEAD] = packHead(EventKind.GAP, EventFlag.LAST, market);
  out.data[at + Field.VENUE_NS] = nowNs;
  out.data[at + Field.LOCAL_NS] = nowNs;
}

type FeedFetch = Parameters<VenueAccess['venue']['feed']>[0]['host']['fetch'];
