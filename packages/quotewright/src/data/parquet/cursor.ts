/** Reads event files of our Parquet schema back, row group by row group. */
import { type FileHandle, open } from 'node:fs/promises';
import { zstdDecompressSync } from 'node:zlib';
import { EVENT_STRIDE, Field, packHead } from '@quotewright/core/market/event';
import { type AsyncBuffer, type DecodedArray, type FileMetaData, parquetMetadataAsync, parquetScan } from 'hyparquet';
import { reasonOf } from '../reason.ts';
import { InputError } from '../report.ts';
import { COLUMNS, type FileFacts, fromMetadata } from './schema.ts';
import { type EpochWords, epochWords, getInt64, NO_EPOCH } from '../int64.ts';

export interface EventFile {
  readonly path: string;
  readonly facts: FileFacts;
  readonly metadata: FileMetaData;
}

/** Row groups above this are not ours, and would not fit in memory when several files are merged. */
const MAX_GROUP_ROWS = 4 * 1024 * 1024;

/** Reads the footer. @throws InputError when the file is no Parquet file of our schema. */
export async function openEventFile(path: string): Promise<EventFile> {
  const handle = await open(path, 'r');
  try {
    const metadata = await parquetMetadataAsync(bufferOf(handle, (await handle.stat()).size));
    return { path, metadata, facts: fromMetadata(path, metadata) };
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`${path}: ${reasonOf(error)}`);
  } finally {
    await handle.close();
  }
}

/** A loaded row group as events, with the number of each in the recording it came from. */
export interface EventGroup {
  readonly length: number;
  readonly data: Float64Array;
  readonly rows: Float64Array;
}

/** The row groups of a file in order, times relative to `epochDay`. @throws InputError when a page is corrupt. */
export async function* eventGroups(file: EventFile, epochDay: number): AsyncGenerator<EventGroup, void, undefined> {
  const handle = await open(file.path, 'r');
  try {
    const buffer = bufferOf(handle, (await handle.stat()).size);
    let rowStart = 0;
    for (const { num_rows } of file.metadata.row_groups) {
      const rows = Number(num_rows);
      if (rows > MAX_GROUP_ROWS) {
        throw new InputError(`${file.path}: row group of ${rows} rows, expected at most ${MAX_GROUP_ROWS}`);
      }
      yield await readGroup(buffer, file, rowStart, rows, epochWords(epochDay));
      rowStart += rows;
    }
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`${file.path}: ${reasonOf(error)}`);
  } finally {
    await handle.close();
  }
}

async function readGroup(
  file: AsyncBuffer,
  { metadata }: EventFile,
  rowStart: number,
  rows: number,
  epoch: EpochWords,
): Promise<EventGroup> {
  const scan = await parquetScan({
    file,
    metadata,
    rowStart,
    rowEnd: rowStart + rows,
    compressors: { ZSTD: (bytes) => zstdDecompressSync(bytes) },
  });
  const columns = new Map<string, DecodedArray>();
  for (const { name } of COLUMNS) {
    const column = await scan.readColumn({ column: name, rowStart, rowEnd: rowStart + rows });
    if (column.length !== rows) throw new Error(`column '${name}': found ${column.length} rows, expected ${rows}`);
    columns.set(name, column);
  }
  const data = new Float64Array(rows * EVENT_STRIDE);
  const kind = columns.get('kind')!;
  const flags = columns.get('flags')!;
  const instrument = columns.get('instrument')!;
  for (let i = 0; i < rows; i++) {
    data[i * EVENT_STRIDE + Field.HEAD] = packHead(Number(kind[i]), Number(flags[i]), Number(instrument[i]));
  }
  spread(columns.get('venue_ns')!, data, Field.VENUE_NS, EVENT_STRIDE, epoch);
  spread(columns.get('local_ns')!, data, Field.LOCAL_NS, EVENT_STRIDE, epoch);
  spread(columns.get('price_ticks')!, data, Field.PRICE_TICKS, EVENT_STRIDE, NO_EPOCH);
  spread(columns.get('size_lots')!, data, Field.SIZE_LOTS, EVENT_STRIDE, NO_EPOCH);
  spread(columns.get('order_id')!, data, Field.ORDER_ID, EVENT_STRIDE, NO_EPOCH);
  spread(columns.get('seq')!, data, Field.SEQ, EVENT_STRIDE, NO_EPOCH);
  spread(columns.get('aux')!, data, Field.AUX, EVENT_STRIDE, NO_EPOCH);
  const numbers = new Float64Array(rows);
  spread(columns.get('row')!, numbers, 0, 1, NO_EPOCH);
  return { length: rows, data, rows: numbers };
}

/** Copies a column into every `stride`-th value from `first` on; null becomes NaN. */
function spread(column: DecodedArray, into: Float64Array, first: number, stride: number, epoch: EpochWords): void {
  const rows = column.length;
  if (column instanceof BigInt64Array) {
    const words = new Int32Array(column.buffer, column.byteOffset, rows * 2);
    for (let i = 0; i < rows; i++) into[first + i * stride] = getInt64(words, i, epoch);
    return;
  }
  const base = (BigInt(epoch.high) << 32n) + BigInt(epoch.low);
  for (let i = 0; i < rows; i++) {
    const value: unknown = column[i];
    into[first + i * stride] = typeof value === 'bigint' ? Number(value - base) : Number.NaN;
  }
}

function bufferOf(handle: FileHandle, byteLength: number): AsyncBuffer {
  return {
    byteLength,
    async slice(start: number, end: number = byteLength): Promise<ArrayBuffer> {
      const bytes = new Uint8Array(end - start);
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await handle.read(bytes, length, bytes.length - length, start + length);
        if (bytesRead === 0) throw new Error(`ends at byte ${start + length}, expected ${end}`);
        length += bytesRead;
      }
      return bytes.buffer;
    },
  };
}
