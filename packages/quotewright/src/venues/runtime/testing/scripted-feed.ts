/**
 * The market data of the venue of tests: JSON frames {type, symbol, seq, prev?, bids?, asks?, price?, size?, …}, prices and sizes as text.
 * A snapshot answers each subscription; a delta names the number before it.
 */
import { Side } from '@quotewright/core/market/side';
import { unixMsToNs } from '@quotewright/core/base/time';
import { z } from 'zod';
import type { Feed, FeedFault, FeedSetup, FeedStats } from '../../contract/feed.ts';
import type { RestResponse } from '../../contract/rest.ts';
import { FeedBook } from '../../feed-book.ts';
import { putQuoteSide, putTrade } from '../../feed-trades.ts';

const levels = z.array(z.tuple([z.string(), z.string()])).default([]);
const frame = z.object({
  type: z.enum(['snapshot', 'delta', 'trade', 'quote', 'time']),
  symbol: z.string(),
  seq: z.number(),
  prev: z.number().default(0),
  ms: z.number().default(0),
  bids: levels,
  asks: levels,
  price: z.string().default('0'),
  size: z.string().default('0'),
});

export class ScriptedFeed implements Feed {
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
  readonly #seqs: number[];

  constructor(setup: FeedSetup) {
    this.#setup = setup;
    this.url = setup.addresses.feed;
    this.#books = setup.indices.map((index) => new FeedBook(index, setup.host.out));
    this.#seqs = setup.indices.map(() => 0);
  }

  opened(): void {
    for (const [i] of this.#books.entries()) this.#subscribe(i);
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.stats.messages++;
    const parsed = frame.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (!parsed.success) {
      this.stats.unreadable++;
      return;
    }
    const { type, symbol, seq, prev, ms, bids, asks, price, size } = parsed.data;
    const i = this.#setup.instruments.findIndex((each) => each.symbol === symbol);
    const book = this.#books[i];
    const instrument = this.#setup.instruments[i];
    if (book === undefined || instrument === undefined) return;
    const venueNs = unixMsToNs(ms, this.#setup.epochDay);
    const { out } = this.#setup.host;
    if (type === 'time') return;
    if (type === 'trade') {
      putTrade(
        out,
        book.market,
        Side.BUY,
        venueNs,
        nowNs,
        instrument.price.parse(price),
        instrument.size.parse(size),
        seq,
      );
      return;
    }
    if (type === 'quote') {
      for (const [side, [level]] of [
        [Side.BUY, bids],
        [Side.SELL, asks],
      ] as const) {
        const [p = '0', s = '0'] = level ?? [];
        putQuoteSide(out, book.market, side, venueNs, nowNs, instrument.price.parse(p), instrument.size.parse(s), seq);
      }
      return;
    }
    book.begin();
    for (const [p, s] of bids) book.level(Side.BUY, instrument.price.parse(p), instrument.size.parse(s));
    for (const [p, s] of asks) book.level(Side.SELL, instrument.price.parse(p), instrument.size.parse(s));
    if (type === 'snapshot') {
      if (!book.layWhole()) return this.#lose(i, 'crossed', nowNs);
      book.putWhole(venueNs, nowNs, seq);
      this.#setup.host.tell({ type: 'snapshot', market: book.market, detail: `snapshot ${seq}` });
    } else if (book.isBelieved) {
      if (prev !== this.#seqs[i]) {
        this.stats.gaps++;
        return this.#lose(i, 'gap', nowNs);
      }
      if (!book.lay()) return this.#lose(i, 'crossed', nowNs);
      book.put(venueNs, nowNs, seq);
    } else return;
    this.#seqs[i] = seq;
  }

  fetched(_tag: number, _response: RestResponse | undefined, _nowNs: number): void {}

  closed(nowNs: number): void {
    for (const book of this.#books) {
      if (book.lose(nowNs, 0)) this.#stale(book, 'disconnected');
    }
  }

  poll(): void {}

  resync(market: number, fault: FeedFault, nowNs: number): void {
    const i = this.#setup.indices.indexOf(market);
    if (i >= 0) this.#lose(i, fault, nowNs);
  }

  book(market: number): FeedBook['book'] | undefined {
    return this.#books[this.#setup.indices.indexOf(market)]?.book;
  }

  #lose(i: number, fault: FeedFault, nowNs: number): void {
    const book = this.#books[i]!;
    if (book.lose(nowNs, this.#seqs[i]!)) this.#stale(book, fault);
    this.stats.resyncs++;
    this.#setup.host.tell({ type: 'resync', market: book.market, detail: 'from the snapshot again' });
    this.#subscribe(i);
  }

  #stale({ market }: FeedBook, fault: FeedFault): void {
    this.#setup.host.tell({ type: 'stale', market, fault, detail: `the book is stale: ${fault}` });
  }

  #subscribe(i: number): void {
    this.#setup.host.send(JSON.stringify({ subscribe: this.#setup.instruments[i]!.symbol }));
  }
}
