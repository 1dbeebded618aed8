/** For tests: a process whose disk (the folder's, small) fills up with snapshots. It says as JSON what became of them. */
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { reasonOf } from '../../data/reason.ts';
import { SnapshotStore } from '../snapshots.ts';

const store = new SnapshotStore(process.argv[2]!);
const failures: string[] = [];
for (let sequence = 0; sequence < 20; sequence++) {
  try {
    await store.put(sequence, randomBytes(100_000));
  } catch (error) {
    failures.push(reasonOf(error));
  }
}
// Rejections that nobody has caught end the process by now.
await setTimeout(50);
const kept = store.list().length;
await store.close();
process.stdout.write(`${JSON.stringify({ failures, kept })}\n`);
