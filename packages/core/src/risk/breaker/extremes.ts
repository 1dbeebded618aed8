/**
 * Smallest and largest of what was seen in a time window, in buckets of time: two monotonic queues (Lemire, "Streaming maximum-minimum
 * filter using no more than three comparisons per element", Nordic Journal of Computing 13, 2006). Constant time a bucket, amortised; no
 * allocation.
 */
import { checkState } from '../../base/state.ts';

/** Bucket and value of each entry, oldest first. */
export interface ExtremesState {
  readonly minima: Float64Array;
  readonly maxima: Float64Array;
}

/** Entries of `bounds`. */
export const Bound = { MIN: 0, MAX: 1 } as const;
const { MIN, MAX } = Bound;

export class WindowExtremes {
  /** Infinity and -Infinity while nothing is in the window. */
  readonly bounds = Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  readonly #buckets: number;
  readonly #mask: number;
  readonly #size: number;
  /** Two rings one after the other, that of the minima first: bucket and value of each entry. */
  readonly #at: Float64Array;
  readonly #of: Float64Array;
  /** First and end of the ring of minima, then of that of maxima. */
  readonly #ends = new Int32Array(4);

  /** @param buckets how many buckets back from the present one the window reaches */
  constructor(buckets: number) {
    this.#buckets = buckets;
    this.#size = 2 ** Math.ceil(Math.log2(buckets + 2));
    this.#mask = this.#size - 1;
    this.#at = new Float64Array(this.#size * 2);
    this.#of = new Float64Array(this.#size * 2);
  }

  /**
   * A bucket has ended: its smallest and largest value are `data[at]` and `data[at + 1]`, its number `data[at + 2]`. Numbers rise.
   */
  push(data: Float64Array, at: number): void {
    this.#append(0, data[at], data[at + 2]);
    this.#append(1, data[at + 1], data[at + 2]);
  }

  /** The present bucket is `data[at]`: forgets what lies more than the window before it. */
  expire(data: Float64Array, at: number): void {
    const oldest = data[at] - this.#buckets;
    const ends = this.#ends;
    const mask = this.#mask;
    const size = this.#size;
    while (ends[0] !== ends[1] && this.#at[ends[0] & mask] < oldest) ends[0] = (ends[0] + 1) | 0;
    while (ends[2] !== ends[3] && this.#at[size + (ends[2] & mask)] < oldest) ends[2] = (ends[2] + 1) | 0;
    this.#look();
  }

  clear(): void {
    this.#ends.fill(0);
    this.#look();
  }

  save(): ExtremesState {
    return { minima: this.#entries(0), maxima: this.#entries(1) };
  }

  restore(state: ExtremesState): void {
    checkState('a window', state, this.save(), ['minima', 'maxima']);
    const { minima, maxima } = state;
    const most = Math.max(minima.length, maxima.length) / 2;
    if (most > this.#size)
      throw new RangeError(`state of a window: found ${most} entries, expected ${this.#size} at most`);
    this.#ends.fill(0);
    for (let i = 0; i + 1 < minima.length; i += 2) this.#append(0, minima[i + 1], minima[i]);
    for (let i = 0; i + 1 < maxima.length; i += 2) this.#append(1, maxima[i + 1], maxima[i]);
    this.#look();
  }

  #entries(ring: 0 | 1): Float64Array {
    const ends = this.#ends;
    const first = ends[ring * 2];
    const count = (ends[ring * 2 + 1] - first) | 0;
    const entries = new Float64Array(count * 2);
    for (let i = 0; i < count; i++) {
      const at = ring * this.#size + ((first + i) & this.#mask);
      entries[i * 2] = this.#at[at];
      entries[i * 2 + 1] = this.#of[at];
    }
    return entries;
  }

  #append(ring: 0 | 1, value: number, bucket: number): void {
    const of = this.#of;
    const ends = this.#ends;
    const mask = this.#mask;
    const base = ring * this.#size;
    const first = ends[ring * 2];
    let end = ends[ring * 2 + 1];
    if (ring === 0) while (end !== first && of[base + ((end - 1) & mask)] >= value) end = (end - 1) | 0;
    else while (end !== first && of[base + ((end - 1) & mask)] <= value) end = (end - 1) | 0;
    of[base + (end & mask)] = value;
    this.#at[base + (end & mask)] = bucket;
    ends[ring * 2 + 1] = (end + 1) | 0;
  }

  #look(): void {
    const ends = this.#ends;
    const mask = this.#mask;
    this.bounds[MIN] = ends[0] === ends[1] ? Number.POSITIVE_INFINITY : this.#of[ends[0] & mask];
    this.bounds[MAX] = ends[2] === ends[3] ? Number.NEGATIVE_INFINITY : this.#of[this.#size + (ends[2] & mask)];
  }
}
