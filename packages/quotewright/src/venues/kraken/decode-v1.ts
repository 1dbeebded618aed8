/**
 * WebSocket v1: book, trade and ticker, as recordings have them and the venue still sends them. A message is `[channel, payload…, name, pair]`.
 * Book updates are read from their bytes, everything else is parsed. Prices are text, and times are decimal Unix seconds.
 * Source: docs.kraken.com/exchange/api-reference/spot-websocket-v1 (book, trade, ticker, subscriptionStatus).
 */
import { unixBytesToNs, unixTextToNs, UnixUnit } from '@quotewright/core/base/time';
import { Side } from '@quotewright/core/market/side';
import { asInteger, asList, asObject, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import { putQuoteSide, putTrade } from '../feed-trades.ts';
import { ascii, COMMA, DOT, matchesAt, QUOTE, RIGHT_BRACE, RIGHT_BRACKET, skipText, stringEnd } from '../scan/bytes.ts';
import { DecimalScan } from '../scan/decimals.ts';
import { scanInteger } from '../scan/integers.ts';
import type { KrakenBook } from './book.ts';
import type { KrakenDecoder } from './decoder.ts';
import type { FeedState } from './feed-state.ts';

/** Levels a side that are subscribed to; a frame's own channel name says which it is of. */
export const V1_DEPTH = 100;

const BOOK = ascii('book-');
const ASKS = ascii('{"a":[');
const BIDS = ascii('{"b":[');
const CHECKSUM = ascii(',"c":"');
const LEVEL = ascii('["');
const NEXT = ascii('","');
const AGAIN = ascii('","r"]');
const STRIDE = 3;
const CHECKSUM_SLOT = 0;
const CHANNEL_SLOT = 1;

export class DecoderV1 implements KrakenDecoder {
  readonly #state: FeedState;
  readonly #prices: readonly DecimalScan[];
  readonly #sizes: readonly DecimalScan[];
  readonly #slots = new Float64Array(2);
  /** The pair of each channel number that an acknowledgement has named. */
  readonly #channels = new Map<number, KrakenBook>();
  #venueNs = Number.NaN;

  constructor(state: FeedState) {
    this.#state = state;
    this.#prices = state.books.map(({ instrument }) => new DecimalScan(instrument.price));
    this.#sizes = state.books.map(({ instrument }) => new DecimalScan(instrument.size));
  }

  subscribeAll(): readonly string[] {
    const pair = this.#state.names;
    return [{ name: 'book', depth: V1_DEPTH }, { name: 'trade' }, { name: 'ticker' }].map((subscription) =>
      JSON.stringify({ event: 'subscribe', pair, subscription }),
    );
  }

  resubscribe(book: KrakenBook): readonly string[] {
    const pair = [this.#state.names[this.#state.books.indexOf(book)]];
    const subscription = { name: 'book', depth: book.depth };
    return ['unsubscribe', 'subscribe'].map((event) => JSON.stringify({ event, pair, subscription }));
  }

  ping(): string {
    return '{"event":"ping"}';
  }

  message(bytes: Uint8Array, nowNs: number): void {
    if (!this.#scanUpdate(bytes, nowNs)) this.#parse(bytes, nowNs);
  }

  /**
   * `[336,{"a":[["p","s","t"],…]},{"b":[["p","s","t","r"],…],"c":"974942666"},"book-100","XBT/USD"]`, either side of it or both.
   * @returns false when it has another shape: nothing was done then
   */
  #scanUpdate(bytes: Uint8Array, nowNs: number): boolean {
    const index = this.#pairAtEnd(bytes);
    if (index < 0) return false;
    const state = this.#state;
    const book = state.books[index]!;
    let at = scanInteger(bytes, 1, this.#slots, CHANNEL_SLOT);
    if (at < 0 || bytes[at] !== COMMA) return false;
    const { levels } = book;
    levels.begin();
    this.#venueNs = Number.NaN;
    for (let part = 0; part < 2; part++) {
      const isBid = matchesAt(bytes, at + 1, BIDS) ? 1 : 0;
      at = this.#scanLevels(bytes, skipText(bytes, at + 1, isBid === 1 ? BIDS : ASKS), index, isBid);
      if (at < 0) return false;
      const checksum = skipText(bytes, at, CHECKSUM);
      if (checksum >= 0) {
        at = scanInteger(bytes, checksum, this.#slots, CHECKSUM_SLOT);
        if (at < 0 || bytes[at] !== QUOTE || bytes[at + 1] !== RIGHT_BRACE || at + 2 !== this.#payloadEnd) return false;
        if (levels.isBelieved) state.update(book, this.#slots[CHECKSUM_SLOT]!, this.#venueNs, nowNs);
        return true;
      }
      if (bytes[at] !== RIGHT_BRACE || bytes[at + 1] !== COMMA) return false;
      at++;
    }
    return false;
  }

  /** Where the name of the channel begins, of the last `#pairAtEnd`. */
  #payloadEnd = 0;

  /** The pair of a book's frame, which stands at its end behind the channel's name; -1 when it is no such frame. */
  #pairAtEnd(bytes: Uint8Array): number {
    const last = bytes.length - 1;
    if (last < 20 || bytes[0] !== 91 || bytes[last] !== RIGHT_BRACKET || bytes[last - 1] !== QUOTE) return -1;
    let from = last - 2;
    while (from > 0 && bytes[from] !== QUOTE) from--;
    const index = this.#state.symbols.find(bytes, from + 1, last - 1);
    if (index < 0 || bytes[from - 1] !== COMMA || bytes[from - 2] !== QUOTE) return -1;
    let name = from - 3;
    while (name > 0 && bytes[name] !== QUOTE) name--;
    if (!matchesAt(bytes, name + 1, BOOK) || bytes[name - 1] !== COMMA) return -1;
    this.#payloadEnd = name - 1;
    return index;
  }

  /** Stages `["p","s","t"],…]`, of which some end in `,"r"`; answers the place behind the closing bracket, -1 when it is another shape. */
  #scanLevels(bytes: Uint8Array, from: number, index: number, isBid: 0 | 1): number {
    if (from < 0) return -1;
    const { levels } = this.#state.books[index]!;
    const price = this.#prices[index]!;
    const size = this.#sizes[index]!;
    for (let at = from; ; at++) {
      const slot = levels.count * STRIDE;
      if (slot === levels.staged.length) levels.grow();
      const { staged } = levels;
      at = skipText(bytes, at, LEVEL);
      if (at < 0 || (at = price.scan(bytes, at, staged, slot)) < 0) return -1;
      at = skipText(bytes, at, NEXT);
      if (at < 0 || (at = size.scan(bytes, at, staged, slot + 1)) < 0) return -1;
      at = skipText(bytes, at, NEXT);
      const end = at < 0 ? -1 : stringEnd(bytes, at);
      if (end < 0 || !(staged[slot]! > 0 && staged[slot + 1]! >= 0)) return -1;
      staged[slot + 2] = isBid;
      levels.count++;
      this.#noteTime(unixBytesToNs(bytes, at, end, UnixUnit.SECONDS, this.#state.setup.epochDay));
      if (bytes[end + 1] === RIGHT_BRACKET) at = end + 2;
      else if ((at = skipText(bytes, end, AGAIN)) < 0) return -1;
      if (bytes[at] === RIGHT_BRACKET) return at + 1;
      if (bytes[at] !== COMMA) return -1;
    }
  }

  /** The latest of a message's times is the message's. */
  #noteTime(ns: number): void {
    if (!(ns <= this.#venueNs)) this.#venueNs = ns;
  }

  #parse(bytes: Uint8Array, nowNs: number): void {
    const state = this.#state;
    state.stats.parsed++;
    const message = parseJson(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'));
    if (isObject(message)) return this.#event(message);
    const fields = asList(message);
    const name = asText(fields.at(-2));
    const index = state.names.indexOf(asText(fields.at(-1)));
    if (fields.length < 4 || name === '' || index < 0) return state.unreadable(this.#bookOfChannel(bytes), nowNs);
    const book = state.books[index]!;
    const payload = fields.slice(1, -2);
    if (name.startsWith('book-')) this.#book(book, asInteger(name.slice(5)), payload, nowNs);
    else if (name === 'trade') for (const trade of asList(payload[0])) this.#trade(book, asList(trade), nowNs);
    else if (name === 'ticker') this.#ticker(book, asObject(payload[0]) ?? {}, nowNs);
  }

  #event(message: JsonObject): void {
    if (message['event'] === 'systemStatus') return this.#state.notice(`the venue is ${asText(message['status'])}`);
    if (message['event'] !== 'subscriptionStatus') return;
    const pair = asText(message['pair']);
    const channel = asInteger(message['channelID']);
    const book = this.#state.books[this.#state.names.indexOf(pair)];
    const name = asText(message['channelName']);
    if (message['status'] === 'error') return this.#state.refused(`${pair}: ${asText(message['errorMessage'])}`);
    if (message['status'] !== 'subscribed' || book === undefined || !name.startsWith('book')) return;
    this.#channels.set(channel, book);
    this.#state.subscribed(`to the book of ${pair}`);
  }

  #book(book: KrakenBook, depth: number, payload: readonly unknown[], nowNs: number): void {
    const state = this.#state;
    const parts = payload.map((part) => asObject(part) ?? {});
    const whole = parts.find((part) => 'as' in part || 'bs' in part);
    if (whole === undefined && !book.levels.isBelieved) return;
    book.levels.begin();
    this.#venueNs = Number.NaN;
    let checksum = Number.NaN;
    let isRead = depth > 0 && parts.length > 0;
    for (const part of whole === undefined ? parts : [whole]) {
      isRead &&= this.#stage(book, part[whole === undefined ? 'a' : 'as'], Side.SELL);
      isRead &&= this.#stage(book, part[whole === undefined ? 'b' : 'bs'], Side.BUY);
      if ('c' in part) checksum = asInteger(part['c']);
    }
    // Each update has a checksum, and changes something.
    if (!isRead || (whole === undefined && (checksum !== checksum || book.levels.count === 0))) {
      return state.unreadable(book, nowNs);
    }
    if (whole === undefined) return state.update(book, checksum, this.#venueNs, nowNs);
    const all = [...asList(whole['as']), ...asList(whole['bs'])].map((level) => asList(level));
    const decimals = (field: number) => Math.max(0, ...all.map((level) => decimalsOf(asText(level[field]))));
    book.setDecimals(decimals(0), decimals(1));
    book.depth = depth;
    state.snapshot(book, Number.NaN, this.#venueNs, nowNs);
  }

  #stage(book: KrakenBook, entries: unknown, side: Side): boolean {
    if (entries === undefined) return true;
    if (!Array.isArray(entries)) return false;
    const { price, size } = book.instrument;
    for (const entry of asList(entries)) {
      const [priceText, sizeText, time] = asList(entry);
      const ticks = price.parse(asText(priceText));
      const lots = size.parse(asText(sizeText));
      if (!(ticks > 0 && lots >= 0)) return false;
      book.levels.level(side, ticks, lots);
      this.#noteTime(this.#ns(time));
    }
    return true;
  }

  #trade(book: KrakenBook, [price, size, time, side]: readonly unknown[], nowNs: number): void {
    const ticks = book.instrument.price.parse(asText(price));
    const lots = book.instrument.size.parse(asText(size));
    if (!(ticks > 0 && lots > 0) || (side !== 'b' && side !== 's')) {
      this.#state.stats.unreadable++;
      return;
    }
    const { out } = this.#state.setup.host;
    putTrade(out, book.levels.market, side === 'b' ? Side.BUY : Side.SELL, this.#ns(time), nowNs, ticks, lots, 0);
  }

  #ticker(book: KrakenBook, ticker: JsonObject, nowNs: number): void {
    const { price, size } = book.instrument;
    const [ask, , askSize] = asList(ticker['a']).map(asText);
    const [bid, , bidSize] = asList(ticker['b']).map(asText);
    const bidTicks = price.parse(bid ?? '');
    const askTicks = price.parse(ask ?? '');
    const bidLots = size.parse(bidSize ?? '');
    const askLots = size.parse(askSize ?? '');
    if (!(bidTicks > 0 && askTicks > bidTicks && bidLots >= 0 && askLots >= 0)) {
      this.#state.stats.unreadable++;
      return;
    }
    const { out } = this.#state.setup.host;
    putQuoteSide(out, book.levels.market, Side.BUY, Number.NaN, nowNs, bidTicks, bidLots, 0);
    putQuoteSide(out, book.levels.market, Side.SELL, Number.NaN, nowNs, askTicks, askLots, 0);
  }

  /** The pair of a frame that cannot be read, by the number that it begins with, or by the name at its end. */
  #bookOfChannel(bytes: Uint8Array): KrakenBook | undefined {
    const index = this.#pairAtEnd(bytes);
    if (index >= 0) return this.#state.books[index];
    const at = bytes[0] === 91 ? scanInteger(bytes, 1, this.#slots, CHANNEL_SLOT) : -1;
    return at > 0 && bytes[at] === COMMA ? this.#channels.get(this.#slots[CHANNEL_SLOT]!) : undefined;
  }

  #ns(time: unknown): number {
    return unixTextToNs(asText(time), UnixUnit.SECONDS, this.#state.setup.epochDay);
  }
}

function decimalsOf(text: string): number {
  const dot = text.indexOf(String.fromCharCode(DOT));
  return dot < 0 ? 0 : text.length - dot - 1;
}
