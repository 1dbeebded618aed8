/**
 * Depth diffs, best quotes and prints of Binance's streams (spot and USD-M, raw or in the wrapper of a combined stream), read from bytes in the
 * order in which the venue writes their fields. A frame of another shape is none of ours: the full parser looks at it.
 * Sources: "WebSocket Streams" of spot, "Websocket Market Streams" of USD-M futures.
 */
import type { FeedBook } from '../feed-book.ts';
import { COMMA, QUOTE, RIGHT_BRACE, stringEnd } from '../scan/bytes.ts';
import { FrameView } from '../scan/frame-view.ts';
import { scanInteger } from '../scan/integers.ts';
import type { LevelScan } from '../scan/levels.ts';
import { Literal } from '../scan/literal.ts';
import type { SymbolTable } from '../scan/symbols.ts';
import { FrameKind, SLOTS, Slot } from './frame.ts';

const { SENT_MS, DONE_MS, FIRST_ID, LAST_ID, PREVIOUS_ID, PRICE, SIZE, ASK_PRICE, ASK_SIZE, IS_BUYER_MAKER } = Slot;
const { NONE, DEPTH, QUOTE: BEST, TRADE } = FrameKind;

const STREAM = new Literal('{"stream":"');
const DATA = new Literal('","data":');
const DEPTH_UPDATE = new Literal('{"e":"depthUpdate","E":');
const BOOK_TICKER = new Literal('{"e":"bookTicker","u":');
const UPDATE = new Literal('{"u":');
const TRADE_SENT = new Literal('{"e":"trade","E":');
const AGGREGATE_SENT = new Literal('{"e":"aggTrade","E":');
const DONE = new Literal(',"T":');
const SYMBOL = new Literal(',"s":"');
const FIRST = new Literal('","U":');
const FINAL = new Literal(',"u":');
const PREVIOUS = new Literal(',"pu":');
const BIDS = new Literal(',"b":');
const ASKS = new Literal(',"a":');
const BID_PRICE = new Literal('","b":"');
const BID_SIZE = new Literal('","B":"');
const ASK_PRICE_TEXT = new Literal('","a":"');
const ASK_SIZE_TEXT = new Literal('","A":"');
const QUOTE_DONE = new Literal('","T":');
const SENT = new Literal(',"E":');
const TRADE_ID = new Literal('","t":');
const AGGREGATE_ID = new Literal('","a":');
const FUTURES_AGGREGATE_ID = new Literal(',"a":');
const TRADE_PRICE = new Literal(',"p":"');
const TRADE_SIZE = new Literal('","q":"');
const MARKET = new Literal('","X":"MARKET","m":');
const MAKER = new Literal(',"m":');
const FIRST_TRADE = new Literal('","f":');
const LAST_TRADE = new Literal(',"l":');
const TRUE = new Literal('true');
const FALSE = new Literal('false');
const BEST_MATCH = new Literal(',"M":true}');

export class FrameScanner {
  readonly values = new Float64Array(SLOTS);
  /** Index of the instrument of the last frame. */
  index = -1;
  readonly #frame = new FrameView();
  readonly #symbols: SymbolTable;
  readonly #levels: readonly LevelScan[];
  readonly #books: readonly FeedBook[];

  constructor(symbols: SymbolTable, levels: readonly LevelScan[], books: readonly FeedBook[]) {
    this.#symbols = symbols;
    this.#levels = levels;
    this.#books = books;
  }

  /** Reads a frame: numbers to `values`, a diff's levels to what its book has staged. NONE: it is for the full parser. */
  scan(bytes: Uint8Array): FrameKind {
    const frame = this.#frame;
    frame.take(bytes);
    const { view } = frame;
    let at = 0;
    let end = bytes.length - 1;
    if (STREAM.skip(view, 0) >= 0) {
      at = DATA.skip(view, stringEnd(bytes, STREAM.length));
      if (at < 0 || bytes[end] !== RIGHT_BRACE) return NONE;
      end--;
    }
    if (DEPTH_UPDATE.skip(view, at) >= 0) return this.#depth(bytes, at + DEPTH_UPDATE.length, end);
    if (UPDATE.skip(view, at) >= 0) return this.#quote(bytes, at + UPDATE.length, end);
    if (BOOK_TICKER.skip(view, at) >= 0) return this.#quote(bytes, at + BOOK_TICKER.length, end);
    if (TRADE_SENT.skip(view, at) >= 0) return this.#trade(bytes, at + TRADE_SENT.length, end);
    if (AGGREGATE_SENT.skip(view, at) >= 0) return this.#aggregate(bytes, at + AGGREGATE_SENT.length, end);
    return NONE;
  }

