/**
 * Coinbase Exchange frames from bytes, without objects: `l2update` in the order of fields that the venue writes, and every flat message
 * (`match`, `ticker`, `heartbeat`, `open`, `done`, `change`, `received`) by its fields.
 * Source: docs.cdp.coinbase.com, "Exchange WebSocket Channels".
 */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { FeedBook } from '../feed-book.ts';
import { ascii, BACKSLASH, COMMA, matchesAt, QUOTE, RIGHT_BRACKET, skipText } from '../scan/bytes.ts';
import { DecimalScan } from '../scan/decimals.ts';
import { scanInteger } from '../scan/integers.ts';
import { SymbolTable } from '../scan/symbols.ts';
import { TimeScan } from '../scan/times.ts';
import { FlatFields } from './flat.ts';

/** Fields that are read, and their places in `MessageScanner.fields`. */
export const Key = {
  type: 0,
  product_id: 1,
  sequence: 2,
  time: 3,
  price: 4,
  size: 5,
  side: 6,
  order_id: 7,
  maker_order_id: 8,
  remaining_size: 9,
  new_size: 10,
  new_price: 11,
  trade_id: 12,
  last_trade_id: 13,
  best_bid: 14,
  best_bid_size: 15,
  best_ask: 16,
  best_ask_size: 17,
} as const;

const L2_UPDATE = ascii('{"type":"l2update","product_id":"');
const CHANGES = ascii('","changes":[');
const BUY = ascii('["buy","');
const SELL = ascii('["sell","');
const NEXT_TEXT = ascii('","');
const TIME = ascii('],"time":"');
const END = ascii('"}');
const LEVEL_STRIDE = 3;

export class MessageScanner {
  readonly fields = new FlatFields(Object.keys(Key));
  /** Of the last `l2update`: when the venue did it. */
  readonly venueNs = new Float64Array(1);
  readonly #books: readonly FeedBook[];
  readonly #symbols: SymbolTable;
  readonly #prices: readonly DecimalScan[];
  readonly #sizes: readonly DecimalScan[];
  readonly #time: TimeScan;
  readonly #number = new Float64Array(1);

  constructor(instruments: readonly Instrument[], books: readonly FeedBook[], epochDay: number) {
    this.#books = books;
    this.#symbols = new SymbolTable(instruments.map(({ symbol }) => symbol));
    this.#prices = instruments.map(({ price }) => new DecimalScan(price));
    this.#sizes = instruments.map(({ size }) => new DecimalScan(size));
    this.#time = new TimeScan(epochDay);
  }

  /** Stages an `l2update` in the book of its product. @returns the product; -1 when it is something else */
  levels(bytes: Uint8Array): number {
    let at = skipText(bytes, 0, L2_UPDATE);
    if (at < 0) return -1;
    const start = at;
    while (at < bytes.length && bytes[at] !== QUOTE && bytes[at] !== BACKSLASH) at++;
    const product = this.#symbols.find(bytes, start, at);
    at = skipText(bytes, at, CHANGES);
    if (product < 0 || at < 0) return -1;
    const book = this.#books[product]!;
    const price = this.#prices[product]!;
    const size = this.#sizes[product]!;
    let { staged } = book;
    let count = 0;
    for (;;) {
      const to = count * LEVEL_STRIDE;
      if (to === staged.length) {
        book.grow();
        staged = book.staged;
      }
      const isBid = matchesAt(bytes, at, BUY);
      at = isBid ? at + BUY.length : skipText(bytes, at, SELL);
      if (at < 0) return -1;
      at = skipText(bytes, price.scan(bytes, at, staged, to), NEXT_TEXT);
      if (at < 0) return -1;
      at = size.scan(bytes, at, staged, to + 1);
      if (at < 0 || bytes[at] !== QUOTE || bytes[at + 1] !== RIGHT_BRACKET) return -1;
      if (!(staged[to]! > 0) || !(staged[to + 1]! >= 0)) return -1;
      staged[to + 2] = isBid ? 1 : 0;
      count++;
      at += 2;
      if (bytes[at] !== COMMA) break;
      at++;
    }
    at = skipText(bytes, at, TIME);
    if (at < 0 || skipText(bytes, this.#time.iso(bytes, at, this.venueNs, 0), END) !== bytes.length) return -1;
    book.count = count;
    return product;
  }

  /** The product that the scanned fields name; -1 when it is none of ours. */
  product(bytes: Uint8Array): number {
    const start = this.fields.starts[Key.product_id]!;
    return start < 0 ? -1 : this.#symbols.find(bytes, start, this.fields.ends[Key.product_id]!);
  }

  /** A whole number; NaN when the field is none. */
  integer(bytes: Uint8Array, key: number): number {
    const start = this.fields.starts[key]!;
    if (start < 0 || scanInteger(bytes, start, this.#number, 0) !== this.fields.ends[key]) return Number.NaN;
    return this.#number[0]!;
  }

  /** Ticks above zero; NaN when the field is none. */
  ticks(bytes: Uint8Array, product: number, key: number): number {
    const ticks = this.#steps(this.#prices[product]!, bytes, key);
    return ticks > 0 ? ticks : Number.NaN;
  }

  /** Lots, not negative; NaN when the field is none. */
  lots(bytes: Uint8Array, product: number, key: number): number {
    const lots = this.#steps(this.#sizes[product]!, bytes, key);
    return lots >= 0 ? lots : Number.NaN;
  }

  /** The field `time`; NaN without one. */
  time(bytes: Uint8Array): number {
    const start = this.fields.starts[Key.time]!;
    if (start < 0 || this.#time.iso(bytes, start, this.#number, 0) !== this.fields.ends[Key.time]) return Number.NaN;
    return this.#number[0]!;
  }

  #steps(scan: DecimalScan, bytes: Uint8Array, key: number): number {
    const start = this.fields.starts[key]!;
    const end = this.fields.ends[key]!;
    if (start < 0 || start === end || scan.scan(bytes, start, this.#number, 0) !== end) return Number.NaN;
    return this.#number[0]!;
  }
}
