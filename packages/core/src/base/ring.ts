/**
 * A ring of fixed-size records in shared memory, from one producing thread to one consuming thread.
 *
 * A record is a fixed number of float64 words. The producer never waits: what finds the ring full is refused, and
 * counted where both sides see it. The two counters run from 0 round 2^32 and stand on cache lines of their own, so
 * that the sides do not slow each other down; each side keeps the last value that it saw of the other's and reads it
 * again only when it must. The counter's `Atomics.store` publishes the words written before it, its `Atomics.load`
 * makes them visible (they synchronise, and the words themselves need no atomics).
 */

// Int32 entries. A cache line is 64 bytes, a pair of lines (which CPUs fetch together) 32 entries.
const WORDS = 0;
const CAPACITY = 1;
const TAIL = 32;
const REFUSED = 33;
const HEAD = 64;
const HEADER_BYTES = 96 * 4;

const MAX_CAPACITY = 2 ** 30;

/**
 * The memory of a ring; hand it to the other thread and make a `RingWriter` on one side, a `RingReader` on the other.
 * @throws RangeError when the capacity (in records) is not a power of two up to 2^30, or a record has no words.
 */
export function createRing(capacity: number, wordsPerRecord: number): SharedArrayBuffer {
  if (!(capacity >= 1 && capacity <= MAX_CAPACITY && Number.isInteger(Math.log2(capacity)))) {
    throw new RangeError(`ring capacity ${capacity} is not a power of two up to 2^30`);
  }
  if (!(Number.isInteger(wordsPerRecord) && wordsPerRecord >= 1 && wordsPerRecord <= 2 ** 20)) {
    throw new RangeError(`${wordsPerRecord} is not a number of words per record from 1 to 2^20`);
  }
  const buffer = new SharedArrayBuffer(HEADER_BYTES + capacity * wordsPerRecord * 8);
  const header = new Int32Array(buffer, 0, HEADER_BYTES / 4);
  header[WORDS] = wordsPerRecord;
  header[CAPACITY] = capacity;
  return buffer;
}

/** What both sides know of a ring. */
class RingEnd {
  /** Records that the ring holds. */
  readonly capacity: number;
  readonly wordsPerRecord: number;
  protected readonly header: Int32Array;
  protected readonly data: Float64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.header = new Int32Array(buffer, 0, HEADER_BYTES / 4);
    this.wordsPerRecord = this.header[WORDS];
    this.capacity = this.header[CAPACITY];
    this.data = new Float64Array(buffer, HEADER_BYTES, this.capacity * this.wordsPerRecord);
  }

  /** Records that the producer could not place because the ring was full, so far; counts round 2^32. */
  get refused(): number {
    return Atomics.load(this.header, REFUSED) >>> 0;
  }

  /** Records that are in the ring now. */
  get pending(): number {
    return (Atomics.load(this.header, TAIL) - Atomics.load(this.header, HEAD)) >>> 0;
  }
}

/** The producer's end. */
export class RingWriter extends RingEnd {
  #tail: number;
  #seenHead: number;

  constructor(buffer: SharedArrayBuffer) {
    super(buffer);
    this.#tail = Atomics.load(this.header, TAIL);
    this.#seenHead = Atomics.load(this.header, HEAD);
  }

  /**
   * Copies `count` records that start at the word `offset` of `words`, in order, as far as there is room; answers how
   * many were taken. The rest is counted as refused.
   */
  push(words: Float64Array, offset: number, count: number): number {
    const tail = this.#tail;
    let room = this.capacity - ((tail - this.#seenHead) | 0);
    if (room < count) {
      this.#seenHead = Atomics.load(this.header, HEAD);
      room = this.capacity - ((tail - this.#seenHead) | 0);
    }
    const taken = count < room ? count : room;
    if (taken > 0) {
      const at = (tail & (this.capacity - 1)) * this.wordsPerRecord;
      copyRing(this.data, at, words, offset, taken * this.wordsPerRecord);
      this.#tail = (tail + taken) | 0;
      Atomics.store(this.header, TAIL, this.#tail);
    }
    if (taken < count) Atomics.add(this.header, REFUSED, count - taken);
    return taken > 0 ? taken : 0;
  }
}

/** Copies into the ring at a word, going on at its start when its end is reached. */
function copyRing(ring: Float64Array, at: number, words: Float64Array, offset: number, count: number): void {
  const untilEnd = ring.length - at;
  const first = count < untilEnd ? count : untilEnd;
  for (let i = 0; i < first; i++) ring[at + i] = words[offset + i];
  for (let i = first; i < count; i++) ring[i - first] = words[offset + i];
}

/** The consumer's end. */
export class RingReader extends RingEnd {
  #head: number;
  #seenTail: number;

  constructor(buffer: SharedArrayBuffer) {
    super(buffer);
    this.#head = Atomics.load(this.header, HEAD);
    this.#seenTail = Atomics.load(this.header, TAIL);
  }

  /** Moves up to `maxRecords` records, oldest first, to the start of `target`; answers how many. */
  drain(target: Float64Array, maxRecords: number): number {
    const head = this.#head;
    let ready = (this.#seenTail - head) | 0;
    if (ready < maxRecords) {
      this.#seenTail = Atomics.load(this.header, TAIL);
      ready = (this.#seenTail - head) | 0;
    }
    const taken = maxRecords < ready ? maxRecords : ready;
    if (taken <= 0) return 0;
    const data = this.data;
    const at = (head & (this.capacity - 1)) * this.wordsPerRecord;
    const count = taken * this.wordsPerRecord;
    const untilEnd = data.length - at;
    const first = count < untilEnd ? count : untilEnd;
    for (let i = 0; i < first; i++) target[i] = data[at + i];
    for (let i = first; i < count; i++) target[i] = data[i - first];
    this.#head = (head + taken) | 0;
    Atomics.store(this.header, HEAD, this.#head);
    return taken;
  }
}
