/**
 * Bitstamp's market data frames from bytes, without objects: `diff_order_book` and `live_trades`, in the order of fields that the venue
 * writes. Whatever differs by a byte is `OTHER`, and is for the full parser (`frames.ts`).
 * Source: www.bitstamp.net/websocket/v2; the shapes are those of frames recorded in 2022.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { FeedBook } from '../feed-book.ts';
import { ascii, matchesAt, QUOTE, skipText, stringEnd, ZERO } from '../scan/bytes.ts';
import { DecimalScan } from '../scan/decimals.ts';
import { FrameView } from '../scan/frame-view.ts';
import { scanId } from '../scan/ids.ts';
import { skipNumber } from '../scan/json-words.ts';
import { LevelScan } from '../scan/levels.ts';
import { SymbolTable } from '../scan/symbols.ts';
import { TimeScan } from '../scan/times.ts';

export const Frame = {
  OTHER: 0,
  /** Levels of `market` are staged in its book; `numbers` has its times. */
  DIFF: 1,
  /** `print` holds a print of `market`. */
  PRINT: 2,
  /** An order event of `market`: `order`. */
  ORDER: 3,
  /** The venue has taken a subscription: `channel`. */
  SUBSCRIBED: 4,
  /** The venue asks for another connection. */
  RECONNECT: 5,
  /** The venue refuses something: `reason`. */
  REFUSED: 6,
  /** Whole, and nothing for us. */
  NOTHING: 7,
  /** It cannot be read: a print, which touches no book, and anything else (of `market`, or of any when that is -1). */
  BAD_PRINT: 8,
  UNREADABLE: 9,
} as const;
export type Frame = (typeof Frame)[keyof typeof Frame];

/** Places in `numbers`: `microtimestamp`, and the same as nanoseconds since the epoch day. */
export const Moment = { MICROS: 0, VENUE_NS: 1 } as const;
export const Print = {
  SEQ: 0,
  PRICE_TICKS: 1,
  SIZE_LOTS: 2,
  VENUE_NS: 3,
  SELLER_TOOK: 4,
  BUYER: 5,
  SELLER: 6,
} as const;

const DIFF_HEAD = ascii('{"data":{"timestamp":"');
const MICROS = ascii('","microtimestamp":"');
const BIDS = ascii('","bids":');
const ASKS = ascii(',"asks":');
const CHANNEL = ascii('},"channel":"');
const DIFF_CHANNEL = ascii('diff_order_book_');
const END_OF_DIFF = ascii('","event":"data"}');
const TRADE_HEAD = ascii('{"data":{"id":');
const TIMESTAMP = ascii(',"timestamp":"');
const AMOUNT = ascii('","amount":');
const AMOUNT_TEXT = ascii(',"amount_str":"');
const PRICE = ascii('","price":');
const PRICE_TEXT = ascii(',"price_str":"');
const TYPE = ascii('","type":');
const TYPE_MICROS = ascii(',"microtimestamp":"');
const BUYER = ascii('","buy_order_id":');
const SELLER = ascii(',"sell_order_id":');
const TRADES_CHANNEL = ascii('live_trades_');
const END_OF_TRADE = ascii('","event":"trade"}');

export class FrameScanner {
  market = -1;
  readonly numbers = new Float64Array(2);
  readonly print = new Float64Array(7);
  readonly #books: readonly FeedBook[];
  readonly #symbols: SymbolTable;
  readonly #levels: readonly LevelScan[];
  readonly #prices: readonly DecimalScan[];
  readonly #sizes: readonly DecimalScan[];
  readonly #time: TimeScan;
  readonly #scratch = new Float64Array(1);
  readonly #frame = new FrameView();

  constructor(instruments: readonly Instrument[], books: readonly FeedBook[], epochDay: number) {
    this.#books = books;
    this.#symbols = new SymbolTable(instruments.map(({ symbol }) => symbol));
    this.#levels = instruments.map((instrument) => new LevelScan(instrument));
    this.#prices = instruments.map(({ price }) => new DecimalScan(price));
    this.#sizes = instruments.map(({ size }) => new DecimalScan(size));
    this.#time = new TimeScan(epochDay);
  }

