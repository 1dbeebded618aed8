/**
 * Binance's market data (spot and USD-M): depth diffs joined to a REST snapshot, best quotes and prints, over one connection on which the
 * streams are subscribed by name. Diffs that come before the snapshot are kept as they came.
 */
import { unixMsToNs } from '@quotewright/core/base/time';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import type { Feed, FeedFault, FeedSetup, FeedStats } from '../contract/feed.ts';
import type { RestResponse } from '../contract/rest.ts';
import { FeedBook } from '../feed-book.ts';
import { putQuoteSide, putTrade } from '../feed-trades.ts';
import { LevelScan } from '../scan/levels.ts';
import { SymbolTable } from '../scan/symbols.ts';
import { DepthChain, Link } from './depth-chain.ts';
import { BookSync } from './book-sync.ts';
import { FrameKind, Slot } from './frame.ts';
import { FrameParser, Other } from './parser.ts';
import type { BinanceProduct } from './product.ts';
import { FrameScanner } from './scanner.ts';
import { readSnapshot } from './snapshot.ts';

const { SENT_MS, DONE_MS, FIRST_ID, LAST_ID, PRICE, SIZE, ASK_PRICE, ASK_SIZE, IS_BUYER_MAKER } = Slot;
const SUBSCRIBE_ID = 1;
/** A tag of a fetch: the number of the request × this + the instrument. */
const TAGS = 4096;

export class BinanceFeed implements Feed {
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
  readonly #product: BinanceProduct;
  readonly #books: readonly FeedBook[];
  readonly #syncs: readonly BookSync[];
  readonly #scanner: FrameScanner;
  readonly #parser: FrameParser;
  readonly #indices: Int32Array;
  #fetches = 0;

  constructor(product: BinanceProduct, setup: FeedSetup) {
    const { instruments, indices, host, addresses } = setup;
    this.#product = product;
    this.#setup = setup;
    this.url = `${addresses.feed}/ws`;
    this.#indices = Int32Array.from(indices);
    this.#books = indices.map((index) => new FeedBook(index, host.out));
    this.#syncs = instruments.map(() => new BookSync(new DepthChain(product.isFutures)));
    const symbols = new SymbolTable(instruments.map(({ symbol }) => symbol));
    const levels = instruments.map((instrument) => new LevelScan(instrument));
    this.#scanner = new FrameScanner(symbols, levels, this.#books);
    this.#parser = new FrameParser(this.#scanner.values, instruments, this.#books);
  }

