/** Helpers of the readers' tests: recordings from text, random recordings, and what a recording gave. */
import {
  EVENT_STRIDE,
  EventBatch,
  EventFlag,
  EventKind,
  Field,
  headFlags,
  headKind,
} from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import type { Format, OpenOptions, Recording } from '../recording.ts';
import { ReadReport } from '../report.ts';
import type { Source } from '../source.ts';

/** A source over bytes in memory that hands out chunks of the given sizes in turn: readers may not mind where one ends. */
export function memorySource(
  content: Uint8Array | string,
  chunkSizes: readonly number[] = [1 << 20],
  path = 'memory',
): Source {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    path,
    entry: '',
    compressedBytes: bytes.length,
    bytesRead: bytes.length,
    // oxlint-disable-next-line require-await -- the interface is asynchronous
    async *chunks() {
      for (let at = 0, i = 0; at < bytes.length; i++) {
        const size = chunkSizes[i % chunkSizes.length]!;
        yield bytes.slice(at, at + size);
        at += size;
      }
    },
  };
}

export function openText(
  format: Format,
  text: string,
  options: Partial<OpenOptions> = {},
  chunkBytes = 1 << 20,
): Promise<Recording> {
  return format.open(memorySource(text, [chunkBytes]), { strict: false, ...options });
}

/** All records of a recording, copied. */
export async function records(recording: Recording): Promise<Float64Array[]> {
  const found: Float64Array[] = [];
  for await (const { data, length } of recording.batches()) {
    for (let i = 0; i < length; i++) found.push(data.slice(i * EVENT_STRIDE, (i + 1) * EVENT_STRIDE));
  }
  return found;
}

/** Names of event kinds, by kind. */
export const KIND_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(EventKind).map(([name, kind]) => [kind, name]),
);

/** A record in words: `LEVEL buy last 100×5 @venue/local`. */
export function words(record: Float64Array): string {
  const flags = headFlags(record[Field.HEAD]!);
  const parts = [KIND_NAMES.get(headKind(record[Field.HEAD]!)) ?? '?'];
  if ((flags & EventFlag.BUY) !== 0) parts.push('buy');
  if ((flags & EventFlag.SNAPSHOT) !== 0) parts.push('snapshot');
  if ((flags & EventFlag.LAST) !== 0) parts.push('last');
  parts.push(`${record[Field.PRICE_TICKS]}×${record[Field.SIZE_LOTS]}`);
  return parts.join(' ');
}

/** Each event as `KIND side price size #order`, in ticks and lots. */
export async function eventTexts(recording: Recording): Promise<string[]> {
  return (await records(recording)).map((record) => {
    const head = record[Field.HEAD]!;
    const side = (headFlags(head) & EventFlag.BUY) === 0 ? 'sell' : 'buy';
    const [price, size, id] = [record[Field.PRICE_TICKS], record[Field.SIZE_LOTS], record[Field.ORDER_ID]];
    return `${KIND_NAMES.get(headKind(head))} ${side} ${price} ${size} #${id}`;
  });
}

/** Reads a recording to its end; answers the number of events. */
export async function drain(recording: Recording): Promise<number> {
  let events = 0;
  for await (const batch of recording.batches()) events += batch.length;
  return events;
}

/** The kinds of bad rows of a report, each with its count and first line. */
export function badKinds(recording: Recording): Record<string, string> {
  return Object.fromEntries(
    [...recording.report.bad].map(([kind, { count, firstLine }]) => [kind, `${count} from line ${firstLine}`]),
  );
}

/** A small generator of numbers that repeats: mulberry32. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const testInstrument = (symbol = 'BTC-USD', tick = '0.05', lot = '0.001'): Instrument =>
  new Instrument({ venue: 'test', symbol, base: 'BTC', quote: 'USD', tick, lot, contract: 'spot' });

/** A recording of the given records, in batches of `batchRows`. */
export function recordingOf(
  events: readonly Float64Array[],
  instruments: Instrument[],
  epochDay: number,
  isL3 = false,
  batchRows = 1000,
): Recording {
  return {
    format: 'test',
    epochDay,
    instruments,
    report: new ReadReport('test', false),
    isL3,
    // oxlint-disable-next-line require-await -- the interface is asynchronous
    async *batches() {
      const batch = new EventBatch(batchRows);
      for (const event of events) {
        batch.data.set(event, batch.length++ * EVENT_STRIDE);
        if (!batch.isFull) continue;
        yield batch;
        batch.clear();
      }
      if (batch.length > 0) yield batch;
    },
  };
}
