/** The other thread of `feed.ts`: takes what is in the ring, every few milliseconds, as the server does. */
import { workerData } from 'node:worker_threads';
import { FeedReader } from 'quotewright/feed/feed-reader';

const TURN_MS = 4;
const ring: unknown = workerData;
if (!(ring instanceof SharedArrayBuffer)) throw new Error('bench: expected a ring');
const reader = new FeedReader(ring, 0);

setInterval(() => {
  while (reader.drain() > 0);
}, TURN_MS);
