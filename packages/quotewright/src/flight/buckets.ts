/**
 * A flight's numbers over time, in at most so many buckets of equal width: the last of each number in a bucket. How long the flight is
 * is not known while it is read, so the width begins small and doubles whenever the buckets are too many.
 */

/** Buckets at most. */
const MOST_BUCKETS = 2000;
const FIRST_WIDTH_NS = 1e6;

export class Buckets {
  /** By bucket: time of its first event, number of it, and the numbers as they stood at its end. */
  readonly timesNs: number[] = [];
  readonly events: number[] = [];
  readonly values: Float64Array[] = [];
  readonly #sample: () => Float64Array;
  readonly #most: number;
  #widthNs = FIRST_WIDTH_NS;
  #firstNs = Number.NaN;
  /** Before this time the bucket at hand goes on. */
  #endNs = Number.NEGATIVE_INFINITY;

  /** @param sample answers the numbers as they are now, in an array of its own */
  constructor(sample: () => Float64Array, most = MOST_BUCKETS) {
    this.#sample = sample;
    this.#most = most;
  }

  /** Before the event takes effect. Times rise; an event whose time does not, or is none, belongs to the bucket at hand. */
  see(event: number, ns: number): void {
    if (ns >= this.#endNs && Number.isFinite(ns)) this.#begin(event, ns);
  }

  /** After the last event. */
  end(): void {
    if (this.timesNs.length > this.values.length) this.values.push(this.#sample());
  }

  #begin(event: number, ns: number): void {
    if (Number.isNaN(this.#firstNs)) this.#firstNs = ns;
    this.end();
    while (this.timesNs.length >= this.#most) this.#merge();
    const bucket = this.#bucketOf(ns);
    this.#endNs = this.#firstNs + (bucket + 1) * this.#widthNs;
    // After a merge the event may still belong to the last bucket.
    if (this.timesNs.length > 0 && this.#bucketOf(this.timesNs.at(-1)!) === bucket) {
      this.values.pop();
      return;
    }
    this.timesNs.push(ns);
    this.events.push(event);
  }

  #bucketOf(ns: number): number {
    return Math.floor((ns - this.#firstNs) / this.#widthNs);
  }

  /** Doubles the width. */
  #merge(): void {
    this.#widthNs *= 2;
    let kept = 0;
    let last = Number.NaN;
    for (let i = 0; i < this.timesNs.length; i++) {
      const bucket = this.#bucketOf(this.timesNs[i]!);
      if (bucket !== last) {
        this.timesNs[kept] = this.timesNs[i]!;
        this.events[kept] = this.events[i]!;
        kept++;
      }
      this.values[kept - 1] = this.values[i]!;
      last = bucket;
    }
    this.timesNs.length = kept;
    this.events.length = kept;
    this.values.length = kept;
  }
}
