/**
 * Opens a recording, of whatever kind, and tells how far the reading is: a file of any format, a directory of partitions
 * or of raw files, or a journal.
 */
import { stat } from 'node:fs/promises';
import { openJournalRecording } from '../journal/recording.ts';
import { findFormat } from './formats.ts';
import { openPartitions } from './parquet/read.ts';
import type { OpenOptions, Recording } from './recording.ts';
import { openSource } from './source.ts';
import { openFrames, openRawFolder } from './wire/format.ts';

export interface Opened {
  readonly recording: Recording;
  /** Bytes on disk, 0 for a directory. */
  readonly bytes: number;
  /** Bytes of them read so far. */
  readonly bytesRead: () => number;
}

/** @throws InputError when it cannot be opened. */
export async function openWithProgress(
  path: string,
  format: string | undefined,
  options: OpenOptions,
): Promise<Opened> {
  // A path that cannot be looked at is left to `openSource`, which says why.
  const isDirectory = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isDirectory) {
    const journal = openJournalRecording(path, options);
    if (journal !== undefined) return { recording: journal, bytes: journal.bytes, bytesRead: () => journal.bytesRead };
    const raw = await openRawFolder(path);
    if (raw !== undefined) {
      const recording = await openFrames(raw, options);
      return { recording, bytes: raw.compressedBytes, bytesRead: () => raw.bytesRead };
    }
    return { recording: await openPartitions(path, options), bytes: 0, bytesRead: () => 0 };
  }
  // Only one format knows what to do with a mapping.
  const chosen = await findFormat(path, format ?? (options.mapping === undefined ? undefined : 'wide-csv'));
  const source = await openSource(path);
  const recording = await chosen.open(source, options);
  return { recording, bytes: source.compressedBytes, bytesRead: () => source.bytesRead };
}
