/**
 * Coinbase Advanced Trade frames from bytes, without objects: `l2_data`, `market_trades` and `ticker` with one event, in the order of fields
 * that the venue writes. Everything else, and whatever differs by a byte, is `OTHER`, and is for the full parser (`frames.ts`).
 * Source: docs.cdp.coinbase.com, "Advanced Trade WebSocket Channels"; the shapes are those of frames recorded in 2026.
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { FeedBook } from '../feed-book.ts';
import { ascii, BACKSLASH, COMMA, matchesAt, QUOTE, skipText, ZERO } from '../scan/bytes.ts';
import { DecimalScan } from '../scan/decimals.ts';
import { FrameView } from '../scan/frame-view.ts';
import { scanInteger } from '../scan/integers.ts';
import { Literal } from '../scan/literal.ts';
import { SymbolTable } from '../scan/symbols.ts';
import { TimeScan } from '../scan/times.ts';
import {
  BID_LENGTH,
  isBid,
  isNewQuantity,
  isOffer,
  isPriceLevel,
  isRepeated,
  OFFER_LENGTH,
  PRICE_LENGTH,
  QUANTITY_LENGTH,
} from './words.ts';

export const Frame = {
  OTHER: 0,
  /** Levels of `product` are staged in its book. */
  LEVELS: 1,
  SNAPSHOT: 2,
  /** `trades` holds `count` prints, newest first. */
  TRADES: 3,
  /** `quote` holds the best bid and ask of `product`. */
  QUOTE: 4,
  /** Whole, and nothing for us: a product that was not asked for, prints from before the start. */
  NOTHING: 5,
} as const;
export type Frame = (typeof Frame)[keyof typeof Frame];

/** Fields of a scanned print; the side is the maker's, 1 = buy. */
export const Print = { PRODUCT: 0, SEQ: 1, PRICE_TICKS: 2, SIZE_LOTS: 3, VENUE_NS: 4, MAKER_BUYS: 5 } as const;
export const PRINT_STRIDE = 6;

const CHANNEL = new Literal('{"channel":"');
const L2_DATA = new Literal('l2_data","');
const MARKET_TRADES = new Literal('market_trades","');
const TICKER = new Literal('ticker","');
const CLIENT_ID = new Literal('client_id":"","');
const TIMESTAMP = new Literal('timestamp":"');
const SEQUENCE = new Literal('","sequence_num":');
const EVENTS = new Literal(',"events":[{"type":"');
const UPDATE = new Literal('update","');
const SNAPSHOT = new Literal('snapshot","');
const PRODUCT = new Literal('product_id":"');
const UPDATES = new Literal('","updates":[');
/** A level has no fewer bytes than these, whatever it says; what `words.ts` reads of it lies within them. */
const SHORTEST_LEVEL = OFFER_LENGTH + '2026-01-01T00:00:00Z'.length + PRICE_LENGTH + QUANTITY_LENGTH;
const TRADES = new Literal('trades":[');
const TRADE = new Literal('{"product_id":"');
const TRADE_ID = new Literal('","trade_id":"');
const PRICE = new Literal('","price":"');
const SIZE = new Literal('","size":"');
const TIME = new Literal('","time":"');
const MAKER_BUY = ascii('","side":"BUY"}');
const MAKER_SELL = ascii('","side":"SELL"}');
const TICKERS = new Literal('tickers":[{"type":"ticker","product_id":"');
const BEST_BID = ascii('best_bid');
const BEST_ASK = ascii('best_ask');
const QUANTITY = ascii('_quantity');
const NEXT_FIELD = ascii('","');
const VALUE = ascii('":"');
const END_OF_LIST = new Literal(']}]}');
const END_OF_TICKER = new Literal('"}]}]}');
const SPACE = 32;
const RIGHT_BRACE = 125;
const LEVEL_STRIDE = 3;
/** Places of `#numbers`. */
const SEQ = 0;
const SENT = 1;
const DONE = 2;

export class FrameScanner {
  /** Of the last frame that was not `OTHER`. */
  product = -1;
  /** `sequence_num`; when the venue sent it; when the venue did what its last level, or its quote, tells. */
  readonly numbers = new Float64Array(3);
  count = 0;
  trades = new Float64Array(32 * PRINT_STRIDE);
  /** Price and size of the best bid, then of the best ask. */
  readonly quote = new Float64Array(4);
  readonly #books: readonly FeedBook[];
  readonly #symbols: SymbolTable;
  readonly #prices: readonly DecimalScan[];
  readonly #sizes: readonly DecimalScan[];
  readonly #time: TimeScan;
  readonly #frame = new FrameView();

