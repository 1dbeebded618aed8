/**
 * Imbalance of the aggressors' flow, with exponential forgetting: volume bought less volume sold, over what was traded, or over
 * what usually is in such a time if that is more, so that the last prints before a silence fade.
 */
import { checkNumbers } from '../base/state.ts';
import { Side } from '../market/side.ts';
import { decay, timeConstantNs } from './decay.ts';

/** What is usual is remembered so many times longer. */
const USUAL = 10;

export class FlowImbalance {
  readonly #tauNs: number;
  #bought = 0;
  #sold = 0;
  #seconds = 0;
  #usualLots = 0;
  #usualSeconds = 0;
  #atNs = Number.NaN;

  /** @throws RangeError when the half-life is not positive. */
  constructor(halfLifeSeconds: number) {
    this.#tauNs = timeConstantNs('halfLifeSeconds', halfLifeSeconds);
  }

  /** A print. `side`: the aggressor's. */
  trade(side: Side, sizeLots: number, nowNs: number): void {
    this.advance(nowNs);
    this.#usualLots += sizeLots;
    if (side === Side.BUY) this.#bought += sizeLots;
    else this.#sold += sizeLots;
  }

  /** Forgets up to now. */
  advance(nowNs: number): void {
    const passed = nowNs - this.#atNs;
    if (passed <= 0) return;
    if (passed === passed) {
      const kept = decay(passed / this.#tauNs);
      this.#bought *= kept;
      this.#sold *= kept;
      this.#seconds = this.#seconds * kept + this.#tauNs * (1 - kept) * 1e-9;
      const usualKept = decay(passed / (USUAL * this.#tauNs));
      this.#usualLots *= usualKept;
      this.#usualSeconds = this.#usualSeconds * usualKept + USUAL * this.#tauNs * (1 - usualKept) * 1e-9;
    }
    this.#atNs = nowNs;
  }

  save(): number[] {
    return [this.#bought, this.#sold, this.#seconds, this.#usualLots, this.#usualSeconds, this.#atNs];
  }

  restore(state: readonly number[]): void {
    checkNumbers('a flow imbalance', state, 6);
    [this.#bought, this.#sold, this.#seconds, this.#usualLots, this.#usualSeconds, this.#atNs] = state;
  }

  /** From -1 (all sold) to 1 (all bought); 0 when nothing traded. */
  get imbalance(): number {
    const usual = this.#usualSeconds > 0 ? (this.#usualLots / this.#usualSeconds) * this.#seconds : 0;
    const total = Math.max(this.#bought + this.#sold, usual);
    return total > 0 ? (this.#bought - this.#sold) / total : 0;
  }
}
