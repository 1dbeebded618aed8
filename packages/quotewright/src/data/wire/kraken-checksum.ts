/**
 * Kraken's book checksum: CRC32 of the ten best asks, then the ten best bids, best first; each level gives its price and
 * its size as the venue writes them, without the point and without leading zeros.
 */
import { crc32 } from 'node:zlib';
import type { BookBuilder } from '@quotewright/core/market/book-builder';
import { EventKind, Field, headKind } from '@quotewright/core/market/event';
import type { Grid } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { newCheck, record } from '../verdict.ts';
import type { KrakenWire } from './kraken.ts';
import { isWhole, type BookVisitor } from './walk-books.ts';

const LEVELS = 10;
const prices = new Float64Array(LEVELS);
const sizes = new Float64Array(LEVELS);

/** The checksum of a book whose venue writes prices and sizes with so many decimals. */
export function krakenChecksum(
  book: L2Book,
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

export class KrakenChecksums implements BookVisitor {
  readonly check = newCheck('CRC32 of the ten best levels a side');
  readonly #decoder: KrakenWire;
  readonly #instruments: readonly Instrument[];

  constructor(decoder: KrakenWire, instruments: readonly Instrument[]) {
    this.#decoder = decoder;
    this.#instruments = instruments;
  }

  after(data: Float64Array, offset: number, instrument: number, book: BookBuilder): void {
    if (headKind(data[offset + Field.HEAD]!) !== EventKind.CHECKSUM || !isWhole(book)) return;
    const state = this.#decoder.books[instrument];
    if (state === undefined) return;
    const expected = data[offset + Field.SEQ]!;
    const spec = this.#instruments[instrument]!;
    const found = krakenChecksum(book.l2, spec, state.priceDecimals, state.sizeDecimals);
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
