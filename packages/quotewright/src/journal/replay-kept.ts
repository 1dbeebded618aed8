/** Replays all that a journal still holds: from its first record, or from the oldest snapshot when the records before were removed. */
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { absentText, readJournal } from './reader.ts';
import { type ReplayOptions, type Replayed, replayJournal } from './replay.ts';
import type { Snapshot } from './snapshot-format.ts';
import { SnapshotStore } from './snapshots.ts';

type KeptOptions = Omit<ReplayOptions, 'snapshot'>;

/** @throws InputError when there is no journal, its session cannot be built again, or nothing says where it stood at the first record */
export async function replayKept(dir: string, options: KeptOptions = {}): Promise<Replayed> {
  const { first } = readJournal(dir);
  return first === 0 ? replayJournal(dir, options) : replayFrom(dir, await oldestSnapshot(dir), options);
}

/** Replays what comes after a snapshot. @throws InputError also when the engine does not take it */
export async function replayFrom(dir: string, snapshot: Snapshot, options: KeptOptions = {}): Promise<Replayed> {
  try {
    return await replayJournal(dir, { ...options, snapshot });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InputError(`${dir}: the snapshot of record ${snapshot.sequence} cannot be used: ${reasonOf(error)}`);
  }
}

/** The oldest sound snapshot behind which the journal is there. @throws InputError when there is none */
export async function oldestSnapshot(dir: string): Promise<Snapshot> {
  const { first } = readJournal(dir);
  const store = new SnapshotStore(dir, true);
  try {
    const snapshot = store.oldestFrom(first);
    if (snapshot !== undefined) return snapshot;
    const before = first === 0 ? '' : `, and ${absentText(first)}: restore a backup`;
    throw new InputError(`${dir}: found no sound snapshot${before}`);
  } finally {
    await store.close();
  }
}
