/**
 * Gemini's market data frames from bytes, without objects: changes of a book, prints and heartbeats, in the order of fields that the venue
 * writes. Whatever differs by a byte is `OTHER`, and is for the full parser (`frames.ts`).
 * Source: docs.gemini.com, "Market Data Version 2"; the shapes are those of frames recorded in 2026.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { FeedBook } from '../feed-book.ts';
import {
  ascii,
  COMMA,
  LEFT_BRACKET,
  QUOTE,
  RIGHT_BRACKET,
  matchesAt,
  skipText,
  stringEnd,
  ZERO,
} from '../scan/bytes.ts';
import { DecimalScan } from '../scan/decimals.ts';
import { scanId } from '../scan/ids.ts';
import { SymbolTable } from '../scan/symbols.ts';
import { TimeScan } from '../scan/times.ts';

export const Frame = {
  OTHER: 0,
  /** Changes of `market` are staged in its book. */
  CHANGES: 1,
  /** The whole of a book is staged. */
  SNAPSHOT: 2,
  /** `print` holds a print of `market`. */
  PRINT: 3,
  /** Whole, and nothing for us: a heartbeat, a symbol that was not asked for. */
  NOTHING: 4,
  /** Neither could read it. */
  UNREADABLE: 5,
  /** The venue refuses something: `reason`. */
  REFUSED: 6,
} as const;
export type Frame = (typeof Frame)[keyof typeof Frame];

/** Places in `print`. */
export const Print = { SEQ: 0, PRICE_TICKS: 1, SIZE_LOTS: 2, VENUE_NS: 3, BUYER_TOOK: 4 } as const;

const CHANGES = ascii('{"changes":[[');
const SYMBOL_OF_CHANGES = ascii(',"symbol":"');
const END_OF_CHANGES = ascii('","type":"l2_updates"}');
const BUY = ascii('["buy","');
const SELL = ascii('["sell","');
const EVENT_ID = ascii('{"event_id":');
const PRICE = ascii(',"price":"');
const QUANTITY = ascii('","quantity":"');
const SIDE = ascii('","side":"');
const BUYER = ascii('buy","symbol":"');
const SELLER = ascii('sell","symbol":"');
const TID = ascii('","tid":');
const TIMESTAMP = ascii(',"timestamp":');
const END_OF_TRADE = ascii(',"type":"trade"}');
const HEARTBEAT = ascii('{"timestamp":');
const END_OF_HEARTBEAT = ascii(',"type":"heartbeat"}');
const LEVEL_STRIDE = 3;

export class FrameScanner {
  /** Of the last frame that was `CHANGES` or `PRINT`. */
  market = -1;
  readonly print = new Float64Array(5);
  readonly #books: readonly FeedBook[];
  readonly #symbols: SymbolTable;
  readonly #prices: readonly DecimalScan[];
  readonly #sizes: readonly DecimalScan[];
  readonly #time: TimeScan;
  readonly #scratch = new Float64Array(1);

  constructor(instruments: readonly Instrument[], books: readonly FeedBook[], epochDay: number) {
    this.#books = books;
    this.#symbols = new SymbolTable(instruments.map(({ symbol }) => symbol.toUpperCase()));
    this.#prices = instruments.map(({ price }) => new DecimalScan(price));
    this.#sizes = instruments.map(({ size }) => new DecimalScan(size));
    this.#time = new TimeScan(epochDay);
  }

  scan(bytes: Uint8Array): Frame {
    if (matchesAt(bytes, 0, CHANGES)) return this.#changes(bytes);
    if (matchesAt(bytes, 0, EVENT_ID)) return this.#trade(bytes);
    if (matchesAt(bytes, 0, HEARTBEAT)) return this.#heartbeat(bytes);
    return Frame.OTHER;
  }

