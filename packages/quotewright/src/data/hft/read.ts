/** hftbacktest recordings: `.npz` archives, `.npy` arrays and raw files of the same records. */
import { basename } from 'node:path';
import { EventBatch } from '@quotewright/core/market/event';
import type { Instrument } from '@quotewright/core/market/instrument';
import { guessStepInstrument } from '../guess-instrument.ts';
import { getInt64, NO_EPOCH } from '../int64.ts';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import type { Head } from '../source.ts';
import { InputError, ReadReport } from '../report.ts';
import { firstBytes, HEAD_BYTES, type Source } from '../source.ts';
import { putRecord, takeOpenRecord } from '../table.ts';
import { HftDecoder } from './decoder.ts';
import { HftField, HftFlag, HftKind, type HftStart, readStart, ROW_BYTES } from './layout.ts';
import { stepOfValues } from './steps.ts';

const WORDS = ROW_BYTES / 8;
const NS_PER_DAY = 86_400e9;
const BLOCK_ROWS = 8192;

export const hftFormat: Format = {
  name: 'hftbacktest',
  description: 'hftbacktest event array: .npz, .npy',
  recognise(head: Head): number {
    const start = head.text.startsWith('\u0093NUMPY') ? readStart(head.bytes) : '';
    return typeof start === 'string' ? 0 : 1;
  },
  open: openHft,
};

export const hftBinFormat: Format = {
  name: 'hft-bin',
  description: "raw file of hftbacktest's 64-byte event records",
  // A raw file has no magic: every record of the head must have known flags, a known kind and plausible times.
  recognise(head: Head): number {
    const { words, rows } = wordsOf(head.bytes, 0);
    if (rows === 0 || head.text.startsWith('\u0093NUMPY')) return 0;
    for (let i = 0; i < rows; i++) if (!isPlausible(words, i * WORDS)) return 0;
    return 0.9;
  },
  open: openHft,
};

async function openHft(source: Source, options: OpenOptions): Promise<Recording> {
  const head = await firstBytes(source, HEAD_BYTES);
  const start = readStart(head);
  if (typeof start === 'string') throw new InputError(`${source.path}: ${start}`);
  const { words, floats, rows } = wordsOf(head, start.headerBytes);
  if (rows === 0) throw new InputError(`${source.path}: holds no events`);
  const epochDay = Math.floor(getInt64(words, HftField.LOCAL_TS, NO_EPOCH) / NS_PER_DAY);
  const report = new ReadReport(source.path, options.strict);
  const instruments = [instrumentOf(source, options, words, floats, rows)];
  let isL3 = false;
  for (let i = 0; i < rows; i++) isL3 ||= (words[i * WORDS * 2]! & 0xff) >= HftKind.ADD_ORDER;
  return {
    format: start.headerBytes > 0 ? 'hftbacktest' : 'hft-bin',
    epochDay,
    instruments,
    report,
    isL3,
    batches: () => batchesOf(source, start, new HftDecoder(instruments[0]!, epochDay, report)),
  };
}

async function* batchesOf(
  source: Source,
  start: HftStart,
  decoder: HftDecoder,
): AsyncGenerator<EventBatch, void, undefined> {
  const block = new Uint8Array(BLOCK_ROWS * ROW_BYTES);
  const words = new Int32Array(block.buffer);
  const floats = new Float64Array(block.buffer);
  let batch = new EventBatch();
  let skip = start.headerBytes;
  let held = 0;
  let rows = 0;
  for await (const chunk of source.chunks()) {
    let from = Math.min(skip, chunk.length);
    skip -= from;
    while (from < chunk.length) {
      const length = Math.min(block.length - held, chunk.length - from);
      block.set(chunk.subarray(from, from + length), held);
      from += length;
      held += length;
      const whole = Math.floor(held / ROW_BYTES);
      for (let i = 0; i < whole; i++) {
        const room = decoder.room;
        if (batch.length + room > batch.capacity) {
          const open = takeOpenRecord(batch);
          if (batch.length > 0) yield batch;
          batch.clear();
          if (room >= batch.capacity) batch = new EventBatch(2 * room);
          if (open !== undefined) putRecord(batch, open);
        }
        decoder.decode(words, floats, i * WORDS, batch);
      }
      rows += whole;
      block.copyWithin(0, whole * ROW_BYTES, held);
      held -= whole * ROW_BYTES;
    }
  }
  if (held > 0)
    throw new InputError(`${source.path}: ends within record ${rows + 1}, after ${held} of ${ROW_BYTES} bytes`);
  if (rows < start.rows) throw new InputError(`${source.path}: ends after ${rows} records, expected ${start.rows}`);
  if (rows > start.rows) throw new InputError(`${source.path}: holds ${rows} records, its header says ${start.rows}`);
  decoder.finish(batch);
  if (batch.length > 0) yield batch;
}

/** Whole records of the head behind the header, aligned. */
function wordsOf(head: Uint8Array, headerBytes: number): { words: Int32Array; floats: Float64Array; rows: number } {
  const rows = Math.max(0, Math.floor((head.length - headerBytes) / ROW_BYTES));
  const { buffer } = head.slice(headerBytes, headerBytes + rows * ROW_BYTES);
  return { words: new Int32Array(buffer), floats: new Float64Array(buffer), rows };
}

function isPlausible(words: Int32Array, at: number): boolean {
  const ev = words[at * 2]!;
  const kind = ev & 0xff;
  const isKnown =
    (kind >= HftKind.DEPTH && kind <= HftKind.DEPTH_BBO) || (kind >= HftKind.ADD_ORDER && kind <= HftKind.FILL);
  const isSeen = (ev & (HftFlag.EXCH | HftFlag.LOCAL)) !== 0;
  const hasNoOther = (ev & 0x0fff_ff00) === 0 && words[at * 2 + 1] === 0;
  const day = getInt64(words, at + HftField.LOCAL_TS, NO_EPOCH) / NS_PER_DAY;
  return isKnown && isSeen && hasNoOther && day > 0 && day < 100_000;
}

function instrumentOf(
  source: Source,
  options: OpenOptions,
  words: Int32Array,
  floats: Float64Array,
  rows: number,
): Instrument {
  const prices: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < rows; i++) {
    const kind = words[i * WORDS * 2]! & 0xff;
    if (kind === HftKind.DEPTH_CLEAR || kind === HftKind.CANCEL_ORDER) continue;
    prices.push(floats[i * WORDS + HftField.PX]!);
    sizes.push(floats[i * WORDS + HftField.QTY]!);
  }
  // The arrays name neither venue nor symbol; an archive's entry is always called data.npy.
  const symbol = basename(source.path).replace(/(\.(npz|npy|bin|gz|zst|xz))+$/i, '');
  return guessStepInstrument('unknown', symbol, options, () => ({
    tick: stepOfValues(prices),
    lot: stepOfValues(sizes),
  }));
}
