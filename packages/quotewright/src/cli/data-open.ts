/** Opens a recording for the command line: a file of any format or a directory of partitions, with a progress bar. */
import { stat } from 'node:fs/promises';
import type { EventBatch } from '@quotewright/core/market/event';
import { Presets, SingleBar } from 'cli-progress';
import { findFormat } from '../data/formats.ts';
import { openPartitions } from '../data/parquet/read.ts';
import type { OpenOptions, Recording } from '../data/recording.ts';
import { openSource } from '../data/source.ts';

export interface Opened {
  readonly recording: Recording;
  /** Bytes on disk, 0 for a directory. */
  readonly bytes: number;
  /** Bytes of them read so far. */
  readonly bytesRead: () => number;
}

/** @throws InputError when it cannot be opened. */
export async function openForCommand(path: string, format: string | undefined, options: OpenOptions): Promise<Opened> {
  // A path that cannot be looked at is left to `openSource`, which says why.
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isDirectory) {
    return { recording: await openPartitions(path, options), bytes: 0, bytesRead: () => 0 };
  }
  // Only one format knows what to do with a mapping.
  const chosen = await findFormat(path, format ?? (options.mapping === undefined ? undefined : 'wide-csv'));
  const source = await openSource(path);
  const recording = await chosen.open(source, options);
  return { recording, bytes: source.compressedBytes, bytesRead: () => source.bytesRead };
}

const MIB = 1024 * 1024;
/** Work on less than this is over before a bar could be read. */
const LONG_WORK_BYTES = 16 * MIB;
const BATCHES_PER_LOOK = 256;
const BAR_WIDTH = 36;

/**
 * Does work that calls `seen` with every batch. Long work shows a bar on stderr when that is a terminal; the bar is gone
 * when the work ends, however it ends (its timer would keep the process alive).
 */
export async function withProgress<T>(
  opened: Opened,
  work: (seen: (batch: EventBatch) => void) => Promise<T>,
): Promise<T> {
  const { bytes, bytesRead } = opened;
  if (!process.stderr.isTTY || bytes < LONG_WORK_BYTES) return work(() => {});
  const format = '{bar} {percentage} % of {size} MiB, {eta_formatted} left';
  const bar = new SingleBar(
    { format, stream: process.stderr, clearOnComplete: true, hideCursor: true, barsize: BAR_WIDTH },
    Presets.shades_classic,
  );
  const stop = (): void => bar.stop();
  process.once('exit', stop);
  bar.start(bytes, 0, { size: Math.ceil(bytes / MIB) });
  let batches = 0;
  try {
    return await work(() => {
      if (++batches % BATCHES_PER_LOOK === 0) bar.update(bytesRead());
    });
  } finally {
    bar.stop();
    process.off('exit', stop);
  }
}
