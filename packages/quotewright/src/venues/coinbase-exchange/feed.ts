/**
 * Market data of Coinbase Exchange, levels: `level2` (with a key; the venue asks for one) or `level2_batch` (without; the same messages,
 * gathered for 50 ms), `matches`, `ticker`, `heartbeat`. The order-by-order feed is `l3-feed.ts`.
 *
 * Messages of `level2` are not numbered: the venue promises that none is lost. What shows that some were: a book that is crossed; matches
 * whose numbers go back; and the heartbeat, which tells the last match: one that has not come by the next heartbeat is missing, and so may
 * be changes of levels. The book is subscribed to anew then. Match tells the maker's side.
 * Source: docs.cdp.coinbase.com, "Exchange WebSocket Channels", "Exchange WebSocket Best Practices".
 */
import { NS_PER_SECOND, SECONDS_PER_DAY } from '@quotewright/core/base/time';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { asList, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import { Backoff } from '../backoff.ts';
import type { Feed, FeedFault, FeedSetup, FeedStats } from '../contract/feed.ts';
import { FeedBook } from '../feed-book.ts';
import { putQuoteSide, putTrade } from '../feed-trades.ts';
import { ascii } from '../scan/bytes.ts';
import { Key, MessageScanner } from './decode.ts';
import { flatBytes } from './flat.ts';
import { HmacSigner } from './sign.ts';

/** Heartbeats come each second. */
const SILENCE_NS = 5 * NS_PER_SECOND;
const SNAPSHOT_NS = 10 * NS_PER_SECOND;
const RESYNC_MS = 200;
const LONGEST_RESYNC_MS = 30_000;
const CALM_NS = 60 * NS_PER_SECOND;
const MATCH = ascii('match');
const LAST_MATCH = ascii('last_match');
const TICKER = ascii('ticker');
const HEARTBEAT = ascii('heartbeat');
const BUY = ascii('buy');
const SELL = ascii('sell');

interface Product {
  readonly book: FeedBook;
  readonly backoff: Backoff;
  /** When it is subscribed to anew, when its snapshot was asked for, when it was whole last; NaN = not. */
  dueNs: number;
  askedNs: number;
  wholeNs: number;
  /** The last match that has come; NaN before the first. And the one that the last heartbeat told of. */
  tradeId: number;
  toldId: number;
}

export class ExchangeFeed implements Feed {
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
  readonly #products: readonly Product[];
  readonly #scanner: MessageScanner;
  readonly #signer: HmacSigner | undefined;
  #isOpen = false;
  #heardNs = 0;

  constructor(setup: FeedSetup) {
    this.url = setup.addresses.feed;
    this.#setup = setup;
    this.#products = setup.indices.map((index) => ({
      book: new FeedBook(index, setup.host.out),
      backoff: new Backoff(RESYNC_MS, LONGEST_RESYNC_MS, () => setup.host.random()),
      dueNs: Number.NaN,
      askedNs: Number.NaN,
      wholeNs: 0,
      tradeId: Number.NaN,
      toldId: Number.NaN,
    }));
    const books = this.#products.map(({ book }) => book);
    this.#scanner = new MessageScanner(setup.instruments, books, setup.epochDay);
    this.#signer = setup.credentials === undefined ? undefined : new HmacSigner(setup.credentials);
  }

  opened(nowNs: number): void {
    this.#isOpen = true;
    this.#heardNs = nowNs;
    const symbols = this.#setup.instruments.map(({ symbol }) => symbol);
    for (const product of this.#products) {
      product.dueNs = Number.NaN;
      product.askedNs = nowNs;
      product.tradeId = Number.NaN;
      product.toldId = Number.NaN;
    }
    this.#send('subscribe', symbols, [this.#channel, 'matches', 'ticker', 'heartbeat'], nowNs);
    this.#setup.host.tell({ type: 'subscribed', market: -1, detail: `${symbols.join(' ')}: ${this.#channel}` });
  }

  message(bytes: Uint8Array, nowNs: number): void {
    // A connection that was given up may say something yet.
    if (!this.#isOpen) return;
    this.stats.messages++;
    this.#heardNs = nowNs;
    const i = this.#scanner.levels(bytes);
    if (i >= 0) this.#levels(i, this.#scanner.venueNs[0]!, nowNs);
    else if (this.#scanner.fields.scan(bytes)) this.#flat(bytes, nowNs);
    else this.#parse(bytes, nowNs);
  }

  fetched(): void {
    // Everything comes over the connection.
  }

  closed(nowNs: number): void {
    this.#isOpen = false;
    for (const product of this.#products) {
      this.#lose(product, 'disconnected', 'the connection is gone', nowNs);
      product.dueNs = Number.NaN;
      product.askedNs = Number.NaN;
    }
  }

  poll(nowNs: number): void {
    if (!this.#isOpen) return;
    if (nowNs - this.#heardNs > SILENCE_NS) return this.#giveUp('age', 'no heartbeat for 5 s', nowNs);
    for (const [i, product] of this.#products.entries()) {
      if (nowNs >= product.dueNs) this.#ask(i, nowNs);
      else if (nowNs - product.askedNs > SNAPSHOT_NS) return this.#giveUp('age', 'no snapshot within 10 s', nowNs);
    }
  }

  resync(market: number, fault: FeedFault, nowNs: number): void {
    const product = this.#products.find(({ book }) => book.market === market);
    if (product !== undefined) this.#doubt(product, fault, 'found outside of the feed', nowNs);
  }

  book(market: number): L2Book | undefined {
    return this.#products.find(({ book }) => book.market === market)?.book.book;
  }

  get #channel(): string {
    return this.#signer === undefined ? 'level2_batch' : 'level2';
  }

  #levels(i: number, venueNs: number, nowNs: number): void {
    const product = this.#products[i]!;
    const { book } = product;
    if (!book.isBelieved) return;
    if (book.lay()) book.put(venueNs, nowNs, 0);
    else this.#doubt(product, 'crossed', 'best bid at or above best ask', nowNs);
  }

  #flat(bytes: Uint8Array, nowNs: number): void {
    const { fields } = this.#scanner;
    const i = this.#scanner.product(bytes);
    if (fields.is(bytes, Key.type, TICKER)) {
      if (i >= 0) this.#ticker(bytes, i, nowNs);
    } else if (fields.is(bytes, Key.type, MATCH)) this.#match(bytes, i, true, nowNs);
    else if (fields.is(bytes, Key.type, LAST_MATCH)) this.#match(bytes, i, false, nowNs);
    else if (fields.is(bytes, Key.type, HEARTBEAT)) {
      if (i >= 0) this.#heartbeat(this.#products[i]!, this.#scanner.integer(bytes, Key.last_trade_id), nowNs);
    } else this.#parse(bytes, nowNs);
  }

  #match(bytes: Uint8Array, i: number, isNew: boolean, nowNs: number): void {
    if (i < 0) {
      if (!this.#scanner.fields.has(Key.product_id)) this.#unreadable('a match of no product', nowNs);
      return;
    }
    const scanner = this.#scanner;
    const product = this.#products[i]!;
    const id = scanner.integer(bytes, Key.trade_id);
    const price = scanner.ticks(bytes, i, Key.price);
    const size = scanner.lots(bytes, i, Key.size);
    const venueNs = scanner.time(bytes);
    const makerBuys = scanner.fields.is(bytes, Key.side, BUY);
    const isWhole = id >= 0 && price > 0 && size > 0 && venueNs === venueNs;
    if (!isWhole || !(makerBuys || scanner.fields.is(bytes, Key.side, SELL))) {
      this.stats.unreadable++;
      return this.#doubt(product, 'unreadable', 'a match that cannot be read', nowNs);
    }
    if (id <= product.tradeId) {
      this.stats.gaps++;
      return this.#doubt(product, 'gap', `trade_id: found ${id} after ${product.tradeId}`, nowNs);
    }
    product.tradeId = id;
    if (!isNew) return;
    const taker = makerBuys ? Side.SELL : Side.BUY;
    putTrade(this.#setup.host.out, product.book.market, taker, venueNs, nowNs, price, size, id);
  }

  #heartbeat(product: Product, lastId: number, nowNs: number): void {
    if (product.toldId > product.tradeId) {
      this.stats.gaps++;
      this.#doubt(product, 'gap', `match ${product.toldId} has not come`, nowNs);
      product.tradeId = product.toldId;
    }
    if (lastId >= 0) product.toldId = lastId;
  }

  #ticker(bytes: Uint8Array, i: number, nowNs: number): void {
    const scanner = this.#scanner;
    const { market } = this.#products[i]!.book;
    const { out } = this.#setup.host;
    const venueNs = scanner.time(bytes);
    const seq = scanner.integer(bytes, Key.sequence);
    const bid = scanner.ticks(bytes, i, Key.best_bid);
    const ask = scanner.ticks(bytes, i, Key.best_ask);
    const bidLots = scanner.lots(bytes, i, Key.best_bid_size);
    const askLots = scanner.lots(bytes, i, Key.best_ask_size);
    const number = seq >= 0 ? seq : 0;
    const hasBid = bid > 0 && bidLots > 0;
    const hasAsk = ask > 0 && askLots > 0;
    putQuoteSide(out, market, Side.BUY, venueNs, nowNs, hasBid ? bid : Number.NaN, hasBid ? bidLots : 0, number);
    putQuoteSide(out, market, Side.SELL, venueNs, nowNs, hasAsk ? ask : Number.NaN, hasAsk ? askLots : 0, number);
  }

  /** Snapshots, confirmations, errors; and what the scanner does not know. */
  #parse(bytes: Uint8Array, nowNs: number): void {
    this.stats.parsed++;
    const message = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
    const type = isObject(message) ? asText(message['type']) : '';
    if (!isObject(message) || type === '') return this.#unreadable('it is no message of this venue', nowNs);
    if (type === 'error') {
      const detail = `${asText(message['message'])} ${asText(message['reason'])}`.trim();
      return this.#setup.host.tell({ type: 'refused', market: -1, detail });
    }
    const i = this.#setup.instruments.findIndex(({ symbol }) => symbol === message['product_id']);
    if (type === 'snapshot' || type === 'l2update') {
      if (typeof message['product_id'] !== 'string') return this.#unreadable('levels of no product', nowNs);
      if (i >= 0) this.#parsedBook(i, message, nowNs);
      return;
    }
    // The same message as the venue writes it, for the one reader that there is.
    const flat = flatBytes(message);
    if (TYPES.has(type) && this.#scanner.fields.scan(flat)) this.#flat(flat, nowNs);
    else if (type === 'match') this.#match(flat, -1, true, nowNs);
  }

  #parsedBook(i: number, message: JsonObject, nowNs: number): void {
    const product = this.#products[i]!;
    const { book } = product;
    const { price, size } = this.#setup.instruments[i]!;
    const isSnapshot = message['type'] === 'snapshot';
    const lists = isSnapshot ? [message['bids'], message['asks']] : [message['changes']];
    book.begin();
    let isSound = lists.every((list) => Array.isArray(list));
    for (const [side, list] of lists.entries()) {
      for (const entry of asList(list)) {
        const [first, second, third] = asList(entry).map(asText);
        const name = isSnapshot ? ['buy', 'sell'][side] : first;
        const ticks = price.parse((isSnapshot ? first : second) ?? '');
        const lots = size.parse((isSnapshot ? second : third) ?? '');
        isSound &&= ticks > 0 && lots >= 0 && (name === 'buy' || name === 'sell');
        if (isSound) book.level(name === 'buy' ? Side.BUY : Side.SELL, ticks, lots);
      }
    }
    const venueNs = this.#timeOf(message);
    if (!isSound) {
      this.stats.unreadable++;
      return this.#doubt(product, 'unreadable', 'a level that cannot be read', nowNs);
    }
    if (!isSnapshot) return this.#levels(i, venueNs, nowNs);
    if (!book.layWhole()) return this.#doubt(product, 'crossed', 'best bid at or above best ask', nowNs);
    book.putWhole(venueNs, nowNs, 0);
    product.askedNs = Number.NaN;
    product.dueNs = Number.NaN;
    product.wholeNs = nowNs;
    this.#setup.host.tell({ type: 'snapshot', market: book.market, detail: `${book.count} levels` });
  }

  #timeOf(message: JsonObject): number {
    const flat = Buffer.from(JSON.stringify({ time: asText(message['time']) }));
    return this.#scanner.fields.scan(flat) ? this.#scanner.time(flat) : Number.NaN;
  }

  #unreadable(detail: string, nowNs: number): void {
    this.stats.unreadable++;
    this.#giveUp('unreadable', detail, nowNs);
  }

  #lose(product: Product, fault: FeedFault, detail: string, nowNs: number): void {
    const { market } = product.book;
    if (product.book.lose(nowNs, 0)) this.#setup.host.tell({ type: 'stale', market, fault, detail });
  }

  /** The book is not believed any more, and is subscribed to anew. */
  #doubt(product: Product, fault: FeedFault, detail: string, nowNs: number): void {
    this.#lose(product, fault, detail, nowNs);
    if (!this.#isOpen || product.dueNs === product.dueNs) return;
    if (nowNs - product.wholeNs > CALM_NS) product.backoff.reset();
    product.askedNs = Number.NaN;
    product.dueNs = nowNs + product.backoff.nextMs() * 1e6;
  }

  #ask(i: number, nowNs: number): void {
    const product = this.#products[i]!;
    product.dueNs = Number.NaN;
    product.askedNs = nowNs;
    this.stats.resyncs++;
    const { symbol } = this.#setup.instruments[i]!;
    for (const type of ['unsubscribe', 'subscribe']) this.#send(type, [symbol], [this.#channel], nowNs);
    this.#setup.host.tell({ type: 'resync', market: product.book.market, detail: `${symbol}: subscribed anew` });
  }

  #giveUp(fault: FeedFault, reason: string, nowNs: number): void {
    for (const product of this.#products) this.#lose(product, fault, reason, nowNs);
    this.stats.resyncs++;
    this.#isOpen = false;
    this.#setup.host.reconnect(reason);
  }

  #send(type: string, product_ids: readonly string[], channels: readonly string[], nowNs: number): void {
    const nowMs = this.#setup.epochDay * SECONDS_PER_DAY * 1e3 + nowNs / 1e6;
    const auth = this.#signer?.subscription(nowMs) ?? {};
    this.#setup.host.send(JSON.stringify({ type, product_ids, channels, ...auth }));
  }
}

const TYPES = new Set(['match', 'last_match', 'ticker', 'heartbeat']);
