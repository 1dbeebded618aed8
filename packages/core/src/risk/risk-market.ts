/** What risk reads of an instrument's market as known locally; the engine's `LocalMarket` is one. */
import type { Instrument } from '../market/instrument.ts';

export interface RiskMarket {
  readonly index: number;
  readonly instrument: Instrument;
  /** NaN when the side is empty. */
  readonly bidTicks: number;
  readonly askTicks: number;
  /** The last mid there was, half ticks occur; NaN before the first. */
  readonly lastMidTicks: number;
  /** Price of the last print; NaN before the first. */
  readonly lastTradeTicks: number;
  /** When the last message that changed the book was received, and when the venue sent it; NaN before the first. */
  readonly receivedNs: number;
  readonly venueNs: number;
  /** Both sides there, uncrossed, not stale, trading, connected. */
  readonly isReady: boolean;
  readonly isConnected: boolean;
}
