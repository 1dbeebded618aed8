/**
 * For tests: a process that writes a journal until it fails or is killed. Arguments: folder, durability, records per burst. After every
 * burst it says on a line how many records are safe; at a failure it says so as JSON and ends.
 */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { type Durability, openJournal } from '../journal.ts';
import { SAMPLE_HEADER, fillRecords } from './sample-journal.ts';

const [dir = '', durability = 'batch', burst = '500'] = process.argv.slice(2);
const record = new Float64Array(EVENT_STRIDE);

try {
  const journal = await openJournal({
    dir,
    // oxlint-disable-next-line no-unsafe-type-assertion -- the test knows
    durability: durability as Durability,
    header: SAMPLE_HEADER,
    segmentBytes: 1 << 18,
    ringRecords: 1024,
  });
  writeSync(1, `open ${journal.appended}\n`);
  while (journal.failure === '') {
    for (let i = 0; i < Number(burst) && journal.failure === ''; i++) {
      fillRecords(record, 0, journal.appended, 1);
      journal.append(record, 0);
    }
    if (durability === 'sync') journal.waitCommitted(journal.appended);
    writeSync(1, `safe ${journal.committed}\n`);
    await pause(1);
  }
  const { failure, committed, appended } = journal;
  await journal.close();
  writeSync(1, `${JSON.stringify({ failure, committed, appended })}\n`);
} catch (error) {
  writeSync(1, `${JSON.stringify({ failure: String(error), committed: 0, appended: 0 })}\n`);
}
