/** For tests: journals whose every frame is known, written without a thread. */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@quotewright/core/base/random';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import { HEADER_BYTES, RECORD_BYTES } from '../format.ts';
import { SegmentWriter } from '../segment-writer.ts';
import type { SessionHeader } from '../session-header.ts';

export const SAMPLE_HEADER: SessionHeader = {
  program: { name: 'quotewright', version: '0.0.0' },
  startedMs: 1_760_000_000_000,
  mode: 'simulation',
  epochDay: 20_000,
  seed: 7,
  instruments: [
    { venue: 'sim', symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', tick: '0.10', lot: '0.001', contract: 'spot' },
    { venue: 'sim', symbol: 'ETH-USDT', base: 'ETH', quote: 'USDT', tick: '0.01', lot: '0.01', contract: 'spot' },
  ],
  isL3: [false, false],
  venueOf: [0, 0],
  strategies: [{ strategy: 'avellaneda-stoikov', params: { size: 0.01 } }],
  mark: 0,
  cash: { USDT: '10000' },
  quoter: {},
  risk: null,
  config: {},
};

/** One frame of a sample: bytes `[offset, end)` of its file. */
export interface SampleFrame {
  readonly file: string;
  readonly offset: number;
  readonly end: number;
  /** Records before it, and in it. */
  readonly sequence: number;
  readonly count: number;
}

/** What record number `sequence` holds in every sample: a word that depends on nothing else in each field. */
export function sampleWord(sequence: number, field: number): number {
  if (field === Field.HEAD) return 48;
  if (field === Field.SEQ) return sequence;
  return Math.imul(sequence * EVENT_STRIDE + field + 1, 0x9e3779b1) / 1024;
}

/** Fills `count` records from word `at` on. */
export function fillRecords(data: Float64Array, at: number, sequence: number, count: number): void {
  for (let i = 0; i < count * EVENT_STRIDE; i++) {
    data[at + i] = sampleWord(sequence + Math.floor(i / EVENT_STRIDE), i % EVENT_STRIDE);
  }
}

export interface SampleOptions {
  readonly frames: number;
  /** Records in a frame: 1 up to this. */
  readonly maxRecords?: number;
  readonly segmentBytes?: number;
  readonly journal?: string;
  readonly seed?: number;
  /** One frame in so many is a mark. Default: 5. */
  readonly markEvery?: number;
}

/** Writes a journal and answers its frames of records and marks, oldest first. */
export function writeSample(dir: string, options: SampleOptions): SampleFrame[] {
  const {
    frames,
    maxRecords = 4,
    segmentBytes = 2048,
    journal = '0123456789abcdef',
    seed = 1,
    markEvery = 5,
  } = options;
  mkdirSync(dir, { recursive: true });
  const random = Random.stream(seed, 'sample journal');
  const writer = new SegmentWriter({
    dir,
    journal,
    segment: 1,
    sequence: 0,
    header: JSON.stringify(SAMPLE_HEADER),
    segmentBytes,
    isDurable: false,
  });
  writer.open();
  const found: SampleFrame[] = [];
  for (let i = 0; i < frames; i++) {
    const sequence = writer.sequence;
    const count = i % markEvery === markEvery - 1 ? 0 : 1 + random.below(maxRecords);
    if (count === 0) writer.mark(JSON.stringify({ type: 'sample', at: sequence }));
    else {
      const frame = new Uint8Array(HEADER_BYTES + count * RECORD_BYTES);
      fillRecords(new Float64Array(frame.buffer), EVENT_STRIDE, sequence, count);
      writer.records(frame, count);
    }
    const file = newestFile(dir);
    const end = statSync(file).size;
    const length = count === 0 ? HEADER_BYTES + 64 : HEADER_BYTES + count * RECORD_BYTES;
    found.push({ file, offset: end - length, end, sequence, count });
  }
  writer.close();
  return found;
}

function newestFile(dir: string): string {
  return join(dir, readdirSync(dir).toSorted().at(-1)!);
}

/** Sequences of the records that a reader gave, and those of them that were not what was written. */
export function checkRecords(data: Float64Array, sequence: number, count: number, found: Set<number>): number {
  let wrong = 0;
  for (let i = 0; i < count; i++) {
    if (found.has(sequence + i)) wrong++;
    found.add(sequence + i);
    for (let field = 0; field < EVENT_STRIDE; field++) {
      if (data[i * EVENT_STRIDE + field] !== sampleWord(sequence + i, field)) wrong++;
    }
  }
  return wrong;
}
