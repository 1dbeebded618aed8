/**
 * The trading thread's end of the server: starts its thread, feeds it, has it compare its engine with ours now and then, and carries
 * commands in and answers out. Nothing of it runs while the market does: `poll` is called between two slices.
 */
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createRing } from '@quotewright/core/base/ring';
import { createSeqlock } from '@quotewright/core/base/seqlock';
import type { Engine } from '@quotewright/core/engine/engine';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import type { Alert } from '../alerts/alert.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { FeedWriter } from '../feed/feed-writer.ts';
import { STAT_COUNT } from '../feed/host-stats.ts';
import { HostStats, type JournalStats } from '../feed/host-stats-writer.ts';
import type { Asked } from '../risk/control-server.ts';
import type { FromServer, ServerSetup, ToServer } from '../server/link.ts';
import type { VenuesReport } from '../server/protocol/venues.ts';

/** Inputs that may wait for the server, a power of two: 8 MiB. */
const RING_RECORDS = 131_072;
/** Between two comparisons of the engines' hashes, and between two publications of what the thread measures of itself. */
const DIGEST_MS = 1000;
const STATS_MS = 250;
/** How long a server may take to come up, and to go down. */
const START_MS = 60_000;
const CLOSE_MS = 1000;
/** How long an unpaced run waits for a server that takes nothing. */
const PATIENCE_MS = 5000;

export type LinkSetup = Omit<ServerSetup, 'feed' | 'stats' | 'sequence'> & { readonly sequence?: number };

/** Something that an operator should know. */
export interface Complaint {
  readonly severity: 'WARNING' | 'CRITICAL';
  readonly detail: string;
}

export class ServerLink {
  readonly feed: FeedWriter;
  readonly stats: HostStats;
  /** Where it listens. */
  readonly url: string;
  readonly #worker: Worker;
  /** Commands and complaints that nobody has taken yet. */
  readonly #asked: Asked[] = [];
  readonly #complaints: Complaint[] = [];
  #isUp = true;
  #digestMs = 0;
  #statsMs = 0;

  private constructor(worker: Worker, url: string, feed: FeedWriter, stats: HostStats) {
    this.#worker = worker;
    this.url = url;
    this.feed = feed;
    this.stats = stats;
    const ended = (why: string): void => {
      if (!this.#isUp) return;
      this.#isUp = false;
      this.feed.stop();
      this.#complaints.push({
        severity: 'CRITICAL',
        detail: `the server has ended: ${why}; the session goes on without it`,
      });
    };
    worker.on('message', (message: FromServer) => {
      if (message.type === 'complaint') this.#complaints.push(message);
      else if (message.type === 'ask') {
        const { id, request } = message;
        this.#asked.push({ request, reply: (reply) => this.#post({ type: 'reply', id, reply }) });
      }
    });
    worker.on('error', (error) => ended(reasonOf(error)));
    worker.on('exit', () => ended('its thread has stopped'));
  }

  /** @throws InputError when it cannot listen: nothing was begun */
  static async open(setup: LinkSetup): Promise<ServerLink> {
    const { sequence = 0 } = setup;
    const feed = createRing(RING_RECORDS, EVENT_STRIDE);
    const stats = createSeqlock(STAT_COUNT);
    const workerData: ServerSetup = { ...setup, sequence, feed, stats };
    const isSource = import.meta.url.endsWith('.ts');
    const file = isSource ? '../server/server-worker.ts' : '../server/server-worker.js';
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData,
      name: 'server',
      ...(isSource ? { execArgv: ['--conditions', 'source'] } : {}),
    });
    try {
      const url = await listening(worker);
      return new ServerLink(worker, url, new FeedWriter(feed, sequence), new HostStats(stats));
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /** The oldest command that nobody has taken; undefined when there is none. */
  take(): Asked | undefined {
    return this.#asked.shift();
  }

  /** The oldest complaint that nobody has taken; undefined when there is none. */
  complaint(): Complaint | undefined {
    const found = this.#complaints.shift();
    return found && { severity: found.severity, detail: found.detail };
  }

  /** Between two slices, when no request waits in the engine. */
  poll(engine: Engine, nowNs: number, journal: JournalStats | undefined): void {
    if (!this.#isUp) return;
    const { feed } = this;
    feed.flush();
    if (feed.canResume) {
      this.#post({ type: 'state', state: engine.save(), sequence: feed.sequence });
      feed.resume();
    }
    const nowMs = performance.now();
    if (nowMs - this.#statsMs >= STATS_MS) {
      this.#statsMs = nowMs;
      this.stats.write(feed.sequence, nowNs, journal);
    }
    if (nowMs - this.#digestMs < DIGEST_MS || !feed.check()) return;
    this.#digestMs = nowMs;
    const [inputs, outputs] = [engine.inputs.digest(), engine.outputs.digest()];
    this.#post({ type: 'digest', sequence: feed.sequence, inputs, outputs });
  }

  /** Resolves when the server has room for another slice: for runs that go as fast as they can. */
  async room(isOver: () => boolean): Promise<void> {
    const { feed } = this;
    const sinceMs = performance.now();
    while (this.#isUp && !feed.isLost && feed.pending > feed.capacity / 4) {
      if (isOver() || performance.now() - sinceMs > PATIENCE_MS) return;
      await setTimeout(1);
    }
  }

  alert(alert: Alert): void {
    this.#post({ type: 'alert', alert });
  }

  acknowledged(number: number): void {
    this.#post({ type: 'acknowledged', number });
  }

  reconciled(isSettled: boolean, text: string): void {
    this.#post({ type: 'reconciled', isSettled, text });
  }

  venues(report: VenuesReport): void {
    this.#post({ type: 'venues', report });
  }

  /** The session has ended: whoever looks at it is told, and the server goes down. */
  async close(): Promise<void> {
    this.stats.close();
    for (const { reply } of this.#asked.splice(0)) reply({ error: 'the session has ended' });
    if (this.#isUp) {
      this.#isUp = false;
      this.feed.flush();
      this.#send({ type: 'over' });
      this.#send({ type: 'close' });
      const exited = Promise.withResolvers<void>();
      const timer = globalThis.setTimeout(exited.resolve, CLOSE_MS);
      this.#worker.once('exit', () => exited.resolve());
      await exited.promise;
      clearTimeout(timer);
    }
    await this.#worker.terminate();
  }

  #post(message: ToServer): void {
    if (this.#isUp) this.#send(message);
  }

  #send(message: ToServer): void {
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(message);
  }
}

/** The address, once it listens. */
async function listening(worker: Worker): Promise<string> {
  const answer = Promise.withResolvers<string>();
  const timer = globalThis.setTimeout(() => answer.reject(new InputError('the server does not come up')), START_MS);
  const heard = (message: FromServer): void => {
    if (message.type === 'listening') answer.resolve(message.url);
    else if (message.type === 'failed') answer.reject(new InputError(message.message));
  };
  const failed = (error: unknown): void => answer.reject(error);
  const exited = (): void => answer.reject(new Error("the server's thread has stopped"));
  worker.on('message', heard).on('error', failed).on('exit', exited);
  try {
    return await answer.promise;
  } finally {
    clearTimeout(timer);
    worker.off('message', heard).off('error', failed).off('exit', exited);
  }
}
