/**
 * The position of one market over time: how it is spread (time weighted), and how long lots are held (first in, first out).
 */
import { LogHistogram } from './log-histogram.ts';

const FIRST_ROOM = 64;

export class Inventory {
  positionLots = 0;
  /** Largest |position|. */
  maxLots = 0;
  /** Time from opening a lot until closing it, nanoseconds, weighted by lots. */
  readonly holding = new LogHistogram();
  /** |position| by sign, weighted by nanoseconds; flat counts as long. */
  readonly #long = new LogHistogram();
  readonly #short = new LogHistogram();
  #squareNs = 0;
  #sinceNs = Number.NaN;
  /** Open lots, oldest first: time and lots, a ring. */
  #open = new Float64Array(2 * FIRST_ROOM);
  #mask = FIRST_ROOM - 1;
  #head = 0;
  #tail = 0;

  /** The first event: time counts from here. */
  start(nowNs: number): void {
    this.#sinceNs = nowNs;
  }

  /** Counts time until now. */
  settle(nowNs: number): void {
    const ns = nowNs - this.#sinceNs;
    this.#sinceNs = nowNs;
    const { positionLots } = this;
    if (positionLots < 0) this.#short.add(-positionLots, ns);
    else this.#long.add(positionLots, ns);
    this.#squareNs += positionLots * positionLots * ns;
  }

  /** Signed lots: bought or sold. */
  fill(lots: number, nowNs: number): void {
    this.settle(nowNs);
    let left = Math.abs(lots);
    if (this.positionLots * lots < 0) {
      while (left > 0 && this.#head !== this.#tail) {
        const at = 2 * (this.#head & this.#mask);
        const closed = Math.min(left, this.#open[at + 1]);
        this.holding.add(nowNs - this.#open[at], closed);
        left -= closed;
        this.#open[at + 1] -= closed;
        if (this.#open[at + 1] === 0) this.#head++;
      }
    }
    if (left > 0) this.#push(nowNs, left);
    this.positionLots += lots;
    const size = Math.abs(this.positionLots);
    if (size > this.maxLots) this.maxLots = size;
  }

  // Time weighted; NaN when no time has passed.

  get mean(): number {
    return (this.#long.sum - this.#short.sum) / this.#ns;
  }

  get absMean(): number {
    return (this.#long.sum + this.#short.sum) / this.#ns;
  }

  get sd(): number {
    const { mean } = this;
    return Math.sqrt(Math.max(0, this.#squareNs / this.#ns - mean * mean));
  }

  quantile(p: number): number {
    const ns = this.#ns;
    const shortNs = this.#short.weight;
    if (!(ns > 0)) return Number.NaN;
    const wanted = p * ns;
    return wanted < shortNs
      ? -this.#short.quantile(1 - wanted / shortNs)
      : this.#long.weight > 0
        ? this.#long.quantile((wanted - shortNs) / this.#long.weight)
        : -this.#short.min;
  }

  get #ns(): number {
    return this.#long.weight + this.#short.weight;
  }

  #push(nowNs: number, lots: number): void {
    if (this.#tail - this.#head > this.#mask) {
      const grown = new Float64Array(this.#open.length * 2);
      const mask = this.#mask * 2 + 1;
      for (let i = this.#head; i < this.#tail; i++) {
        const from = 2 * (i & this.#mask);
        grown.set(this.#open.subarray(from, from + 2), 2 * (i & mask));
      }
      this.#open = grown;
      this.#mask = mask;
    }
    const at = 2 * (this.#tail++ & this.#mask);
    this.#open[at] = nowNs;
    this.#open[at + 1] = lots;
  }
}

/**
 * Samples until a deviation from the mean has halved, if x(t+1) = a + b·x(t) (an AR(1) process, least squares): −ln 2 ÷ ln b.
 * NaN when the series does not revert (b outside 0…1), has no spread or fewer than three samples.
 */
export function halfLife(series: ArrayLike<number>): number {
  const n = series.length - 1;
  if (n < 2) return Number.NaN;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < n; i++) {
    sumX += series[i];
    sumY += series[i + 1];
  }
  let cross = 0;
  let square = 0;
  for (let i = 0; i < n; i++) {
    const x = series[i] - sumX / n;
    cross += x * (series[i + 1] - sumY / n);
    square += x * x;
  }
  const b = cross / square;
  return b > 0 && b < 1 ? -Math.LN2 / Math.log(b) : Number.NaN;
}
