/**
 * Market data of Coinbase Advanced Trade over one connection: `level2`, `market_trades`, `ticker`, and `heartbeats`, which come each second
 * and keep quiet channels open. Every message of the connection, of whatever channel, has the next `sequence_num`: a number that is missing,
 * comes twice or comes late may have been of any book, so all of them go stale, and the connection is made anew. What is wrong with one book
 * only (it is crossed, a level is unreadable) makes that one stale: it is subscribed to anew, after a while that grows.
 *
 * A message of `level2` is the change of one book; the first one after a subscription is the whole book. Trades tell the maker's side.
 * The ticker is another service at the venue: it is ahead of or behind the book by some milliseconds.
 * Source: docs.cdp.coinbase.com, "Advanced Trade WebSocket Overview" and "… Channels".
 */
import { Side } from '@quotewright/core/market/side';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { NS_PER_SECOND, SECONDS_PER_DAY } from '@quotewright/core/base/time';
import { asText, asList, isObject, type JsonObject } from '../../data/json.ts';
import type { Feed, FeedFault, FeedSetup, FeedStats } from '../contract/feed.ts';
import { Backoff } from '../backoff.ts';
import { FeedBook } from '../feed-book.ts';
import { putQuoteSide, putTrade } from '../feed-trades.ts';
import { Frame, FrameNumber, FrameScanner, Print, PRINT_STRIDE } from './decode.ts';
import { parseFrame, parsePrint, stageLevels } from './frames.ts';
import { JwtSigner } from './sign.ts';

const CHANNELS = ['heartbeats', 'level2', 'market_trades', 'ticker'] as const;
/** Heartbeats come each second. */
const SILENCE_NS = 5 * NS_PER_SECOND;
/** A snapshot of the largest book comes within a second or two. */
const SNAPSHOT_NS = 10 * NS_PER_SECOND;
const RESYNC_MS = 200;
const LONGEST_RESYNC_MS = 30_000;
/** A book that was whole for so long begins with the shortest wait again. */
const CALM_NS = 60 * NS_PER_SECOND;

interface Waiting {
  /** When it is subscribed to anew; NaN = it was, or needs not to be. */
  dueNs: number;
  /** When its snapshot was asked for; NaN = it has come. */
  askedNs: number;
  readonly backoff: Backoff;
  wholeNs: number;
}

export class CoinbaseFeed implements Feed {
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
  readonly #waiting: readonly Waiting[];
  readonly #scanner: FrameScanner;
  readonly #signer: JwtSigner | undefined;
  #isOpen = false;
  /** `sequence_num` that comes next; -1 before the first message of a connection, which may have any. */
  #next = -1;
  #heardNs = 0;

