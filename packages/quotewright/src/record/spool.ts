/**
 * Normalised records on their way to Parquet, which cannot be read before its end is written: they stand in a file of frames meanwhile, of
 * which nothing is lost but the last second when the process is killed. The first frame says what they are; the others are records.
 */
import { rename, rm } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  EVENT_STRIDE,
  EventBatch,
  EventFlag,
  EventKind,
  Field,
  headInstrument,
  headKind,
  packHead,
} from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { z } from 'zod';
import { parseJson } from '../data/json.ts';
import { PartitionWriter } from '../data/parquet/partitions.ts';
import { GROWING } from './frame-file.ts';
import { frameContents } from './whole-frames.ts';

export const SPOOL = '.spool';

const headSchema = z.object({
  epochDay: z.int(),
  isL3: z.boolean(),
  firstRow: z.number().int().nonnegative(),
  /** When it begins, nanoseconds since the epoch day. */
  startNs: z.number(),
  instruments: z.array(
    z.looseObject({
      venue: z.string(),
      symbol: z.string(),
      base: z.string(),
      quote: z.string(),
      tick: z.string(),
      lot: z.string(),
      contract: z.enum(['spot', 'linear', 'inverse']),
    }),
  ),
});
export type SpoolHead = z.output<typeof headSchema>;

const { HEAD, VENUE_NS, LOCAL_NS } = Field;

export interface Sealed {
  readonly rows: number;
  /** Parquet files. */
  readonly files: readonly string[];
}

/** False when another program, or another version of this one, has written it. One in which nothing stands yet is one. */
export function isSpool(path: string): boolean {
  for (const content of frameContents(path)) return spoolStart(content) !== undefined;
  return true;
}

/** What the first frame of a spool says; undefined when it is none. */
function spoolStart(content: Buffer) {
  const { success, data } = headSchema.safeParse(parseJson(content.toString()));
  if (!success) return undefined;
  const { epochDay, isL3, firstRow, startNs, instruments } = data;
  try {
    return {
      firstRow,
      startNs,
      recording: { epochDay, isL3, instruments: instruments.map((spec) => new Instrument(spec)) },
    };
  } catch {
    return undefined;
  }
}

/**
 * Turns a spool into Parquet in the partitions of a folder, and removes it. May be done again after it was interrupted.
 * @param isTorn its writer was killed: what came afterwards is missing, and each book that stood is ended by a GAP; one that the spool does
 *   not mention may stand from the one before
 */
export async function sealSpool(path: string, folder: string, isTorn: boolean): Promise<Sealed> {
  let writer: PartitionWriter | undefined;
  let rows = 0;
  const part = basename(path).replace(GROWING, '').replace(SPOOL, '');
  const fileName = `events-${part}.parquet`;
  let lastNs = Number.NaN;
  const standing = new Set<number>();
  for (const content of frameContents(path)) {
    if (writer === undefined) {
      const start = spoolStart(content);
      if (start === undefined) throw new Error(`${path}: is no spool of this version of the program`);
      lastNs = start.startNs;
      for (const index of start.recording.instruments.keys()) standing.add(index);
      writer = new PartitionWriter(folder, start.recording, fileName + GROWING, start.firstRow);
      continue;
    }
    const records = recordsOf(content);
    const count = records.length / EVENT_STRIDE;
    await writeAll(writer, records);
    rows += count;
    for (let at = 0; at < records.length; at += EVENT_STRIDE) {
      noteRecord(standing, records[at + HEAD]!);
      lastNs = records[at + LOCAL_NS]!;
    }
  }
  if (writer !== undefined) {
    const ends = isTorn ? gapRecords(standing, lastNs) : new Float64Array(0);
    await writeAll(writer, ends);
    rows += ends.length / EVENT_STRIDE;
    await writer.finish();
  }
  const files: string[] = [];
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (basename(name) !== fileName + GROWING) continue;
    const to = join(folder, name.slice(0, -GROWING.length));
    await rename(join(folder, name), to);
    files.push(to);
  }
  await rm(path, { force: true });
  return { rows, files };
}

function recordsOf(content: Buffer): Float64Array {
  const records = new Float64Array(content.length / Float64Array.BYTES_PER_ELEMENT);
  Buffer.from(records.buffer).set(content);
  return records;
}

async function writeAll(writer: PartitionWriter, records: Float64Array): Promise<void> {
  const batch = new EventBatch();
  for (let from = 0; from < records.length;) {
    const size = Math.min(records.length - from, batch.data.length);
    batch.data.set(records.subarray(from, from + size));
    batch.length = size / EVENT_STRIDE;
    await writer.write(batch);
    from += size;
  }
}

/** Keeps which instruments may have a book that stands. */
function noteRecord(standing: Set<number>, head: number): void {
  const kind = headKind(head);
  if (kind === EventKind.GAP) standing.delete(headInstrument(head));
  else if (kind === EventKind.SNAPSHOT_END || kind === EventKind.LEVEL) standing.add(headInstrument(head));
}

function gapRecords(standing: ReadonlySet<number>, localNs: number): Float64Array {
  const records = new Float64Array(standing.size * EVENT_STRIDE);
  let at = 0;
  for (const index of standing) {
    records[at + HEAD] = packHead(EventKind.GAP, EventFlag.LAST, index);
    records[at + VENUE_NS] = Number.NaN;
    records[at + LOCAL_NS] = localNs;
    at += EVENT_STRIDE;
  }
  return records;
}
