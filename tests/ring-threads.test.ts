/** The shared-memory ring between two real threads. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Random } from '@quotewright/core/base/random';
import { RingReader, createRing } from '@quotewright/core/base/ring';
import { describe, expect, test } from 'vitest';
import { type ProducerTask, wordOf } from './support/ring-records.ts';

describe('a ring between two threads', () => {
  for (const [capacity, total] of [
    [16, 300_000],
    [4096, 1_500_000],
  ] as const) {
    test(`moves ${total} records through ${capacity} places in order and whole`, async () => {
      const words = 8;
      const buffer = createRing(capacity, words);
      const refused = new Int32Array(new SharedArrayBuffer(4));
      const task: ProducerTask = { buffer, records: total, seed: capacity, refused };
      const worker = new Worker(new URL('./support/ring-producer.ts', import.meta.url), {
        workerData: task,
        execArgv: ['-C', 'source'],
      });
      const exited = once(worker, 'exit');
      const reader = new RingReader(buffer);
      const random = Random.stream(1, 'consumer');
      const batch = new Float64Array(500 * words);
      let wrong = 0;
      let received = 0;
      let idle = 0;
      // The producer runs into the full ring before anything is taken.
      while (reader.refused === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(reader.pending).toBe(capacity);
      while (received < total) {
        const count = reader.drain(batch, 1 + random.below(500));
        for (let i = 0; i < count * words; i++) {
          if (batch[i] !== wordOf(received + Math.floor(i / words), i % words)) wrong++;
        }
        received += count;
        // Give way to this thread's own events now and then, so that an error of the worker ends the test.
        if (count === 0 && ++idle % 10_000 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await exited;
      expect(wrong).toBe(0);
      expect(reader.pending).toBe(0);
      expect(reader.refused).toBe(refused[0]);
    });
  }
});
