/**
 * Compacts the journal of a session that does not run: segments before its oldest sound snapshot are removed. Before that the records
 * behind it are replayed from it to the end, so that nothing goes that a recovery would need.
 */
import { statSync } from 'node:fs';
import { AuditLog } from '../audit/audit-log.ts';
import { InputError } from '../data/report.ts';
import { openJournal } from './journal.ts';
import { Lease } from './lease.ts';
import { readJournal } from './reader.ts';
import { sessionIn } from './recovery.ts';
import { oldestSnapshot, replayFrom } from './replay-kept.ts';
import type { Replayed } from './replay.ts';
import { superfluousSegments } from './retention.ts';
import type { Snapshot } from './snapshot-format.ts';
import { verifyJournal } from './verify.ts';

export interface Compaction {
  /** Files that are gone, and their bytes. */
  readonly removed: readonly string[];
  readonly bytes: number;
  /** Records in the snapshot from which everything that is kept can be replayed. */
  readonly snapshot: number;
  /** Records of the session. */
  readonly sequence: number;
}

/** @throws InputError when the session runs, or something is not as it has to be; then nothing was removed */
export async function compactJournal(dir: string): Promise<Compaction> {
  const header = sessionIn(dir);
  if (header === undefined) throw new InputError(`${dir}: holds no journal of a session`);
  const lease = Lease.acquire(dir);
  try {
    const snapshot = await oldestSnapshot(dir);
    const { sequence } = await checkReplay(dir, snapshot);
    // The last segment says how the session ended.
    const last = readJournal(dir).segments.at(-1)!.segment;
    const { paths, first } = superfluousSegments(dir, snapshot.sequence, last);
    const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
    const outcome = { removed: paths, bytes, snapshot: snapshot.sequence, sequence };
    if (paths.length === 0) return outcome;
    new AuditLog({ dir, role: 'quotewright journal compact' }).note({
      what: 'journal.compact',
      subject: `segments before ${first}`,
      after: { snapshot: snapshot.sequence, segments: paths.length, bytes },
    });
    const journal = await openJournal({ dir, durability: 'batch', header });
    try {
      await journal.retain(snapshot.sequence, first);
    } finally {
      await journal.close();
    }
    return outcome;
  } finally {
    lease.release();
  }
}

/** Replays from a snapshot to the journal's end. @throws InputError when that is not what was */
async function checkReplay(dir: string, snapshot: Snapshot): Promise<Replayed> {
  const { damages, records: held } = verifyJournal(dir);
  // A process that was killed in the middle of a write has left half a frame: nothing that was ever acknowledged.
  const worst = damages.find(({ kind }) => kind !== 'torn-tail' && kind !== 'zero-tail');
  if (worst !== undefined) throw new InputError(`${dir}: is damaged (${worst.text}): nothing was removed`);
  const replayed = await replayFrom(dir, snapshot);
  const { difference, missing, sequence, records } = replayed;
  if (difference !== undefined) {
    throw new InputError(`${dir}: a replay differs at record ${difference.sequence}: nothing was removed`);
  }
  const end = readJournal(dir).first + held;
  if (missing > 0 || sequence !== end) {
    throw new InputError(
      `${dir}: the journal ends at record ${end}, a replay from the snapshot of ${sequence - records} at ${sequence}: nothing was removed`,
    );
  }
  return replayed;
}