  constructor(instruments: readonly Instrument[], books: readonly FeedBook[], epochDay: number) {
    this.#books = books;
    this.#symbols = new SymbolTable(instruments.map(({ symbol }) => symbol));
    this.#prices = instruments.map(({ price }) => new DecimalScan(price));
    this.#sizes = instruments.map(({ size }) => new DecimalScan(size));
    this.#time = new TimeScan(epochDay);
  }

  scan(bytes: Uint8Array): Frame {
    this.#frame.take(bytes);
    const { view } = this.#frame;
    const at = CHANNEL.skip(view, 0);
    let from = L2_DATA.skip(view, at);
    if (from >= 0) return this.#levels(bytes, view, this.#head(bytes, view, from));
    from = TICKER.skip(view, at);
    if (from >= 0) return this.#ticker(bytes, view, this.#head(bytes, view, from));
    from = MARKET_TRADES.skip(view, at);
    return from >= 0 ? this.#prints(bytes, view, this.#head(bytes, view, from)) : Frame.OTHER;
  }

  /** From behind the channel's comma to behind `"type":"`. */
  #head(bytes: Uint8Array, view: DataView, from: number): number {
    const { numbers } = this;
    const behind = CLIENT_ID.skip(view, from);
    let at = TIMESTAMP.skip(view, behind < 0 ? from : behind);
    if (at < 0) return -1;
    at = SEQUENCE.skip(view, this.#time.iso(bytes, at, numbers, SENT));
    if (at < 0) return -1;
    // JSON has no numbers with leading zeros.
    if (bytes[at] === ZERO && bytes[at + 1] !== COMMA) return -1;
    return EVENTS.skip(view, scanInteger(bytes, at, numbers, SEQ));
  }

