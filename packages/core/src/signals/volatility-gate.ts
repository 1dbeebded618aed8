/**
 * Tells when the market moves much more than it used to: a fast estimate of the volatility against a slow one, with hysteresis.
 * The slow one takes the same moves in, so the ratio is at most the root of the ratio of the half-lives.
 */
import { checkState } from '../base/state.ts';
import { Volatility } from './volatility.ts';

export interface VolatilityGateState {
  readonly fast: readonly number[];
  readonly slow: readonly number[];
  readonly isShut: boolean;
}

/** Shut at the limit, open again below this share of it. */
const REOPEN = 0.75;
/** Changes that the slow estimate must have seen before it is a measure of what is usual. */
const LEAST_SAMPLES = 30;

export class VolatilityGate {
  readonly #fast: Volatility;
  readonly #slow: Volatility;
  readonly #limit: number;
  #isShut = false;

  /** `limit`: how many times the slow volatility the fast one may reach; 0 = the gate is always open. @throws RangeError for half-lives that are not positive. */
  constructor(fastSeconds: number, slowSeconds: number, sampleSeconds: number, limit: number) {
    this.#fast = new Volatility(fastSeconds, sampleSeconds);
    this.#slow = new Volatility(slowSeconds, sampleSeconds);
    this.#limit = limit > 0 ? limit * limit : Infinity;
  }

  update(midTicks: number, nowNs: number): void {
    const seen = this.#slow.samples;
    this.#fast.update(midTicks, nowNs);
    this.#slow.update(midTicks, nowNs);
    if (this.#slow.samples === seen || this.#slow.samples < LEAST_SAMPLES) return;
    // A market that has not moved at all is no measure: the gate stays as it is.
    if (!(this.#slow.variance > 0)) return;
    const ratio = this.#fast.variance / this.#slow.variance;
    this.#isShut = this.#isShut ? ratio > this.#limit * REOPEN * REOPEN : ratio > this.#limit;
  }

  save(): VolatilityGateState {
    return { fast: this.#fast.save(), slow: this.#slow.save(), isShut: this.#isShut };
  }

  restore(state: VolatilityGateState): void {
    checkState('a volatility gate', state, this.save());
    this.#fast.restore(state.fast);
    this.#slow.restore(state.slow);
    this.#isShut = state.isShut;
  }

  get isShut(): boolean {
    return this.#isShut;
  }
}
