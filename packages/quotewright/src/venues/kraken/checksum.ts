/**
 * The checksum of a Kraken book: CRC32 over the ten best asks, then the ten best bids, each level its price and its size as the venue writes
 * them, without the point and without leading zeros.
 * Source: docs.kraken.com/exchange/guides/websockets/book-checksum-v2 (v1: book-checksum-v1).
 *
 * The digits of a level are written once, when it comes into the ten or its size changes; a side of which nothing has changed is not written again.
 */
import { crc32 } from 'node:zlib';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { L2Book } from '@quotewright/core/market/l2-book';
import type { L2Side } from '@quotewright/core/market/l2-side';

const LEVELS = 10;
const ZERO = 48;
/** Digits of 2^53 and the zeros that a pair may have behind its grid, for price and size. */
const LEVEL_BYTES = 96;
const BILLION = 1e9;
const MOST_DECIMALS = 24;

export class BookChecksum {
  readonly #asks: TopText;
  readonly #bids: TopText;
  /** Of the asks alone. */
  #asksCrc = 0;
  #crc = 0;

  constructor(instrument: Instrument) {
    this.#asks = new TopText(instrument);
    this.#bids = new TopText(instrument);
  }

  /** How many decimals the venue writes prices and sizes with, at least; never fewer than the grids have. */
  setDecimals(price: number, size: number): void {
    this.#asks.setDecimals(price, size);
    this.#bids.setDecimals(price, size);
  }

  /** Of the book as it is now, an unsigned 32-bit number. */
  of(book: L2Book): number {
    const asksChanged = this.#asks.refresh(book.asks);
    if (asksChanged) this.#asksCrc = crc32(this.#asks.written());
    if (this.#bids.refresh(book.bids) || asksChanged) this.#crc = crc32(this.#bids.written(), this.#asksCrc);
    return this.#crc;
  }
}

/** The text of one side's ten best levels. */
class TopText {
  readonly #bytes = Buffer.alloc(LEVELS * LEVEL_BYTES);
  /** Views of the first n bytes, made when that length first occurs. */
  readonly #views: (Buffer | undefined)[] = [];
  readonly #prices = new Float64Array(LEVELS).fill(Number.NaN);
  readonly #sizes = new Float64Array(LEVELS);
  /** Where each level's text ends. */
  readonly #ends = new Int32Array(LEVELS + 1);
  #count = -1;
  readonly #grids: Instrument;
  #priceZeros = 0;
  #sizeZeros = 0;

  constructor(instrument: Instrument) {
    this.#grids = instrument;
    this.setDecimals(0, 0);
  }

  setDecimals(price: number, size: number): void {
    this.#priceZeros = zeros(price, this.#grids.price.scale);
    this.#sizeZeros = zeros(size, this.#grids.size.scale);
    this.#count = -1;
    this.#prices.fill(Number.NaN);
  }

  /** @returns whether the text is another one now */
  refresh(levels: L2Side): boolean {
    const prices = this.#prices;
    const sizes = this.#sizes;
    let n = 0;
    let isChanged = false;
    for (let level = levels.best(); level >= 0 && n < LEVELS; level = levels.next(level)) {
      const price = levels.priceOf(level);
      const size = levels.sizeOf(level);
      // Text behind a level that has changed has moved, so it is written again.
      if (isChanged || price !== prices[n] || size !== sizes[n]) {
        isChanged = true;
        prices[n] = price;
        sizes[n] = size;
        this.#write(n);
      }
      n++;
    }
    if (n !== this.#count) {
      isChanged = true;
      this.#count = n;
      for (let i = n; i < LEVELS; i++) prices[i] = Number.NaN;
    }
    return isChanged;
  }

  written(): Buffer {
    const length = this.#ends[this.#count]!;
    return (this.#views[length] ??= this.#bytes.subarray(0, length));
  }

  #write(n: number): void {
    const { price, size } = this.#grids;
    let at = putNumber(this.#bytes, this.#ends[n]!, this.#prices[n]! * price.numerator, this.#priceZeros);
    at = putNumber(this.#bytes, at, this.#sizes[n]! * size.numerator, this.#sizeZeros);
    this.#ends[n + 1] = at;
  }
}

/** Zeros behind a number on a grid of so many decimals that is written with at least `decimals`. */
function zeros(decimals: number, scale: number): number {
  return Math.max(0, Math.min(MOST_DECIMALS, decimals) - scale);
}

/** Writes a whole number and zeros behind it. @returns where it ends */
function putNumber(bytes: Uint8Array, at: number, value: number, zerosBehind: number): number {
  let end = at;
  if (value >= BILLION) {
    const high = Math.floor(value / BILLION);
    end = putDigits(bytes, end, high, digitsOf(high));
    end = putDigits(bytes, end, value - high * BILLION, 9);
  } else end = putDigits(bytes, end, value, digitsOf(value));
  for (let i = 0; i < zerosBehind; i++) bytes[end++] = ZERO;
  return end;
}

/** Writes the last `digits` digits of a number below 10^9. */
function putDigits(bytes: Uint8Array, at: number, value: number, digits: number): number {
  let rest = value | 0;
  for (let i = at + digits - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0;
    bytes[i] = ZERO + rest - 10 * tenth;
    rest = tenth;
  }
  return at + digits;
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let bound = 10; bound <= value; bound *= 10) digits++;
  return digits;
}
