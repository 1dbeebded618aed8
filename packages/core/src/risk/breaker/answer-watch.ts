/** How long a venue takes to answer: a short mean of latencies, and the threshold that their median and the cap give. */
import { checkState } from '../../base/state.ts';
import { NORM_STRIDE, Norm, addToMedian } from './norms.ts';
import type { BreakerConfig } from './settings.ts';

/** Answers in the short mean, and before it is believed. */
const SHORT = 4;
/** Answers before the norm is believed. */
const WARM_UP = 20;

const LEVEL = 0;
const SEEN = 1;

export interface AnswersState {
  readonly recent: Float64Array;
  readonly norm: Float64Array;
}

export class AnswerWatch {
  readonly #recent = new Float64Array(2);
  readonly #norm = new Float64Array(NORM_STRIDE);
  readonly #ratio: number;
  readonly #floorNs: number;
  readonly #capNs: number;

  constructor({ latencyRatio, latencyFloorNs, latencyCapNs }: BreakerConfig) {
    this.#ratio = latencyRatio;
    this.#floorNs = latencyFloorNs;
    this.#capNs = latencyCapNs;
  }

  add(latencyNs: number): void {
    if (!(latencyNs >= 0 && latencyNs < Number.POSITIVE_INFINITY)) return;
    const recent = this.#recent;
    const seen = ++recent[SEEN];
    recent[LEVEL] += (latencyNs - recent[LEVEL]) / (seen < SHORT ? seen : SHORT);
    addToMedian(this.#norm, 0, latencyNs);
  }

  /** NaN before there are enough. */
  get levelNs(): number {
    return this.#recent[SEEN] < SHORT ? Number.NaN : this.#recent[LEVEL];
  }

  get limitNs(): number {
    const isKnown = this.#norm[Norm.COUNT] >= WARM_UP;
    const relative = isKnown ? Math.max(this.#floorNs, this.#ratio * this.#norm[Norm.VALUE]) : Number.POSITIVE_INFINITY;
    return Math.min(relative, this.#capNs);
  }

  /** Measures from here on: nothing is answered while a breaker is open, and the canary's answers decide. */
  restart(): void {
    this.#recent.fill(0);
  }

  save(): AnswersState {
    return { recent: this.#recent.slice(), norm: this.#norm.slice() };
  }

  restore(state: AnswersState): void {
    checkState('an answer watch', state, this.save());
    this.#recent.set(state.recent);
    this.#norm.set(state.norm);
  }
}
