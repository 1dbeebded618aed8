/** What the two threads of `tests/ring-threads.test.ts` agree on. */

export interface ProducerTask {
  readonly buffer: SharedArrayBuffer;
  readonly records: number;
  readonly seed: number;
  /** Where the producer writes how many records were not taken at the first try. */
  readonly refused: Int32Array<SharedArrayBuffer>;
}

/** Word `i` of record `n`: exact, and different for every word of every record up to 2^40. */
export function wordOf(n: number, i: number): number {
  return n * 8 + i + 0.5;
}
