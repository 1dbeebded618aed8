/**
 * A simulated venue, seen from the wire: market time passes at it, requests arrive, reports leave. Latency is not its affair:
 * requests come when they arrive, reports are stamped with the venue's time and the wire (`engine/`) delays both.
 *
 * A replay venue is shown the recorded rows in the order of venue time. A living market makes its own events and publishes
 * them into `feed`.
 */
import type { RecordQueue } from '../trading/record-queue.ts';

export interface SimVenue {
  /** Reports on own orders, oldest first, VENUE_NS set; whoever drives the venue takes them out after each call. */
  readonly reports: RecordQueue;
  /** A request (`trading/records.ts`) at `data[offset]` arrives at the venue's time `nowNs`. */
  request(data: Float64Array, offset: number, nowNs: number): void;
}

/** A venue that a recording plays: each row is shown once, in the order of venue time. */
export interface ReplayVenue extends SimVenue {
  /** A market record, at its VENUE_NS. */
  market(data: Float64Array, offset: number): void;
}

/** A venue with a market of its own. */
export interface LivingVenue extends SimVenue {
  /** Market events as published, VENUE_NS set, LOCAL_NS NaN; taken out after each call. */
  readonly feed: RecordQueue;
  /** Time of its next own event; Infinity when there is none. */
  readonly nextNs: number;
  /** Does its next own event. */
  step(): void;
}
