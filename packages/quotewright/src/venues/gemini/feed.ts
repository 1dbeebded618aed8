/**
 * Gemini's market data: `l2` of `wss://…/v2/marketdata`, books and prints in one subscription. Books bear neither times nor numbers, so a
 * frame that is lost is noticed only by what it leaves behind: a level is removed that is not held, the book is crossed, or the snapshot
 * of a subscription does not come. A frame that nobody can read may have been of any book: all go stale. A book is begun again by
 * unsubscribing from it and subscribing anew on the same connection.
 * Source: docs.gemini.com, "Market Data Version 2".
 */
import { Side } from '@quotewright/core/market/side';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { Backoff } from '../backoff.ts';
import type { Feed, FeedFault, FeedSetup, FeedStats } from '../contract/feed.ts';
import { FeedBook } from '../feed-book.ts';
import { putTrade } from '../feed-trades.ts';
import { Frame, FrameScanner, Print } from './decode.ts';
import { FrameParser } from './frames.ts';

const NS_PER_MS = 1e6;
/** Heartbeats come every five seconds. */
const SILENCE_NS = 15e9;
const SNAPSHOT_WITHIN_NS = 10e9;
/** A book that was believed for so long is a success. */
const SETTLED_NS = 30e9;
/** Resyncs of a book without success, after which the connection itself is doubted. */
const MOST_TRIES = 6;
const STRIDE = 3;

interface Sync {
  readonly backoff: Backoff;
  /** When to subscribe anew; NaN when nothing is due. */
  resyncNs: number;
  /** By when the snapshot has to be here; NaN when none is awaited. */
  dueNs: number;
  believedNs: number;
}

/** What the scanner and the full parser have read. */
type Reader = Pick<FrameScanner, 'market' | 'print'>;

export class GeminiFeed implements Feed {
  readonly url: string;
  readonly stats: FeedStats = {
    messages: 0,
    parsed: 0,
    unreadable: 0,
    gaps: 0,
    checksums: 0,
    badChecksums: 0,
    resyncs: 0,
  };
  readonly #setup: FeedSetup;
  readonly #books: readonly FeedBook[];
  readonly #syncs: readonly Sync[];
  readonly #symbols: readonly string[];
  readonly #scanner: FrameScanner;
  readonly #parser: FrameParser;
  readonly #places: ReadonlyMap<number, number>;
  #isOpen = false;
  #heardNs = Number.NaN;