  #levels(bytes: Uint8Array, view: DataView, from: number): Frame {
    if (from < 0) return Frame.OTHER;
    let at = UPDATE.skip(view, from);
    const isSnapshot = at < 0;
    if (isSnapshot) at = SNAPSHOT.skip(view, from);
    at = PRODUCT.skip(view, at);
    if (at < 0) return Frame.OTHER;
    const end = textEnd(bytes, at);
    if (end < 0) return Frame.OTHER;
    const product = this.#symbols.find(bytes, at, end);
    at = UPDATES.skip(view, end);
    // A book that nobody asked for is left to the full parser, which says whether it is one.
    if (product < 0 || at < 0) return Frame.OTHER;
    this.product = product;
    const book = this.#books[product]!;
    const price = this.#prices[product]!;
    const size = this.#sizes[product]!;
    const frame = this.#frame;
    let { staged } = book;
    let count = 0;
    const { length } = bytes;
    let timeAt = -1;
    let timeLength = 0;
    for (;;) {
      const to = count * LEVEL_STRIDE;
      if (to === staged.length) {
        book.grow();
        staged = book.staged;
      }
      if (at + SHORTEST_LEVEL > length) return Frame.OTHER;
      const isOfBids = isBid(view, at);
      if (!isOfBids && !isOffer(view, at)) return Frame.OTHER;
      at += isOfBids ? BID_LENGTH : OFFER_LENGTH;
      // Levels that changed together have one time, which is read once.
      if (timeAt >= 0 && at + timeLength <= length && isRepeated(view, timeAt, at, timeLength)) at += timeLength;
      else {
        timeAt = at;
        at = this.#time.iso(bytes, at, this.numbers, DONE);
        if (at < 0) return Frame.OTHER;
        timeLength = at - timeAt;
      }
      if (at + PRICE_LENGTH > length || !isPriceLevel(view, at)) return Frame.OTHER;
      at = price.scanFrame(frame, at + PRICE_LENGTH, staged, to);
      if (at < 0 || at + QUANTITY_LENGTH > length || !isNewQuantity(view, at)) return Frame.OTHER;
      at = size.scanFrame(frame, at + QUANTITY_LENGTH, staged, to + 1);
      if (at < 0 || bytes[at] !== QUOTE || bytes[at + 1] !== RIGHT_BRACE) return Frame.OTHER;
      if (!(staged[to]! > 0) || !(staged[to + 1]! >= 0)) return Frame.OTHER;
      staged[to + 2] = isOfBids ? 1 : 0;
      count++;
      at += 2;
      if (bytes[at] !== COMMA) break;
      at++;
    }
    if (END_OF_LIST.skip(view, at) !== bytes.length) return Frame.OTHER;
    book.count = count;
    return isSnapshot ? Frame.SNAPSHOT : Frame.LEVELS;
  }

  #prints(bytes: Uint8Array, view: DataView, from: number): Frame {
    if (from < 0) return Frame.OTHER;
    // The snapshot holds prints from before the start; the full parser reads over it.
    let at = TRADES.skip(view, UPDATE.skip(view, from));
    let count = 0;
    while (at >= 0) {
      at = this.#print(bytes, view, at, count);
      if (at < 0) return Frame.OTHER;
      count++;
      if (bytes[at] !== COMMA) break;
      at++;
    }
    if (END_OF_LIST.skip(view, at) !== bytes.length) return Frame.OTHER;
    this.count = count;
    return Frame.TRADES;
  }

  #print(bytes: Uint8Array, view: DataView, from: number, index: number): number {
    const to = index * PRINT_STRIDE;
    if (to === this.trades.length) {
      const grown = new Float64Array(this.trades.length * 2);
      grown.set(this.trades);
      this.trades = grown;
    }
    const { trades } = this;
    let at = TRADE.skip(view, from);
    if (at < 0) return -1;
    const end = textEnd(bytes, at);
    if (end < 0) return -1;
    const product = this.#symbols.find(bytes, at, end);
    at = TRADE_ID.skip(view, end);
    if (product < 0 || at < 0) return -1;
    trades[to + Print.PRODUCT] = product;
    at = PRICE.skip(view, scanInteger(bytes, at, trades, to + Print.SEQ));
    if (at < 0) return -1;
    at = SIZE.skip(view, this.#prices[product]!.scan(bytes, at, trades, to + Print.PRICE_TICKS));
    if (at < 0) return -1;
    at = TIME.skip(view, this.#sizes[product]!.scan(bytes, at, trades, to + Print.SIZE_LOTS));
    if (at < 0) return -1;
    at = this.#time.iso(bytes, at, trades, to + Print.VENUE_NS);
    if (at < 0 || !(trades[to + Print.PRICE_TICKS]! > 0) || !(trades[to + Print.SIZE_LOTS]! > 0)) return -1;
    const makerBuys = matchesAt(bytes, at, MAKER_BUY);
    trades[to + Print.MAKER_BUYS] = makerBuys ? 1 : 0;
    return makerBuys ? at + MAKER_BUY.length : skipText(bytes, at, MAKER_SELL);
  }

  #ticker(bytes: Uint8Array, view: DataView, from: number): Frame {
    if (from < 0) return Frame.OTHER;
    let at = UPDATE.skip(view, from);
    if (at < 0) at = SNAPSHOT.skip(view, from);
    at = TICKERS.skip(view, at);
    if (at < 0) return Frame.OTHER;
    let end = textEnd(bytes, at);
    if (end < 0) return Frame.OTHER;
    const product = this.#symbols.find(bytes, at, end);
    if (product < 0) return Frame.OTHER;
    this.product = product;
    const price = this.#prices[product]!;
    const size = this.#sizes[product]!;
    const { quote } = this;
    let found = 0;
    // Fields are texts all; those of the best quote may stand anywhere among them.
    while (matchesAt(bytes, end, NEXT_FIELD)) {
      const key = end + NEXT_FIELD.length;
      const keyEnd = textEnd(bytes, key);
      if (keyEnd < 0 || !matchesAt(bytes, keyEnd, VALUE)) return Frame.OTHER;
      const value = keyEnd + VALUE.length;
      const isOfBid = matchesAt(bytes, key, BEST_BID);
      if (isOfBid || matchesAt(bytes, key, BEST_ASK)) {
        const isSize = keyEnd === key + BEST_BID.length + QUANTITY.length;
        if (isSize ? !matchesAt(bytes, key + BEST_BID.length, QUANTITY) : keyEnd !== key + BEST_BID.length) {
          return Frame.OTHER;
        }
        const slot = (isOfBid ? 0 : 2) + (isSize ? 1 : 0);
        end = (isSize ? size : price).scanFrame(this.#frame, value, quote, slot);
        if (end < 0 || bytes[end] !== QUOTE || !(quote[slot]! > 0)) return Frame.OTHER;
        found |= 1 << slot;
      } else {
        end = textEnd(bytes, value);
        if (end < 0) return Frame.OTHER;
      }
    }
    if (found !== 15 || END_OF_TICKER.skip(view, end) !== bytes.length) return Frame.OTHER;
    return Frame.QUOTE;
  }
}

/** The closing quote of a string without escapes and without what JSON does not allow in it; else -1. */
function textEnd(bytes: Uint8Array, at: number): number {
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH || byte < SPACE) return -1;
  }
  return -1;
}

/** Places of `FrameScanner.numbers`. */
export const FrameNumber = { SEQ, SENT, DONE } as const;
