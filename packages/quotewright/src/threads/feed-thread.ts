/** The trading thread's end of a thread of market data: takes records out of its ring as soon as they are there. */
import { Worker } from 'node:worker_threads';
import { RingReader, createRing } from '@quotewright/core/base/ring';
import { unixMsToNs } from '@quotewright/core/base/time';
import { EVENT_STRIDE, EventFlag, EventKind, Field, packHead } from '@quotewright/core/market/event';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { InputError } from '../data/report.ts';
import type { ConnectorListener, ConnectorStats } from '../venues/runtime/connector.ts';
import type { LiveClock } from '../venues/runtime/live-clock.ts';
import { CLOSE, type FeedThreadSetup, type FromFeedThread } from './link.ts';
import { MACHINE_CLOCK } from './machine-clock.ts';

const { HEAD, VENUE_NS, LOCAL_NS } = Field;
/** Records that may wait, a power of two: 4 MiB. */
const RING_RECORDS = 65_536;
/** Records taken at once. */
const BATCH = 1024;
const CLOSE_MS = 1000;
/** The thread has put nothing in for so long: it is looked at whether it still is to be listened to. */
const WAIT_MS = 1000;

export type FeedThreadOptions = Omit<FeedThreadSetup, 'epochDay' | 'monotonicMs' | 'unixMs' | 'ring' | 'signal'>;

export class FeedThread {
  isUp = false;
  stats: ConnectorStats | undefined;
  readonly #worker: Worker;
  readonly #ring: RingReader;
  readonly #signal: Int32Array;
  readonly #clock: LiveClock;
  readonly #on: ConnectorListener;
  readonly #indices: readonly number[];
  readonly #batch = new Float64Array(BATCH * EVENT_STRIDE);
  readonly #queue = new RecordQueue(BATCH);
  /** What the thread counts from. */
  readonly #monotonicMs: number;
  readonly #unixMs: number;
  #isClosed = false;

  private constructor(options: FeedThreadOptions, clock: LiveClock, on: ConnectorListener) {
    this.#clock = clock;
    this.#on = on;
    this.#indices = options.indices;
    this.#monotonicMs = MACHINE_CLOCK.monotonicMs();
    this.#unixMs = clock.nowMs();
    const ring = createRing(RING_RECORDS, EVENT_STRIDE);
    const signal = new SharedArrayBuffer(4);
    this.#ring = new RingReader(ring);
    this.#signal = new Int32Array(signal);
    const workerData: FeedThreadSetup = {
      ...options,
      epochDay: clock.epochDay,
      monotonicMs: this.#monotonicMs,
      unixMs: this.#unixMs,
      ring,
      signal,
    };
    const isSource = import.meta.url.endsWith('.ts');
    this.#worker = new Worker(new URL(isSource ? './feed-worker.ts' : './feed-worker.js', import.meta.url), {
      workerData,
      name: options.name,
      ...(isSource ? { execArgv: ['--conditions', 'source'] } : {}),
    });
  }

  /** @throws InputError when the thread cannot begin */
  static async open(
    options: FeedThreadOptions,
    clock: LiveClock,
    on: ConnectorListener,
  ): Promise<{ readonly thread: FeedThread; readonly warning: string }> {
    const thread = new FeedThread(options, clock, on);
    try {
      const warning = await thread.#opened(options.name);
      void thread.#listen();
      return { thread, warning };
    } catch (error) {
      await thread.#worker.terminate();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve));
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(CLOSE);
    const late = setTimeout(() => void this.#worker.terminate(), CLOSE_MS);
    await exited;
    clearTimeout(late);
  }

  async #opened(name: string): Promise<string> {
    const opened = Promise.withResolvers<string>();
    this.#worker.on('message', (message: FromFeedThread) => {
      if (message.type === 'open') opened.resolve(message.warning);
      else if (message.type === 'failed') opened.reject(new InputError(message.message));
      else this.#take(message);
    });
    this.#worker.on('error', (error) => opened.reject(error));
    this.#worker.on('exit', () => {
      opened.reject(new Error(`thread ${name} has stopped`));
      this.#lost(name);
    });
    return opened.promise;
  }

  /** Until it is closed: waits for records without keeping the thread from anything else. */
  async #listen(): Promise<void> {
    while (!this.#isClosed) {
      const seen = Atomics.load(this.#signal, 0);
      this.#drain();
      const { async: isWaiting, value } = Atomics.waitAsync(this.#signal, 0, seen, WAIT_MS);
      // oxlint-disable-next-line no-await-in-loop -- woken by the thread
      if (isWaiting) await value;
    }
  }

  #drain(): void {
    for (;;) {
      const count = this.#ring.drain(this.#batch, BATCH);
      if (count === 0) return;
      this.#hand(count);
    }
  }

  /** The session's clock follows the wall; the thread's runs on from where both stood when it began. */
  #hand(count: number): void {
    const threadMs = this.#unixMs + MACHINE_CLOCK.monotonicMs() - this.#monotonicMs;
    const nowNs = this.#clock.nowNs();
    const apartNs = Math.round(nowNs - unixMsToNs(threadMs, this.#clock.epochDay));
    const queue = this.#queue;
    for (let from = 0; from < count * EVENT_STRIDE; from += EVENT_STRIDE) {
      const at = queue.reserve();
      const { data } = queue;
      for (let i = 0; i < EVENT_STRIDE; i++) data[at + i] = this.#batch[from + i]!;
      data[at + LOCAL_NS] = Math.min(nowNs, data[at + LOCAL_NS]! + apartNs);
    }
    this.#on.records(queue);
  }

  #take(message: FromFeedThread): void {
    if (message.type === 'stats') this.stats = message.stats;
    else if (message.type === 'event') this.#on.event(message.event);
    else if (message.type === 'connection') {
      // What the ring holds came before.
      this.#drain();
      this.isUp = message.isUp;
      this.#on.connection('feed', message.isUp, this.#clock.nowNs());
    }
  }

  /** A thread that has died is a connection that is gone, for good: nobody speaks for its books any more. */
  #lost(name: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#drain();
    this.isUp = false;
    for (const index of this.#indices) this.#putGap(index);
    this.#on.records(this.#queue);
    this.#on.connection('feed', false, this.#clock.nowNs());
    this.#on.event({
      type: 'disconnected',
      severity: 'error',
      venue: name,
      line: 'feed',
      market: -1,
      nowNs: this.#clock.nowNs(),
      text: `thread ${name} has stopped`,
      count: 1,
    });
  }

  #putGap(market: number): void {
    const at = this.#queue.reserve();
    const { data } = this.#queue;
    data.fill(0, at, at + EVENT_STRIDE);
    data[at + HEAD] = packHead(EventKind.GAP, EventFlag.LAST, market);
    data[at + VENUE_NS] = Number.NaN;
    data[at + LOCAL_NS] = this.#clock.nowNs();
  }
}