  constructor(setup: FeedSetup) {
    const { instruments, indices, epochDay, addresses, host } = setup;
    this.url = `${addresses.feed}/v2/marketdata`;
    this.#setup = setup;
    this.#books = indices.map((market) => new FeedBook(market, host.out));
    this.#syncs = indices.map(() => ({
      backoff: new Backoff(250, 30_000, () => host.random()),
      resyncNs: Number.NaN,
      dueNs: Number.NaN,
      believedNs: Number.NaN,
    }));
    this.#symbols = instruments.map(({ symbol }) => symbol.toUpperCase());
    this.#places = new Map(indices.map((market, i) => [market, i]));
    this.#parser = new FrameParser(instruments, this.#books, epochDay);
    this.#scanner = new FrameScanner(instruments, this.#books, epochDay);
  }

  opened(nowNs: number): void {
    this.#isOpen = true;
    this.#heardNs = nowNs;
    this.#send('subscribe', this.#symbols);
    for (const sync of this.#syncs) {
      sync.resyncNs = Number.NaN;
      sync.dueNs = nowNs + SNAPSHOT_WITHIN_NS;
    }
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.stats.messages++;
    this.#heardNs = nowNs;
    let reader: Reader = this.#scanner;
    let frame = this.#scanner.scan(bytes);
    if (frame === Frame.OTHER) {
      this.stats.parsed++;
      reader = this.#parser;
      frame = this.#parser.scan(bytes);
    }
    if (frame === Frame.CHANGES) this.#changes(reader.market, nowNs);
    else if (frame === Frame.PRINT) this.#print(reader, nowNs);
    else if (frame === Frame.SNAPSHOT) this.#snapshot(reader.market, nowNs);
    else if (frame === Frame.UNREADABLE) this.#unreadable(reader.market, nowNs);
    else if (frame === Frame.REFUSED) {
      this.#setup.host.tell({ type: 'refused', market: -1, detail: this.#parser.reason.slice(0, 300) });
    }
  }

  fetched(): void {
    // Nothing is fetched: snapshots come over the socket.
  }

  closed(nowNs: number): void {
    this.#isOpen = false;
    for (const i of this.#books.keys()) {
      this.#syncs[i]!.resyncNs = Number.NaN;
      this.#syncs[i]!.dueNs = Number.NaN;
      this.#lose(i, 'disconnected', 'the connection is gone', nowNs);
    }
  }

  poll(nowNs: number): void {
    if (!this.#isOpen) return;
    if (nowNs - this.#heardNs > SILENCE_NS) {
      this.#heardNs = nowNs;
      return this.#setup.host.reconnect('nothing was heard for 15 s, and heartbeats come every 5 s');
    }
    for (const [i, sync] of this.#syncs.entries()) {
      if (nowNs - sync.believedNs > SETTLED_NS) {
        sync.backoff.reset();
        sync.believedNs = Number.NaN;
      }
      if (nowNs >= sync.dueNs) this.#schedule(i, nowNs);
      if (nowNs >= sync.resyncNs) this.#resubscribe(i, nowNs);
    }
  }

  resync(market: number, fault: FeedFault, nowNs: number): void {
    const i = this.#places.get(market);
    if (i !== undefined) this.#fail(i, fault, 'found from outside', nowNs);
  }

  book(market: number): L2Book | undefined {
    return this.#books[this.#places.get(market) ?? -1]?.book;
  }

  #changes(i: number, nowNs: number): void {
    const book = this.#books[i]!;
    // Before its snapshot a change is of no use: it is in it.
    if (!book.isBelieved) return;
    if (!areSound(book)) return this.#unreadable(i, nowNs);
    const { staged, count } = book;
    let isNews = false;
    for (let at = 0; at < count * STRIDE; at += STRIDE) {
      const levels = staged[at + 2] === 1 ? book.book.bids : book.book.asks;
      const held = levels.sizeAt(staged[at]!);
      if (held !== staged[at + 1]) {
        isNews = true;
        // At once, as a later change of this frame may take it back.
        levels.set(staged[at]!, staged[at + 1]!);
      } else if (held === 0) {
        this.stats.gaps++;
        return this.#fail(
          i,
          'gap',
          'a level is removed that is not held: a frame is missing, twice there or late',
          nowNs,
        );
      }
    }
    if (!isNews && count > 0) {
      this.#setup.host.tell({ type: 'notice', market: book.market, detail: 'a frame changes nothing: it came twice' });
    }
    if (book.lay()) book.put(Number.NaN, nowNs, 0);
    else this.#fail(i, 'crossed', 'bids reach asks', nowNs);
  }

  #snapshot(i: number, nowNs: number): void {
    const book = this.#books[i]!;
    const sync = this.#syncs[i]!;
    if (!areSound(book)) return this.#unreadable(i, nowNs);
    if (!book.layWhole()) return this.#fail(i, 'crossed', 'bids reach asks in a snapshot', nowNs);
    sync.dueNs = Number.NaN;
    sync.resyncNs = Number.NaN;
    sync.believedNs = nowNs;
    book.putWhole(Number.NaN, nowNs, 0);
    this.#setup.host.tell({ type: 'snapshot', market: book.market, detail: `${book.count} levels` });
  }

  #print({ market, print }: Reader, nowNs: number): void {
    const ticks = print[Print.PRICE_TICKS]!;
    const lots = print[Print.SIZE_LOTS]!;
    if (!(ticks > 0 && lots > 0)) {
      this.stats.unreadable++;
      return;
    }
    const side = print[Print.BUYER_TOOK] === 1 ? Side.BUY : Side.SELL;
    const { host } = this.#setup;
    putTrade(
      host.out,
      this.#books[market]!.market,
      side,
      print[Print.VENUE_NS]!,
      nowNs,
      ticks,
      lots,
      print[Print.SEQ]!,
    );
  }

  /** A frame of book `i`, or (-1) of any. */
  #unreadable(i: number, nowNs: number): void {
    this.stats.unreadable++;
    const places = i >= 0 ? [i] : this.#books.keys();
    for (const place of places) this.#fail(place, 'unreadable', 'a frame cannot be read', nowNs);
  }

  #fail(i: number, fault: FeedFault, detail: string, nowNs: number): void {
    this.#lose(i, fault, detail, nowNs);
    if (this.#isOpen && Number.isNaN(this.#syncs[i]!.resyncNs)) this.#schedule(i, nowNs);
  }

  #lose(i: number, fault: FeedFault, detail: string, nowNs: number): void {
    const book = this.#books[i]!;
    this.#syncs[i]!.believedNs = Number.NaN;
    if (book.lose(nowNs, 0)) this.#setup.host.tell({ type: 'stale', market: book.market, fault, detail });
  }

  #schedule(i: number, nowNs: number): void {
    const sync = this.#syncs[i]!;
    sync.dueNs = Number.NaN;
    if (sync.backoff.tries >= MOST_TRIES) {
      sync.backoff.reset();
      return this.#setup.host.reconnect(`${this.#symbols[i]}: no book after ${MOST_TRIES} tries`);
    }
    sync.resyncNs = nowNs + sync.backoff.nextMs() * NS_PER_MS;
  }

  #resubscribe(i: number, nowNs: number): void {
    const sync = this.#syncs[i]!;
    const symbol = this.#symbols[i]!;
    sync.resyncNs = Number.NaN;
    sync.dueNs = nowNs + SNAPSHOT_WITHIN_NS;
    this.stats.resyncs++;
    this.#setup.host.tell({ type: 'resync', market: this.#books[i]!.market, detail: `subscribes to ${symbol} anew` });
    this.#send('unsubscribe', [symbol]);
    this.#send('subscribe', [symbol]);
  }

  #send(type: 'subscribe' | 'unsubscribe', symbols: readonly string[]): void {
    this.#setup.host.send(JSON.stringify({ type, subscriptions: [{ name: 'l2', symbols }] }));
  }
}

/** Whether every staged level has a price above zero and a size that is not below. */
function areSound(book: FeedBook): boolean {
  const { staged, count } = book;
  for (let at = 0; at < count * STRIDE; at += STRIDE) if (!(staged[at]! > 0 && staged[at + 1]! >= 0)) return false;
  return true;
}
