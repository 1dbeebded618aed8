/** A progress bar for the command line while a recording is read. */
import type { EventBatch } from '@quotewright/core/market/event';
import { Presets, SingleBar } from 'cli-progress';
import type { Opened } from '../data/open.ts';

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
