/**
 * Adverse selection of own fills: how far the mid has moved against each a fixed time after it, averaged with a half-life counted
 * in fills. Weighted by fills, not by size, so that one large fill does not decide.
 */
import { checkNumbers, checkState } from '../base/state.ts';
import { Side } from '../market/side.ts';

/** Fills that wait for their time; more than this within the horizon, and the newest are left out. */
const PENDING = 256;

export interface MarkoutsState {
  readonly signs: Int8Array;
  readonly mids: Float64Array;
  readonly dueNs: Float64Array;
  readonly numbers: readonly number[];
}

export class Markouts {
  readonly #horizonNs: number;
  readonly #weight: number;
  readonly #signs = new Int8Array(PENDING);
  readonly #mids = new Float64Array(PENDING);
  readonly #dueNs = new Float64Array(PENDING);
  #first = 0;
  #count = 0;
  #adverse = 0;
  #seen = 0;

  /** @throws RangeError when the horizon or the half-life is not positive. */
  constructor(horizonSeconds: number, halfLifeFills: number) {
    if (!(horizonSeconds > 0))
      throw new RangeError(`horizonSeconds: found ${horizonSeconds}, expected seconds above 0`);
    if (!(halfLifeFills > 0)) throw new RangeError(`halfLifeFills: found ${halfLifeFills}, expected a number above 0`);
    this.#horizonNs = horizonSeconds * 1e9;
    this.#weight = 1 - 2 ** (-1 / halfLifeFills);
  }

  /** An own order of a side traded while the mid was there. */
  fill(side: Side, midTicks: number, nowNs: number): void {
    if (midTicks !== midTicks || this.#count === PENDING) return;
    const slot = (this.#first + this.#count++) % PENDING;
    this.#signs[slot] = side === Side.BUY ? 1 : -1;
    this.#mids[slot] = midTicks;
    this.#dueNs[slot] = nowNs + this.#horizonNs;
  }

  /** Takes the fills whose time has come; true when there were any. Without a mid they wait. */
  update(midTicks: number, nowNs: number): boolean {
    if (midTicks !== midTicks) return false;
    let isNew = false;
    while (this.#count > 0 && this.#dueNs[this.#first] <= nowNs) {
      const moved = (midTicks - this.#mids[this.#first]) * this.#signs[this.#first];
      this.#seen++;
      // A plain mean at first, forgetting later.
      this.#adverse += (-moved - this.#adverse) * Math.max(this.#weight, 1 / this.#seen);
      this.#first = (this.#first + 1) % PENDING;
      this.#count--;
      isNew = true;
    }
    return isNew;
  }

  save(): MarkoutsState {
    const numbers = [this.#first, this.#count, this.#adverse, this.#seen];
    return { signs: this.#signs.slice(), mids: this.#mids.slice(), dueNs: this.#dueNs.slice(), numbers };
  }

  restore(state: MarkoutsState): void {
    checkState('markouts', state, this.save());
    checkNumbers('markouts', state.numbers, 4);
    this.#signs.set(state.signs);
    this.#mids.set(state.mids);
    this.#dueNs.set(state.dueNs);
    [this.#first, this.#count, this.#adverse, this.#seen] = state.numbers;
  }

  /** Fills counted since the start or the last `forget`. */
  get seen(): number {
    return this.#seen;
  }

  /** Mean move of the mid against us, in ticks; 0 before the first. */
  get adverseTicks(): number {
    return this.#adverse;
  }

  /** Starts the average anew; what waits is still taken. */
  forget(): void {
    this.#adverse = 0;
    this.#seen = 0;
  }
}
