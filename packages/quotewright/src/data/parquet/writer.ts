/**
 * Writes events into one Parquet file, row group by row group, so that memory does not grow with the recording. PLAIN
 * pages under zstd: dictionaries and delta packing cost far more time in JavaScript than they save here.
 */
import { constants, zstdCompressSync } from 'node:zlib';
import { EVENT_STRIDE, Field, headFlags, headInstrument, headKind } from '@quotewright/core/market/event';
import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { DecodedArray } from 'hyparquet';
import { COLUMNS, type FileFacts, schemaElements, toMetadata } from './schema.ts';
import { type EpochWords, epochWords, NO_EPOCH, putInt64 } from '../int64.ts';

/** Rows of a full row group: 4 MiB of staged records. */
export const GROUP_ROWS = 65_536;
/** A staged record: the event and its number in the recording. */
const STAGE_STRIDE = EVENT_STRIDE + 1;
const FIRST_ROWS = 1024;
/** With a checksum in every page, so that a damaged file is found out. */
const ZSTD_OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } };

/** The event field of each INT64 column that is copied as it is. */
const FIELD_COLUMNS = [
  ['venue_ns', Field.VENUE_NS],
  ['local_ns', Field.LOCAL_NS],
  ['price_ticks', Field.PRICE_TICKS],
  ['size_lots', Field.SIZE_LOTS],
  ['order_id', Field.ORDER_ID],
  ['seq', Field.SEQ],
  ['aux', Field.AUX],
] as const;

export class EventFileWriter {
  /** Rows staged and not yet written. */
  staged = 0;
  rows = 0;
  #stage = new Float64Array(FIRST_ROWS * STAGE_STRIDE);
  readonly #writer: ParquetWriter;
  readonly #epoch: EpochWords;

  /** @throws the file system's error when the file cannot be made. */
  constructor(path: string, epochDay: number) {
    this.#epoch = epochWords(epochDay);
    this.#writer = new ParquetWriter({
      writer: fileWriter(path),
      schema: schemaElements(),
      codec: 'ZSTD',
      compressors: { ZSTD: (bytes) => zstdCompressSync(bytes, ZSTD_OPTIONS) },
      kvMetadata: [],
    });
  }

  /**
   * Appends the event at `data[offset, offset + EVENT_STRIDE)` as number `row` of its recording, under another
   * instrument index (a file of one instrument knows it as 0). The caller calls `flush` when `isFull`.
   */
  append(data: Float64Array, offset: number, row: number, instrument: number): void {
    if (this.staged * STAGE_STRIDE === this.#stage.length) this.#grow();
    const stage = this.#stage;
    const at = this.staged++ * STAGE_STRIDE;
    for (let i = 0; i < EVENT_STRIDE; i++) stage[at + i] = data[offset + i]!;
    stage[at + Field.HEAD] = (data[offset + Field.HEAD]! & 0xffff) | (instrument << 16);
    stage[at + EVENT_STRIDE] = row;
  }

  get isFull(): boolean {
    return this.staged >= GROUP_ROWS;
  }

  /** Writes the staged rows as one row group. */
  async flush(): Promise<void> {
    const rows = this.staged;
    if (rows === 0) return;
    const columnData = COLUMNS.map(({ name }) => ({
      name,
      data: this.#column(name, rows),
      encoding: 'PLAIN' as const,
      offsetIndex: false,
    }));
    await this.#writer.write({ columnData, rowGroupSize: rows });
    this.rows += rows;
    this.staged = 0;
  }

  /** Writes what is staged, and the footer with what is known about the recording by now. */
  async finish(facts: FileFacts): Promise<void> {
    await this.flush();
    this.#writer.kvMetadata = toMetadata(facts);
    await this.#writer.finish();
  }

  #column(name: string, rows: number): DecodedArray {
    if (name === 'kind') return this.#heads(rows, headKind);
    if (name === 'flags') return this.#heads(rows, headFlags);
    if (name === 'instrument') return this.#heads(rows, headInstrument);
    if (name === 'row') return this.#integers(EVENT_STRIDE, rows, NO_EPOCH);
    const field = FIELD_COLUMNS.find((each) => each[0] === name)![1];
    const isTime = field === Field.VENUE_NS || field === Field.LOCAL_NS;
    return this.#integers(field, rows, isTime ? this.#epoch : NO_EPOCH);
  }

  #heads(rows: number, part: (head: number) => number): Int32Array {
    const values = new Int32Array(rows);
    for (let i = 0; i < rows; i++) values[i] = part(this.#stage[i * STAGE_STRIDE]!);
    return values;
  }

  /** A column of INT64, with nulls where the field is NaN. */
  #integers(field: number, rows: number, epoch: EpochWords): DecodedArray {
    const values = new BigInt64Array(rows);
    const words = new Int32Array(values.buffer);
    const stage = this.#stage;
    let nulls = 0;
    for (let i = 0; i < rows; i++) {
      const value = stage[i * STAGE_STRIDE + field]!;
      if (value === value) putInt64(words, i, value, epoch);
      else nulls++;
    }
    if (nulls === 0) return values;
    const nullable: (bigint | null)[] = Array.from(values);
    for (let i = 0; i < rows; i++) if (Number.isNaN(stage[i * STAGE_STRIDE + field]!)) nullable[i] = null;
    return nullable;
  }

  #grow(): void {
    const larger = new Float64Array(this.#stage.length * 2);
    larger.set(this.#stage);
    this.#stage = larger;
  }
}
