/**
 * The exchange's time: nanoseconds since the midnight of the day on which it began. It runs with the monotonic clock and follows the wall
 * clock in small steps, so that it never goes back and never jumps.
 */

const MS_PER_DAY = 86_400_000;
/** At most so much of a difference is made good for each millisecond that passes. */
const SLEW = 0.001;

export interface ExchangeClock {
  readonly epochDay: number;
  nowNs(): number;
}

export class WallExchangeClock implements ExchangeClock {
  readonly epochDay: number;
  /** Unix milliseconds at the monotonic clock's zero. */
  #originMs: number;
  #lastMs: number;

  constructor() {
    this.#lastMs = performance.now();
    this.#originMs = Date.now() - this.#lastMs;
    this.epochDay = Math.floor(Date.now() / MS_PER_DAY);
  }

  nowNs(): number {
    const ms = performance.now();
    const most = (ms - this.#lastMs) * SLEW;
    const off = Date.now() + 0.5 - (this.#originMs + ms);
    this.#originMs += Math.abs(off) < 1 ? 0 : Math.max(-most, Math.min(most, off));
    this.#lastMs = ms;
    return Math.floor((this.#originMs + ms - this.epochDay * MS_PER_DAY) * 1e6);
  }
}
