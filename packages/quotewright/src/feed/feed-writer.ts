/**
 * The trading thread's end of a session's feed: every input of the engine, copied into a ring in shared memory from which the server's
 * thread builds a second engine. Trading never waits for it: a ring that is full loses inputs, and once it is empty again the feed
 * goes on behind the engine's state as it is then (`resume`).
 */
import { RingWriter } from '@quotewright/core/base/ring';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import type { InputSink } from '@quotewright/core/trading/input-sink';
import { FeedMark, writeMark } from './feed-marks.ts';

/** Inputs that are handed over together: publishing one costs more than copying it. */
const BATCH = 64;

export class FeedWriter implements InputSink {
  /** Inputs of the session so far. */
  sequence: number;
  /** Inputs are being lost. */
  isLost = false;
  /** Told first: the journal. */
  #next: InputSink | undefined;
  readonly #ring: RingWriter;
  #isOver = false;
  /** Inputs that are not in the ring yet. */
  readonly #batch = new Float64Array(BATCH * EVENT_STRIDE);
  #held = 0;
  readonly #mark = new Float64Array(EVENT_STRIDE);

  /** @param sequence inputs before the first one */
  constructor(buffer: SharedArrayBuffer, sequence = 0) {
    this.#ring = new RingWriter(buffer);
    this.sequence = sequence;
  }

  /** From here on a sink is told each input before the feed is. */
  behind(next: InputSink): this {
    this.#next = next;
    return this;
  }

  append(data: Float64Array, offset: number): void {
    if (this.#next !== undefined) this.#next.append(data, offset);
    this.sequence++;
    if (this.isLost) return;
    const batch = this.#batch;
    const at = this.#held * EVENT_STRIDE;
    for (let i = 0; i < EVENT_STRIDE; i++) batch[at + i] = data[offset + i]!;
    if (++this.#held === BATCH) this.flush();
  }

  /** Hands over what came so far: at the end of each slice of market time. */
  flush(): void {
    const held = this.#held;
    this.#held = 0;
    if (held > 0 && this.#ring.push(this.#batch, 0, held) < held) this.isLost = true;
  }

  /** Records that the other end has not taken yet, and how many the ring holds. */
  get pending(): number {
    return this.#ring.pending;
  }
  get capacity(): number {
    return this.#ring.capacity;
  }

  /** Both ends note their hashes here. @returns false when inputs are being lost: there is nothing to compare */
  check(): boolean {
    this.flush();
    if (this.isLost) return false;
    writeMark(this.#mark, FeedMark.CHECK, this.sequence);
    if (this.#ring.push(this.#mark, 0, 1) === 0) this.isLost = true;
    return !this.isLost;
  }

  /** Nobody reads any more. */
  stop(): void {
    this.#held = 0;
    this.isLost = true;
    this.#isOver = true;
  }

  /** May the feed go on? The state is to be posted before `resume` is called. */
  get canResume(): boolean {
    return this.isLost && !this.#isOver && this.#ring.pending === 0;
  }

  /** The feed goes on behind the engine's state at this sequence. */
  resume(): void {
    writeMark(this.#mark, FeedMark.STATE, this.sequence);
    this.isLost = this.#ring.push(this.#mark, 0, 1) === 0;
  }
}
