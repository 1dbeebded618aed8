/**
 * How a quantity of 0 and above is spread, in constant memory: weights in buckets that are 1/64 of an octave wide, which are
 * exact for whole numbers below 128. A quantile is within 0.8 %. Negative values and NaN go to the bucket of 0.
 *
 * The bucket is the exponent and the first six bits of the mantissa of the float64, read as an integer: no logarithm.
 */

const SUB_BITS = 6;
const SHIFT = 20 - SUB_BITS;
/** What the bits of 1.0 read as; it gets bucket 1, and everything below 1 bucket 0. */
const ONE = 0x3ff0_0000 >>> SHIFT;
/** Up to 2^63. */
const BUCKETS = (63 << SUB_BITS) + 1;
/** Buckets in a fourth of an octave. */
const QUARTER = 1 << (SUB_BITS - 2);
// After the buckets: sums and extremes, in the same array, so that no number is boxed.
const WEIGHT = BUCKETS;
const SUM = BUCKETS + 1;
const MIN = BUCKETS + 2;
const MAX = BUCKETS + 3;

const float = new Float64Array(1);
const halves = new Int32Array(float.buffer);
/** The half with sign and exponent, whichever way round the machine stores it. */
const HIGH = ((): number => {
  float[0] = -1;
  return halves[1] < 0 ? 1 : 0;
})();

export class LogHistogram {
  readonly #words = new Float64Array(BUCKETS + 4);

  constructor() {
    this.#words[MIN] = Number.POSITIVE_INFINITY;
    this.#words[MAX] = Number.NEGATIVE_INFINITY;
  }

  add(value: number, weight = 1): void {
    if (!(weight > 0)) return;
    const words = this.#words;
    words[WEIGHT] += weight;
    words[SUM] += weight * value;
    if (value < words[MIN]) words[MIN] = value;
    if (value > words[MAX]) words[MAX] = value;
    float[0] = value;
    const bucket = (halves[HIGH] >> SHIFT) - ONE + 1;
    words[value >= 1 ? (bucket < BUCKETS ? bucket : BUCKETS - 1) : 0] += weight;
  }

  /** Takes what another one has taken. */
  merge(other: LogHistogram): void {
    const words = this.#words;
    const others = other.#words;
    for (let i = 0; i < MIN; i++) words[i] += others[i];
    if (others[MIN] < words[MIN]) words[MIN] = others[MIN];
    if (others[MAX] > words[MAX]) words[MAX] = others[MAX];
  }

  /** The weight below each fourth of an octave, from the first that has any to the last: upper edge, and weight since the edge before. */
  quarters(): (readonly [upTo: number, weight: number])[] {
    const words = this.#words;
    const parts: (readonly [number, number])[] = [[1, words[0]]];
    for (let bucket = 1; bucket < BUCKETS; bucket += QUARTER) {
      let weight = 0;
      for (let i = bucket; i < bucket + QUARTER; i++) weight += words[i];
      const part = (bucket - 1) / QUARTER;
      parts.push([2 ** (part >> 2) * (1.25 + (part & 3) / 4), weight]);
    }
    const first = parts.findIndex(([, weight]) => weight > 0);
    return first < 0 ? [] : parts.slice(first, parts.findLastIndex(([, weight]) => weight > 0) + 1);
  }

  get weight(): number {
    return this.#words[WEIGHT];
  }

  /** Of weight × value. */
  get sum(): number {
    return this.#words[SUM];
  }

  /** Infinity when there is nothing. */
  get min(): number {
    return this.#words[MIN];
  }

  /** -Infinity when there is nothing. */
  get max(): number {
    return this.#words[MAX];
  }

  /** NaN when there is nothing. */
  get mean(): number {
    return this.sum / this.weight;
  }

  /** The smallest value that a share p of the weight is at or below; NaN when there is nothing. */
  quantile(p: number): number {
    if (this.weight === 0) return Number.NaN;
    const wanted = p * this.weight;
    let below = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      below += this.#words[bucket];
      if (below >= wanted && below > 0) return Math.min(this.max, Math.max(this.min, valueOf(bucket)));
    }
    return this.max;
  }
}

/** The middle of the whole numbers in a bucket. */
function valueOf(bucket: number): number {
  if (bucket === 0) return 0;
  const octave = 2 ** ((bucket - 1) >> SUB_BITS);
  const step = octave / (1 << SUB_BITS);
  const low = octave + ((bucket - 1) & ((1 << SUB_BITS) - 1)) * step;
  return step <= 1 ? low : low + (step - 1) / 2;
}
