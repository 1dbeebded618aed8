/**
 * Bitstamp's market data: `diff_order_book` and `live_trades` of one public socket, snapshots from REST. Diffs have no numbers: time that goes
 * back is noticed at once, what never came by the audit of each book (`sync.ts`), or when the book crosses. A frame that nobody can read may
 * have been of any book: all go stale.
 * Source: www.bitstamp.net/websocket/v2 and www.bitstamp.net/api ("Order book").
 */
import { Side } from '@quotewright/core/market/side';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { Backoff } from '../backoff.ts';
import type { Feed, FeedFault, FeedSetup, FeedStats } from '../contract/feed.ts';
import type { RestResponse } from '../contract/rest.ts';
import { FeedBook } from '../feed-book.ts';
import { putTrade } from '../feed-trades.ts';
import { Frame, FrameScanner, Moment, Print } from './decode.ts';
import { FrameParser } from './frames.ts';
import { COST } from './limits.ts';
import { BookSync, Verdict } from './sync.ts';

const NS_PER_MS = 1e6;
/** We ask for a heartbeat so often, and give the connection up when nothing has come for so long. */
const HEARTBEAT_NS = 10e9;
const SILENCE_NS = 25e9;
const FIRST_AUDIT_NS = 3e9;
const AUDIT_NS = 10e9;
/** After so long the diffs from before a snapshot of an audit are here. */
const ARRIVED_NS = 1e9;
/** A book that was believed for so long is a success. */
const SETTLED_NS = 30e9;
const SUBSCRIBED_WITHIN_NS = 10e9;
const MOST_TRIES = 8;
const STRIDE = 3;

interface Line {
  readonly book: FeedBook;
  readonly sync: BookSync;
  readonly backoff: Backoff;
  isSubscribed: boolean;
  /** It was told that levels are left out. */
  lacksLevels: boolean;
  /** Of the request that is under way; 0 = none. */
  tag: number;
  /** When to ask for a snapshot, to begin an audit, to compare; by when the subscription has to stand. NaN: not at all. */
  fetchNs: number;
  auditNs: number;
  compareNs: number;
  dueNs: number;
  believedNs: number;
}

/** What the scanner and the full parser have read. */
type Reader = Pick<FrameScanner, 'market' | 'print' | 'numbers'>;

export class BitstampFeed implements Feed {
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
  readonly #lines: readonly Line[];
  readonly #scanner: FrameScanner;
  readonly #parser: FrameParser;
  readonly #places: ReadonlyMap<number, number>;
  #isOpen = false;
  #heardNs = 0;
  #beatNs = 0;
  #lastTag = 0;
  #leftOut = 0;

