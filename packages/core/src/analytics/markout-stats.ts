/**
 * What the mid did after the fills of one market, by horizon, in constant memory: means of s·(mid at the horizon − price) and
 * of s·(mid at the horizon − mid at the fill), by size, maker and taker fills apart.
 */

// Sums per horizon and kind of fill.
const FILLS = 0;
const LOTS = 1;
const SQUARE_LOTS = 2;
/** Lots × markout to the price, its square, and lots × markout ÷ mid. */
const MARKOUT = 3;
const SQUARE_MARKOUT = 4;
const RELATIVE = 5;
/** Lots × move of the mid since the fill. */
const MOVE = 6;
const STRIDE = 8;

export const MAKER = 1;
export const TAKER = 0;

export class MarkoutStats {
  readonly #sums: Float64Array;

  constructor(horizons: number) {
    this.#sums = new Float64Array(2 * horizons * STRIDE);
  }

  /** `sign`: +1 bought, −1 sold. Prices in ticks, halves for mids. */
  add(
    horizon: number,
    isMaker: number,
    sign: number,
    lots: number,
    priceTicks: number,
    midTicks: number,
    horizonMidTicks: number,
  ): void {
    const sums = this.#sums;
    const at = (2 * horizon + isMaker) * STRIDE;
    const markout = sign * (horizonMidTicks - priceTicks);
    sums[at + FILLS]++;
    sums[at + LOTS] += lots;
    sums[at + SQUARE_LOTS] += lots * lots;
    sums[at + MARKOUT] += lots * markout;
    sums[at + SQUARE_MARKOUT] += lots * markout * markout;
    sums[at + RELATIVE] += (lots * markout) / midTicks;
    sums[at + MOVE] += lots * sign * (horizonMidTicks - midTicks);
  }

  fills(horizon: number, isMaker: number): number {
    return this.#sums[(2 * horizon + isMaker) * STRIDE + FILLS];
  }

  /** Ticks; NaN without fills. */
  mean(horizon: number, isMaker: number): number {
    const at = (2 * horizon + isMaker) * STRIDE;
    return this.#sums[at + MARKOUT] / this.#sums[at + LOTS];
  }

  /** Move of the mid from the fill to the horizon in our favour, ticks; NaN without fills. */
  meanMove(horizon: number, isMaker: number): number {
    const at = (2 * horizon + isMaker) * STRIDE;
    return this.#sums[at + MOVE] / this.#sums[at + LOTS];
  }

  /** Of all fills, ticks; NaN without fills. */
  meanOfAll(horizon: number): number {
    return this.#both(horizon, MARKOUT) / this.#both(horizon, LOTS);
  }

  /** Of all fills, parts per ten thousand of the mid at the fill; NaN without fills. */
  meanBpOfAll(horizon: number): number {
    return (1e4 * this.#both(horizon, RELATIVE)) / this.#both(horizon, LOTS);
  }

  /**
   * Standard error of `meanOfAll`, fills taken as independent and weighted by size: √(variance ÷ n), n = (Σ lots)² ÷ Σ lots²
   * (Kish's effective number), variance with n − 1. NaN with n of 1 or less.
   */
  standardError(horizon: number): number {
    const lots = this.#both(horizon, LOTS);
    const effective = (lots * lots) / this.#both(horizon, SQUARE_LOTS);
    const mean = this.#both(horizon, MARKOUT) / lots;
    const variance = Math.max(0, this.#both(horizon, SQUARE_MARKOUT) / lots - mean * mean);
    return effective > 1 ? Math.sqrt(variance / (effective - 1)) : Number.NaN;
  }

  #both(horizon: number, entry: number): number {
    const at = 2 * horizon * STRIDE + entry;
    return this.#sums[at] + this.#sums[at + STRIDE];
  }
}
