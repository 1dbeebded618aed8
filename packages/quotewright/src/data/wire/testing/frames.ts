/** For tests: Binance and wire recordings from text in memory, and their events and end states in a form that reads well in assertions. */
import { createHash } from 'node:crypto';
import type { Book } from '@quotewright/core/market/book';
import type { BookBuilder } from '@quotewright/core/market/book-builder';
import {
  EVENT_STRIDE,
  EventFlag,
  EventKind,
  Field,
  headFlags,
  headInstrument,
  headKind,
} from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { openBinance, type BinanceRecording } from '../../binance/format.ts';
import type { OpenOptions, Recording } from '../../recording.ts';
import type { Source } from '../../source.ts';
import { KIND_NAMES, memorySource } from '../../testing/recordings.ts';
import { openWire, type WireRecording } from '../format.ts';
import { walkBooks } from '../../walk-books.ts';

const LENIENT: OpenOptions = { strict: false };

/** Read in small chunks, so that lines lie across them. */
export function textSource(text: string): Source {
  return memorySource(text, [1000], 'test');
}

export function binanceOf(lines: readonly string[], options = LENIENT): Promise<BinanceRecording> {
  return openBinance(textSource(lines.join('\n')), options);
}

export function wireOf(lines: readonly string[], options = LENIENT): Promise<WireRecording> {
  return openWire(textSource(lines.join('\n')), options);
}

/** Header of a wire recording that starts at 2026-08-09T21:00:00Z. */
export function header(exchange: string): string {
  return JSON.stringify({ t: 'header', format: 2, exchange, recorded: 1786309200.5 });
}

export function received(data: unknown, ts = 1786309201, conn = 'ws.1'): string {
  return JSON.stringify({ t: 'recv', conn, ts, data: typeof data === 'string' ? data : JSON.stringify(data) });
}

export function fetched(url: string, data: unknown, ts = 1786309200.75): string {
  return JSON.stringify({ t: 'http', conn: 'http.0', ts, url, data: JSON.stringify(data) });
}

/** Each event as one line: kind, side where it has one, price and size in decimals, flags, number. */
export async function eventLines(recording: Recording): Promise<string[]> {
  const lines: string[] = [];
  const record = (data: Float64Array, offset: number, index: number) => {
    lines.push(eventLine(data, offset, recording.instruments[index]!));
  };
  await walkBooks(recording, [], [{ before: record }]);
  return lines;
}

/** The books at the end of a recording, by instrument index; `builders` go on from a recording before. */
export async function endBooks(recording: Recording, builders: BookBuilder[] = []): Promise<Book[]> {
  await walkBooks(recording, builders);
  return builders.map(({ book }) => book);
}

export interface EventCounts {
  /** Snapshots and updates of books, as messages. */
  books: number;
  trades: number;
  quotes: number;
}

/** Messages by what they carried: those of a book that is whole, prints, and quotes (two records each). */
export async function countEvents(recording: Recording, builders: BookBuilder[] = []): Promise<EventCounts> {
  const counts = { books: 0, trades: 0, quotes: 0 };
  const count = (data: Float64Array, offset: number, _: number, book: Book) => {
    const head = data[offset + Field.HEAD]!;
    if ((headFlags(head) & EventFlag.LAST) === 0) return;
    if (headKind(head) === EventKind.TRADE) counts.trades++;
    else if (headKind(head) === EventKind.QUOTE) counts.quotes++;
    else if (headKind(head) !== EventKind.GAP && book.isWhole) counts.books++;
  };
  await walkBooks(recording, builders, [{ after: count }]);
  return counts;
}

/** All levels of a side, best first, as decimals without trailing zeros. */
export function levelsOf(book: Book, { price, size }: Instrument, side: Side): [price: string, size: string][] {
  const count = book.levelCount(side);
  const prices = new Float64Array(count);
  const sizes = new Float64Array(count);
  book.top(side, count, prices, sizes);
  return Array.from(prices, (ticks, i) => [normal(price.format(ticks)), normal(size.format(sizes[i]!))]);
}

/** SHA-256 of a whole book, as `reference/book_end_states.json` of the shared data defines it. */
export function bookDigest(book: Book, instrument: Instrument): string {
  const hash = createHash('sha256');
  for (const side of [Side.BUY, Side.SELL]) {
    for (const [price, size] of levelsOf(book, instrument, side))
      hash.update(`${side === Side.BUY ? 'b' : 'a'} ${price} ${size}\n`);
  }
  return hash.digest('hex');
}

function eventLine(data: Float64Array, offset: number, { symbol, price, size }: Instrument): string {
  const head = data[offset + Field.HEAD]!;
  const kind = headKind(head);
  const flags = headFlags(head);
  const words = [symbol, KIND_NAMES.get(kind)!];
  if (kind === EventKind.LEVEL || kind === EventKind.TRADE || kind === EventKind.QUOTE) {
    const ticks = data[offset + Field.PRICE_TICKS]!;
    words.push((flags & EventFlag.BUY) === 0 ? 'sell' : 'buy');
    words.push(
      Number.isNaN(ticks) ? 'none' : normal(price.format(ticks)),
      normal(size.format(data[offset + Field.SIZE_LOTS]!)),
    );
  }
  words.push(`#${data[offset + Field.SEQ]}`);
  if ((flags & EventFlag.SNAPSHOT) !== 0) words.push('snapshot');
  if ((flags & EventFlag.LAST) !== 0) words.push('last');
  if (headInstrument(head) < 0 || data.length < offset + EVENT_STRIDE) words.push('broken record');
  return words.join(' ');
}

function normal(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
