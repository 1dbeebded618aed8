/** The thread that reads one journal for `JournalDetails`. */
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '../../data/reason.ts';
import { kindName } from '../../journal/record-names.ts';
import { journalStats } from '../../journal/stats.ts';
import { marketMsOrNull } from '../views/market-time.ts';
import type { DetailAnswer, JournalDetail } from './journal-detail.ts';

function detailOf(path: string): JournalDetail {
  const { records, marks, segments, kinds, sessions, damages } = journalStats(path);
  const filled = sessions.filter((session) => session.records > 0);
  const first = filled[0];
  const last = filled.at(-1);
  return {
    records,
    marks,
    segments,
    kinds: Object.fromEntries([...kinds].map(([kind, count]) => [kindName(kind).toUpperCase(), count])),
    fromMs: first === undefined ? null : marketMsOrNull(first.header.epochDay, first.firstNs),
    toMs: last === undefined ? null : marketMsOrNull(last.header.epochDay, last.lastNs),
    parts: sessions.length,
    damages,
  };
}

function answer(path: string): DetailAnswer {
  try {
    return { detail: detailOf(path) };
  } catch (error) {
    return { failure: reasonOf(error).replaceAll(`${path}: `, '') };
  }
}

// oxlint-disable-next-line require-post-message-target-origin -- a thread, no window
parentPort!.postMessage(answer(String(workerData)));
