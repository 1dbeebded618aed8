/** Turns a spool into Parquet beside the thread that records, which must not be late for the next frame. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { sealSpool } from './spool.ts';

const task = z.object({ path: z.string(), folder: z.string(), isTorn: z.boolean() }).parse(workerData);
// oxlint-disable-next-line require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(await sealSpool(task.path, task.folder, task.isTorn));
