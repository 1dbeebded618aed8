/**
 * Writing a journal: every input of the engine, before it has its effect. On the engine's thread a record is copied into a ring in
 * shared memory and nothing else happens; another thread frames, writes and commits (`writer-worker.ts`).
 */
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { RingWriter, createRing } from '@quotewright/core/base/ring';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import type { InputSink } from '@quotewright/core/trading/input-sink';
import { makeFolder } from '../data/make-folder.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { JournalState, Shared, controlWords, createControl, setState, stateText } from './control.ts';
import { MAX_SEGMENT_BYTES } from './format.ts';
import { syncFolder } from './segment-writer.ts';
import type { SessionHeader } from './session-header.ts';
import { type CutTail, endJournal } from './tail.ts';
import type { WriterAnswer, WriterRequest, WriterSetup } from './writer-worker.ts';

/**
 * When a record counts as safe: `none`, when it was handed to the system (it survives the process, not the machine); `batch` and
 * `sync`, when it was forced to the disk: at intervals, at most 5 ms at risk; or, in `sync`, whenever somebody waits for it.
 */
export type Durability = 'none' | 'batch' | 'sync';

export interface JournalOptions {
  /** Made when it is missing. */
  readonly dir: string;
  readonly durability: Durability;
  readonly header: SessionHeader;
  /** A segment is ended before it grows beyond this. Default: 64 MiB. */
  readonly segmentBytes?: number;
  /** Records that may wait for the writing thread, a power of two. Default: 262,144 (16 MiB). */
  readonly ringRecords?: number;
}

const SEGMENT_BYTES = 64 * 1024 * 1024;
const RING_RECORDS = 262_144;
/** A thread that has not come round for so long is taken for dead. */
const DEAD_MS = 30_000;
const WAIT_MS = 100;

/**
 * Opens a journal, or goes on with the one that is there: its records are numbered on, in a new segment. One process at a time may do
 * this with a folder; one that finds another's segment where its next should be, stops.
 * @throws InputError when the folder cannot be written, or a later version of the program wrote what is there
 */
export async function openJournal(options: JournalOptions): Promise<JournalWriter> {
  const { dir, durability, header, segmentBytes = SEGMENT_BYTES, ringRecords = RING_RECORDS } = options;
  if (!(segmentBytes <= MAX_SEGMENT_BYTES)) {
    throw new RangeError(`segmentBytes ${segmentBytes} is not up to ${MAX_SEGMENT_BYTES}`);
  }
  makeFolder(dir);
  if (durability !== 'none') syncFolder(dirname(dir));
  const end = endJournal(dir);
  const ring = createRing(ringRecords, EVENT_STRIDE);
  const control = createControl();
  const { port1, port2 } = new MessageChannel();
  const setup: WriterSetup = {
    ring,
    control,
    port: port2,
    segments: {
      dir,
      journal: end.journal === '' ? randomBytes(8).toString('hex') : end.journal,
      segment: end.segment,
      sequence: end.sequence,
      header: JSON.stringify(header),
      segmentBytes,
      isDurable: durability !== 'none',
    },
  };
  const isSource = import.meta.url.endsWith('.ts');
  const worker = new Worker(new URL(isSource ? './writer-worker.ts' : './writer-worker.js', import.meta.url), {
    workerData: setup,
    transferList: [port2],
    name: 'journal',
    ...(isSource ? { execArgv: ['--conditions', 'source'] } : {}),
  });
  const writer = new JournalWriter(worker, port1, ring, control, end.sequence, end.cut);
  try {
    await writer.opened;
  } catch (error) {
    throw new InputError(`${dir}: the journal cannot be written: ${reasonOf(error)}`);
  }
  return writer;
}

/** Given out by `openJournal`. */
export class JournalWriter implements InputSink {
  /** Resolves when the first segment stands on the disk. */
  readonly opened: Promise<void>;
  /** What was cut from the end of the journal that was there. */
  readonly cut: readonly CutTail[];
  /** Times that `append` found the ring full and had to wait, and the time spent so, milliseconds. */
  lags = 0;
  lagMs = 0;
  /** Records that were not taken, because the journal had failed and the ring was full. */
  lost = 0;
  readonly #worker: Worker;
  /** To the other thread and back. */
  readonly #port: MessagePort;
  readonly #ring: RingWriter;
  readonly #control: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #answers = new Map<number, PromiseWithResolvers<WriterAnswer>>();
  /** Records of the journal when it was opened. */
  readonly #start: number;
  #appended: number;
  #requests = 0;
  #hasEnded = false;