  #depth(bytes: Uint8Array, from: number, end: number): FrameKind {
    const { values } = this;
    const frame = this.#frame;
    const { view } = frame;
    values[DONE_MS] = Number.NaN;
    values[PREVIOUS_ID] = Number.NaN;
    let at = scanInteger(bytes, from, values, SENT_MS);
    if (at < 0) return NONE;
    if (DONE.skip(view, at) >= 0 && (at = scanInteger(bytes, at + DONE.length, values, DONE_MS)) < 0) return NONE;
    at = this.#symbol(bytes, SYMBOL.skip(view, at));
    at = integer(bytes, view, at, FIRST, values, FIRST_ID);
    at = integer(bytes, view, at, FINAL, values, LAST_ID);
    if (at < 0) return NONE;
    if (PREVIOUS.skip(view, at) >= 0) at = integer(bytes, view, at, PREVIOUS, values, PREVIOUS_ID);
    at = BIDS.skip(view, at);
    if (at < 0) return NONE;
    const levels = this.#levels[this.index]!;
    const book = this.#books[this.index]!;
    book.begin();
    at = ASKS.skip(view, levels.pairs(frame, at, book, 1));
    if (at < 0) return NONE;
    at = levels.pairs(frame, at, book, 0);
    return at === end && bytes[at] === RIGHT_BRACE ? DEPTH : NONE;
  }

  #quote(bytes: Uint8Array, from: number, end: number): FrameKind {
    const { values } = this;
    const frame = this.#frame;
    const { view } = frame;
    values[SENT_MS] = Number.NaN;
    values[DONE_MS] = Number.NaN;
    let at = this.#symbol(bytes, SYMBOL.skip(view, scanInteger(bytes, from, values, LAST_ID)));
    if (at < 0) return NONE;
    const { price, size } = this.#levels[this.index]!;
    if ((at = BID_PRICE.skip(view, at)) < 0) return NONE;
    if ((at = BID_SIZE.skip(view, price.scanFrame(frame, at, values, PRICE))) < 0) return NONE;
    if ((at = ASK_PRICE_TEXT.skip(view, size.scanFrame(frame, at, values, SIZE))) < 0) return NONE;
    if ((at = ASK_SIZE_TEXT.skip(view, price.scanFrame(frame, at, values, ASK_PRICE))) < 0) return NONE;
    if ((at = size.scanFrame(frame, at, values, ASK_SIZE)) < 0) return NONE;
    if (at + 1 === end) return bytes[at] === QUOTE && bytes[end] === RIGHT_BRACE ? BEST : NONE;
    at = integer(bytes, view, at, QUOTE_DONE, values, DONE_MS);
    at = integer(bytes, view, at, SENT, values, SENT_MS);
    return at === end && bytes[at] === RIGHT_BRACE ? BEST : NONE;
  }

  #trade(bytes: Uint8Array, from: number, end: number): FrameKind {
    const { values } = this;
    const { view } = this.#frame;
    values[DONE_MS] = Number.NaN;
    let at = scanInteger(bytes, from, values, SENT_MS);
    if (at < 0) return NONE;
    if (DONE.skip(view, at) >= 0) at = integer(bytes, view, at, DONE, values, DONE_MS);
    at = this.#symbol(bytes, SYMBOL.skip(view, at));
    at = this.#print(integer(bytes, view, at, TRADE_ID, values, LAST_ID));
    if (at < 0) return NONE;
    if (MARKET.skip(view, at) >= 0) at += MARKET.length;
    else at = MAKER.skip(view, integer(bytes, view, at, QUOTE_DONE, values, DONE_MS));
    return this.#maker(bytes, at, end);
  }

  #aggregate(bytes: Uint8Array, from: number, end: number): FrameKind {
    const { values } = this;
    const { view } = this.#frame;
    let at = scanInteger(bytes, from, values, SENT_MS);
    if (at < 0) return NONE;
    if (FUTURES_AGGREGATE_ID.skip(view, at) >= 0) {
      at = integer(bytes, view, at, FUTURES_AGGREGATE_ID, values, LAST_ID);
      at = this.#symbol(bytes, SYMBOL.skip(view, at));
      if (at < 0 || bytes[at] !== QUOTE || bytes[at + 1] !== COMMA) return NONE;
      at++;
    } else {
      at = this.#symbol(bytes, SYMBOL.skip(view, at));
      at = integer(bytes, view, at, AGGREGATE_ID, values, LAST_ID);
    }
    at = this.#print(at);
    at = integer(bytes, view, at, FIRST_TRADE, values, DONE_MS);
    at = integer(bytes, view, at, LAST_TRADE, values, DONE_MS);
    at = integer(bytes, view, at, DONE, values, DONE_MS);
    return this.#maker(bytes, MAKER.skip(view, at), end);
  }

  /** `,"p":"…","q":"…`; answers the closing quote. */
  #print(from: number): number {
    const frame = this.#frame;
    const { view } = frame;
    let at = TRADE_PRICE.skip(view, from);
    if (at < 0) return -1;
    const { price, size } = this.#levels[this.index]!;
    at = TRADE_SIZE.skip(view, price.scanFrame(frame, at, this.values, PRICE));
    return at < 0 ? -1 : size.scanFrame(frame, at, this.values, SIZE);
  }

  /** `true` or `false`, and the end, before which spot has a field that says nothing. */
  #maker(bytes: Uint8Array, from: number, end: number): FrameKind {
    if (from < 0) return NONE;
    const { view } = this.#frame;
    const isTrue = TRUE.skip(view, from) >= 0;
    const at = isTrue ? from + TRUE.length : FALSE.skip(view, from);
    if (at < 0) return NONE;
    this.values[IS_BUYER_MAKER] = isTrue ? 1 : 0;
    if (at === end) return bytes[at] === RIGHT_BRACE ? TRADE : NONE;
    return BEST_MATCH.skip(view, at) >= 0 && at + BEST_MATCH.length === end + 1 ? TRADE : NONE;
  }

  /** The symbol that begins at `from`; answers its closing quote. */
  #symbol(bytes: Uint8Array, from: number): number {
    if (from < 0) return -1;
    const end = stringEnd(bytes, from);
    if (end < 0) return -1;
    this.index = this.#symbols.find(bytes, from, end);
    return this.index < 0 ? -1 : end;
  }
}

/** A name, and the whole number behind it. */
function integer(
  bytes: Uint8Array,
  view: DataView,
  from: number,
  name: Literal,
  out: Float64Array,
  slot: number,
): number {
  const at = name.skip(view, from);
  return at < 0 ? -1 : scanInteger(bytes, at, out, slot);
}
