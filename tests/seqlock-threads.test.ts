/** The sequence lock between two real threads: what is read is always one whole block. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SeqlockReader, createSeqlock } from '@quotewright/core/base/seqlock';
import { describe, expect, test } from 'vitest';
import type { WriterTask } from './support/seqlock-writer.ts';

describe('a sequence lock between two threads', () => {
  for (const [words, blocks] of [
    [1, 400_000],
    [24, 100_000],
    [512, 8000],
  ] as const) {
    test(`never shows parts of two of ${blocks} blocks of ${words} words`, async () => {
      const buffer = createSeqlock(words);
      const isReady = new Int32Array(new SharedArrayBuffer(4));
      const task: WriterTask = { buffer, blocks, isReady };
      const worker = new Worker(new URL('./support/seqlock-writer.ts', import.meta.url), {
        workerData: task,
        execArgv: ['-C', 'source'],
      });
      const exited = once(worker, 'exit');
      await once(worker, 'online');
      const reader = new SeqlockReader(buffer);
      const target = new Float64Array(words);
      Atomics.store(isReady, 0, 1);
      Atomics.notify(isReady, 0);
      let torn = 0;
      let backwards = 0;
      let seen = 0;
      let last = 0;
      let reads = 0;
      while (last < blocks) {
        const count = reader.read(target);
        if (++reads % 1000 === 0) await new Promise((resolve) => setImmediate(resolve));
        // A reader on a busy machine may find the writer at it a thousand times over.
        if (count <= 0) continue;
        if (count < last) backwards++;
        if (count !== last) seen++;
        last = count;
        for (let i = 0; i < words; i++) if (target[i] !== (count + i) * 1.000_000_1) torn++;
      }
      await exited;
      expect({ torn, backwards }).toEqual({ torn: 0, backwards: 0 });
      expect(seen).toBeGreaterThan(1);
    });
  }
});