  constructor(
    worker: Worker,
    port: MessagePort,
    ring: SharedArrayBuffer,
    control: SharedArrayBuffer,
    sequence: number,
    cut: readonly CutTail[],
  ) {
    this.#worker = worker;
    this.#port = port;
    this.#ring = new RingWriter(ring);
    this.#control = control;
    this.#words = controlWords(control);
    this.#start = sequence;
    this.#appended = sequence;
    this.cut = cut;
    port.on('message', (answer: WriterAnswer) => {
      this.#answers.get(answer.id)?.resolve(answer);
      this.#answers.delete(answer.id);
      if (this.#answers.size === 0) port.unref();
    });
    worker.on('error', (error) => this.#ended(reasonOf(error)));
    worker.on('exit', () => this.#ended("the journal's thread has ended"));
    // A program that forgets to close its journal may end nevertheless.
    worker.unref();
    this.opened = this.#answer(0).then(({ error }) => {
      if (error !== undefined) throw new Error(error);
    });
  }

  /** Records given so far, over the whole journal. */
  get appended(): number {
    return this.#appended;
  }

  /** Records of the whole journal that are safe, as the durability says. */
  get committed(): number {
    // The counter runs round 2^32; what is not safe yet is always less than that.
    const unsafe = (this.#appended - this.#start - Atomics.load(this.#words, Shared.COMMITTED)) >>> 0;
    return this.#appended - unsafe;
  }

  /** Records that wait for the writing thread. */
  get pending(): number {
    return this.#ring.pending;
  }

  /** Records that may wait. */
  get capacity(): number {
    return this.#ring.capacity;
  }

  /** Group commits so far. */
  get commits(): number {
    return Atomics.load(this.#words, Shared.COMMITS);
  }

  /**
   * Empty, or why the journal cannot go on (disk full, I/O error, folder removed, another writer). Cheap enough to be asked often. While
   * the disk is full and the ring still has room, nothing is lost and it may become empty again; else it stays.
   */
  get failure(): string {
    const state = Atomics.load(this.#words, Shared.STATE);
    return state === JournalState.RUNNING || state === JournalState.CLOSED ? '' : stateText(this.#control);
  }

  append(data: Float64Array, offset: number): void {
    if (this.#ring.push(data, offset, 1) === 0 && !this.#appendLate(data, offset)) return;
    this.#appended++;
  }

  /** Writes a JSON mark at this place of the stream. */
  mark(fields: Readonly<Record<string, unknown>>): void {
    this.#post({ type: 'mark', at: this.#appended, text: JSON.stringify(fields) });
  }

  /**
   * Blocks until the journal's first `sequence` records, which were all given, are safe: requests that they led to may leave then.
   * @returns false when the journal has failed: they may never be
   */
  waitCommitted(sequence: number): boolean {
    if (this.committed >= sequence) return true;
    if (!(sequence <= this.#appended)) {
      throw new RangeError(`sequence ${sequence} is not up to ${this.#appended}, the records given`);
    }
    this.#call();
    let rounds = Atomics.load(this.#words, Shared.ROUNDS);
    let sinceMs = performance.now();
    for (;;) {
      const seen = Atomics.load(this.#words, Shared.COMMITTED);
      if (this.committed >= sequence) return true;
      if (Atomics.load(this.#words, Shared.STATE) !== JournalState.RUNNING) return false;
      Atomics.wait(this.#words, Shared.COMMITTED, seen, WAIT_MS);
      const now = Atomics.load(this.#words, Shared.ROUNDS);
      if (now !== rounds) {
        rounds = now;
        sinceMs = performance.now();
      } else if (performance.now() - sinceMs > DEAD_MS) this.stop("the journal's thread does not answer");
    }
  }

  /** Resolves when all records and marks so far are safe, or `failure` says why they are not. */
  async flush(): Promise<void> {
    await this.#ask((id) => ({ type: 'flush', at: this.#appended, id }));
  }

  /**
   * Removes segments all of whose records lie before `sequence`, none of this number or a higher one; answers their paths.
   * @throws Error when they cannot be removed
   */
  async retain(sequence: number, segment: number = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
    const at = this.#appended;
    const { removed = [], error } = await this.#ask((id) => ({ type: 'retain', at, id, sequence, segment }));
    if (error !== undefined) throw new Error(`old segments: ${error}`);
    return removed;
  }

  /** Nothing is written from here on: for who has lost the right to write. */
  stop(reason: string): void {
    setState(this.#control, JournalState.FAILED, reason);
  }

  /** Makes everything safe that can be, and ends. Does not throw: `failure` says what is wrong. */
  async close(): Promise<void> {
    if (this.#hasEnded) return;
    await this.#ask((id) => ({ type: 'close', at: this.#appended, id }));
    this.#hasEnded = true;
    await this.#worker.terminate();
    this.#port.close();
  }

  /** The ring is full: waits until the other thread has made room. @returns false when that will not be */
  #appendLate(data: Float64Array, offset: number): boolean {
    const began = performance.now();
    this.lags++;
    for (;;) {
      const rounds = Atomics.load(this.#words, Shared.ROUNDS);
      if (this.#ring.push(data, offset, 1) === 1) break;
      const state = Atomics.load(this.#words, Shared.STATE);
      if (state !== JournalState.RUNNING) {
        // A hole in the journal would be worse than its end.
        if (state === JournalState.STALLED) this.stop(this.failure);
        this.lost++;
        return false;
      }
      this.#call();
      if (Atomics.wait(this.#words, Shared.ROUNDS, rounds, DEAD_MS) === 'timed-out') {
        this.stop("the journal's thread does not answer");
      }
    }
    this.lagMs += performance.now() - began;
    return true;
  }

  /** Wakes the other thread. */
  #call(): void {
    Atomics.add(this.#words, Shared.CALLS, 1);
    Atomics.notify(this.#words, Shared.CALLS);
  }

  #post(request: WriterRequest): void {
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    this.#port.postMessage(request);
    Atomics.add(this.#words, Shared.POSTED, 1);
  }

  async #ask(request: (id: number) => WriterRequest): Promise<WriterAnswer> {
    const id = ++this.#requests;
    if (this.#hasEnded) return { id };
    const answer = this.#answer(id);
    this.#post(request(id));
    this.#call();
    return answer;
  }

  #answer(id: number): Promise<WriterAnswer> {
    const answer = Promise.withResolvers<WriterAnswer>();
    this.#answers.set(id, answer);
    this.#port.ref();
    return answer.promise;
  }

  #ended(how: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const state = Atomics.load(this.#words, Shared.STATE);
    if (state === JournalState.RUNNING || state === JournalState.STALLED) this.stop(how);
    // That the thread has ended may be heard before what it answered: why is in the shared memory.
    const error = this.failure || how;
    for (const [id, answer] of this.#answers) answer.resolve({ id, error });
    this.#answers.clear();
    this.#port.unref();
  }
}
