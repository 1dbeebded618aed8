/**
 * The journal's own thread: drains the ring, frames, writes, commits. It never returns to its event loop while the journal is open:
 * it sleeps on shared memory, at most `ROUND_MS`, so that the producer need not wake it.
 */
import { unlinkSync } from 'node:fs';
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { RingReader } from '@quotewright/core/base/ring';
import { reasonOf } from '../data/reason.ts';
import { JournalState, Shared, controlWords, setState } from './control.ts';
import { HEADER_BYTES, RECORD_BYTES } from './format.ts';
import { superfluousSegments } from './retention.ts';
import { type SegmentSettings, SegmentWriter } from './segment-writer.ts';

/** How long a record may lie in the ring before somebody looks. */
const ROUND_MS = 2;
/** Records in one frame at most: 1 MiB. */
const FRAME_RECORDS = 16_384;
/** Between two tries to write on a full disk. */
const RETRY_MS = 250;

export interface WriterSetup {
  readonly ring: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
  readonly port: MessagePort;
  readonly segments: SegmentSettings;
}

/** What the producer's thread asks for, at a place of the stream of records: `at` of the journal's records lie before it. */
export type WriterRequest = { readonly type: 'mark'; readonly at: number; readonly text: string } | WriterTask;

/** To be done when all records before `at`, and the marks there, are safe; answered with its id. */
type WriterTask =
  | { readonly type: 'flush' | 'close'; readonly at: number; readonly id: number }
  | {
      readonly type: 'retain';
      readonly at: number;
      readonly id: number;
      readonly sequence: number;
      readonly segment: number;
    };

/** The answer to a request with an id, or (id 0) that the journal stands open. */
export interface WriterAnswer {
  readonly id: number;
  /** Files that were removed. */
  readonly removed?: readonly string[];
  readonly error?: string;
}

class WriterThread {
  readonly #setup: WriterSetup;
  readonly #words: Int32Array;
  readonly #ring: RingReader;
  readonly #segments: SegmentWriter;
  readonly #frame = new Uint8Array(HEADER_BYTES + FRAME_RECORDS * RECORD_BYTES);
  readonly #records: Float64Array;
  readonly #marks: { readonly at: number; readonly text: string }[] = [];
  readonly #tasks: WriterTask[] = [];
  /** Records in the frame that are not written yet. */
  #held = 0;
  #posted = 0;
  /** Records of the journal that are drained from the ring. */
  #drained: number;
  #isOpen = true;

  constructor(setup: WriterSetup) {
    this.#setup = setup;
    this.#words = controlWords(setup.control);
    this.#ring = new RingReader(setup.ring);
    this.#segments = new SegmentWriter(setup.segments);
    this.#records = new Float64Array(this.#frame.buffer, HEADER_BYTES);
    this.#drained = setup.segments.sequence;
  }

