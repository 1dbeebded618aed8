/**
 * The feed of the server's engine: what an input costs the trading thread, with nobody behind it and with a thread that reads. In bursts
 * of the inputs of a busy second, each until the reader has taken it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createRing } from '@quotewright/core/base/ring';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { FeedReader } from 'quotewright/feed/feed-reader';
import { FeedWriter } from 'quotewright/feed/feed-writer';

const CAPACITY = 131_072;
const BURST = 50_000;
const ROUNDS = 200;

const records = Float64Array.from({ length: 1024 * EVENT_STRIDE }, (_, i) => i * 1.5);

export async function benchFeed() {
  const alone = createRing(CAPACITY, EVENT_STRIDE);
  const reader = new FeedReader(alone, 0);
  const shared = createRing(CAPACITY, EVENT_STRIDE);
  const worker = new Worker(new URL('feed-thread.js', import.meta.url), { workerData: shared });
  try {
    return [
      {
        name: 'feed, nobody reads meanwhile',
        ...(await bursts(alone, async () => {
          while (reader.drain() > 0) await pause(0);
        })),
      },
      { name: 'feed, another thread reads', ...(await bursts(shared, async () => pause(2))) },
    ];
  } finally {
    await worker.terminate();
  }
}

async function bursts(ring: SharedArrayBuffer, wait: () => Promise<unknown>) {
  const writer = new FeedWriter(ring);
  const rounds: number[] = [];
  let heapBytes = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.memoryUsage().heapUsed;
    const start = performance.now();
    for (let i = 0; i < BURST; i++) writer.append(records, (i & 1023) * EVENT_STRIDE);
    writer.flush();
    rounds.push(((performance.now() - start) * 1e6) / BURST);
    const grown = process.memoryUsage().heapUsed - before;
    if (grown >= 0) heapBytes = Math.min(heapBytes, grown);
    while (writer.pending > 0) await wait();
  }
  if (writer.isLost) throw new Error('bench: inputs were lost');
  rounds.sort((a, b) => a - b);
  const at = (share: number): number => rounds[Math.floor(share * (ROUNDS - 1))]!;
  return {
    nanoseconds: at(0),
    median: at(0.5),
    p99: at(0.99),
    heapBytesPerInput: heapBytes / BURST,
  };
}
