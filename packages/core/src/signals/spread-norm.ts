/** The spread that is usual: a time-weighted average in ticks, and how the present one compares. Locked and crossed books are left out. */
import { checkState } from '../base/state.ts';
import { Ewma } from './ewma.ts';

export interface SpreadNormState {
  readonly average: readonly number[];
  readonly latest: number;
}

export class SpreadNorm {
  readonly #average: Ewma;
  #latest = Number.NaN;

  /** @throws RangeError when the half-life is not positive. */
  constructor(halfLifeSeconds: number) {
    this.#average = new Ewma(halfLifeSeconds);
  }

  update(bidTicks: number, askTicks: number, nowNs: number): void {
    const spread = askTicks - bidTicks;
    if (!(spread > 0)) return;
    this.#latest = spread;
    this.#average.update(spread, nowNs);
  }

  save(): SpreadNormState {
    return { average: this.#average.save(), latest: this.#latest };
  }

  restore(state: SpreadNormState): void {
    checkState('a usual spread', state, this.save());
    this.#average.restore(state.average);
    this.#latest = state.latest;
  }

  /** Ticks; NaN before the first. */
  get usual(): number {
    return this.#average.value;
  }

  /** The present spread as a multiple of the usual one; NaN before the first. */
  get ratio(): number {
    return this.#latest / this.#average.value;
  }
}
