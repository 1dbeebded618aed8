/** Puts snapshots into the store of the folder it is given until it is killed, and says which are there. */
import { SnapshotStore } from '../snapshots.ts';
import { encodeSnapshot } from '../snapshot-format.ts';
import { sampleSnapshot } from './sample-snapshot.ts';

const store = new SnapshotStore(process.argv[2]!);
for (let sequence = Number(process.argv[3]); ; sequence++) {
  await store.put(sequence, encodeSnapshot(sampleSnapshot(sequence)));
  process.stdout.write(`${sequence}\n`);
  if (sequence % 10 === 0) await store.prune(20);
}
