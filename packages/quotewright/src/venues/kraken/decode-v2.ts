/**
 * WebSocket v2: book, trade, ticker, instrument and status. Frames of the known shapes are read from their bytes, others are parsed.
 * Source: docs.kraken.com/exchange/api-reference/spot-websocket-v2 (book, trade, ticker, instrument, status, heartbeat).
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, packHead, TradingStatus } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { asList, asObject, asText, type JsonObject } from '../../data/json.ts';
import { putQuoteSide, putTrade } from '../feed-trades.ts';
import {
  ascii,
  COMMA,
  DOT,
  LEFT_BRACE,
  matchesAt,
  RIGHT_BRACE,
  RIGHT_BRACKET,
  skipText,
  stringEnd,
} from '../scan/bytes.ts';
import { DecimalScan } from '../scan/decimals.ts';
import { scanInteger } from '../scan/integers.ts';
import { TimeScan } from '../scan/times.ts';
import type { KrakenBook } from './book.ts';
import type { KrakenDecoder } from './decoder.ts';
import type { FeedState } from './feed-state.ts';
import { exactText, parseExact } from './exact-json.ts';

const { HEAD, VENUE_NS, LOCAL_NS, SIZE_LOTS } = Field;

/** Levels a side: more than any quoting looks at, few enough to be cheap. The venue has 10, 25, 100, 500 and 1000. */
export const V2_DEPTH = 100;

const BOOK = ascii('{"channel":"book","type":"');
const TRADE = ascii('{"channel":"trade","type":"update","data":[');
const TICKER = ascii('{"channel":"ticker","type":"');
const HEARTBEAT = ascii('{"channel":"heartbeat"}');
const UPDATE = ascii('update');
const SNAPSHOT = ascii('snapshot');
const SYMBOL = ascii('","data":[{"symbol":"');
const BIDS = ascii('","bids":[');
const ASKS = ascii('],"asks":[');
const CHECKSUM = ascii('],"checksum":');
const TIMESTAMP = ascii(',"timestamp":"');
const END = ascii('}]}');
const STRING_END = ascii('"}]}');
const PRICE = ascii('{"price":');
const QTY = ascii(',"qty":');
const TRADE_SYMBOL = ascii('{"symbol":"');
const TRADE_BUY = ascii('","side":"buy","price":');
const TRADE_SELL = ascii('","side":"sell","price":');
const TRADE_TYPE = ascii(',"ord_type":"');
const TRADE_ID = ascii('","trade_id":');
const TRADE_END = ascii('"}');
const BID = ascii('","bid":');
const BID_QTY = ascii(',"bid_qty":');
const ASK = ascii(',"ask":');
const ASK_QTY = ascii(',"ask_qty":');
const QUOTED_SYMBOL = ascii('"symbol":"');

/** Slots of what a scan reads beside levels. */
const CHECKSUM_SLOT = 0;
const TIME_SLOT = 1;
const FIRST_SLOT = 2;
const STRIDE = 3;

export class DecoderV2 implements KrakenDecoder {
  readonly #state: FeedState;
  readonly #prices: readonly DecimalScan[];
  readonly #sizes: readonly DecimalScan[];
  readonly #times: TimeScan;
  readonly #slots = new Float64Array(8);
  #requests = 0;

  constructor(state: FeedState) {
    this.#state = state;
    this.#prices = state.books.map(({ instrument }) => new DecimalScan(instrument.price));
    this.#sizes = state.books.map(({ instrument }) => new DecimalScan(instrument.size));
    this.#times = new TimeScan(state.setup.epochDay);
  }

  subscribeAll(): readonly string[] {
    const symbol = this.#state.names;
    return [
      this.#frame('subscribe', { channel: 'instrument', snapshot: true }),
      this.#frame('subscribe', { channel: 'book', symbol, depth: V2_DEPTH, snapshot: true }),
      this.#frame('subscribe', { channel: 'trade', symbol, snapshot: false }),
      this.#frame('subscribe', { channel: 'ticker', symbol, event_trigger: 'bbo', snapshot: true }),
    ];
  }

