/** Fetches files of an archive, several at a time. One that cannot be had does not stop the others. */
import { join } from 'node:path';
import { reasonOf } from '../data/reason.ts';
import type { ArchiveFile } from './archive.ts';
import { type FetchOptions, type Fetched, fetchFile } from './fetch-file.ts';

export interface DownloadOptions extends Omit<FetchOptions, 'progress'> {
  readonly out: string;
  readonly parallel: number;
  readonly progress?: (file: ArchiveFile, done: number, total: number) => void;
  /** A file is done with; `failure` is empty unless it could not be had. */
  readonly ended?: (file: ArchiveFile, how: Fetched | 'failed', failure: string) => void;
}

export type DownloadCounts = Record<Fetched | 'failed', number>;

export async function download(files: readonly ArchiveFile[], options: DownloadOptions): Promise<DownloadCounts> {
  const { out, parallel, progress, ended, ...bounds } = options;
  const counts: DownloadCounts = { fetched: 0, already: 0, absent: 0, failed: 0 };
  const left = [...files];
  const isStopped = (): boolean => bounds.signal?.aborted === true;
  const work = async (): Promise<void> => {
    for (let file = left.shift(); file !== undefined && !isStopped(); file = left.shift()) {
      const current = file;
      let how: Fetched | 'failed' = 'failed';
      let failure = '';
      try {
        how = await fetchFile(current, join(out, current.path), {
          ...bounds,
          progress: (done, total) => progress?.(current, done, total),
        });
      } catch (error) {
        failure = isStopped() ? 'interrupted; the same command goes on with it' : reasonOf(error);
      }
      counts[how]++;
      ended?.(current, how, failure);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return counts;
}