  constructor(setup: FeedSetup) {
    const { instruments, indices, epochDay, addresses, host } = setup;
    this.url = addresses.feed;
    this.#setup = setup;
    this.#lines = indices.map((market) => {
      const book = new FeedBook(market, host.out);
      return {
        book,
        sync: new BookSync(book),
        backoff: new Backoff(500, 30_000, () => host.random()),
        isSubscribed: false,
        lacksLevels: false,
        tag: 0,
        fetchNs: Number.NaN,
        auditNs: Number.NaN,
        compareNs: Number.NaN,
        dueNs: Number.NaN,
        believedNs: Number.NaN,
      };
    });
    const books = this.#lines.map(({ book }) => book);
    this.#places = new Map(indices.map((market, i) => [market, i]));
    this.#parser = new FrameParser(instruments, books, epochDay);
    this.#scanner = new FrameScanner(instruments, books, epochDay);
  }

  opened(nowNs: number): void {
    this.#isOpen = true;
    this.#heardNs = nowNs;
    this.#beatNs = nowNs;
    for (const [i, { symbol }] of this.#setup.instruments.entries()) {
      this.#lines[i]!.dueNs = nowNs + SUBSCRIBED_WITHIN_NS;
      this.#send('bts:subscribe', `diff_order_book_${symbol}`);
      this.#send('bts:subscribe', `live_trades_${symbol}`);
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
    if (frame === Frame.DIFF) this.#diff(reader, nowNs);
    else if (frame === Frame.PRINT) this.#print(reader, nowNs);
    else if (frame !== Frame.NOTHING) this.#other(frame, nowNs);
  }

  fetched(tag: number, response: RestResponse | undefined, nowNs: number): void {
    const i = this.#lines.findIndex((line) => line.tag === tag);
    const line = this.#lines[i];
    if (line === undefined || !this.#isOpen) return;
    line.tag = 0;
    const isRead = response !== undefined && response.status === 200 && this.#parser.page(i, response.text);
    if (isRead && areSound(line.book)) this.#snapshot(line, nowNs);
    else this.#noSnapshot(line, response === undefined ? 'none came' : `status ${response.status}`, nowNs);
    this.#tellLeftOut(line);
  }

  closed(nowNs: number): void {
    this.#isOpen = false;
    for (const line of this.#lines) {
      line.isSubscribed = false;
      this.#lose(line, 'disconnected', 'the connection is gone', nowNs);
      line.fetchNs = Number.NaN;
      line.dueNs = Number.NaN;
    }
  }

  poll(nowNs: number): void {
    if (!this.#isOpen) return;
    const { host } = this.#setup;
    if (nowNs - this.#heardNs > SILENCE_NS) {
      this.#heardNs = nowNs;
      return host.reconnect('nothing was heard for 25 s, and heartbeats are asked for every 10 s');
    }
    if (nowNs - this.#beatNs >= HEARTBEAT_NS) {
      this.#beatNs = nowNs;
      host.send('{"event":"bts:heartbeat"}');
    }
    for (const [i, line] of this.#lines.entries()) {
      if (nowNs - line.believedNs > SETTLED_NS) {
        line.backoff.reset();
        line.believedNs = Number.NaN;
      }
      if (nowNs >= line.dueNs) {
        line.dueNs = Number.NaN;
        host.reconnect(`${this.#symbol(i)}: the subscription was not confirmed within 10 s`);
      }
      if (nowNs >= line.fetchNs) this.#fetch(i);
      if (nowNs >= line.auditNs) this.#audit(i);
      if (nowNs >= line.compareNs) this.#compare(line, nowNs);
    }
  }

  resync(market: number, fault: FeedFault, nowNs: number): void {
    const line = this.#lines[this.#places.get(market) ?? -1];
    if (line !== undefined) this.#fail(line, fault, 'found from outside', nowNs);
  }

  book(market: number): L2Book | undefined {
    return this.#lines[this.#places.get(market) ?? -1]?.book.book;
  }

  #diff({ market, numbers }: Reader, nowNs: number): void {
    const line = this.#lines[market]!;
    const { book, sync } = line;
    const micros = numbers[Moment.MICROS]!;
    if (!areSound(book)) return this.#unreadable(market, nowNs);
    if (!sync.take(micros)) return this.#fail(line, 'age', 'no snapshot has come for too long', nowNs);
    if (!book.isBelieved) return;
    if (micros < sync.micros) {
      // Before it catches up with the snapshot the stream is behind it.
      if (!sync.hasPassed) return;
      this.stats.gaps++;
      return this.#fail(line, 'gap', 'time goes back: a frame is late or twice there', nowNs);
    }
    sync.hasPassed = true;
    sync.micros = micros;
    this.#tellLeftOut(line);
    if (book.lay()) book.put(numbers[Moment.VENUE_NS]!, nowNs, micros);
    else this.#fail(line, 'crossed', 'bids reach asks', nowNs);
  }

  /** A snapshot is staged: the book begins, or is audited. */
  #snapshot(line: Line, nowNs: number): void {
    const { book, sync } = line;
    const { numbers } = this.#parser;
    const micros = numbers[Moment.MICROS]!;
    if (book.isBelieved) {
      sync.holdSnapshot(micros);
      line.compareNs = nowNs + ARRIVED_NS;
      return;
    }
    const isSound = sync.begin(micros);
    if (isSound === undefined) return this.#noSnapshot(line, 'it is older than the first diff', nowNs);
    if (!isSound) return this.#fail(line, 'crossed', 'bids reach asks in a snapshot', nowNs);
    // Diffs may have carried it further than the page: their last time is the book's.
    book.putWhole(numbers[Moment.VENUE_NS]! + (sync.micros - micros) * 1e3, nowNs, sync.micros);
    line.believedNs = nowNs;
    line.auditNs = nowNs + FIRST_AUDIT_NS;
    this.#setup.host.tell({ type: 'snapshot', market: book.market, detail: `as of ${sync.micros} µs` });
  }

  #noSnapshot(line: Line, reason: string, nowNs: number): void {
    if (line.book.isBelieved) {
      line.sync.stopKeeping();
      line.auditNs = nowNs + AUDIT_NS;
      return;
    }
    this.#setup.host.tell({ type: 'notice', market: line.book.market, detail: `no snapshot: ${reason}` });
    this.#schedule(line, nowNs);
  }

  #print({ market, print }: Reader, nowNs: number): void {
    const ticks = print[Print.PRICE_TICKS]!;
    const lots = print[Print.SIZE_LOTS]!;
    if (!(ticks > 0 && lots > 0)) {
      this.stats.unreadable++;
      return;
    }
    const sellerTook = print[Print.SELLER_TOOK] === 1;
    const buyer = print[Print.BUYER]!;
    const seller = print[Print.SELLER]!;
    putTrade(
      this.#setup.host.out,
      this.#lines[market]!.book.market,
      sellerTook ? Side.SELL : Side.BUY,
      print[Print.VENUE_NS]!,
      nowNs,
      ticks,
      lots,
      print[Print.SEQ]!,
      sellerTook ? buyer : seller,
      sellerTook ? seller : buyer,
    );
  }

  #other(frame: Frame, nowNs: number): void {
    const { host } = this.#setup;
    const { channel, reason, market } = this.#parser;
    if (frame === Frame.SUBSCRIBED) this.#subscribed(channel, nowNs);
    else if (frame === Frame.RECONNECT) host.reconnect('the venue asks for another connection');
    else if (frame === Frame.REFUSED) host.tell({ type: 'refused', market: -1, detail: reason.slice(0, 300) });
    else if (frame === Frame.BAD_PRINT) this.stats.unreadable++;
    else if (frame === Frame.UNREADABLE) this.#unreadable(market, nowNs);
  }

  #subscribed(channel: string, nowNs: number): void {
    const i = this.#setup.instruments.findIndex(({ symbol }) => channel === `diff_order_book_${symbol}`);
    const line = this.#lines[i];
    if (line === undefined || line.isSubscribed) return;
    line.isSubscribed = true;
    line.dueNs = Number.NaN;
    line.sync.keep();
    this.#setup.host.tell({ type: 'subscribed', market: line.book.market, detail: channel });
    line.fetchNs = nowNs;
    this.#fetch(i);
  }

  #fetch(i: number): void {
    const line = this.#lines[i]!;
    line.fetchNs = Number.NaN;
    line.tag = ++this.#lastTag;
    const path = `/api/v2/order_book/${this.#symbol(i)}/`;
    this.#setup.host.fetch({ method: 'GET', path, cost: COST }, line.tag);
  }

  #audit(i: number): void {
    const line = this.#lines[i]!;
    line.auditNs = Number.NaN;
    if (!line.book.isBelieved || line.tag !== 0) return;
    line.sync.keep();
    this.#fetch(i);
  }

  #compare(line: Line, nowNs: number): void {
    const { book, sync } = line;
    line.compareNs = Number.NaN;
    line.auditNs = nowNs + AUDIT_NS;
    if (!book.isBelieved || !sync.hasSnapshot) return;
    const verdict = sync.compare();
    if (verdict === Verdict.TOO_OLD) line.auditNs = nowNs + FIRST_AUDIT_NS;
    if (verdict !== Verdict.DIFFERENT) return;
    this.stats.gaps++;
    this.#fail(line, 'gap', "the book differs from the venue's snapshot: a frame is missing", nowNs);
  }

  #unreadable(i: number, nowNs: number): void {
    this.stats.unreadable++;
    for (const line of i >= 0 ? [this.#lines[i]!] : this.#lines) {
      this.#fail(line, 'unreadable', 'a frame cannot be read', nowNs);
    }
  }

  #fail(line: Line, fault: FeedFault, detail: string, nowNs: number): void {
    this.#lose(line, fault, detail, nowNs);
    // Before the subscription is confirmed a snapshot is of no use; one that is due, or is under way, lacks what was lost just now.
    if (this.#isOpen && line.isSubscribed) this.#schedule(line, nowNs);
  }

  #lose(line: Line, fault: FeedFault, detail: string, nowNs: number): void {
    const { book, sync } = line;
    line.tag = 0;
    line.lacksLevels = false;
    line.auditNs = Number.NaN;
    line.compareNs = Number.NaN;
    line.believedNs = Number.NaN;
    sync.stopKeeping();
    if (book.lose(nowNs, sync.micros)) this.#setup.host.tell({ type: 'stale', market: book.market, fault, detail });
  }

  #schedule(line: Line, nowNs: number): void {
    const { host } = this.#setup;
    line.tag = 0;
    line.sync.keep();
    if (!Number.isNaN(line.fetchNs)) return;
    if (line.backoff.tries >= MOST_TRIES) {
      line.backoff.reset();
      return host.reconnect(`no book after ${MOST_TRIES} tries`);
    }
    this.stats.resyncs++;
    line.fetchNs = nowNs + line.backoff.nextMs() * NS_PER_MS;
    host.tell({ type: 'resync', market: line.book.market, detail: 'asks for a snapshot' });
  }

  /** Once for each time that the book begins. */
  #tellLeftOut(line: Line): void {
    if (this.#parser.leftOut === this.#leftOut) return;
    this.#leftOut = this.#parser.leftOut;
    if (line.lacksLevels) return;
    line.lacksLevels = true;
    const { book } = line;
    const detail = 'a level is too large for exact arithmetic, and is left out';
    this.#setup.host.tell({ type: 'notice', market: book.market, detail });
  }

  #symbol(i: number): string {
    return this.#setup.instruments[i]!.symbol;
  }

  #send(event: string, channel: string): void {
    this.#setup.host.send(JSON.stringify({ event, data: { channel } }));
  }
}

/** Whether every staged level has a price above zero and a size that is not below. */
function areSound(book: FeedBook): boolean {
  const { staged, count } = book;
  for (let at = 0; at < count * STRIDE; at += STRIDE) if (!(staged[at]! > 0 && staged[at + 1]! >= 0)) return false;
  return true;
}