  scan(bytes: Uint8Array): Frame {
    if (matchesAt(bytes, 0, DIFF_HEAD)) return this.#diff(bytes);
    if (matchesAt(bytes, 0, TRADE_HEAD)) return this.#trade(bytes);
    return Frame.OTHER;
  }

  #diff(bytes: Uint8Array): Frame {
    const channelAt = this.#channelAt(bytes, END_OF_DIFF, DIFF_CHANNEL);
    if (channelAt < 0) return Frame.OTHER;
    const { market, numbers } = this;
    const book = this.#books[market]!;
    const levels = this.#levels[market]!;
    let at = skipText(bytes, scanId(bytes, DIFF_HEAD.length, this.#scratch, 0), MICROS);
    if (at < 0) return Frame.OTHER;
    this.#time.unixUs(bytes, at, numbers, Moment.VENUE_NS);
    const end = scanId(bytes, at, numbers, Moment.MICROS);
    // Sixteen digits: until the year 2286, and from 2001 on.
    if (end !== at + 16) return Frame.OTHER;
    at = skipText(bytes, end, BIDS);
    if (at < 0) return Frame.OTHER;
    book.begin();
    this.#frame.take(bytes);
    at = levels.pairs(this.#frame, at, book, 1);
    if (at < 0) return Frame.OTHER;
    at = skipText(bytes, at, ASKS);
    if (at < 0) return Frame.OTHER;
    at = levels.pairs(this.#frame, at, book, 0);
    if (at < 0 || skipText(bytes, at, CHANNEL) !== channelAt) return Frame.OTHER;
    return Frame.DIFF;
  }

  #trade(bytes: Uint8Array): Frame {
    const channelAt = this.#channelAt(bytes, END_OF_TRADE, TRADES_CHANNEL);
    if (channelAt < 0) return Frame.OTHER;
    const { market, print } = this;
    let at = skipText(bytes, scanId(bytes, TRADE_HEAD.length, print, Print.SEQ), TIMESTAMP);
    at = at < 0 ? -1 : skipText(bytes, scanId(bytes, at, this.#scratch, 0), AMOUNT);
    at = at < 0 ? -1 : skipText(bytes, skipNumber(bytes, at), AMOUNT_TEXT);
    if (at < 0) return Frame.OTHER;
    at = this.#sizes[market]!.scan(bytes, at, print, Print.SIZE_LOTS);
    at = skipText(bytes, at, PRICE);
    at = at < 0 ? -1 : skipText(bytes, skipNumber(bytes, at), PRICE_TEXT);
    if (at < 0) return Frame.OTHER;
    at = this.#prices[market]!.scan(bytes, at, print, Print.PRICE_TICKS);
    at = skipText(bytes, at, TYPE);
    if (at < 0) return Frame.OTHER;
    const type = (bytes[at]! - ZERO) >>> 0;
    if (type > 1) return Frame.OTHER;
    print[Print.SELLER_TOOK] = type;
    at = skipText(bytes, at + 1, TYPE_MICROS);
    if (at < 0 || scanId(bytes, at, this.#scratch, 0) !== at + 16) return Frame.OTHER;
    at = skipText(bytes, this.#time.unixUs(bytes, at, print, Print.VENUE_NS), BUYER);
    at = at < 0 ? -1 : skipText(bytes, scanId(bytes, at, print, Print.BUYER), SELLER);
    if (at < 0) return Frame.OTHER;
    at = skipText(bytes, scanId(bytes, at, print, Print.SELLER), CHANNEL);
    return at === channelAt ? Frame.PRINT : Frame.OTHER;
  }

  /** Finds the market by the channel, which stands last. @returns the place of the channel's name; -1 when it is another frame */
  #channelAt(bytes: Uint8Array, tail: Uint8Array, channel: Uint8Array): number {
    const end = bytes.length - tail.length;
    if (!matchesAt(bytes, end, tail)) return -1;
    let start = end;
    while (start > 0 && bytes[start - 1] !== QUOTE) start--;
    const symbolAt = skipText(bytes, start, channel);
    if (symbolAt < 0 || stringEnd(bytes, symbolAt) !== end) return -1;
    const market = this.#symbols.find(bytes, symbolAt, end);
    if (market < 0) return -1;
    this.market = market;
    return start;
  }
}