  opened(): void {
    const params: string[] = [];
    for (const { symbol } of this.#setup.instruments) {
      const name = symbol.toLowerCase();
      params.push(`${name}@depth@100ms`, `${name}@bookTicker`, `${name}@trade`);
    }
    for (const sync of this.#syncs) sync.want(0);
    this.#setup.host.send(JSON.stringify({ method: 'SUBSCRIBE', params, id: SUBSCRIBE_ID }));
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.stats.messages++;
    const kind = this.#scanner.scan(bytes);
    if (kind === FrameKind.NONE) this.#parse(bytes, nowNs);
    else this.#take(kind, this.#scanner.index, bytes, nowNs);
  }

  fetched(tag: number, response: RestResponse | undefined, nowNs: number): void {
    const index = tag % TAGS;
    const sync = this.#syncs[index];
    if (sync === undefined || !sync.isAnswered(Math.floor(tag / TAGS))) return;
    const book = this.#books[index]!;
    book.begin();
    const snapshot = readSnapshot(this.#setup.instruments[index]!, book, response);
    if (typeof snapshot === 'string') {
      this.#tell('notice', index, `snapshot: ${snapshot}`);
      return sync.failed(nowNs, this.#setup.host.random(), response);
    }
    const { id, leftOut } = snapshot;
    if (leftOut > 0) this.#tell('notice', index, `snapshot: ${leftOut} levels between two ticks are left out`);
    if (!book.layWhole()) return this.#lose(index, 'crossed', `snapshot ${id}`, nowNs);
    sync.begin(id, nowNs);
    this.#replay(index, id, nowNs);
  }

  closed(nowNs: number): void {
    for (const [index, sync] of this.#syncs.entries()) {
      const wasBelieved = this.#books[index]!.lose(nowNs, 0);
      sync.stop();
      if (wasBelieved) this.#tell('stale', index, 'the connection is gone', 'disconnected');
    }
  }

  poll(nowNs: number): void {
    for (let index = 0; index < this.#syncs.length; index++) {
      if (this.#syncs[index]!.isDue(nowNs)) this.#fetch(index);
    }
  }

  resync(market: number, fault: FeedFault, nowNs: number): void {
    const index = this.#indices.indexOf(market);
    if (index >= 0 && this.#syncs[index]!.isUp) this.#lose(index, fault, 'found outside', nowNs);
  }

  book(market: number): L2Book | undefined {
    return this.#books[this.#indices.indexOf(market)]?.book;
  }

  #parse(bytes: Uint8Array, nowNs: number): void {
    this.stats.parsed++;
    const parser = this.#parser;
    const kind = parser.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
    if (kind < Other.ANSWER) return this.#take(kind, parser.index, bytes, nowNs);
    if (kind === Other.ANSWER) {
      if (parser.refusal !== '') this.#tell('refused', -1, parser.refusal);
      else {
        this.#tell('subscribed', -1, '');
        // From here on no diff is missing: books of quiet markets need not wait for their first one.
        for (let index = 0; index < this.#syncs.length; index++) this.#wake(index, nowNs);
      }
    } else if (kind === Other.UNREADABLE) {
      this.stats.unreadable++;
      // Whose diff it may have been is not known, and its ids neither: the next one of that book does not join.
      if (parser.index >= 0) this.#lose(parser.index, 'unreadable', 'a frame cannot be read', nowNs);
    }
  }

  #take(kind: number, index: number, bytes: Uint8Array, nowNs: number): void {
    if (kind === FrameKind.DEPTH) this.#depth(index, bytes, nowNs);
    else if (kind === FrameKind.QUOTE) this.#quote(index, nowNs);
    else this.#trade(index, nowNs);
  }

  #depth(index: number, bytes: Uint8Array, nowNs: number): void {
    const sync = this.#syncs[index]!;
    if (sync.isFollowing) return this.#apply(index, nowNs);
    if (!sync.isUp) return;
    sync.keep(bytes);
    this.#wake(index, nowNs);
  }

  /** The diff that is staged, whose numbers are in `values`. */
  #apply(index: number, nowNs: number): void {
    const { values } = this.#scanner;
    const sync = this.#syncs[index]!;
    const link = sync.chain.link(values, FIRST_ID);
    if (link === Link.OLD) return;
    if (link === Link.BREAK) {
      this.stats.gaps++;
      const found = `U ${values[FIRST_ID]}, u ${values[LAST_ID]} after ${sync.chain.lastId}`;
      return this.#lose(index, 'gap', found, nowNs);
    }
    const book = this.#books[index]!;
    if (!book.lay()) return this.#lose(index, 'crossed', `u ${values[LAST_ID]}`, nowNs);
    if (book.isBelieved) book.put(this.#venueNs(), nowNs, values[LAST_ID]!);
  }

  #quote(index: number, nowNs: number): void {
    const { values } = this.#scanner;
    const { out } = this.#setup.host;
    const market = this.#indices[index]!;
    const venueNs = this.#venueNs();
    const id = values[LAST_ID]!;
    // A side without orders is published as 0 of 0.
    const bid = values[SIZE]! > 0 ? values[PRICE]! : Number.NaN;
    const ask = values[ASK_SIZE]! > 0 ? values[ASK_PRICE]! : Number.NaN;
    putQuoteSide(out, market, Side.BUY, venueNs, nowNs, bid, values[SIZE]!, id);
    putQuoteSide(out, market, Side.SELL, venueNs, nowNs, ask, values[ASK_SIZE]!, id);
  }

  #trade(index: number, nowNs: number): void {
    const { values } = this.#scanner;
    const { out } = this.#setup.host;
    const side = values[IS_BUYER_MAKER] === 1 ? Side.SELL : Side.BUY;
    const market = this.#indices[index]!;
    putTrade(out, market, side, this.#venueNs(), nowNs, values[PRICE]!, values[SIZE]!, values[LAST_ID]!);
  }

  /** When the matching engine did it, where the frame says so, else when it was sent. */
  #venueNs(): number {
    const { values } = this.#scanner;
    const doneMs = values[DONE_MS]!;
    return unixMsToNs(doneMs === doneMs ? doneMs : values[SENT_MS]!, this.#setup.epochDay);
  }

  /** After a snapshot: what came in the meantime, then it goes out whole. */
  #replay(index: number, id: number, nowNs: number): void {
    const sync = this.#syncs[index]!;
    for (const bytes of sync.takeKept()) {
      let kind: number = this.#scanner.scan(bytes);
      if (kind === FrameKind.NONE) kind = this.#parser.parse(Buffer.from(bytes).toString('utf8'));
      if (kind === FrameKind.DEPTH) this.#apply(index, nowNs);
      if (!sync.isFollowing) return;
    }
    const book = this.#books[index]!;
    book.putWhole(Number.NaN, nowNs, Number.isNaN(sync.chain.lastId) ? id : sync.chain.lastId);
    this.#tell('snapshot', index, `id ${id}`);
  }

  #lose(index: number, fault: FeedFault, detail: string, nowNs: number): void {
    const sync = this.#syncs[index]!;
    this.#books[index]!.lose(nowNs, Math.max(0, this.#scanner.values[LAST_ID]! || 0));
    this.stats.resyncs++;
    this.#tell('stale', index, detail, fault);
    sync.lost(nowNs, this.#setup.host.random());
    this.#tell('resync', index, `in ${Math.round(sync.waitNs(nowNs) / 1e6)} ms`);
    this.#wake(index, nowNs);
  }

  #wake(index: number, nowNs: number): void {
    if (this.#syncs[index]!.isDue(nowNs)) this.#fetch(index);
  }

  #fetch(index: number): void {
    const { pages, depthLimit, depthWeight } = this.#product;
    const number = ++this.#fetches;
    this.#syncs[index]!.asked(number);
    const path = `${pages}/depth?symbol=${this.#setup.instruments[index]!.symbol}&limit=${depthLimit}`;
    const cost = { weight: depthWeight };
    this.#setup.host.fetch({ method: 'GET', path, cost }, number * TAGS + index);
  }

  #tell(
    type: 'subscribed' | 'snapshot' | 'stale' | 'resync' | 'refused' | 'notice',
    index: number,
    detail: string,
    fault?: FeedFault,
  ): void {
    const market = index < 0 ? -1 : this.#indices[index]!;
    this.#setup.host.tell({ type, market, detail, ...(fault === undefined ? {} : { fault }) });
  }
}
