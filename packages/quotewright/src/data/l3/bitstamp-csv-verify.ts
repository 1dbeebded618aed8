/** Checks an orders CSV against the log of the same stream beside it: both must tell the book the same, event by event. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EVENT_STRIDE, EventKind, Field, headKind } from '@quotewright/core/market/event';
import type { EventBatch } from '@quotewright/core/market/event';
import type { OpenOptions, Recording } from '../recording.ts';
import { InputError } from '../report.ts';
import { openSource, readHead } from '../source.ts';
import { newCheck, record, recordExplained } from '../verdict.ts';
import type { Verdict } from '../verdict.ts';
import { bitstampCsvFormat } from './bitstamp-csv.ts';
import { bitstampLogFormat } from './bitstamp-log.ts';

/** What whoever made such a CSV did: `floor(amount × 1e8)` in floating point, which falls one short for some amounts. */
const CUT_OFF = 'the volume is one satoshi short: floating-point amount × 1e8, cut off, gives just that';

export async function verifyBitstampCsv(path: string, options: OpenOptions): Promise<Verdict> {
  const logPath = await logBeside(path);
  if (logPath === undefined) {
    throw new InputError(`${path}: no truth to check against (a Bitstamp log of the same orders beside it)`);
  }
  const recording = await bitstampCsvFormat.open(await openSource(path), options);
  const log = await bitstampLogFormat.open(await openSource(logPath), options);
  const check = newCheck('order events: the same ones, in order, as in the log beside it');
  const truth = orderEvents(log);
  try {
    for await (const ours of orderEvents(recording)) {
      const { value } = await truth.next();
      const theirs = value ?? undefined;
      const differing = theirs === undefined ? [-1] : differences(ours, theirs);
      const size = theirs?.[Field.SIZE_LOTS] ?? Number.NaN;
      const isSizeOnly = differing.length === 1 && differing[0] === Field.SIZE_LOTS;
      if (isSizeOnly && ours[Field.SIZE_LOTS] === Math.trunc((size / 1e8) * 1e8)) {
        recordExplained(check, CUT_OFF);
        continue;
      }
      const matched = differing.length === 0;
      record(check, matched, () => `event ${check.made}: CSV ${String(ours)}, log ${String(theirs)}`);
    }
    for await (const left of truth) record(check, false, () => `the log goes on with ${String(left)}`);
  } finally {
    await truth.return();
  }
  const notes = [`the log is ${basename(logPath)}; check its own book against its snapshots with \`book verify\` too`];
  return { format: recording.format, path, checks: [check], notes, report: recording.report };
}

/** The fields of each order event; prints are left out, the CSV has none. The head is the same but for the batch. */
async function* orderEvents(recording: Recording): AsyncGenerator<readonly number[], void, undefined> {
  for await (const batch of recording.batches()) {
    for (let i = 0; i < batch.length; i++) {
      if (headKind(batch.data[i * EVENT_STRIDE + Field.HEAD]!) !== EventKind.TRADE) yield fieldsOf(batch, i);
    }
  }
}

/** The fields in which two records differ. */
function differences(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.flatMap((field, i) => (Object.is(field, theirs[i]) ? [] : [i]));
}

function fieldsOf(batch: EventBatch, index: number): readonly number[] {
  return Array.from(batch.data.subarray(index * EVENT_STRIDE, (index + 1) * EVENT_STRIDE));
}

async function logBeside(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  for (const name of (await readdir(folder)).toSorted()) {
    if (!/\.log(\.[a-z0-9]+)?$/.test(name)) continue;
    const candidate = join(folder, name);
    try {
      if (bitstampLogFormat.recognise(await readHead(candidate)) === 1) return candidate;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  return undefined;
}
