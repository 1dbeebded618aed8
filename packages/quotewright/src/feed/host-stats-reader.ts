/** Reads what the trading thread measures of itself. */
import { SeqlockReader } from '@quotewright/core/base/seqlock';
import { STAT_COUNT } from './host-stats.ts';

export class HostStatsReader {
  /** See `STAT`. */
  readonly values = new Float64Array(STAT_COUNT);
  readonly #lock: SeqlockReader;

  constructor(buffer: SharedArrayBuffer) {
    this.#lock = new SeqlockReader(buffer);
  }

  /** Takes the newest values into `values`. @returns false when none were written yet */
  read(): boolean {
    return this.#lock.read(this.values) > 0;
  }
}
