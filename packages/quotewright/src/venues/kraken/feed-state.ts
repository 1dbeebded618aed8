/** What both protocols of the feed have in common: the pairs' books, their counts, and what happens when a book is not believed any more. */
import { NS_PER_SECOND } from '@quotewright/core/base/time';
import type { FeedFault, FeedSetup, FeedStats } from '../contract/feed.ts';
import { SymbolTable } from '../scan/symbols.ts';
import { KrakenBook } from './book.ts';

/** A snapshot comes within this time of its subscription, else it is asked for again. */
const SNAPSHOT_NS = 10 * NS_PER_SECOND;

export class FeedState {
  readonly setup: FeedSetup;
  readonly stats: FeedStats;
  /** By instrument of the feed. */
  readonly books: readonly KrakenBook[];
  /** Finds an instrument of the feed by the name that the protocol has for it. */
  readonly symbols: SymbolTable;
  readonly names: readonly string[];

  constructor(setup: FeedSetup, names: readonly string[], depth: number) {
    const stats: FeedStats = {
      messages: 0,
      parsed: 0,
      unreadable: 0,
      gaps: 0,
      checksums: 0,
      badChecksums: 0,
      resyncs: 0,
    };
    this.setup = setup;
    this.stats = stats;
    this.names = names;
    this.symbols = new SymbolTable(names);
    const { host, indices } = setup;
    const random = () => host.random();
    this.books = setup.instruments.map(
      (instrument, i) => new KrakenBook(instrument, indices[i]!, depth, host.out, stats, random),
    );
  }

  /** What is staged in a book is all of it. NaN: the message has no checksum, or no time. */
  snapshot(book: KrakenBook, checksum: number, venueNs: number, nowNs: number): void {
    const fault = book.snapshot(checksum, venueNs, nowNs);
    if (fault !== '') return this.lose(book, fault, nowNs);
    const { bids, asks } = book.levels.book;
    this.#tell('snapshot', book, `${bids.count} bids, ${asks.count} asks`);
  }

  /** What is staged in a book that is believed has changed. */
  update(book: KrakenBook, checksum: number, venueNs: number, nowNs: number): void {
    const fault = book.update(checksum, venueNs, nowNs);
    if (fault !== '') this.lose(book, fault, nowNs);
  }

  /** A book is not believed any more, for whatever reason: GAP, and it subscribes anew after a while. */
  lose(book: KrakenBook, fault: FeedFault, nowNs: number): void {
    if (book.levels.lose(nowNs, 0)) {
      this.stats.gaps++;
      this.setup.host.tell({
        type: 'stale',
        market: book.levels.market,
        fault,
        detail: `the book of ${book.instrument.symbol} is not believed: ${fault}`,
      });
    }
    book.giveUpAtNs = Number.POSITIVE_INFINITY;
    if (fault === 'disconnected') book.subscribeAtNs = Number.POSITIVE_INFINITY;
    else if (book.subscribeAtNs === Number.POSITIVE_INFINITY) {
      book.subscribeAtNs = nowNs + book.backoff.nextMs() * 1e6;
    }
  }

  /** Neither the scanner nor the parser can read a frame: whichever book it was of is not believed; when nobody knows, none is. */
  unreadable(book: KrakenBook | undefined, nowNs: number): void {
    this.stats.unreadable++;
    if (book !== undefined) return this.lose(book, 'unreadable', nowNs);
    for (const each of this.books) this.lose(each, 'unreadable', nowNs);
  }

  /** The subscription of a book has been sent: its snapshot is awaited. */
  awaited(book: KrakenBook, nowNs: number): void {
    book.subscribeAtNs = Number.POSITIVE_INFINITY;
    book.giveUpAtNs = nowNs + SNAPSHOT_NS;
  }

  /** Books whose wait is over. */
  due(nowNs: number): readonly KrakenBook[] {
    let due: KrakenBook[] | undefined;
    for (const book of this.books) {
      if (nowNs < book.subscribeAtNs && nowNs < book.giveUpAtNs) continue;
      (due ??= []).push(book);
      this.stats.resyncs++;
      this.#tell('resync', book, `subscribes to ${book.instrument.symbol} anew, attempt ${book.backoff.tries}`);
    }
    return due ?? [];
  }

  subscribed(detail: string): void {
    this.setup.host.tell({ type: 'subscribed', market: -1, detail });
  }

  refused(detail: string): void {
    this.setup.host.tell({ type: 'refused', market: -1, detail });
  }

  notice(detail: string): void {
    this.setup.host.tell({ type: 'notice', market: -1, detail });
  }

  #tell(type: 'snapshot' | 'resync', book: KrakenBook, detail: string): void {
    this.setup.host.tell({ type, market: book.levels.market, detail });
  }
}
