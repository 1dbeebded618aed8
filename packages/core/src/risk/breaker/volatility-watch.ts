/**
 * Realised volatility of the last half minute over that of the last half hour: exponentially weighted means of squared returns
 * by the second. The long one counts a second as no more than a few times itself, so that a crisis does not become the norm
 * before it is noticed. No logarithm and no exponential: the same bits on every machine.
 */
import { checkState } from '../../base/state.ts';

const FAST_SECONDS = 60;
const SLOW_SECONDS = 1800;
/** A second's variance counts as no more than so many times the long mean: into the short mean, and into the long one itself. */
const MOST_FAST = 64;
const MOST_SLOW = 4;

const FAST = 0;
const SLOW = 1;
/** Seconds seen. */
const AGE = 2;
const MID = 3;

export interface VolatilityState {
  readonly data: Float64Array;
}

export class VolatilityWatch {
  readonly #data = Float64Array.of(0, 0, 0, Number.NaN);
  readonly #warmupSeconds: number;

  constructor(warmupSeconds: number) {
    // Before the fast mean has turned over there is nothing to compare.
    this.#warmupSeconds = Math.max(warmupSeconds, FAST_SECONDS);
  }

  /** So many seconds ended, after which the mid is this; NaN = not known, and neither is the return to the next one. */
  endSecond(mid: number, seconds: number): void {
    const data = this.#data;
    const change = (mid - data[MID]) / data[MID];
    data[MID] = mid;
    if (!(change * change < Number.POSITIVE_INFINITY)) return;
    const age = (data[AGE] += seconds);
    const variance = (change * change) / seconds;
    const slow = data[SLOW];
    const isKnown = age > this.#warmupSeconds && slow > 0;
    const forFast = isKnown && variance > MOST_FAST * slow ? MOST_FAST * slow : variance;
    const forSlow = isKnown && variance > MOST_SLOW * slow ? MOST_SLOW * slow : variance;
    data[FAST] += ((forFast - data[FAST]) * seconds) / ((age < FAST_SECONDS ? age : FAST_SECONDS) + seconds);
    data[SLOW] += ((forSlow - slow) * seconds) / ((age < SLOW_SECONDS ? age : SLOW_SECONDS) + seconds);
  }

  /** 0 before it is known. */
  get ratio(): number {
    const data = this.#data;
    return data[AGE] >= this.#warmupSeconds && data[SLOW] > 0 ? Math.sqrt(data[FAST] / data[SLOW]) : 0;
  }

  /** Of a second's return, the short mean; NaN before two seconds. */
  get deviation(): number {
    return this.#data[AGE] > 0 ? Math.sqrt(this.#data[FAST]) : Number.NaN;
  }

  save(): VolatilityState {
    return { data: this.#data.slice() };
  }

  restore(state: VolatilityState): void {
    checkState('a volatility watch', state, this.save());
    this.#data.set(state.data);
  }
}
