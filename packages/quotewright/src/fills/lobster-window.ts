/**
 * LOBSTER: the message file tells orders apart, the book rows beside it tell what the visible levels showed. Cancels outside
 * of the window are not published, so a book cannot be rebuilt from the messages alone; the rows are the L2 view.
 */
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import { NumericRow } from '../data/csv.ts';
import { LineReader } from '../data/lines.ts';
import { bookSourceOf } from '../data/lobster/files.ts';
import { messagesOf, unitsPerTick } from '../data/lobster/format.ts';
import type { Recording } from '../data/recording.ts';
import { InputError } from '../data/report.ts';
import { openSource } from '../data/source.ts';
import { RowKind, Tape } from './tape.ts';

/** LOBSTER publishes at most 200 levels a side. */
const MAX_COLUMNS = 800;
/** Columns of one level: ask price, ask size, bid price, bid size. */
const LEVEL_COLUMNS = 4;

/** The book rows of a sample: one a message. */
class BookRows {
  readonly columns: number;
  readonly values: Float64Array;
  readonly count: number;
  readonly #unitsPerTick: number;

  constructor(columns: number, values: Float64Array, units: number) {
    this.columns = columns;
    this.values = values;
    this.count = values.length / columns;
    this.#unitsPerTick = units;
  }

  /** Lots that a row shows at a price: 0 when the price is inside the window and holds nothing, NaN when it is outside. */
  lotsAt(row: number, side: Side, priceTicks: number): number {
    const price = priceTicks * this.#unitsPerTick;
    let levels = 0;
    for (let at = this.#first(row, side); at < (row + 1) * this.columns; at += LEVEL_COLUMNS) {
      const lots = this.values[at + 1]!;
      if (lots === 0) return 0;
      if (this.values[at] === price) return lots;
      if (side === Side.BUY ? this.values[at]! < price : this.values[at]! > price) return 0;
      levels++;
    }
    return levels === 0 ? 0 : Number.NaN;
  }

  bestTicks(row: number, side: Side): number {
    const at = this.#first(row, side);
    return this.values[at + 1] === 0 ? Number.NaN : this.values[at]! / this.#unitsPerTick;
  }

  /** The worst price of a full window; NaN while the window shows the whole side. */
  worstTicks(row: number, side: Side): number {
    const at = this.#first(row, side) + this.columns - LEVEL_COLUMNS;
    return this.values[at + 1] === 0 ? Number.NaN : this.values[at]! / this.#unitsPerTick;
  }

  #first(row: number, side: Side): number {
    return row * this.columns + (side === Side.BUY ? 2 : 0);
  }
}

/** Reads a sample whole. @throws InputError when it has no book rows, or not one for each message. */
export async function readLobsterTape(path: string, recording: Recording): Promise<Tape> {
  const rows = await readBookRows(path, recording);
  const tape = new Tape();
  let row = 0;
  for await (const batch of recording.batches()) {
    const { data } = batch;
    for (let offset = 0; offset < batch.length * EVENT_STRIDE; offset += EVENT_STRIDE, row++) {
      if (row >= rows.count) throw new InputError(`${path}: there are fewer book rows than messages (${rows.count})`);
      if (row > 0) pushRow(tape, rows, row, data, offset);
    }
  }
  if (recording.report.badRows > 0) {
    throw new InputError(
      `${path}: ${recording.report.badRows} bad message rows, so that book rows cannot be told theirs`,
    );
  }
  if (row < rows.count) throw new InputError(`${path}: ${rows.count} book rows for ${row} messages`);
  return tape;
}

function pushRow(tape: Tape, rows: BookRows, row: number, data: Float64Array, offset: number): void {
  const head = data[offset + Field.HEAD]!;
  const flagged: Side = (headFlags(head) & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
  const kind = kindOf(headKind(head));
  if (kind === undefined) return;
  // A print's flag is the aggressor's side.
  const side: Side = kind === RowKind.PRINT ? (flagged === Side.BUY ? Side.SELL : Side.BUY) : flagged;
  const timeNs = data[offset + Field.VENUE_NS]!;
  const price = data[offset + Field.PRICE_TICKS]!;
  const before = rows.lotsAt(row - 1, side, price);
  const after = rows.lotsAt(row, side, price);
  const opposite = rows.bestTicks(row - 1, side === Side.BUY ? Side.SELL : Side.BUY);
  const lots = data[offset + Field.SIZE_LOTS]!;
  tape.push(kind, side, timeNs, price, lots, data[offset + Field.ORDER_ID]!, before, after, opposite);
  // A new level pushes the worst one out of the window.
  const worst = rows.worstTicks(row - 1, side);
  if (!Number.isNaN(worst) && Number.isNaN(rows.lotsAt(row, side, worst))) {
    tape.push(RowKind.HIDE, side, timeNs, worst, 0, 0, Number.NaN, Number.NaN, opposite);
  }
}

function kindOf(kind: number): RowKind | undefined {
  if (kind === EventKind.ORDER_ADD) return RowKind.ADD;
  if (kind === EventKind.ORDER_REDUCE || kind === EventKind.ORDER_REMOVE) return RowKind.CANCEL;
  if (kind === EventKind.ORDER_EXEC) return RowKind.EXEC;
  return kind === EventKind.TRADE ? RowKind.PRINT : undefined;
}

async function readBookRows(path: string, recording: Recording): Promise<BookRows> {
  const source = await bookSourceOf(await messagesOf(await openSource(path)));
  if (source === undefined) {
    throw new InputError(`${path}: no order book rows (…_orderbook_N.csv in the archive or beside the messages)`);
  }
  const instrument = recording.instruments[0]!;
  const lot = Number(instrument.spec.lot);
  const row = new NumericRow(MAX_COLUMNS);
  let columns = 0;
  let values = new Float64Array(0);
  let used = 0;
  for await (const block of new LineReader(source).blocks()) {
    for (let at = block.start; at < block.end;) {
      at = row.decode(block.bytes, at, block.end);
      if (columns === 0) {
        if (row.count < LEVEL_COLUMNS || row.count % LEVEL_COLUMNS !== 0 || row.count > MAX_COLUMNS) {
          throw new InputError(`${path}: first book row: found ${row.count} numbers, expected four a level`);
        }
        columns = row.count;
        values = new Float64Array(columns * 65_536);
      }
      if (row.count !== columns) {
        throw new InputError(
          `${path}: book row ${used / columns + 1}: found ${row.count} numbers, expected ${columns}`,
        );
      }
      if (used + columns > values.length) {
        const larger = new Float64Array(2 * values.length);
        larger.set(values);
        values = larger;
      }
      for (let i = 0; i < columns; i += 2) {
        values[used + i] = row.values[i]!;
        values[used + i + 1] = row.values[i + 1]! / lot;
      }
      used += columns;
    }
  }
  if (columns === 0) throw new InputError(`${path}: the file of book rows is empty`);
  return new BookRows(columns, values.slice(0, used), unitsPerTick(instrument));
}
