/**
 * Kraken WebSocket v1 frames: books with checksums, trades, tickers. A message is `[channel, payload…, name, pair]`.
 *
 * The book channel sends no removal for a level that falls out of the subscribed depth: after each update the worst
 * levels beyond the depth are dropped here, as removals before the checksum. Checksums cover the ten best levels a side.
 * Source: Kraken's "Spot Websockets (v1) Book Checksum" guide and WebSocket v1 reference.
 */
import { unixTextToNs, UnixUnit } from '@quotewright/core/base/time';
import { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { ClockOffset } from './clock-offset.ts';
import type { WireDecoder } from './decoder.ts';
import type { Feed } from './feed.ts';
import { samplesOf } from './instrument-list.ts';
import { asDecimal, asInteger, asList, asObject, asText, isObject, type JsonObject } from '../json.ts';
import { LevelList } from './levels.ts';

/** What the decoder keeps of one pair's book. */
export interface KrakenBook {
  /** The connection that carries it. */
  readonly connection: string;
  /** Levels a side that the venue publishes. */
  readonly depth: number;
  readonly book: L2Book;
  /** Decimals with which the venue writes prices and sizes: its checksum is over that text. */
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
}

export class KrakenWire implements WireDecoder {
  readonly clock = new ClockOffset();
  /** By instrument index. */
  readonly books: (KrakenBook | undefined)[] = [];
  readonly #feed: Feed;
  readonly #levels = new LevelList();
  readonly #dropped = new LevelList();

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  http(url: string, body: unknown): void {
    if (!url.endsWith('/AssetPairs')) return this.#feed.report.addIgnored('other REST response');
    for (const entry of Object.values(asObject(asObject(body)?.['result']) ?? {})) this.#list(asObject(entry) ?? {});
    this.#feed.report.addIgnored('instrument listing');
  }

  receive(message: unknown, connection: string): void {
    const feed = this.#feed;
    if (isObject(message)) return feed.report.addIgnored(asText(message['event']) || 'control message');
    const fields = asList(message);
    const pair = asText(fields.at(-1));
    const channel = asText(fields.at(-2));
    if (fields.length < 4 || pair === '' || channel === '')
      return feed.bad('not a Kraken message', JSON.stringify(message));
    const payload = fields.slice(1, -2);
    if (channel.startsWith('book-')) this.#book(pair, Number(channel.slice(5)), payload, connection);
    else if (channel === 'trade') this.#trades(pair, payload[0]);
    else if (channel === 'ticker') this.#ticker(pair, asObject(payload[0]) ?? {});
    else feed.report.addIgnored(channel);
  }

  /** The new connection starts each book with a snapshot; until then it lacks what was sent in between. */
  reconnected(connection: string): void {
    for (let i = 0; i < this.books.length; i++) if (this.books[i]?.connection === connection) this.#feed.gap(i, 0);
  }

  #book(pair: string, depth: number, payload: readonly unknown[], connection: string): void {
    const parts = payload.map((part) => asObject(part) ?? {});
    const snapshot = parts.find((part) => 'as' in part || 'bs' in part);
    const updates = parts.flatMap((part) => [part['a'], part['b']]);
    const index = this.#index(pair, ...(snapshot === undefined ? updates : [snapshot['as'], snapshot['bs']]));
    const levels = this.#levels;
    levels.clear();
    if (snapshot !== undefined) {
      if (!this.#add(index, snapshot['as'] ?? [], Side.SELL) || !this.#add(index, snapshot['bs'] ?? [], Side.BUY)) {
        return this.#feed.badBook(index, levels.fault, 0);
      }
      return this.#snapshot(index, depth, connection, firstPair(snapshot['as']) ?? firstPair(snapshot['bs']));
    }
    let checksum = Number.NaN;
    for (const part of parts) {
      if (!this.#add(index, part['a'] ?? [], Side.SELL) || !this.#add(index, part['b'] ?? [], Side.BUY)) {
        return this.#feed.badBook(index, levels.fault, 0);
      }
      if ('c' in part) checksum = asInteger(part['c']);
    }
    this.#update(index, checksum);
  }

  #snapshot(index: number, depth: number, connection: string, sample: readonly unknown[] | undefined): void {
    const book = new L2Book();
    this.books[index] = {
      connection,
      depth: depth > 0 ? depth : Number.POSITIVE_INFINITY,
      book,
      priceDecimals: decimalsOfText(sample?.[0]),
      sizeDecimals: decimalsOfText(sample?.[1]),
    };
    const levels = this.#levels;
    apply(book, levels);
    this.#feed.snapshot(index, levels, 0);
  }

  #update(index: number, checksum: number): void {
    const feed = this.#feed;
    const levels = this.#levels;
    const hasChecksum = checksum === checksum;
    const dropped = this.#drop(index, levels);
    feed.levels(index, levels, 0, hasChecksum || dropped.length > 0);
    feed.levels(index, dropped, 0, hasChecksum);
    if (hasChecksum) feed.checksum(index, levels.latestNs, checksum);
  }

  /** Applies an update to the decoder's own book and answers the levels that fell out of the depth, as removals. */
  #drop(index: number, levels: LevelList): LevelList {
    const dropped = this.#dropped;
    dropped.clear();
    const state = this.books[index];
    // An update before any snapshot belongs to a book that nobody knows.
    if (state === undefined) return dropped;
    apply(state.book, levels);
    for (const side of [Side.BUY, Side.SELL]) {
      const count = state.book.levelCount(side);
      if (count <= state.depth) continue;
      const prices = new Float64Array(count);
      state.book.top(side, count, prices, new Float64Array(count));
      for (const ticks of prices.subarray(state.depth)) dropped.addTicks(side, ticks, 0, levels.latestNs);
    }
    apply(state.book, dropped);
    return dropped;
  }

  #trades(pair: string, list: unknown): void {
    const index = this.#index(pair, list);
    for (const entry of asList(list)) {
      const [price, size, time, side] = asList(entry);
      if (side !== 'b' && side !== 's') this.#feed.bad('trade without a side', JSON.stringify(entry));
      else this.#feed.trade(index, side === 'b' ? Side.BUY : Side.SELL, this.#venueNs(time), price, size, 0);
    }
  }

  #ticker(pair: string, ticker: JsonObject): void {
    const [ask, , askSize] = asList(ticker['a']);
    const [bid, , bidSize] = asList(ticker['b']);
    const index = this.#index(pair, [[ask, askSize]], [[bid, bidSize]]);
    this.#feed.quote(index, Number.NaN, [bid, bidSize], [ask, askSize], 0);
  }

  /** Adds a side's `[price, size, time, "r"?]`; "r" marks a level sent again after it fell out of the depth. */
  #add(index: number, entries: unknown, side: number): boolean {
    const instrument = this.#feed.instruments.all[index]!;
    for (const entry of asList(entries)) {
      const [price, size, time] = asList(entry);
      if (!this.#levels.add(instrument, side, price, size, this.#venueNs(time))) return false;
    }
    return true;
  }

  #venueNs(time: unknown): number {
    return unixTextToNs(asText(time), UnixUnit.SECONDS, this.#feed.epochDay);
  }

  #index(pair: string, ...lists: readonly unknown[]): number {
    return this.#feed.instruments.index('kraken', pair, () => samplesOf(...lists));
  }

  #list(entry: JsonObject): void {
    const symbol = asText(entry['wsname']);
    const [base = '', quote = ''] = symbol.split('/');
    const minSize = asDecimal(entry['ordermin']);
    this.#feed.instruments.listDecimals(
      {
        venue: 'kraken',
        symbol,
        base,
        quote,
        contract: 'spot',
        ...(Number(minSize) > 0 ? { minSize } : {}),
      },
      asInteger(entry['pair_decimals']),
      asInteger(entry['lot_decimals']),
    );
  }
}

function apply(book: L2Book, levels: LevelList): void {
  for (let i = 0; i < levels.length; i++) book.set(levels.side(i), levels.pricesTicks[i]!, levels.sizesLots[i]!);
}

function firstPair(list: unknown): readonly unknown[] | undefined {
  const [first] = asList(list);
  return Array.isArray(first) ? (first as readonly unknown[]) : undefined;
}

function decimalsOfText(text: unknown): number {
  const at = asText(text).indexOf('.');
  return at < 0 ? 0 : asText(text).length - at - 1;
}
