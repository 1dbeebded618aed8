/** When the trading engine took what is shown: its pace tells it, between two looks at what the trading thread publishes. */
import { HostStatsReader } from '../../feed/host-stats-reader.ts';
import { STAT } from '../../feed/host-stats.ts';

export class NewestClock {
  readonly #stats: HostStatsReader;
  readonly #speed: number | null;

  /** @param speed market time per wall time; null = as fast as it goes */
  constructor(stats: SharedArrayBuffer, speed: number | null) {
    this.#stats = new HostStatsReader(stats);
    this.#speed = speed;
  }

  /** Unix ms of the wall at a market time (ns since the epoch day) that the engine has come to: never later than now. */
  wallMs(marketNs: number): number {
    const now = Date.now();
    if (this.#speed === null || !this.#stats.read()) return now;
    const { values } = this.#stats;
    const wallMs = values[STAT.WALL_MS]! + (marketNs - values[STAT.MARKET_NS]!) / 1e6 / this.#speed;
    return wallMs < now ? wallMs : now;
  }
}
