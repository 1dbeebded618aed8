/**
 * The states of circuit breakers, by row: CLOSED → OPEN for a cool-down → HALF_OPEN for the canary's time → CLOSED. Cool-downs lengthen with
 * every trip, up to a bound; a breaker that has been closed for long starts again with the first.
 */
import { checkState } from '../../base/state.ts';
import { BreakerState } from '../../trading/risk-state.ts';
import type { BreakerConfig } from './settings.ts';

const { CLOSED, HALF_OPEN, OPEN } = BreakerState;

export interface MachineState {
  readonly states: Int32Array;
  readonly dueNs: Float64Array;
  readonly closedNs: Float64Array;
  readonly cooldownNs: Float64Array;
}

export class BreakerMachine {
  /** By row: a `BreakerState`. */
  readonly states: Int32Array;
  /** By row: when the cool-down or the canary's time is over; Infinity = never by itself. */
  readonly dueNs: Float64Array;
  readonly #closedNs: Float64Array;
  /** Of the next trip. */
  readonly #cooldownNs: Float64Array;
  readonly #config: BreakerConfig;

  constructor(rows: number, config: BreakerConfig) {
    this.#config = config;
    this.states = new Int32Array(rows);
    this.dueNs = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
    this.#closedNs = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
    this.#cooldownNs = new Float64Array(rows).fill(config.cooldownNs);
  }

  /** @returns the cool-down, nanoseconds */
  open(row: number, nowNs: number): number {
    const { cooldownNs, cooldownGrowth, maxCooldownNs, forgetNs } = this.#config;
    const isForgotten = this.states[row] === CLOSED && nowNs - this.#closedNs[row] >= forgetNs;
    const coolNs = isForgotten ? cooldownNs : this.#cooldownNs[row];
    this.#cooldownNs[row] = Math.min(maxCooldownNs, coolNs * cooldownGrowth);
    this.states[row] = OPEN;
    this.dueNs[row] = nowNs + coolNs;
    return coolNs;
  }

  /** Stays open until it is closed by hand. */
  hold(row: number): void {
    this.states[row] = OPEN;
    this.dueNs[row] = Number.POSITIVE_INFINITY;
  }

  halfOpen(row: number, nowNs: number): void {
    this.states[row] = HALF_OPEN;
    this.dueNs[row] = nowNs + this.#config.canaryNs;
  }

  close(row: number, nowNs: number): void {
    this.states[row] = CLOSED;
    this.dueNs[row] = Number.POSITIVE_INFINITY;
    this.#closedNs[row] = nowNs;
  }

  /** The next cool-down is the first again. */
  forget(row: number): void {
    this.#cooldownNs[row] = this.#config.cooldownNs;
  }

  save(): MachineState {
    return {
      states: this.states.slice(),
      dueNs: this.dueNs.slice(),
      closedNs: this.#closedNs.slice(),
      cooldownNs: this.#cooldownNs.slice(),
    };
  }

  restore(state: MachineState): void {
    checkState('breaker states', state, this.save());
    this.states.set(state.states);
    this.dueNs.set(state.dueNs);
    this.#closedNs.set(state.closedNs);
    this.#cooldownNs.set(state.cooldownNs);
  }
}
