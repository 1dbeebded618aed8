/**
 * Market data of one of ccxt's venues: frames of the bridge (packages/ccxt, `watch.ts`). Numbers have gone through a float64 there, whose
 * shortest decimal is what the venue wrote. What ccxt does not tell (a lost message of a venue without numbers) is not seen here.
 */
import { unixMsToNs } from '@quotewright/core/base/time';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { type JsonObject, asInteger, asList, asObject, asText, parseJson } from '../../data/json.ts';
import { executionNumber } from '../contract/client-ids.ts';
import type { Feed, FeedFault, FeedSetup, FeedStats } from '../contract/feed.ts';
import { FeedBook } from '../feed-book.ts';
import { putTrade } from '../feed-trades.ts';

/** The bridge says once a second that it lives. */
const SILENCE_NS = 5e9;

export class CcxtFeed implements Feed {
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
  /** Place in the setup by the venue's symbol. */
  readonly #places: ReadonlyMap<string, number>;
  #heardNs = Number.NaN;

  constructor(setup: FeedSetup) {
    this.#setup = setup;
    this.url = setup.addresses.feed;
    this.#books = setup.indices.map((index) => new FeedBook(index, setup.host.out));
    this.#places = new Map(setup.instruments.map(({ symbol }, place) => [symbol, place]));
  }

  opened(nowNs: number): void {
    this.#heardNs = nowNs;
    this.#setup.host.send(JSON.stringify({ subscribe: [...this.#places.keys()] }));
  }

  message(bytes: Uint8Array, nowNs: number): void {
    this.#heardNs = nowNs;
    this.stats.messages++;
    this.stats.parsed++;
    const frame = asObject(parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')));
    if (frame?.['type'] === 'alive') return;
    const place = this.#places.get(asText(frame?.['symbol']));
    if (frame === undefined || place === undefined) {
      this.stats.unreadable++;
      return;
    }
    const type = frame['type'];
    if (type === 'lost') this.#lost(place, asText(frame['text']), nowNs);
    else if (type === 'trade') this.#trade(frame, place, nowNs);
    else this.#levels(frame, place, type === 'snapshot', nowNs);
  }

  fetched(): void {}

  closed(nowNs: number): void {
    for (const place of this.#books.keys()) this.#lose(place, 'disconnected', nowNs, 'the bridge to ccxt is gone');
  }

  poll(nowNs: number): void {
    if (nowNs - this.#heardNs <= SILENCE_NS) return;
    this.#heardNs = nowNs;
    this.#setup.host.reconnect('nothing was heard of the bridge to ccxt');
  }

  /** The bridge begins with a snapshot after a connection is made. */
  resync(market: number, fault: FeedFault, nowNs: number): void {
    this.#lose(this.#setup.indices.indexOf(market), fault, nowNs, 'found outside');
    this.stats.resyncs++;
    this.#setup.host.reconnect(`the book of ${market} is not believed: ${fault}`);
  }

  book(market: number): L2Book | undefined {
    return this.#books[this.#setup.indices.indexOf(market)]?.book;
  }

  #lost(place: number, text: string, nowNs: number): void {
    const { market } = this.#books[place]!;
    this.#setup.host.tell({ type: 'notice', market, detail: text });
    this.#lose(place, 'disconnected', nowNs, text);
  }

  #levels(frame: JsonObject, place: number, isWhole: boolean, nowNs: number): void {
    const book = this.#books[place]!;
    book.begin();
    if (!this.#stage(book, place, Side.BUY, frame['bids']) || !this.#stage(book, place, Side.SELL, frame['asks'])) {
      this.stats.unreadable++;
      this.#lose(place, 'unreadable', nowNs, 'a level off the grid of the listing');
      return;
    }
    const isSound = isWhole ? book.layWhole() : book.lay();
    if (!isSound) this.#lose(place, 'crossed', nowNs, 'best bid not below best ask');
    else if (isWhole) {
      book.putWhole(this.#venueNs(frame), nowNs, 0);
      this.#setup.host.tell({ type: 'snapshot', market: book.market, detail: `${book.count} levels` });
    } else book.put(this.#venueNs(frame), nowNs, 0);
  }

  #stage(book: FeedBook, place: number, side: Side, levels: unknown): boolean {
    const { price, size } = this.#setup.instruments[place]!;
    for (const level of asList(levels)) {
      const [priceText, sizeText] = asList(level);
      const ticks = price.parse(asText(priceText));
      const lots = size.parse(asText(sizeText));
      if (ticks !== ticks || !(lots >= 0)) return false;
      book.level(side, ticks, lots);
    }
    return true;
  }

  #trade(frame: JsonObject, place: number, nowNs: number): void {
    const { price, size } = this.#setup.instruments[place]!;
    const ticks = price.parse(asText(frame['price']));
    const lots = size.parse(asText(frame['size']));
    if (ticks !== ticks || !(lots > 0)) {
      this.stats.unreadable++;
      return;
    }
    const side = frame['side'] === 'buy' ? Side.BUY : Side.SELL;
    const { out } = this.#setup.host;
    const id = executionNumber(asText(frame['id']));
    putTrade(out, this.#setup.indices[place]!, side, this.#venueNs(frame), nowNs, ticks, lots, id);
  }

  /** NaN when the venue gave no time. */
  #venueNs(frame: JsonObject): number {
    return unixMsToNs(asInteger(frame['time']), this.#setup.epochDay);
  }

  #lose(place: number, fault: FeedFault, nowNs: number, detail: string): void {
    const book = this.#books[place]!;
    if (book.lose(nowNs, 0)) this.#setup.host.tell({ type: 'stale', market: book.market, fault, detail });
  }
}
