/**
 * The market data of some instruments of one venue over one connection: bytes in, verified records out. It subscribes, keeps sequence and
 * checksum, fetches what it needs to begin with, and keeps a book of each instrument, so that nothing leaves it that it does not
 * believe: a message is applied and checked whole before its records go out. When it ceases to believe a book it puts out one GAP,
 * and nothing of that book before the next snapshot (SNAPSHOT_BEGIN, levels, SNAPSHOT_END).
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { L2Book } from '@quotewright/core/market/l2-book';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';
import type { Credentials } from './credentials.ts';
import type { RestRequest, RestResponse } from './rest.ts';
import type { VenueAddresses } from './addresses.ts';

export interface FeedSetup {
  readonly instruments: readonly Instrument[];
  /** By instrument of this feed: its index in HEAD of the records. */
  readonly indices: readonly number[];
  readonly epochDay: number;
  readonly addresses: VenueAddresses;
  /** Order events in place of levels, where the venue has them. */
  readonly isL3: boolean;
  /** For feeds that need them, or are better with them. */
  readonly credentials: Credentials | undefined;
  readonly host: FeedHost;
}

export interface FeedHost {
  /** Where records go. LOCAL_NS = when the message was received; flag LAST on the last record of each message. */
  readonly out: RecordQueue;
  send(frame: string): void;
  /** Asks a page; the answer comes to `fetched` with the same tag, or undefined when there is none. */
  fetch(request: RestRequest, tag: number): void;
  /** The connection is of no use any more: it is closed and made again, after a while that grows. */
  reconnect(reason: string): void;
  tell(event: FeedEvent): void;
  /** From 0 to 1, below 1: for jitter. */
  random(): number;
}

/** What is worth a line in a log, and a number on a page. `market` is an index as in HEAD; -1: of the connection. */
export interface FeedEvent {
  readonly type: 'subscribed' | 'snapshot' | 'stale' | 'resync' | 'refused' | 'notice';
  readonly market: number;
  /** Of `stale`: what was wrong. */
  readonly fault?: FeedFault;
  readonly detail: string;
}

export type FeedFault = 'gap' | 'checksum' | 'crossed' | 'age' | 'quote' | 'unreadable' | 'disconnected';

/** Counts since the beginning. */
export interface FeedStats {
  messages: number;
  /** Messages that the scanner left to the full parser, and those that neither could read. */
  parsed: number;
  unreadable: number;
  gaps: number;
  checksums: number;
  badChecksums: number;
  resyncs: number;
}

export interface Feed {
  /** Where to connect to. */
  readonly url: string;
  readonly stats: FeedStats;
  /** The connection stands: subscribes. */
  opened(nowNs: number): void;
  /** A frame has come, received at `nowNs`. The bytes are not kept. */
  message(bytes: Uint8Array, nowNs: number): void;
  fetched(tag: number, response: RestResponse | undefined, nowNs: number): void;
  /** The connection is gone: every book goes stale. */
  closed(nowNs: number): void;
  /** Some times a second: heartbeats, time-outs, resyncs whose time has come. */
  poll(nowNs: number): void;
  /** A book (index as in HEAD) is not believed, for a reason that was found outside: GAP, and from the snapshot again. */
  resync(market: number, fault: FeedFault, nowNs: number): void;
  /** The book of an instrument (index as in HEAD) as of the last message; L3 feeds have none. */
  book(market: number): L2Book | undefined;
}
