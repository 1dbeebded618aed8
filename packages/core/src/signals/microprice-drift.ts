/**
 * How far the mid tends to move after a given imbalance at the touch, learned as the market goes: the first-order correction of
 * Stoikov, "The micro-price: a high-frequency estimator of future prices" (Quantitative Finance 18, 2018), by bands of the
 * imbalance and over a fixed time in place of the next change. Bids and asks are taken to be mirror images, which doubles the data.
 */

import { checkNumbers, checkState } from '../base/state.ts';

/** Bands of |imbalance|; the first one holds the balanced books. */
const BANDS = 5;
/** Observations under way; one is begun every horizon ÷ PENDING at most. */
const PENDING = 16;
/** A band's average forgets with a half-life of so many observations. */
const HALF_LIFE = 500;
const WEIGHT = 1 - 2 ** (-1 / HALF_LIFE);
/** Bands are believed in proportion to their observations up to this many. */
const TRUSTED = 50;

export interface MicropriceDriftState {
  readonly drift: Float64Array;
  readonly seen: Float64Array;
  readonly imbalances: Float64Array;
  readonly mids: Float64Array;
  readonly dueNs: Float64Array;
  readonly numbers: readonly number[];
}

export class MicropriceDrift {
  readonly #horizonNs: number;
  readonly #drift = new Float64Array(BANDS);
  readonly #seen = new Float64Array(BANDS);
  readonly #imbalances = new Float64Array(PENDING);
  readonly #mids = new Float64Array(PENDING);
  readonly #dueNs = new Float64Array(PENDING);
  #first = 0;
  #count = 0;
  #nextNs = -Infinity;

  /** @throws RangeError when the horizon is not positive. */
  constructor(horizonSeconds: number) {
    if (!(horizonSeconds > 0))
      throw new RangeError(`horizonSeconds: found ${horizonSeconds}, expected seconds above 0`);
    this.#horizonNs = horizonSeconds * 1e9;
  }

  /** The imbalance from -1 to 1 and the mid of a book with both sides. */
  update(imbalance: number, midTicks: number, nowNs: number): void {
    if (imbalance !== imbalance || midTicks !== midTicks) return;
    while (this.#count > 0 && this.#dueNs[this.#first] <= nowNs) {
      this.#learn(this.#imbalances[this.#first], midTicks - this.#mids[this.#first]);
      this.#first = (this.#first + 1) % PENDING;
      this.#count--;
    }
    if (nowNs < this.#nextNs || this.#count === PENDING) return;
    this.#nextNs = nowNs + this.#horizonNs / PENDING;
    const slot = (this.#first + this.#count++) % PENDING;
    this.#imbalances[slot] = imbalance;
    this.#mids[slot] = midTicks;
    this.#dueNs[slot] = nowNs + this.#horizonNs;
  }

  save(): MicropriceDriftState {
    return {
      drift: this.#drift.slice(),
      seen: this.#seen.slice(),
      imbalances: this.#imbalances.slice(),
      mids: this.#mids.slice(),
      dueNs: this.#dueNs.slice(),
      numbers: [this.#first, this.#count, this.#nextNs],
    };
  }

  restore(state: MicropriceDriftState): void {
    checkState('a microprice drift', state, this.save());
    checkNumbers('a microprice drift', state.numbers, 3);
    this.#drift.set(state.drift);
    this.#seen.set(state.seen);
    this.#imbalances.set(state.imbalances);
    this.#mids.set(state.mids);
    this.#dueNs.set(state.dueNs);
    [this.#first, this.#count, this.#nextNs] = state.numbers;
  }

  #learn(imbalance: number, moved: number): void {
    const band = bandOf(imbalance);
    const towards = imbalance < 0 ? -moved : moved;
    this.#seen[band]++;
    // A plain mean at first, forgetting when there is enough.
    this.#drift[band] += (towards - this.#drift[band]) * Math.max(WEIGHT, 1 / this.#seen[band]);
  }

  /** Expected move of the mid over the horizon, in ticks; 0 for an imbalance that has not been seen, or is NaN. */
  expected(imbalance: number): number {
    if (imbalance !== imbalance) return 0;
    const band = bandOf(imbalance);
    const drift = this.#drift[band] * Math.min(1, this.#seen[band] / TRUSTED);
    return imbalance < 0 ? -drift : imbalance > 0 ? drift : 0;
  }
}

function bandOf(imbalance: number): number {
  return Math.min(BANDS - 1, Math.floor(Math.abs(imbalance) * BANDS));
}
