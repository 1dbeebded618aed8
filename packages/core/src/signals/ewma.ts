/** A time-weighted average with exponential forgetting: each value counts for as long as it held. */
import { checkNumbers } from '../base/state.ts';
import { decay, timeConstantNs } from './decay.ts';

export class Ewma {
  readonly #tauNs: number;
  #value = Number.NaN;
  #latest = Number.NaN;
  #atNs = Number.NaN;

  /** @throws RangeError when the half-life is not positive. */
  constructor(halfLifeSeconds: number) {
    this.#tauNs = timeConstantNs('halfLifeSeconds', halfLifeSeconds);
  }

  /** The value is x from now on. What is not finite is left out; a time that runs back counts as no time. */
  update(x: number, nowNs: number): void {
    if (!(Math.abs(x) < Infinity)) return;
    if (this.#value !== this.#value) {
      this.#value = x;
      this.#atNs = nowNs;
    } else {
      const passed = nowNs - this.#atNs;
      if (passed > 0) {
        this.#value = this.#latest + (this.#value - this.#latest) * decay(passed / this.#tauNs);
        this.#atNs = nowNs;
      }
    }
    this.#latest = x;
  }

  save(): number[] {
    return [this.#value, this.#latest, this.#atNs];
  }

  restore(state: readonly number[]): void {
    checkNumbers('a time-weighted average', state, 3);
    [this.#value, this.#latest, this.#atNs] = state;
  }

  /** The average up to the last update; NaN before the first. */
  get value(): number {
    return this.#value;
  }
}
