/**
 * The spread of feed latencies (local − venue time, nanoseconds, negative when a clock is off) in constant memory: counts
 * in buckets 1/64 of an octave wide, so that a quantile is right within 1.1 %.
 */

const PER_OCTAVE = 64;
/** Up to 2^63 ns, more than any two clocks are apart. */
const BUCKETS = 64 * PER_OCTAVE;

export class LatencySpread {
  count = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  readonly #positive = new Float64Array(BUCKETS);
  readonly #negative = new Float64Array(BUCKETS);

  add(ns: number): void {
    this.count++;
    if (ns < this.min) this.min = ns;
    if (ns > this.max) this.max = ns;
    const size = Math.abs(ns);
    const bucket = size < 1 ? 0 : Math.min(BUCKETS - 1, Math.floor(Math.log2(size) * PER_OCTAVE));
    (ns < 0 ? this.#negative : this.#positive)[bucket]!++;
  }

  /** The value that half of all lie at or below; NaN when there are none. */
  median(): number {
    if (this.count === 0) return Number.NaN;
    let left = this.count / 2;
    for (let i = BUCKETS - 1; i >= 0; i--) {
      left -= this.#negative[i]!;
      if (left <= 0) return this.#clamp(-middle(i));
    }
    for (let i = 0; i < BUCKETS; i++) {
      left -= this.#positive[i]!;
      if (left <= 0) return this.#clamp(middle(i));
    }
    return this.max;
  }

  #clamp(ns: number): number {
    return Math.min(this.max, Math.max(this.min, ns));
  }
}

function middle(bucket: number): number {
  return Math.round(2 ** ((bucket + 0.5) / PER_OCTAVE));
}
