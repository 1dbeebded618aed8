/** What a journal holds. All of it is read for that, so it is done on a thread of its own, one journal at a time. */
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../../data/reason.ts';
import type { SessionDetail, StoredSession } from '../protocol/research.ts';

export type JournalDetail = Omit<SessionDetail, keyof StoredSession>;
export type DetailAnswer = { readonly detail: JournalDetail } | { readonly failure: string };

export class JournalDetails {
  #last: Promise<unknown> = Promise.resolve();

  /** @throws Error whose message is one line */
  async of(path: string): Promise<JournalDetail> {
    const mine = this.#last.then(() => read(path));
    this.#last = mine.catch(() => undefined);
    const answer = await mine;
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.detail;
  }
}

async function read(path: string): Promise<DetailAnswer> {
  const isSource = import.meta.url.endsWith('.ts');
  const url = new URL(isSource ? './journal-detail-worker.ts' : './journal-detail-worker.js', import.meta.url);
  const worker = new Worker(url, {
    workerData: path,
    name: 'journal',
    ...(isSource ? { execArgv: ['--conditions', 'source'] } : {}),
  });
  worker.unref();
  try {
    return await new Promise<DetailAnswer>((resolve) => {
      worker.once('message', resolve);
      worker.once('error', (error) => resolve({ failure: reasonOf(error) }));
      worker.once('exit', () => resolve({ failure: 'the thread that reads it has ended' }));
    });
  } finally {
    await worker.terminate();
  }
}
