/**
 * Variance of the mid per second, in ticks², with exponential forgetting: squared changes between samples over the time they took.
 *
 * Samples are taken no closer than `sampleSeconds`: changes over shorter times are mostly the mid's bounce and would overstate
 * what an inventory is exposed to (Zhou 1996; Aït-Sahalia, Mykland and Zhang 2005).
 */
import { checkNumbers } from '../base/state.ts';
import { decay, timeConstantNs } from './decay.ts';

export class Volatility {
  readonly #tauNs: number;
  readonly #sampleNs: number;
  #mid = Number.NaN;
  #atNs = Number.NaN;
  #squares = 0;
  #seconds = 0;
  #samples = 0;

  /** @throws RangeError when a time is not positive. */
  constructor(halfLifeSeconds: number, sampleSeconds: number) {
    if (!(sampleSeconds > 0)) throw new RangeError(`sampleSeconds: found ${sampleSeconds}, expected seconds above 0`);
    this.#tauNs = timeConstantNs('halfLifeSeconds', halfLifeSeconds);
    this.#sampleNs = sampleSeconds * 1e9;
  }

  /** The mid now; NaN (an empty side) is left out. */
  update(midTicks: number, nowNs: number): void {
    const passed = nowNs - this.#atNs;
    if (passed < this.#sampleNs || midTicks !== midTicks) return;
    if (passed === passed) {
      const kept = decay(passed / this.#tauNs);
      const change = midTicks - this.#mid;
      this.#squares = this.#squares * kept + change * change;
      this.#seconds = this.#seconds * kept + passed * 1e-9;
      this.#samples++;
    }
    this.#mid = midTicks;
    this.#atNs = nowNs;
  }

  save(): number[] {
    return [this.#mid, this.#atNs, this.#squares, this.#seconds, this.#samples];
  }

  restore(state: readonly number[]): void {
    checkNumbers('a volatility', state, 5);
    [this.#mid, this.#atNs, this.#squares, this.#seconds, this.#samples] = state;
  }

  /** Changes seen since the start. */
  get samples(): number {
    return this.#samples;
  }

  /** Ticks² per second; NaN before the first change could be seen. */
  get variance(): number {
    return this.#seconds > 0 ? this.#squares / this.#seconds : Number.NaN;
  }

  /** Ticks per √second; NaN as above. */
  get sigma(): number {
    return Math.sqrt(this.variance);
  }
}
