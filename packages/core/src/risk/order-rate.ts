/**
 * How fast a strategy may send at a venue: a token bucket kept as the instant at which it would be full again (generic cell rate
 * algorithm, ITU-T I.371), and a rest after it ran dry. Cancels are not counted.
 */

/** What `ask` answers. */
export const RateAnswer = { YES: 0, DRY: 1, COOLING: 2 } as const;
export type RateAnswer = (typeof RateAnswer)[keyof typeof RateAnswer];

const FULL = 0;
const COOL = 1;
const INTERVAL = 2;
const AHEAD = 3;
const STRIDE = 4;

export class OrderRate {
  /** By strategy × venues + venue: when the bucket is full again, until when it rests, nanoseconds per order, how far FULL may be ahead of now. */
  readonly #buckets: Float64Array;
  #restNs = 0;

  constructor(buckets: number) {
    this.#buckets = new Float64Array(buckets * STRIDE);
    for (let at = 0; at < this.#buckets.length; at += STRIDE) {
      this.#buckets[at + FULL] = Number.NEGATIVE_INFINITY;
      this.#buckets[at + COOL] = Number.NEGATIVE_INFINITY;
    }
  }

  /** @param perSecond Infinity = no limit, 0 = none. @param burst below 1 = none */
  set(bucket: number, perSecond: number, burst: number): void {
    const at = bucket * STRIDE;
    const whole = Math.floor(burst);
    const isShut = perSecond === 0 || whole < 1;
    const intervalNs = isShut ? 0 : 1e9 / perSecond;
    this.#buckets[at + INTERVAL] = intervalNs;
    // Without a limit of the rate a burst of any size passes, and one without a limit never runs dry.
    this.#buckets[at + AHEAD] = isShut
      ? Number.NEGATIVE_INFINITY
      : whole === Infinity
        ? Infinity
        : (whole - 1) * intervalNs;
  }

  /** The rest after a bucket ran dry, 0 = none. */
  setRest(restNs: number): void {
    this.#restNs = restNs;
  }

  /** Whether an order may go now, at `times[at]`; a bucket that is dry begins to rest. */
  ask(bucket: number, times: Float64Array, at: number): RateAnswer {
    const buckets = this.#buckets;
    const from = bucket * STRIDE;
    const nowNs = times[at];
    if (nowNs < buckets[from + COOL]) return RateAnswer.COOLING;
    if (buckets[from + FULL] <= nowNs || buckets[from + FULL] - buckets[from + AHEAD] <= nowNs) {
      // The bucket that is shut has an infinite distance to keep.
      if (buckets[from + AHEAD] >= 0) return RateAnswer.YES;
    }
    buckets[from + COOL] = nowNs + this.#restNs;
    return RateAnswer.DRY;
  }

  /** Whether an order may go now; nothing begins to rest. */
  has(bucket: number, times: Float64Array, at: number): boolean {
    const buckets = this.#buckets;
    const from = bucket * STRIDE;
    const nowNs = times[at];
    // A bucket that is shut is full again never.
    return nowNs >= buckets[from + COOL] && buckets[from + FULL] - buckets[from + AHEAD] <= nowNs;
  }

  /** An order goes. */
  take(bucket: number, times: Float64Array, at: number): void {
    const buckets = this.#buckets;
    const from = bucket * STRIDE;
    const nowNs = times[at];
    buckets[from + FULL] = (buckets[from + FULL] > nowNs ? buckets[from + FULL] : nowNs) + buckets[from + INTERVAL];
  }

  /** Orders that went and are not made up for yet; 0 without a limit of the rate. */
  used(bucket: number, nowNs: number): number {
    const at = bucket * STRIDE;
    const intervalNs = this.#buckets[at + INTERVAL];
    const aheadNs = this.#buckets[at + FULL] - nowNs;
    return intervalNs > 0 && aheadNs > 0 ? aheadNs / intervalNs : 0;
  }

  save(): Float64Array {
    return this.#buckets.slice();
  }

  restore(state: Float64Array): void {
    this.#buckets.set(state);
  }
}
