/**
 * Kraken's book checksum: CRC32 of the ten best asks, then the ten best bids, best first; each level gives its price and
 * its size as the venue writes them, without the point and without leading zeros.
 */
import { crc32 } from 'node:zlib';
import type { Book } from '@quotewright/core/market/book';
import { EventKind, Field, headKind } from '@quotewright/core/market/event';
import type { Grid } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { newCheck, record } from '../verdict.ts';
import type { KrakenWire } from './kraken.ts';
import type { BookVisitor } from '../walk-books.ts';

const LEVELS = 10;
const prices = new Float64Array(LEVELS);
const sizes = new Float64Array(LEVELS);

/** The checksum of a book whose venue writes prices and sizes with so many decimals. */
export function krakenChecksum(
  book: Book,
  instrument: Instrument,
  priceDecimals: number,
  sizeDecimals: number,
): number {
  let text = '';
  for (const side of [Side.SELL, Side.BUY]) {
    const count = book.top(side, LEVELS, prices, sizes);
    for (let i = 0; i < count; i++) {
      text += digits(instrument.price, prices[i]!, priceDecimals) + digits(instrument.size, sizes[i]!, sizeDecimals);
    }
  }
  return crc32(text);
}

/** Compares each checksum and tells the book, which is stale from the first that fails until its next snapshot. */
export class KrakenChecksums implements BookVisitor {
  readonly check = newCheck('CRC32 of the ten best levels a side');
  readonly #decoder: KrakenWire;
  readonly #instruments: readonly Instrument[];

  #skipped = 0;

  constructor(decoder: KrakenWire, instruments: readonly Instrument[]) {
    this.#decoder = decoder;
    this.#instruments = instruments;
  }

  /** What was not checked, and why. */
  get notes(): string[] {
    if (this.#skipped === 0) return [];
    return [
      `${this.#skipped} checksums not compared: the book had no snapshot, or was stale since a gap or a checksum that failed`,
    ];
  }

  after(data: Float64Array, offset: number, instrument: number, book: Book): void {
    if (headKind(data[offset + Field.HEAD]!) !== EventKind.CHECKSUM) return;
    const state = this.#decoder.books[instrument];
    if (!book.isWhole || state === undefined) {
      this.#skipped++;
      return;
    }
    const expected = data[offset + Field.SEQ]!;
    const spec = this.#instruments[instrument]!;
    const found = krakenChecksum(book, spec, state.priceDecimals, state.sizeDecimals);
    book.noteChecksum(found === expected);
    record(
      this.check,
      found === expected,
      () => `${spec.symbol}: the book's checksum is ${found}, the venue's ${expected}`,
    );
  }
}

/** Digits of a value written with `decimals` decimals, leading zeros left out. */
function digits(grid: Grid, steps: number, decimals: number): string {
  const text = grid.format(steps);
  const written =
    decimals >= grid.decimals ? text + '0'.repeat(decimals - grid.decimals) : text.slice(0, decimals - grid.decimals);
  return written.replace('.', '').replace(/^0+/, '');
}
