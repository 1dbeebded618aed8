/** What a journal holds. All of it is read for that, so it is done on a thread of its own, one journal at a time. */
import { Worker } from 'node:worker_threads';
import { reasonOf } from '../../data/reason.ts';
import type { SessionDetail, StoredSession } from '../protocol/research.ts';

export type JournalDetail = Omit<SessionDetail, keyof StoredSession>;
export type DetailAnswer = { readonly detail: JournalDetail } | { readonly failure: string };

export class JournalDetails {
  readonly #read: (path: string) => Promise<DetailAnswer>;
  #last: Promise<unknown> = Promise.resolve();
  /** Those that wait or are read: whoever asks for one of them meanwhile gets the same answer. */
  readonly #open = new Map<string, Promise<DetailAnswer>>();

  constructor(read = readJournalDetail) {
    this.#read = read;
  }

  /** @throws Error whose message is one line */
  async of(path: string): Promise<JournalDetail> {
    let mine = this.#open.get(path);
    if (mine === undefined) {
      mine = this.#last.then(() => this.#read(path)).finally(() => this.#open.delete(path));
      this.#open.set(path, mine);
      this.#last = mine.catch(() => undefined);
    }
    const answer = await mine;
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.detail;
  }
}

async function readJournalDetail(path: string): Promise<DetailAnswer> {
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
