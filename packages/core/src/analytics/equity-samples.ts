/**
 * Equity, positions and mids at a fixed interval, in bounded memory: when there are too many samples, every other one goes and
 * the interval doubles. Sample i is the state just before `startNs + i × intervalNs`.
 */

const FIRST_ROOM = 1024;

export class EquitySamples {
  /** Nanoseconds between two samples now. */
  intervalNs: number;
  /** Time of the first sample; NaN before it. */
  startNs = Number.NaN;
  count = 0;
  readonly accounts: number;
  readonly markets: number;
  readonly #maxSamples: number;
  readonly #stride: number;
  #rows: Float64Array;

  /** @throws RangeError when a number is out of range. */
  constructor(accounts: number, markets: number, intervalNs: number, maxSamples: number) {
    if (!(intervalNs >= 1 && Number.isFinite(intervalNs))) {
      throw new RangeError(`sampleNs ${intervalNs} is not a positive number of nanoseconds`);
    }
    if (!(Number.isInteger(maxSamples) && maxSamples >= 4)) {
      throw new RangeError(`maxSamples ${maxSamples} is not a whole number from 4`);
    }
    this.intervalNs = intervalNs;
    this.accounts = accounts;
    this.markets = markets;
    // Even, so that the next sample after thinning is due when it was.
    this.#maxSamples = maxSamples - (maxSamples % 2);
    this.#stride = accounts + 2 * markets;
    this.#rows = new Float64Array(Math.min(FIRST_ROOM, maxSamples) * this.#stride);
  }

  /** Time of the next sample; NaN before the first. */
  get nextNs(): number {
    return this.startNs + this.count * this.intervalNs;
  }

  /** Makes room for a sample and answers where in `rows` it stands: equity by account, then position and mid by market. */
  push(): number {
    if (this.count === this.#maxSamples) this.#thin();
    const at = this.count++ * this.#stride;
    if (at + this.#stride > this.#rows.length) {
      const grown = new Float64Array(Math.min(this.#rows.length * 2, this.#maxSamples * this.#stride));
      grown.set(this.#rows);
      this.#rows = grown;
    }
    return at;
  }

  get rows(): Float64Array {
    return this.#rows;
  }

  timeNs(sample: number): number {
    return this.startNs + sample * this.intervalNs;
  }

  /** In the account's currency, capital included when it was given (else 0 at the start). */
  equity(sample: number, account = 0): number {
    return this.#rows[sample * this.#stride + account];
  }

  positionLots(sample: number, market = 0): number {
    return this.#rows[sample * this.#stride + this.accounts + 2 * market];
  }

  /** NaN before the first two-sided book. */
  midTicks(sample: number, market = 0): number {
    return this.#rows[sample * this.#stride + this.accounts + 2 * market + 1];
  }

  /** Keeps samples 0, 2, 4, …: those of the doubled interval. */
  #thin(): void {
    const stride = this.#stride;
    const kept = Math.ceil(this.count / 2);
    for (let i = 1; i < kept; i++) this.#rows.copyWithin(i * stride, 2 * i * stride, (2 * i + 1) * stride);
    this.count = kept;
    this.intervalNs *= 2;
  }
}