  constructor(setup: FeedSetup) {
    this.url = setup.addresses.feed;
    this.#setup = setup;
    this.#books = setup.indices.map((index) => new FeedBook(index, setup.host.out));
    this.#waiting = setup.indices.map(() => ({
      dueNs: Number.NaN,
      askedNs: Number.NaN,
      backoff: new Backoff(RESYNC_MS, LONGEST_RESYNC_MS, () => setup.host.random()),
      wholeNs: 0,
    }));
    this.#scanner = new FrameScanner(setup.instruments, this.#books, setup.epochDay);
    this.#signer = setup.credentials === undefined ? undefined : new JwtSigner(setup.credentials);
  }

  opened(nowNs: number): void {
    this.#isOpen = true;
    this.#next = -1;
    this.#heardNs = nowNs;
    const symbols = this.#setup.instruments.map(({ symbol }) => symbol);
    for (const channel of CHANNELS) this.#subscribe('subscribe', channel, symbols, nowNs);
    for (const waiting of this.#waiting) {
      waiting.dueNs = Number.NaN;
      waiting.askedNs = nowNs;
    }
    this.#setup.host.tell({ type: 'subscribed', market: -1, detail: `${symbols.join(' ')}: ${CHANNELS.join(' ')}` });
  }

  message(bytes: Uint8Array, nowNs: number): void {
    // A connection that was given up may say something yet.
    if (!this.#isOpen) return;
    this.stats.messages++;
    this.#heardNs = nowNs;
    const scanner = this.#scanner;
    const frame = scanner.scan(bytes);
    if (frame === Frame.OTHER) return this.#parse(bytes, nowNs);
    const seq = scanner.numbers[FrameNumber.SEQ]!;
    if (seq !== this.#next && !this.#isFirst(seq, nowNs)) return;
    this.#next = seq + 1;
    if (frame === Frame.LEVELS) this.#levels(scanner.product, scanner.numbers[FrameNumber.DONE]!, seq, nowNs);
    else if (frame === Frame.QUOTE) this.#quote(scanner.product, seq, nowNs);
    else if (frame === Frame.TRADES) this.#prints(nowNs);
    else this.#whole(scanner.product, scanner.numbers[FrameNumber.SENT]!, seq, nowNs);
  }

  fetched(): void {
    // Everything comes over the connection.
  }

  closed(nowNs: number): void {
    this.#isOpen = false;
    for (const i of this.#books.keys()) {
      this.#lose(i, 'disconnected', 'the connection is gone', nowNs);
      this.#waiting[i]!.dueNs = Number.NaN;
      this.#waiting[i]!.askedNs = Number.NaN;
    }
  }

  poll(nowNs: number): void {
    if (!this.#isOpen) return;
    if (nowNs - this.#heardNs > SILENCE_NS) return this.#giveUp('age', 'no heartbeat for 5 s', nowNs);
    for (const [i, waiting] of this.#waiting.entries()) {
      if (nowNs >= waiting.dueNs) this.#ask(i, nowNs);
      else if (nowNs - waiting.askedNs > SNAPSHOT_NS) return this.#giveUp('age', 'no snapshot within 10 s', nowNs);
    }
  }

  resync(market: number, fault: FeedFault, nowNs: number): void {
    const i = this.#setup.indices.indexOf(market);
    if (i < 0) return;
    this.#lose(i, fault, 'found outside of the feed', nowNs);
    this.#askLater(i, nowNs);
  }

  book(market: number): L2Book | undefined {
    return this.#books[this.#setup.indices.indexOf(market)]?.book;
  }

  /** Whether a number that is not the one that was to come is the first of a connection; if not, the connection is given up. */
  #isFirst(seq: number, nowNs: number): boolean {
    if (this.#next < 0) return true;
    this.stats.gaps++;
    this.#giveUp('gap', `sequence_num: found ${seq}, expected ${this.#next}`, nowNs);
    return false;
  }

  #levels(i: number, venueNs: number, seq: number, nowNs: number): void {
    const book = this.#books[i]!;
    if (!book.isBelieved) return;
    if (book.lay()) return book.put(venueNs, nowNs, seq);
    this.#crossed(i, nowNs);
  }

  #whole(i: number, venueNs: number, seq: number, nowNs: number): void {
    const book = this.#books[i]!;
    const waiting = this.#waiting[i]!;
    if (!book.layWhole()) return this.#crossed(i, nowNs);
    book.putWhole(venueNs, nowNs, seq);
    waiting.askedNs = Number.NaN;
    waiting.dueNs = Number.NaN;
    waiting.wholeNs = nowNs;
    this.#setup.host.tell({ type: 'snapshot', market: book.market, detail: `${book.count} levels` });
  }

  #crossed(i: number, nowNs: number): void {
    const { bids, asks } = this.#books[i]!.book;
    this.#lose(i, 'crossed', `best bid ${bids.bestPrice()} ticks, best ask ${asks.bestPrice()}`, nowNs);
    this.#askLater(i, nowNs);
  }

  #quote(i: number, seq: number, nowNs: number): void {
    const { out } = this.#setup.host;
    const { market } = this.#books[i]!;
    const [bid, bidLots, ask, askLots] = this.#scanner.quote;
    const venueNs = this.#scanner.numbers[FrameNumber.SENT]!;
    putQuoteSide(out, market, Side.BUY, venueNs, nowNs, bid!, bidLots!, seq);
    putQuoteSide(out, market, Side.SELL, venueNs, nowNs, ask!, askLots!, seq);
  }

  #prints(nowNs: number): void {
    const { out } = this.#setup.host;
    const { trades, count } = this.#scanner;
    for (let at = (count - 1) * PRINT_STRIDE; at >= 0; at -= PRINT_STRIDE) {
      const { market } = this.#books[trades[at + Print.PRODUCT]!]!;
      const taker = trades[at + Print.MAKER_BUYS] === 1 ? Side.SELL : Side.BUY;
      const price = trades[at + Print.PRICE_TICKS]!;
      const size = trades[at + Print.SIZE_LOTS]!;
      putTrade(out, market, taker, trades[at + Print.VENUE_NS]!, nowNs, price, size, trades[at + Print.SEQ]!);
    }
  }

  /** The way of every frame that the scanner does not know. */
  #parse(bytes: Uint8Array, nowNs: number): void {
    this.stats.parsed++;
    const frame = parseFrame(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(),
      this.#setup.epochDay,
    );
    if (frame === undefined) return this.#unreadable('it is no message of this venue', nowNs);
    if (frame.error !== '') return this.#setup.host.tell({ type: 'refused', market: -1, detail: frame.error });
    if (frame.seq !== this.#next && !this.#isFirst(frame.seq, nowNs)) return;
    this.#next = frame.seq + 1;
    for (const event of frame.events) {
      if (frame.channel === 'l2_data') this.#parsedLevels(event, frame.sentNs, frame.seq, nowNs);
      else if (frame.channel === 'market_trades') this.#parsedPrints(event, nowNs);
      else if (frame.channel === 'ticker') this.#parsedQuotes(event, frame.sentNs, frame.seq, nowNs);
    }
  }

  #parsedLevels(event: JsonObject, sentNs: number, seq: number, nowNs: number): void {
    const symbol = asText(event['product_id']);
    if (symbol === '') return this.#unreadable('levels of no product', nowNs);
    const i = this.#productOf(symbol);
    if (i < 0) return;
    const book = this.#books[i]!;
    const venueNs = stageLevels(event, this.#setup.instruments[i]!, book, this.#setup.epochDay);
    if (venueNs !== venueNs) {
      this.stats.unreadable++;
      this.#lose(i, 'unreadable', 'a level that cannot be read', nowNs);
      this.#askLater(i, nowNs);
    } else if (event['type'] === 'snapshot') this.#whole(i, sentNs, seq, nowNs);
    else if (book.count > 0) this.#levels(i, venueNs, seq, nowNs);
  }

  #parsedPrints(event: JsonObject, nowNs: number): void {
    if (event['type'] !== 'update') return;
    for (const trade of asList(event['trades']).toReversed()) {
      const print = parsePrint(trade, this.#setup.epochDay);
      const i = print === undefined ? -1 : this.#productOf(print.symbol);
      if (print !== undefined && i < 0 && print.symbol !== '') continue;
      const instrument = this.#setup.instruments[i];
      const price = instrument?.price.parse(print?.price ?? '') ?? Number.NaN;
      const size = instrument?.size.parse(print?.size ?? '') ?? Number.NaN;
      if (print === undefined || !(price > 0) || !(size > 0)) this.stats.unreadable++;
      else {
        const { market } = this.#books[i]!;
        putTrade(this.#setup.host.out, market, print.taker, print.venueNs, nowNs, price, size, print.id);
      }
    }
  }

  #parsedQuotes(event: JsonObject, sentNs: number, seq: number, nowNs: number): void {
    for (const ticker of asList(event['tickers'])) {
      const i = isObject(ticker) ? this.#productOf(asText(ticker['product_id'])) : -1;
      if (i < 0 || !isObject(ticker)) continue;
      const { out } = this.#setup.host;
      const { price, size } = this.#setup.instruments[i]!;
      const { market } = this.#books[i]!;
      const bid = price.parse(asText(ticker['best_bid']));
      const ask = price.parse(asText(ticker['best_ask']));
      const bidLots = size.parse(asText(ticker['best_bid_quantity']));
      const askLots = size.parse(asText(ticker['best_ask_quantity']));
      const hasBid = bid > 0 && bidLots > 0;
      const hasAsk = ask > 0 && askLots > 0;
      const nothing = Number.NaN;
      putQuoteSide(out, market, Side.BUY, sentNs, nowNs, hasBid ? bid : nothing, hasBid ? bidLots : 0, seq);
      putQuoteSide(out, market, Side.SELL, sentNs, nowNs, hasAsk ? ask : nothing, hasAsk ? askLots : 0, seq);
    }
  }

  #productOf(symbol: string): number {
    return this.#setup.instruments.findIndex((instrument) => instrument.symbol === symbol);
  }

  /** A message that may have been of any book, and have had any number. */
  #unreadable(detail: string, nowNs: number): void {
    this.stats.unreadable++;
    this.#giveUp('unreadable', detail, nowNs);
  }

  #lose(i: number, fault: FeedFault, detail: string, nowNs: number): void {
    const book = this.#books[i]!;
    if (!book.lose(nowNs, this.#next)) return;
    this.#setup.host.tell({ type: 'stale', market: book.market, fault, detail });
  }

  #askLater(i: number, nowNs: number): void {
    const waiting = this.#waiting[i]!;
    if (!this.#isOpen || waiting.dueNs === waiting.dueNs) return;
    if (nowNs - waiting.wholeNs > CALM_NS) waiting.backoff.reset();
    waiting.askedNs = Number.NaN;
    waiting.dueNs = nowNs + waiting.backoff.nextMs() * 1e6;
  }

  #ask(i: number, nowNs: number): void {
    const waiting = this.#waiting[i]!;
    waiting.dueNs = Number.NaN;
    waiting.askedNs = nowNs;
    this.stats.resyncs++;
    const { symbol } = this.#setup.instruments[i]!;
    this.#subscribe('unsubscribe', 'level2', [symbol], nowNs);
    this.#subscribe('subscribe', 'level2', [symbol], nowNs);
    this.#setup.host.tell({ type: 'resync', market: this.#books[i]!.market, detail: `${symbol}: subscribed anew` });
  }

  #giveUp(fault: FeedFault, reason: string, nowNs: number): void {
    for (const i of this.#books.keys()) this.#lose(i, fault, reason, nowNs);
    this.stats.resyncs++;
    this.#isOpen = false;
    this.#setup.host.reconnect(reason);
  }

  #subscribe(type: string, channel: string, symbols: readonly string[], nowNs: number): void {
    const jwt = this.#signer?.token('', this.#setup.epochDay * SECONDS_PER_DAY * 1e3 + nowNs / 1e6);
    const message = { type, channel, product_ids: symbols };
    this.#setup.host.send(JSON.stringify(jwt === undefined ? message : { ...message, jwt }));
  }
}
