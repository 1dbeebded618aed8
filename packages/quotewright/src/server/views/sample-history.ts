/**
 * Samples of a session in bounded memory: each second of the last hour, every ten seconds of the last day, each minute of the thirty
 * days before. A point of a coarser tier is the last sample of its interval. Times are market times, nanoseconds.
 */
import { SampleTier } from './sample-tier.ts';

const SECOND_NS = 1e9;

export class SampleHistory {
  /** The finest first. */
  readonly #tiers: readonly SampleTier[];

  constructor(columns: number) {
    this.#tiers = [
      new SampleTier(SECOND_NS, 3600, columns),
      new SampleTier(10 * SECOND_NS, 8640, columns),
      new SampleTier(60 * SECOND_NS, 43_200, columns),
    ];
  }

  /** In the order of time. */
  add(timeNs: number, row: Float64Array): void {
    for (const tier of this.#tiers) tier.add(timeNs, row);
  }

  /** NaN while there is no sample. */
  get firstNs(): number {
    let firstNs = Number.NaN;
    for (const tier of this.#tiers) {
      const ns = tier.count === 0 ? Number.NaN : tier.timeNs(tier.first);
      if (!(firstNs <= ns)) firstNs = ns;
    }
    return firstNs;
  }

  get lastNs(): number {
    const [finest] = this.#tiers;
    return finest!.count === 0 ? Number.NaN : finest!.timeNs(finest!.count - 1);
  }

  /** The last value at or before a time, of the finest samples that reach back so far; NaN = there was none. */
  value(timeNs: number, column: number): number {
    if (timeNs > this.lastNs) return Number.NaN;
    for (const tier of this.#tiers) {
      const row = tier.at(timeNs);
      if (row >= 0) return tier.value(row, column);
    }
    return Number.NaN;
  }
}
