/**
 * A sequence lock: one thread publishes a block of float64 words in shared memory, others read the newest whole block. The writer
 * never waits for a reader; a reader that met a write takes its copy again.
 *
 * The sequence is odd while a write is under way. The words are written and read by `Atomics` as pairs of int32, not only the
 * sequence: plain stores may pass an atomic one (they do on ARM), so that a copy could hold words of a write that the sequence
 * does not show yet. Atomic accesses of one program have one order that all threads agree on, and in that order no copy between two
 * equal even values of the sequence can hold words of two writes. It costs nanoseconds a word: this is for results, not for feeds.
 */

const SEQUENCE = 0;
/** The sequence has a cache line of its own. */
const HEADER = 16;
/** A reader gives up after so many copies that a write spoilt: the writer must have died in the middle of one. */
const MAX_TRIES = 10_000;

/** The memory of a block; hand it to the other threads. @throws RangeError when the block has no words */
export function createSeqlock(words: number): SharedArrayBuffer {
  if (!(Number.isInteger(words) && words >= 1 && words <= 2 ** 20)) {
    throw new RangeError(`${words} is not a number of words from 1 to 2^20`);
  }
  return new SharedArrayBuffer((HEADER + words * 2) * 4);
}

class SeqlockEnd {
  readonly words: number;
  protected readonly cells: Int32Array;
  /** Where float64 are taken apart. */
  protected readonly whole: Float64Array;
  protected readonly halves: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.cells = new Int32Array(buffer);
    this.words = (this.cells.length - HEADER) / 2;
    this.whole = new Float64Array(this.words);
    this.halves = new Int32Array(this.whole.buffer);
  }
}

/** The one writer. */
export class SeqlockWriter extends SeqlockEnd {
  /** Publishes the first `words` of `values`. */
  write(values: Float64Array): void {
    const { cells, whole, halves } = this;
    for (let i = 0; i < whole.length; i++) whole[i] = values[i];
    const sequence = Atomics.load(cells, SEQUENCE);
    Atomics.store(cells, SEQUENCE, (sequence + 1) | 0);
    for (let i = 0; i < halves.length; i++) Atomics.store(cells, HEADER + i, halves[i]);
    Atomics.store(cells, SEQUENCE, (sequence + 2) | 0);
  }
}

export class SeqlockReader extends SeqlockEnd {
  /**
   * Copies the newest block to the start of `target`.
   * @returns how many blocks had been published with it (round 2^31); 0 before the first, -1 when the writer stopped in the middle
   *   of a write: `target` is as it was then
   */
  read(target: Float64Array): number {
    const { cells, whole, halves } = this;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const before = Atomics.load(cells, SEQUENCE);
      if ((before & 1) !== 0) continue;
      if (before === 0) return 0;
      for (let i = 0; i < halves.length; i++) halves[i] = Atomics.load(cells, HEADER + i);
      if (Atomics.load(cells, SEQUENCE) !== before) continue;
      for (let i = 0; i < whole.length; i++) target[i] = whole[i];
      return before >>> 1;
    }
    return -1;
  }
}
