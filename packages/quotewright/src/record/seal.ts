/** Has a spool turned into Parquet on another thread. */
import { Worker } from 'node:worker_threads';
import type { Sealed } from './spool.ts';

/** @throws what goes wrong there, as of a full disk */
export async function seal(path: string, folder: string, isTorn: boolean): Promise<Sealed> {
  const isSource = import.meta.url.endsWith('.ts');
  const worker = new Worker(new URL(isSource ? './seal-worker.ts' : './seal-worker.js', import.meta.url), {
    workerData: { path, folder, isTorn },
    name: 'seal',
    ...(isSource ? { execArgv: ['--conditions', 'source'] } : {}),
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that writes Parquet has ended with code ${code}`)));
  });
}
