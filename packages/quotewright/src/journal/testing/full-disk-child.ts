/** For tests: a process whose disk (the folder's, small) is full for a while. It says as JSON what its journal did. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { openJournal } from '../journal.ts';
import { SAMPLE_HEADER, fillRecords } from './sample-journal.ts';

const [disk = ''] = process.argv.slice(2);
const record = new Float64Array(EVENT_STRIDE);
const ballast = join(disk, 'ballast');
const journal = await openJournal({ dir: join(disk, 'journal'), durability: 'batch', header: SAMPLE_HEADER });

function append(count: number): void {
  for (let i = 0; i < count; i++) {
    fillRecords(record, 0, journal.appended, 1);
    journal.append(record, 0);
  }
}

append(100);
await journal.flush();
try {
  writeFileSync(ballast, Buffer.alloc(1 << 20));
} catch {
  // What could be written fills the disk.
}
append(5000);
while (journal.failure === '') await pause(1);
const { failure, committed } = journal;
append(100);
rmSync(ballast);
await journal.flush();
process.stdout.write(
  `${JSON.stringify({ failure, committed, after: journal.failure, safe: journal.committed, given: journal.appended })}\n`,
);
await journal.close();
