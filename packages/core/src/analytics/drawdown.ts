/** Falls of equity below its highest value so far. */

/** Takes equity in the order of time, in constant memory. */
export class Drawdown {
  /** Deepest fall as a share of the peak, 0 or negative; NaN before the first equity, or when a peak was not above zero. */
  worst = Number.NaN;
  /** Deepest fall in money, 0 or negative; NaN before the first equity. */
  worstAmount = Number.NaN;
  /** Longest time from a peak until it was reached again; a fall that has not recovered counts until the last equity. */
  longest = Number.NaN;
  #peak = Number.NaN;
  #peakTime = 0;
  #isUnder = false;

  /** Time in any unit, not falling. NaN equity is left out. */
  add(time: number, equity: number): void {
    if (Number.isNaN(equity)) return;
    if (Number.isNaN(this.#peak)) {
      this.#peak = equity;
      this.#peakTime = time;
      this.worst = equity > 0 ? 0 : Number.NaN;
      this.worstAmount = 0;
      this.longest = 0;
      return;
    }
    const below = equity < this.#peak;
    // A peak that is left at last lasts until then; under water, time counts from the peak.
    if (below || this.#isUnder) this.longest = Math.max(this.longest, time - this.#peakTime);
    this.#isUnder = below;
    if (below) {
      this.worst = Math.min(this.worst, equity / this.#peak - 1);
      this.worstAmount = Math.min(this.worstAmount, equity - this.#peak);
    } else {
      this.#peak = equity;
      this.#peakTime = time;
    }
  }
}

/** The deepest drawdown of a series of returns, which starts at its first peak of 1; NaN when no return is a number. */
export function maxDrawdown(returns: ArrayLike<number>): number {
  const drawdown = new Drawdown();
  let growth = 1;
  let count = 0;
  drawdown.add(0, growth);
  for (let i = 0; i < returns.length; i++) {
    if (Number.isNaN(returns[i])) continue;
    growth *= 1 + returns[i];
    drawdown.add(i + 1, growth);
    count++;
  }
  return count === 0 ? Number.NaN : drawdown.worst;
}
