/**
 * CSV with a header line, by bytes: columns are found by name, a row is the positions of its fields, and no string is
 * made for a row that is good. Fields hold no commas and no line ends; a field may stand in double quotes.
 */
import { EVENT_STRIDE, EventBatch, EventFlag, Field, headFlags } from '@quotewright/core/market/event';
import { asciiAt } from './csv.ts';
import { type LineBlock, LineReader } from './lines.ts';
import { InputError, type ReadReport } from './report.ts';
import type { Source } from './source.ts';

const LF = 10;
const CR = 13;
const COMMA = 44;
const QUOTE = 34;
const MAX_COLUMNS = 4096;
/** Rows of the block at hand that a sample takes at most; enough to see the decimals of a grid. */
const SAMPLE_ROWS = 20_000;

/** The fields of the row at hand: field i is `bytes[starts[i], ends[i])`. */
export interface Row {
  bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Number of the line in the file, from 1. */
  line: number;
}

export interface RowDecoder {
  /** Records that one row gives at most. */
  readonly recordsPerRow: number;
  /** Appends the records of a row. The batch has room for them. */
  decode(row: Row, batch: EventBatch): void;
  /** Appends what is still owed at the end of the file, as far as there is room. False when more is owed. */
  finish(batch: EventBatch): boolean;
}

export class Table {
  readonly header: readonly string[];
  readonly #source: Source;
  readonly #report: ReadReport;
  readonly #blocks: AsyncGenerator<LineBlock>;
  /** The row at hand; the same object throughout. */
  readonly row: Row = {
    bytes: new Uint8Array(0),
    starts: new Int32Array(MAX_COLUMNS),
    ends: new Int32Array(MAX_COLUMNS),
    line: 0,
  };
  #block: LineBlock | undefined;
  /** Where the next row of the block starts. */
  #at: number;
  #decoding = false;

  private constructor(
    source: Source,
    report: ReadReport,
    blocks: AsyncGenerator<LineBlock>,
    block: LineBlock | undefined,
  ) {
    this.#source = source;
    this.#report = report;
    this.#blocks = blocks;
    this.#block = block;
    this.#at = block?.start ?? 0;
    const count = block === undefined ? 0 : this.#split(block);
    this.header = Array.from({ length: count }, (_, i) => this.text(i));
    this.row.line = block?.firstLine ?? 1;
  }

  /** @throws InputError when the file cannot be read. An empty file has an empty header. */
  static async open(source: Source, report: ReadReport): Promise<Table> {
    const blocks = new LineReader(source).blocks();
    const first = await blocks.next();
    return new Table(source, report, blocks, first.done === true ? undefined : first.value);
  }

  /** Index of the column of that name. @throws InputError when the header lacks it. */
  column(name: string): number {
    const index = this.header.indexOf(name);
    if (index < 0) {
      throw new InputError(
        `${this.#source.path}:1: column '${name}' is missing: found '${this.header.join(',').slice(0, 200)}'`,
      );
    }
    return index;
  }

  /** Field `index` of the row at hand, as text. */
  text(index: number): string {
    const { bytes, starts, ends } = this.row;
    return asciiAt(bytes, starts[index]!, ends[index]!);
  }

  /** The columns' texts in the rows ahead, and in the row at hand, as far as the block at hand goes. */
  sample(columns: readonly number[], accept: (row: Row) => boolean = () => true): string[][] {
    const found: string[][] = columns.map(() => []);
    const block = this.#block;
    if (block === undefined) return found;
    const row = this.row;
    const saved = { at: this.#at, starts: row.starts.slice(), ends: row.ends.slice() };
    const take = () => columns.forEach((column, i) => found[i]!.push(this.text(column)));
    if (this.#decoding) take();
    for (let rows = 0; rows < SAMPLE_ROWS && this.#at < block.end; rows++) {
      if (this.#split(block) === this.header.length && accept(row)) take();
    }
    this.#at = saved.at;
    row.starts.set(saved.starts);
    row.ends.set(saved.ends);
    return found;
  }

  async *batches(decoder: RowDecoder): AsyncGenerator<EventBatch, void, undefined> {
    const batch = new EventBatch(Math.max(4096, 4 * decoder.recordsPerRow));
    const limit = batch.capacity - decoder.recordsPerRow;
    const row = this.row;
    this.#decoding = true;
    while (this.#block !== undefined) {
      const block = this.#block;
      while (this.#at < block.end) {
        if (batch.length > limit) yield* emptied(batch);
        this.#decodeRow(block, decoder, batch);
      }
      block.lineCount = row.line + 1 - block.firstLine;
      const next = await this.#blocks.next();
      this.#block = next.done === true ? undefined : next.value;
      this.#at = this.#block?.start ?? 0;
    }
    while (!decoder.finish(batch)) yield* emptied(batch);
    if (batch.length > 0) yield batch;
  }

  #decodeRow(block: LineBlock, decoder: RowDecoder, batch: EventBatch): void {
    const row = this.row;
    const start = this.#at;
    const fields = this.#split(block);
    row.line++;
    if (fields === this.header.length) {
      this.#report.rows++;
      decoder.decode(row, batch);
    } else if (fields > 1 || row.starts[0] !== row.ends[0]) {
      this.#report.rows++;
      const found = asciiAt(block.bytes, start, Math.min(this.#at, start + 120)).trimEnd();
      this.#report.addBad(`row is not of ${this.header.length} columns`, row.line, found);
    }
  }

  /** Finds the fields of the line that starts at `#at` and steps behind it. Answers their number. */
  #split(block: LineBlock): number {
    const bytes = block.bytes;
    const end = block.end;
    const { starts, ends } = this.row;
    this.row.bytes = bytes;
    let at = this.#at;
    let count = 0;
    let start = at;
    let quoted = false;
    for (; at < end; at++) {
      const c = bytes[at]!;
      if (c > COMMA) continue;
      if (c === COMMA) {
        starts[count] = start;
        ends[count] = at;
        if (count < MAX_COLUMNS - 1) count++;
        start = at + 1;
      } else if (c === LF) break;
      else if (c === QUOTE) quoted = true;
    }
    starts[count] = start;
    ends[count] = at > start && bytes[at - 1] === CR ? at - 1 : at;
    count++;
    this.#at = at + 1;
    if (quoted) unquote(bytes, starts, ends, count);
    return count;
  }
}

/** Hands the batch out and empties it, but keeps back a last record that the next row may belong with. */
function* emptied(batch: EventBatch): Generator<EventBatch, void, undefined> {
  const open = takeOpenRecord(batch);
  yield batch;
  batch.clear();
  if (open !== undefined) putRecord(batch, open);
}

/** The last record of the batch when its message is still open: whether it is the last one, the next row tells. */
export function takeOpenRecord(batch: EventBatch): Float64Array | undefined {
  const last = (batch.length - 1) * EVENT_STRIDE;
  if (last < 0 || (headFlags(batch.data[last + Field.HEAD]!) & EventFlag.LAST) !== 0) return undefined;
  batch.length--;
  return batch.data.slice(last, last + EVENT_STRIDE);
}

export function putRecord(batch: EventBatch, record: Float64Array): void {
  batch.data.set(record, batch.length++ * EVENT_STRIDE);
}

function unquote(bytes: Uint8Array, starts: Int32Array, ends: Int32Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const start = starts[i]!;
    const end = ends[i]!;
    if (end - start >= 2 && bytes[start] === QUOTE && bytes[end - 1] === QUOTE) {
      starts[i] = start + 1;
      ends[i] = end - 1;
    }
  }
}