  resubscribe({ instrument: { symbol } }: KrakenBook): readonly string[] {
    const params = { channel: 'book', symbol: [symbol], depth: V2_DEPTH };
    return [this.#frame('unsubscribe', params), this.#frame('subscribe', { ...params, snapshot: true })];
  }

  ping(): string {
    return this.#frame('ping');
  }

  message(bytes: Uint8Array, nowNs: number): void {
    const at = skipText(bytes, 0, BOOK);
    if (at >= 0 ? this.#scanBook(bytes, at, nowNs) : this.#scanOther(bytes, nowNs)) return;
    this.#parse(bytes, nowNs);
  }

  /** A frame of the book channel behind its `"type":"`. @returns false when it has another shape: nothing was done then */
  #scanBook(bytes: Uint8Array, from: number, nowNs: number): boolean {
    const isUpdate = matchesAt(bytes, from, UPDATE);
    if (!isUpdate && !matchesAt(bytes, from, SNAPSHOT)) return false;
    let at = skipText(bytes, from + (isUpdate ? UPDATE : SNAPSHOT).length, SYMBOL);
    if (at < 0) return false;
    const symbolEnd = stringEnd(bytes, at);
    const index = symbolEnd < 0 ? -1 : this.#state.symbols.find(bytes, at, symbolEnd);
    if (index < 0) return false;
    const book = this.#state.books[index]!;
    // Nothing of it is of use before the next snapshot.
    if (isUpdate && !book.levels.isBelieved) return true;
    book.levels.begin();
    at = this.#scanLevels(bytes, skipText(bytes, symbolEnd, BIDS), index, 1);
    at = this.#scanLevels(bytes, skipText(bytes, at, ASKS), index, 0);
    at = skipText(bytes, at, CHECKSUM);
    const slots = this.#slots;
    if (at < 0 || (at = scanInteger(bytes, at, slots, CHECKSUM_SLOT)) < 0) return false;
    slots[TIME_SLOT] = Number.NaN;
    const time = skipText(bytes, at, TIMESTAMP);
    if (time >= 0) {
      at = this.#times.iso(bytes, time, slots, TIME_SLOT);
      if (at < 0 || at + STRING_END.length !== bytes.length || !matchesAt(bytes, at, STRING_END)) return false;
    } else if (at + END.length !== bytes.length || !matchesAt(bytes, at, END)) return false;
    if (isUpdate) this.#state.update(book, slots[CHECKSUM_SLOT]!, slots[TIME_SLOT], nowNs);
    else {
      this.#takeDecimals(book, bytes, symbolEnd);
      this.#state.snapshot(book, slots[CHECKSUM_SLOT]!, slots[TIME_SLOT], nowNs);
    }
    return true;
  }

  /** Stages `{"price":p,"qty":q},…` up to the closing bracket, whose place is answered; -1 when it is another shape. */
  #scanLevels(bytes: Uint8Array, from: number, index: number, isBid: 0 | 1): number {
    if (from < 0 || bytes[from] === RIGHT_BRACKET) return from;
    const { levels } = this.#state.books[index]!;
    const price = this.#prices[index]!;
    const size = this.#sizes[index]!;
    let at = from;
    for (;;) {
      const slot = levels.count * STRIDE;
      if (slot === levels.staged.length) levels.grow();
      const { staged } = levels;
      at = skipText(bytes, at, PRICE);
      if (at < 0 || (at = price.scan(bytes, at, staged, slot)) < 0) return -1;
      at = skipText(bytes, at, QTY);
      if (at < 0 || (at = size.scan(bytes, at, staged, slot + 1)) < 0 || bytes[at] !== RIGHT_BRACE) return -1;
      if (!(staged[slot]! > 0 && staged[slot + 1]! >= 0)) return -1;
      staged[slot + 2] = isBid;
      levels.count++;
      at++;
      if (bytes[at] === RIGHT_BRACKET) return at;
      if (bytes[at++] !== COMMA) return -1;
    }
  }

