/**
 * What the hedger estimates, from samples a second apart that are forgotten exponentially: the beta of each hedged market's returns
 * to those of the hedge (least squares through the origin), the hedge's volatility, and how fast the position to be hedged moves.
 */
import { decay, timeConstantNs } from '../signals/decay.ts';

const SECOND_NS = 1e9;
/** Nothing is told of fewer samples. */
const LEAST_SAMPLES = 30;

/** Places in the state: of all, then of each leg. */
const WEIGHT = 0;
const PRICE_SQUARES = 1;
const FLOW_SQUARES = 2;
const LAST_HEDGE = 3;
const LAST_UNITS = 4;
const COUNT = 5;
const LEGS = 6;
const PER_LEG = 4;
const PRODUCTS = 0;
const SQUARES = 1;
const SAMPLES = 2;
const LAST = 3;

export class HedgeEstimates {
  readonly #keep: number;
  readonly #state: Float64Array;

  constructor(legs: number, halfLifeSeconds: number) {
    this.#keep = decay(SECOND_NS / timeConstantNs('halfLife', halfLifeSeconds));
    this.#state = new Float64Array(LEGS + PER_LEG * legs);
    this.#state[LAST_HEDGE] = Number.NaN;
    this.#state[LAST_UNITS] = Number.NaN;
    for (let at = LEGS; at < this.#state.length; at += PER_LEG) this.#state[at + LAST] = Number.NaN;
  }

  /**
   * A second has passed.
   * @param hedgePrice mid in quote currency; NaN = there is none, and neither are the changes to and from it
   * @param prices of the legs, in the same way
   * @param units position to be hedged
   */
  sample(hedgePrice: number, prices: Float64Array, units: number): void {
    const state = this.#state;
    const keep = this.#keep;
    const change = hedgePrice - state[LAST_HEDGE];
    const moved = units - state[LAST_UNITS];
    if (change === change && moved === moved) {
      state[COUNT]++;
      state[WEIGHT] = state[WEIGHT] * keep + 1;
      state[PRICE_SQUARES] = state[PRICE_SQUARES] * keep + change * change;
      state[FLOW_SQUARES] = state[FLOW_SQUARES] * keep + moved * moved;
    }
    const hedgeReturn = change / state[LAST_HEDGE];
    for (let leg = 0; leg < prices.length; leg++) {
      const at = LEGS + PER_LEG * leg;
      const legReturn = (prices[leg] - state[at + LAST]) / state[at + LAST];
      state[at + LAST] = prices[leg];
      if (legReturn !== legReturn || hedgeReturn !== hedgeReturn) continue;
      state[at + PRODUCTS] = state[at + PRODUCTS] * keep + legReturn * hedgeReturn;
      state[at + SQUARES] = state[at + SQUARES] * keep + hedgeReturn * hedgeReturn;
      state[at + SAMPLES]++;
    }
    state[LAST_HEDGE] = hedgePrice;
    state[LAST_UNITS] = units;
  }

  /** Variance of the hedge's price, quote currency² per second; NaN while it is not known. */
  get priceVariance(): number {
    return this.#mean(PRICE_SQUARES);
  }

  /** Variance of the position to be hedged, units² per second; NaN as above. */
  get flowVariance(): number {
    return this.#mean(FLOW_SQUARES);
  }

  /** NaN while it is not known. */
  beta(leg: number): number {
    const at = LEGS + PER_LEG * leg;
    const state = this.#state;
    return state[at + SAMPLES] >= LEAST_SAMPLES ? state[at + PRODUCTS] / state[at + SQUARES] : Number.NaN;
  }

  #mean(sum: number): number {
    const state = this.#state;
    return state[COUNT] >= LEAST_SAMPLES ? state[sum] / state[WEIGHT] : Number.NaN;
  }

  save(): Float64Array {
    return this.#state.slice();
  }

  restore(state: Float64Array): void {
    this.#state.set(state);
  }
}