  run(): void {
    const { control } = this.#setup;
    try {
      this.#segments.open();
    } catch (error) {
      setState(control, JournalState.FAILED, reasonOf(error));
      this.#answer({ id: 0, error: reasonOf(error) });
      return;
    }
    this.#answer({ id: 0 });
    while (this.#isOpen) {
      const beganMs = performance.now();
      const calls = Atomics.load(this.#words, Shared.CALLS);
      this.#round();
      Atomics.add(this.#words, Shared.ROUNDS, 1);
      Atomics.notify(this.#words, Shared.ROUNDS);
      if (this.#isOpen) this.#rest(calls, beganMs);
    }
  }

  /** Sleeps until it is time for the next round or somebody calls. */
  #rest(calls: number, beganMs: number): void {
    const isStalled = Atomics.load(this.#words, Shared.STATE) === JournalState.STALLED;
    const { pending } = this.#ring;
    // The time that a slow disk took counts: what came meanwhile has waited long enough.
    const spentMs = pending === 0 || isStalled ? 0 : performance.now() - beganMs;
    const restMs = (isStalled ? RETRY_MS : ROUND_MS) - spentMs;
    if (restMs > 0 && (isStalled || pending < FRAME_RECORDS)) Atomics.wait(this.#words, Shared.CALLS, calls, restMs);
  }

  /** Writes and commits what is there. */
  #round(): void {
    if (Atomics.load(this.#words, Shared.STATE) === JournalState.FAILED) {
      this.#refuse();
      return;
    }
    try {
      const { pending } = this.#ring;
      this.#receive();
      this.#write(this.#drained + pending);
      this.#commit();
      if (Atomics.load(this.#words, Shared.STATE) === JournalState.STALLED) this.#resume();
      this.#serve();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Everything up to a sequence, marks in their places. */
  #write(end: number): void {
    this.#flushFrame();
    for (;;) {
      const mark = this.#marks[0];
      if (mark?.at === this.#drained) {
        this.#segments.mark(mark.text);
        this.#marks.shift();
        continue;
      }
      const limit = mark === undefined ? end : Math.min(end, mark.at);
      const wanted = Math.min(FRAME_RECORDS, limit - this.#drained);
      if (wanted <= 0) return;
      this.#held = this.#ring.drain(this.#records, wanted);
      this.#drained += this.#held;
      this.#flushFrame();
    }
  }

  #flushFrame(): void {
    if (this.#held === 0) return;
    this.#segments.records(this.#frame, this.#held);
    this.#held = 0;
  }

  #commit(): void {
    try {
      this.#segments.sync();
    } catch (error) {
      // Whatever the reason: after a failed sync the system may have dropped the data, and a second one would claim success.
      throw new Error(reasonOf(error), { cause: error });
    }
    const committed = (this.#segments.sequence - this.#setup.segments.sequence) | 0;
    if (committed === Atomics.load(this.#words, Shared.COMMITTED)) return;
    Atomics.add(this.#words, Shared.COMMITS, 1);
    Atomics.store(this.#words, Shared.COMMITTED, committed);
    Atomics.notify(this.#words, Shared.COMMITTED);
  }

  /** Does the tasks whose place in the stream is reached. */
  #serve(): void {
    for (let task = this.#tasks[0]; task !== undefined && task.at <= this.#drained; task = this.#tasks[0]) {
      if (task.type === 'retain') this.#retain(task.id, task.sequence, task.segment);
      else if (task.type === 'flush') this.#answer({ id: task.id });
      else this.#close(task.id);
      this.#tasks.shift();
    }
  }

  #retain(id: number, sequence: number, segment: number): void {
    const { dir } = this.#setup.segments;
    const { paths, first } = superfluousSegments(dir, sequence, Math.min(segment, this.#segments.segment));
    if (paths.length > 0) {
      // Said before it is done: a reader knows from it that what lies before is not missing.
      this.#segments.mark(JSON.stringify({ type: 'retain', sequence, segment: first }));
      this.#segments.sync();
    }
    try {
      for (const path of paths) unlinkSync(path);
      this.#answer({ id, removed: paths });
    } catch (error) {
      // What is too much does no harm.
      this.#answer({ id, error: reasonOf(error) });
    }
  }

  #close(id: number): void {
    this.#isOpen = false;
    this.#segments.close();
    setState(this.#setup.control, JournalState.CLOSED, '');
    this.#answer({ id });
  }

  #resume(): void {
    setState(this.#setup.control, JournalState.RUNNING, '');
  }

  #fail(error: unknown): void {
    const text = reasonOf(error);
    // On a full disk nothing is lost as long as the ring has room, and room on the disk may come back. After any other error it
    // is not known what the disk holds.
    const canWait = isDiskFull(error) && !this.#tasks.some(({ type }) => type === 'close');
    setState(this.#setup.control, canWait ? JournalState.STALLED : JournalState.FAILED, text);
    // Whoever waits is told now; a full disk may stay so.
    if (canWait) for (const { id } of this.#tasks.splice(0)) this.#answer({ id, error: text });
  }

  /** Nothing is written any more: whoever waits is told. */
  #refuse(): void {
    this.#receive();
    for (const { type, id } of this.#tasks.splice(0)) {
      if (type === 'close') {
        this.#isOpen = false;
        this.#abandon();
      }
      this.#answer({ id });
    }
  }

  #abandon(): void {
    try {
      this.#segments.close();
    } catch {
      // The failure is known already.
    }
  }

  #receive(): void {
    const posted = Atomics.load(this.#words, Shared.POSTED);
    while (this.#posted !== posted) {
      const received = receiveMessageOnPort(this.#setup.port);
      if (received === undefined) return;
      // oxlint-disable-next-line no-unsafe-type-assertion -- what `JournalWriter` posts
      const request = received.message as WriterRequest;
      if (request.type === 'mark') this.#marks.push(request);
      else this.#tasks.push(request);
      this.#posted = (this.#posted + 1) | 0;
    }
  }

  #answer(answer: WriterAnswer): void {
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    this.#setup.port.postMessage(answer);
  }
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

if (parentPort !== null) {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what `openJournal` starts it with
  const setup = workerData as WriterSetup;
  try {
    new WriterThread(setup).run();
  } catch (error) {
    setState(setup.control, JournalState.FAILED, `internal error: ${reasonOf(error)}`);
  }
  setup.port.close();
}
