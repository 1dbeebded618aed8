/** Converts a recording into another format. The output appears under its name only when it is complete. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventBatch } from '@quotewright/core/market/event';
import { writeNpy, writeNpz } from './hft/write.ts';
import { PartitionWriter } from './parquet/partitions.ts';
import type { Recording } from './recording.ts';
import { InputError } from './report.ts';
import { writeTardisBook, writeTardisTrades } from './tardis/write.ts';

/** Writes a recording to a path and answers notes on what the format could not hold. */
type Writer = (recording: Recording, path: string) => Promise<string[]>;

/** By the name that `--to` takes. */
export const WRITERS: Readonly<Record<string, { readonly description: string; readonly write: Writer }>> = {
  parquet: { description: 'a directory venue=…/symbol=…/date=…/events.parquet', write: writeParquet },
  npz: { description: 'hftbacktest event array, compressed', write: writeNpz },
  npy: { description: 'hftbacktest event array', write: writeNpy },
  'tardis-book': { description: 'Tardis CSV incremental_book_L2', write: writeTardisBook },
  'tardis-trades': { description: 'Tardis CSV trades', write: writeTardisTrades },
};

export interface Conversion {
  readonly events: number;
  readonly notes: readonly string[];
}

/**
 * @param seen is called with every batch before it is written.
 * @throws InputError when the target exists and `force` is false, when the format is unknown, or when the disk refuses.
 */
export async function convert(
  recording: Recording,
  path: string,
  to: string,
  force: boolean,
  seen: (batch: EventBatch) => void,
): Promise<Conversion> {
  const writer = Object.hasOwn(WRITERS, to) ? WRITERS[to] : undefined;
  if (writer === undefined) {
    throw new InputError(`--to: found '${to}', expected one of ${Object.keys(WRITERS).join(', ')}`);
  }
  if (existsSync(path) && !force) throw new InputError(`${path}: exists already; --force replaces it`);
  // Work happens in a directory beside the target, which goes away in any case, also when the process is told to end.
  const workplace = `${path}.${process.pid}.part`;
  const cleanUp = (): void => rmSync(workplace, { recursive: true, force: true });
  let events = 0;
  const counted: Recording = {
    format: recording.format,
    epochDay: recording.epochDay,
    instruments: recording.instruments,
    report: recording.report,
    isL3: recording.isL3,
    async *batches() {
      for await (const batch of recording.batches()) {
        events += batch.length;
        seen(batch);
        yield batch;
      }
    },
  };
  process.once('exit', cleanUp);
  try {
    mkdirSync(workplace);
    const temporary = join(workplace, 'out');
    const notes = await writer.write(counted, temporary);
    if (events === 0) throw new InputError(`the recording holds no events, so ${path} was not written`);
    if (force) await rm(path, { recursive: true, force: true });
    await rename(temporary, path);
    return { events, notes };
  } catch (error) {
    throw isFileError(error) ? new InputError(`${path}: cannot be written: ${error.message}`) : error;
  } finally {
    cleanUp();
    process.off('exit', cleanUp);
  }
}

async function writeParquet(recording: Recording, path: string): Promise<string[]> {
  const writer = new PartitionWriter(path, recording);
  for await (const batch of recording.batches()) await writer.write(batch);
  await writer.finish();
  return [];
}

/** The file system's own errors, as against ours and bugs. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}
