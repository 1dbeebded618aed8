/**
 * A pair's long-run relation over a rolling window: y = α + βx by ordinary least squares (the first step of Engle and Granger,
 * "Co-integration and error correction", Econometrica 55, 1987), and how fast the residual e reverts: Δe = a + b·e(before) gives
 * a half-life of -ln 2 ÷ ln(1 + b) samples.
 *
 * Sums are formed anew at each fit: samples are seconds apart, and nothing drifts.
 */
import { checkNumbers, checkState } from '../base/state.ts';

export interface CointegrationState {
  readonly y: Float64Array;
  readonly x: Float64Array;
  readonly numbers: readonly number[];
}

export class Cointegration {
  readonly #y: Float64Array;
  readonly #x: Float64Array;
  #next = 0;
  #count = 0;
  #alpha = Number.NaN;
  #beta = Number.NaN;
  #deviation = Number.NaN;
  #halfLife = Number.NaN;

  /** @throws RangeError when the window is not a whole number of at least 3 samples. */
  constructor(window: number) {
    if (!(window >= 3) || !Number.isInteger(window)) {
      throw new RangeError(`window: found ${window}, expected a whole number of at least 3 samples`);
    }
    this.#y = new Float64Array(window);
    this.#x = new Float64Array(window);
  }

  /** Takes a sample; the oldest leaves a full window. What is not finite is left out. */
  add(y: number, x: number): void {
    if (!(Math.abs(y) < Infinity && Math.abs(x) < Infinity)) return;
    this.#y[this.#next] = y;
    this.#x[this.#next] = x;
    this.#next = (this.#next + 1) % this.#y.length;
    if (this.#count < this.#y.length) this.#count++;
  }

  save(): CointegrationState {
    const numbers = [this.#next, this.#count, this.#alpha, this.#beta, this.#deviation, this.#halfLife];
    return { y: this.#y.slice(), x: this.#x.slice(), numbers };
  }

  restore(state: CointegrationState): void {
    checkState('a cointegration', state, this.save());
    checkNumbers('a cointegration', state.numbers, 6);
    this.#y.set(state.y);
    this.#x.set(state.x);
    [this.#next, this.#count, this.#alpha, this.#beta, this.#deviation, this.#halfLife] = state.numbers;
  }

  /** True when the window is full. */
  get isFull(): boolean {
    return this.#count === this.#y.length;
  }

  /** Fits the samples held. False when they do not tell: fewer than three, or x does not vary; everything is NaN then. */
  fit(): boolean {
    const n = this.#count;
    const y = this.#y;
    const x = this.#x;
    let meanX = 0;
    let meanY = 0;
    for (let i = 0; i < n; i++) {
      meanX += (x[i] - meanX) / (i + 1);
      meanY += (y[i] - meanY) / (i + 1);
    }
    let sumXX = 0;
    let sumXY = 0;
    for (let i = 0; i < n; i++) {
      sumXX += (x[i] - meanX) * (x[i] - meanX);
      sumXY += (x[i] - meanX) * (y[i] - meanY);
    }
    this.#beta = n < 3 || sumXX <= 0 ? Number.NaN : sumXY / sumXX;
    this.#alpha = meanY - this.#beta * meanX;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += this.residual(y[i], x[i]) ** 2;
    this.#deviation = Math.sqrt(squares / (n - 2));
    this.#halfLife = this.#revert();
    return this.#beta === this.#beta;
  }

  get alpha(): number {
    return this.#alpha;
  }

  /** The hedge ratio: units of x against one of y. */
  get beta(): number {
    return this.#beta;
  }

  /** Standard deviation of the residual over the window. */
  get deviation(): number {
    return this.#deviation;
  }

  /** Samples in which a deviation halves; Infinity when it does not revert, 0 when each step overshoots or lands. */
  get halfLife(): number {
    return this.#halfLife;
  }

  residual(y: number, x: number): number {
    return y - this.#alpha - this.#beta * x;
  }

  /** Residual in standard deviations; NaN when there is no fit, or a perfect one. */
  score(y: number, x: number): number {
    return this.#deviation > 0 ? this.residual(y, x) / this.#deviation : Number.NaN;
  }

  #revert(): number {
    const size = this.#y.length;
    const oldest = this.#count === size ? this.#next : 0;
    let meanBefore = 0;
    let meanChange = 0;
    let sumXX = 0;
    let sumXY = 0;
    let before = this.residual(this.#y[oldest], this.#x[oldest]);
    for (let i = 1; i < this.#count; i++) {
      const at = (oldest + i) % size;
      const after = this.residual(this.#y[at], this.#x[at]);
      const change = after - before;
      const off = before - meanBefore;
      meanBefore += off / i;
      meanChange += (change - meanChange) / i;
      sumXX += off * (before - meanBefore);
      sumXY += off * (change - meanChange);
      before = after;
    }
    if (!(sumXX > 0)) return Number.NaN;
    const slope = sumXY / sumXX;
    if (slope >= 0) return Infinity;
    return slope <= -1 ? 0 : -Math.LN2 / Math.log1p(slope);
  }
}
