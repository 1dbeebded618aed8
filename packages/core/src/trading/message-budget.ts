/**
 * How many requests a venue takes: a token bucket, kept as one time (the generic cell rate algorithm, ITU-T I.371): the
 * instant at which the bucket would be full again. Deterministic in local time.
 *
 * Cancels may use the whole bucket, other requests leave `cancelReserve` of it: risk can be taken back when quoting has used
 * up its share.
 */

import { checkNumbers } from '../base/state.ts';

export interface MessageBudgetOptions {
  /** Requests per second in the long run; Infinity for no limit. */
  readonly perSecond: number;
  /** Requests that may be sent at once after a silence. */
  readonly burst: number;
  /** How many of the burst only cancels may use; below `burst`. Default: a quarter of it, rounded down. */
  readonly cancelReserve?: number;
}

export class MessageBudget {
  readonly #intervalNs: number;
  /** How far the full-again time may be ahead of now for a request to go out. */
  readonly #cancelAheadNs: number;
  readonly #otherAheadNs: number;
  /** When the bucket is full again. */
  readonly #fullNs = new Float64Array(1).fill(-Infinity);

  /** @throws RangeError that names the field. */
  constructor(options: MessageBudgetOptions) {
    const { perSecond, burst } = options;
    if (!(perSecond > 0)) throw new RangeError(`message budget: perSecond ${perSecond} is not above zero`);
    if (!Number.isSafeInteger(burst) || burst < 1) {
      throw new RangeError(`message budget: burst ${burst} is not a whole number from 1`);
    }
    const reserve = options.cancelReserve ?? Math.floor(burst / 4);
    if (!Number.isSafeInteger(reserve) || reserve < 0 || reserve >= burst) {
      throw new RangeError(
        `message budget: cancelReserve ${reserve} is not a whole number from 0 and below burst ${burst}`,
      );
    }
    this.#intervalNs = 1e9 / perSecond;
    this.#cancelAheadNs = (burst - 1) * this.#intervalNs;
    this.#otherAheadNs = (burst - 1 - reserve) * this.#intervalNs;
  }

  /** Counts a request that is to be sent now; false when it must wait until `nextNs`. */
  take(isCancel: boolean, nowNs: number): boolean {
    const full = this.#fullNs[0];
    if (full - (isCancel ? this.#cancelAheadNs : this.#otherAheadNs) > nowNs) return false;
    this.#fullNs[0] = (full > nowNs ? full : nowNs) + this.#intervalNs;
    return true;
  }

  save(): number[] {
    return [this.#fullNs[0]];
  }

  restore(state: readonly number[]): void {
    checkNumbers('a message budget', state, 1);
    this.#fullNs[0] = state[0];
  }

  /** Earliest time at which `take` says yes if nothing else is sent before. */
  nextNs(isCancel: boolean): number {
    return this.#fullNs[0] - (isCancel ? this.#cancelAheadNs : this.#otherAheadNs);
  }
}