  /** The symbol stands behind the changes, so it is read first, from the end. */
  #changes(bytes: Uint8Array): Frame {
    const end = bytes.length - END_OF_CHANGES.length;
    if (!matchesAt(bytes, end, END_OF_CHANGES)) return Frame.OTHER;
    let start = end;
    while (start > 0 && bytes[start - 1] !== QUOTE) start--;
    const market = this.#symbols.find(bytes, start, end);
    if (market < 0) return Frame.OTHER;
    const book = this.#books[market]!;
    const price = this.#prices[market]!;
    const size = this.#sizes[market]!;
    let { staged } = book;
    let count = 0;
    let at = CHANGES.length - 1;
    for (;;) {
      const to = count * LEVEL_STRIDE;
      if (to === staged.length) {
        book.grow();
        staged = book.staged;
      }
      const isBid = matchesAt(bytes, at, BUY);
      at = isBid ? at + BUY.length : skipText(bytes, at, SELL);
      if (at < 0) return Frame.OTHER;
      at = price.scan(bytes, at, staged, to);
      if (at < 0 || bytes[at] !== QUOTE || bytes[at + 1] !== COMMA || bytes[at + 2] !== QUOTE) return Frame.OTHER;
      at = size.scan(bytes, at + 3, staged, to + 1);
      if (at < 0 || bytes[at] !== QUOTE || bytes[at + 1] !== RIGHT_BRACKET) return Frame.OTHER;
      staged[to + 2] = isBid ? 1 : 0;
      count = (count + 1) | 0;
      const next = bytes[at + 2];
      at = (at + 3) | 0;
      if (next === RIGHT_BRACKET) break;
      if (next !== COMMA || bytes[at] !== LEFT_BRACKET) return Frame.OTHER;
    }
    if (skipText(bytes, at, SYMBOL_OF_CHANGES) !== start) return Frame.OTHER;
    book.count = count;
    this.market = market;
    return Frame.CHANGES;
  }

  #trade(bytes: Uint8Array): Frame {
    const { print } = this;
    const priceAt = skipText(bytes, scanId(bytes, EVENT_ID.length, this.#scratch, 0), PRICE);
    const sizeAt = priceAt < 0 ? -1 : skipText(bytes, stringEnd(bytes, priceAt), QUANTITY);
    let at = sizeAt < 0 ? -1 : skipText(bytes, stringEnd(bytes, sizeAt), SIDE);
    if (at < 0) return Frame.OTHER;
    const buyerTook = matchesAt(bytes, at, BUYER);
    at = buyerTook ? at + BUYER.length : skipText(bytes, at, SELLER);
    const symbolEnd = at < 0 ? -1 : stringEnd(bytes, at);
    if (symbolEnd < 0) return Frame.OTHER;
    const market = this.#symbols.find(bytes, at, symbolEnd);
    at = skipText(bytes, symbolEnd, TID);
    if (market < 0 || at < 0) return Frame.OTHER;
    at = skipText(bytes, scanId(bytes, at, print, Print.SEQ), TIMESTAMP);
    if (at < 0 || bytes[at] === ZERO) return Frame.OTHER;
    at = skipText(bytes, this.#time.unixMs(bytes, at, print, Print.VENUE_NS), END_OF_TRADE);
    if (at !== bytes.length) return Frame.OTHER;
    const priceEnd = this.#prices[market]!.scan(bytes, priceAt, print, Print.PRICE_TICKS);
    const sizeEnd = this.#sizes[market]!.scan(bytes, sizeAt, print, Print.SIZE_LOTS);
    if (priceEnd + QUANTITY.length !== sizeAt || skipText(bytes, sizeEnd, SIDE) < 0) return Frame.OTHER;
    print[Print.BUYER_TOOK] = buyerTook ? 1 : 0;
    this.market = market;
    return Frame.PRINT;
  }

  #heartbeat(bytes: Uint8Array): Frame {
    const at = scanId(bytes, HEARTBEAT.length, this.#scratch, 0);
    return skipText(bytes, at, END_OF_HEARTBEAT) === bytes.length ? Frame.NOTHING : Frame.OTHER;
  }
}