  /** Takes the decimals that the venue writes from a snapshot's longest numbers. */
  #takeDecimals(book: KrakenBook, bytes: Uint8Array, from: number): void {
    let price = 0;
    let size = 0;
    for (let at = from; at < bytes.length; at++) {
      if (matchesAt(bytes, at, PRICE)) price = Math.max(price, decimalsAt(bytes, at + PRICE.length));
      else if (matchesAt(bytes, at, QTY)) size = Math.max(size, decimalsAt(bytes, at + QTY.length));
    }
    book.setDecimals(price, size);
  }

  #scanOther(bytes: Uint8Array, nowNs: number): boolean {
    if (bytes.length === HEARTBEAT.length && matchesAt(bytes, 0, HEARTBEAT)) return true;
    let at = skipText(bytes, 0, TICKER);
    if (at >= 0) return this.#scanTicker(bytes, at, nowNs);
    at = skipText(bytes, 0, TRADE);
    return at >= 0 && this.#scanTrades(bytes, at, nowNs);
  }

  /** `{"symbol":s,"bid":p,"bid_qty":q,"ask":p,"ask_qty":q,…}`: what follows is not needed. */
  #scanTicker(bytes: Uint8Array, from: number, nowNs: number): boolean {
    const isUpdate = matchesAt(bytes, from, UPDATE);
    if (!isUpdate && !matchesAt(bytes, from, SNAPSHOT)) return false;
    let at = skipText(bytes, from + (isUpdate ? UPDATE : SNAPSHOT).length, SYMBOL);
    if (at < 0) return false;
    const symbolEnd = stringEnd(bytes, at);
    const index = symbolEnd < 0 ? -1 : this.#state.symbols.find(bytes, at, symbolEnd);
    if (index < 0) return false;
    const slots = this.#slots;
    at = this.#scanNumber(this.#prices[index]!, bytes, symbolEnd, BID, FIRST_SLOT);
    at = this.#scanNumber(this.#sizes[index]!, bytes, at, BID_QTY, FIRST_SLOT + 1);
    at = this.#scanNumber(this.#prices[index]!, bytes, at, ASK, FIRST_SLOT + 2);
    at = this.#scanNumber(this.#sizes[index]!, bytes, at, ASK_QTY, FIRST_SLOT + 3);
    // What stands behind may be anything but a second element of `data`.
    if (at < 0 || !matchesAt(bytes, bytes.length - END.length, END) || bytes.indexOf(LEFT_BRACE, at) >= 0) return false;
    if (bytes[at] !== COMMA && bytes[at] !== RIGHT_BRACE) return false;
    const bid = slots[FIRST_SLOT]!;
    const ask = slots[FIRST_SLOT + 2]!;
    if (!(bid > 0 && ask > bid && slots[FIRST_SLOT + 1]! >= 0 && slots[FIRST_SLOT + 3]! >= 0)) return false;
    const { out } = this.#state.setup.host;
    const { market } = this.#state.books[index]!.levels;
    putQuoteSide(out, market, Side.BUY, Number.NaN, nowNs, bid, slots[FIRST_SLOT + 1]!, 0);
    putQuoteSide(out, market, Side.SELL, Number.NaN, nowNs, ask, slots[FIRST_SLOT + 3]!, 0);
    return true;
  }

  #scanNumber(scan: DecimalScan, bytes: Uint8Array, at: number, name: Uint8Array, slot: number): number {
    const from = skipText(bytes, at, name);
    return from < 0 ? -1 : scan.scan(bytes, from, this.#slots, slot);
  }

  /** Trades are put out when all of the frame has been read. */
  #scanTrades(bytes: Uint8Array, from: number, nowNs: number): boolean {
    if (this.#walkTrades(bytes, from, nowNs, false) < 0) return false;
    this.#walkTrades(bytes, from, nowNs, true);
    return true;
  }

  #walkTrades(bytes: Uint8Array, from: number, nowNs: number, isPut: boolean): number {
    const state = this.#state;
    const slots = this.#slots;
    for (let at = from; ; at++) {
      at = skipText(bytes, at, TRADE_SYMBOL);
      const symbolEnd = at < 0 ? -1 : stringEnd(bytes, at);
      const index = symbolEnd < 0 ? -1 : state.symbols.find(bytes, at, symbolEnd);
      if (index < 0) return -1;
      const isBuy = matchesAt(bytes, symbolEnd, TRADE_BUY);
      at = this.#scanNumber(this.#prices[index]!, bytes, symbolEnd, isBuy ? TRADE_BUY : TRADE_SELL, FIRST_SLOT);
      at = this.#scanNumber(this.#sizes[index]!, bytes, at, QTY, FIRST_SLOT + 1);
      at = skipText(bytes, at, TRADE_TYPE);
      at = skipText(bytes, at < 0 ? -1 : stringEnd(bytes, at), TRADE_ID);
      if (at < 0 || (at = scanInteger(bytes, at, slots, FIRST_SLOT + 2)) < 0) return -1;
      at = skipText(bytes, at, TIMESTAMP);
      if (at < 0 || (at = this.#times.iso(bytes, at, slots, TIME_SLOT)) < 0) return -1;
      at = skipText(bytes, at, TRADE_END);
      const price = slots[FIRST_SLOT]!;
      const size = slots[FIRST_SLOT + 1]!;
      if (at < 0 || !(price > 0 && size > 0)) return -1;
      if (isPut) {
        const { market } = state.books[index]!.levels;
        const side = isBuy ? Side.BUY : Side.SELL;
        putTrade(state.setup.host.out, market, side, slots[TIME_SLOT]!, nowNs, price, size, slots[FIRST_SLOT + 2]!);
      }
      if (bytes[at] === RIGHT_BRACKET) return bytes[at + 1] === RIGHT_BRACE && at + 2 === bytes.length ? at : -1;
      if (bytes[at] !== COMMA) return -1;
    }
  }

  #parse(bytes: Uint8Array, nowNs: number): void {
    const state = this.#state;
    state.stats.parsed++;
    const message = parseExact(bytes);
    if (message === undefined) return state.unreadable(this.#bookIn(bytes), nowNs);
    const channel = asText(message['channel']);
    const data = asList(message['data']);
    if (channel === 'book') for (const entry of data) this.#parseBook(asText(message['type']), asObject(entry), nowNs);
    else if (channel === 'ticker') for (const entry of data) this.#parseTicker(asObject(entry) ?? {}, nowNs);
    else if (channel === 'trade') for (const entry of data) this.#parseTrade(asObject(entry) ?? {}, nowNs);
    else if (channel === 'instrument') this.#parseInstruments(asObject(message['data']) ?? {}, nowNs);
    else if (channel === 'status') state.notice(`the venue is ${asText(asObject(data[0])?.['system'])}`);
    else if (channel === '') this.#parseAnswer(message);
  }

  #parseAnswer(message: JsonObject): void {
    const method = asText(message['method']);
    if (method !== 'subscribe') return;
    const result = asObject(message['result']) ?? {};
    if (message['success'] === true) {
      if (asText(result['channel']) === 'book') this.#state.subscribed(`to the book of ${asText(result['symbol'])}`);
    } else this.#state.refused(`${asText(message['symbol'])}: ${asText(message['error'])}`);
  }

  #parseBook(type: string, entry: JsonObject | undefined, nowNs: number): void {
    const state = this.#state;
    const book = this.#bookOf(entry);
    if (book === undefined) return state.unreadable(undefined, nowNs);
    if (type === 'update' && !book.levels.isBelieved) return;
    book.levels.begin();
    const isRead = this.#stage(book, entry?.['bids'], Side.BUY) && this.#stage(book, entry?.['asks'], Side.SELL);
    const checksum = Number(exactText(entry?.['checksum']) || Number.NaN);
    if (!isRead || !(checksum >= 0) || (type !== 'update' && type !== 'snapshot')) return state.unreadable(book, nowNs);
    const venueNs = this.#venueNs(entry);
    if (type === 'update') return state.update(book, checksum, venueNs, nowNs);
    const all = [...asList(entry?.['bids']), ...asList(entry?.['asks'])].map((level) => asObject(level) ?? {});
    const decimals = (name: string) => Math.max(0, ...all.map((level) => decimalsOf(exactText(level[name]))));
    book.setDecimals(decimals('price'), decimals('qty'));
    state.snapshot(book, checksum, venueNs, nowNs);
  }

  #stage(book: KrakenBook, entries: unknown, side: Side): boolean {
    if (!Array.isArray(entries)) return false;
    const { price, size } = book.instrument;
    for (const entry of asList(entries)) {
      const level = asObject(entry) ?? {};
      const ticks = price.parse(exactText(level['price']));
      const lots = size.parse(exactText(level['qty']));
      if (!(ticks > 0 && lots >= 0)) return false;
      book.levels.level(side, ticks, lots);
    }
    return true;
  }

  #parseTicker(entry: JsonObject, nowNs: number): void {
    const book = this.#bookOf(entry);
    const { price, size } = book?.instrument ?? {};
    const bid = price?.parse(exactText(entry['bid'])) ?? Number.NaN;
    const bidLots = size?.parse(exactText(entry['bid_qty'])) ?? Number.NaN;
    const ask = price?.parse(exactText(entry['ask'])) ?? Number.NaN;
    const askLots = size?.parse(exactText(entry['ask_qty'])) ?? Number.NaN;
    // A ticker is nothing that a book is built of: one that cannot be read is only counted.
    if (book === undefined || !(bid > 0 && ask > bid && bidLots >= 0 && askLots >= 0)) {
      this.#state.stats.unreadable++;
      return;
    }
    const { out } = this.#state.setup.host;
    const { market } = book.levels;
    putQuoteSide(out, market, Side.BUY, Number.NaN, nowNs, bid, bidLots, 0);
    putQuoteSide(out, market, Side.SELL, Number.NaN, nowNs, ask, askLots, 0);
  }

  #parseTrade(entry: JsonObject, nowNs: number): void {
    const book = this.#bookOf(entry);
    const ticks = book?.instrument.price.parse(exactText(entry['price'])) ?? Number.NaN;
    const lots = book?.instrument.size.parse(exactText(entry['qty'])) ?? Number.NaN;
    const side = asText(entry['side']);
    const id = Number(exactText(entry['trade_id']) || Number.NaN);
    if (
      book === undefined ||
      !(ticks > 0 && lots > 0 && Number.isSafeInteger(id)) ||
      (side !== 'buy' && side !== 'sell')
    ) {
      this.#state.stats.unreadable++;
      return;
    }
    const { out } = this.#state.setup.host;
    putTrade(
      out,
      book.levels.market,
      side === 'buy' ? Side.BUY : Side.SELL,
      this.#venueNs(entry),
      nowNs,
      ticks,
      lots,
      id,
    );
  }

  /** Whether pairs trade: `online` and the like. */
  #parseInstruments(data: JsonObject, nowNs: number): void {
    for (const entry of asList(data['pairs'])) {
      const pair = asObject(entry);
      const book = this.#bookOf(pair);
      if (book === undefined) continue;
      const status = asText(pair?.['status']);
      const isTrading = status === 'online' || status === 'post_only' || status === 'limit_only';
      const { out } = this.#state.setup.host;
      const at = out.reserve();
      const { data: records } = out;
      records.fill(0, at, at + EVENT_STRIDE);
      records[at + HEAD] = packHead(EventKind.STATUS, EventFlag.LAST, book.levels.market);
      records[at + VENUE_NS] = Number.NaN;
      records[at + LOCAL_NS] = nowNs;
      records[at + SIZE_LOTS] = isTrading ? TradingStatus.TRADING : TradingStatus.HALTED;
      if (!isTrading) this.#state.notice(`${book.instrument.symbol} is ${status}`);
    }
  }

  #bookOf(entry: JsonObject | undefined): KrakenBook | undefined {
    const index = this.#state.names.indexOf(asText(entry?.['symbol']));
    return index < 0 ? undefined : this.#state.books[index];
  }

  /** The pair that a broken frame names. */
  #bookIn(bytes: Uint8Array): KrakenBook | undefined {
    for (let at = 0; at < bytes.length; at++) {
      if (!matchesAt(bytes, at, QUOTED_SYMBOL)) continue;
      const from = at + QUOTED_SYMBOL.length;
      const end = stringEnd(bytes, from);
      const index = end < 0 ? -1 : this.#state.symbols.find(bytes, from, end);
      if (index >= 0) return this.#state.books[index];
    }
    return undefined;
  }

  #venueNs(entry: JsonObject | undefined): number {
    const text = Buffer.from(asText(entry?.['timestamp']));
    const slots = this.#slots;
    slots[TIME_SLOT] = Number.NaN;
    // The scan wants a byte behind the time.
    const at = this.#times.iso(Buffer.concat([text, STRING_END]), 0, slots, TIME_SLOT);
    return at === text.length ? slots[TIME_SLOT] : Number.NaN;
  }

  #frame(method: string, params?: object): string {
    return JSON.stringify({ method, ...(params === undefined ? {} : { params }), req_id: ++this.#requests });
  }
}

/** Decimals of the number that begins at a place. */
function decimalsAt(bytes: Uint8Array, from: number): number {
  let dot = -1;
  for (let at = from; ; at++) {
    const byte = bytes[at];
    if (byte === DOT) dot = at;
    else if (byte === undefined || byte < 48 || byte > 57) return dot < 0 ? 0 : at - dot - 1;
  }
}

function decimalsOf(text: string): number {
  const dot = text.indexOf('.');
  return dot < 0 || text.includes('e') || text.includes('E') ? 0 : text.length - dot - 1;
}
