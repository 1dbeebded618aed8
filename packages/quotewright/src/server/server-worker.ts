/** The server's thread: its setup comes as `workerData`, everything else by messages (`link.ts`). */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { FromServer, ServerSetup, ToServer } from './link.ts';
import { SessionServer } from './session-server.ts';

const port = parentPort;
if (port === null) throw new Error('the server runs on a thread of its own');

// oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
const post = (message: FromServer): void => port.postMessage(message);

/** Below the trading thread's, which is 0. */
const NICENESS = 5;

/**
 * Trading goes first where cores are scarce: with 100 clients on two busy cores the 99th percentile of its slices fell by a third to a half, and
 * by how late one in a thousand began by more than half. On Linux this is said of the calling thread alone, and of threads that it starts
 * (flights, journals that are read); elsewhere it would be said of the whole process.
 */
function yieldToTrading(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, NICENESS);
  } catch {
    // The system does not let us: it runs as it is.
  }
}

/** Faults that were told of: one that comes again and again is told once. */
const told = new Set<string>();
const MOST_TOLD = 20;

/** Whatever it was, trading goes on, and so does what still works here. */
function failed(error: unknown): void {
  const detail = `the server has failed: ${reasonOf(error)}`;
  if (told.has(detail) || told.size >= MOST_TOLD) return;
  told.add(detail);
  post({ type: 'complaint', severity: 'CRITICAL', detail });
}

/** What came before the server was there. */
const early: ToServer[] = [];
let server: SessionServer | undefined;
let isClosing = false;

async function close(): Promise<void> {
  if (isClosing) return;
  isClosing = true;
  try {
    await server?.close();
  } finally {
    process.exit();
  }
}

function take(message: ToServer): void {
  if (message.type === 'close') void close();
  else if (server === undefined) early.push(message);
  else server.take(message);
}

process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);
port.on('message', take);

yieldToTrading();
try {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what the link gives it
  const setup = workerData as ServerSetup;
  server = await SessionServer.open(setup, post);
  for (const message of early.splice(0)) take(message);
  post({ type: 'listening', url: server.url });
} catch (error) {
  const message = error instanceof InputError ? error.message : `the server cannot start: ${reasonOf(error)}`;
  post({ type: 'failed', message });
}
