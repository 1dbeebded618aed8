/**
 * What a venue says of our account when it is asked: at the start of a session, after a reconnection, and from time to time. A
 * simulated venue answers from its own books, a connector from the venue's REST pages.
 */
import type { Side } from '../market/side.ts';

/** An open order at the venue. */
export interface VenueOrder {
  /** Our number of it, as it was sent. */
  readonly orderId: number;
  /** Index of the instrument. */
  readonly market: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly openLots: number;
  readonly filledLots: number;
}

/** An execution at the venue. */
export interface VenueExecution {
  /** The execution's number, unique at the venue. */
  readonly execution: number;
  readonly orderId: number;
  readonly market: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  /** The fee's rate, signed parts per billion of the notional. */
  readonly feePpb: number;
  readonly isMaker: boolean;
  readonly venueNs: number;
}

export interface VenueAccount {
  readonly orders: readonly VenueOrder[];
  /** Those that happened at or after the time asked for, oldest first. */
  readonly executions: readonly VenueExecution[];
  /** Signed lots by instrument; NaN where the venue does not tell (or the instrument is another venue's). */
  readonly positionLots: readonly number[];
  /** Exact decimal text by currency. Absent when the venue does not tell. */
  readonly balances?: Readonly<Record<string, string>>;
  /**
   * What the open position in each instrument has cost, with the sign of its value, exact decimal text. Absent when the venue does
   * not tell. A balance holds what was gained by closing margin positions, which depends on the order of executions; the
   * balance less these costs does not.
   */
  readonly costs?: readonly string[];
}

/** A venue that can be asked. */
export interface AskableVenue {
  /** @param sinceNs executions before this venue time are left out */
  account(sinceNs: number): VenueAccount;
}
