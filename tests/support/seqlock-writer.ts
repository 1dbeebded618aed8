/** The writing thread of `tests/seqlock-threads.test.ts`: publishes blocks whose words all follow from their number, without a pause. */
import { workerData } from 'node:worker_threads';
import { SeqlockWriter } from '@quotewright/core/base/seqlock';

export interface WriterTask {
  readonly buffer: SharedArrayBuffer;
  readonly blocks: number;
  /** 1 when the reader stands by. */
  readonly isReady: Int32Array;
}

const task: WriterTask = workerData;
const writer = new SeqlockWriter(task.buffer);
const block = new Float64Array(writer.words);
Atomics.wait(task.isReady, 0, 0);
for (let number = 1; number <= task.blocks; number++) {
  // Both halves of every word change with every block.
  for (let i = 0; i < block.length; i++) block[i] = (number + i) * 1.000_000_1;
  writer.write(block);
}
