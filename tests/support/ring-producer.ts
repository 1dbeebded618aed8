/** The producing thread of `tests/ring-threads.test.ts`: pushes numbered records in bursts until all are taken. */
import { workerData } from 'node:worker_threads';
import { Random } from '@quotewright/core/base/random';
import { RingWriter } from '@quotewright/core/base/ring';
import { type ProducerTask, wordOf } from './ring-records.ts';

const task: ProducerTask = workerData;
const writer = new RingWriter(task.buffer);
const words = writer.wordsPerRecord;
const random = Random.stream(task.seed, 'producer');
const burst = new Float64Array(300 * words);
for (let next = 0; next < task.records;) {
  const count = Math.min(1 + random.below(300), task.records - next);
  for (let i = 0; i < count * words; i++) burst[i] = wordOf(next + Math.floor(i / words), i % words);
  const taken = writer.push(burst, 0, count);
  task.refused[0]! += count - taken;
  next += taken;
}
