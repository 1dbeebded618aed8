/** A growing first-in-first-out queue of records (`market/event.ts`), one array, no allocation once it is large enough. */
import { EVENT_STRIDE } from '../market/event.ts';

export class RecordQueue {
  /** Read and write through this; it is another array after a `reserve` that had to grow. */
  data: Float64Array;
  #mask: number;
  #head = 0;
  #tail = 0;

  /** @param capacity records to begin with, a power of two */
  constructor(capacity = 256) {
    this.data = new Float64Array(capacity * EVENT_STRIDE);
    this.#mask = capacity - 1;
  }

  get length(): number {
    return (this.#tail - this.#head) | 0;
  }

  /** Appends a record and answers the offset of its fields in `data`. They hold what was there before: write all eight. */
  reserve(): number {
    if (((this.#tail - this.#head) | 0) > this.#mask) this.#grow();
    const at = (this.#tail & this.#mask) * EVENT_STRIDE;
    this.#tail = (this.#tail + 1) | 0;
    return at;
  }

  /** Offset of the oldest record. The queue is not empty. */
  peek(): number {
    return (this.#head & this.#mask) * EVENT_STRIDE;
  }

  /** Removes the oldest record; what `peek` answered stays readable until the next `reserve`. */
  shift(): void {
    this.#head = (this.#head + 1) | 0;
  }

  clear(): void {
    this.#head = this.#tail;
  }

  /** The records, oldest first. */
  save(): Float64Array {
    const records = new Float64Array(this.length * EVENT_STRIDE);
    for (let i = 0; i < this.length; i++) {
      const from = ((this.#head + i) & this.#mask) * EVENT_STRIDE;
      records.set(this.data.subarray(from, from + EVENT_STRIDE), i * EVENT_STRIDE);
    }
    return records;
  }

  restore(records: Float64Array): void {
    if (records.length % EVENT_STRIDE !== 0) {
      throw new RangeError(`state of a queue: ${records.length} numbers are no whole records`);
    }
    this.clear();
    for (let from = 0; from < records.length; from += EVENT_STRIDE) {
      const at = this.reserve();
      this.data.set(records.subarray(from, from + EVENT_STRIDE), at);
    }
  }

  #grow(): void {
    const count = this.length;
    const grown = new Float64Array(this.data.length * 2);
    for (let i = 0; i < count; i++) {
      const from = ((this.#head + i) & this.#mask) * EVENT_STRIDE;
      grown.set(this.data.subarray(from, from + EVENT_STRIDE), i * EVENT_STRIDE);
    }
    this.data = grown;
    this.#mask = this.#mask * 2 + 1;
    this.#head = 0;
    this.#tail = count;
  }
}
