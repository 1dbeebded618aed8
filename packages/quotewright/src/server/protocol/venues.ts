/** The ways to the venues of a paper or live session: what a trader wants to know before trusting a quote. Times are Unix milliseconds. */
import { z } from 'zod';

/** A connection for market data; a venue with redundant ones has several. */
const venueLine = z.object({
  name: z.string(),
  isUp: z.boolean(),
  /** When that came to be so; null: it never was up. */
  sinceMs: z.number().nullable(),
});

/** A book that is not quoted on. */
const staleBook = z.object({
  instrument: z.int(),
  /** `gap`, `checksum`, `crossed`, `age`, `quote`, `unreadable`, `disconnected`; null: it has not begun yet. */
  fault: z.string().nullable(),
  text: z.string(),
  sinceMs: z.number(),
});

/** So often since the session's process began. */
const venueCounts = z.object({
  /** Books that ceased to be believed, and that were asked for anew. */
  stales: z.number(),
  resyncs: z.number(),
  /** Connections that broke or could not be made; of which nothing was heard any more. */
  reconnects: z.number(),
  zombies: z.number(),
  /** Requests that the budget, or the venue, had no room for. */
  rateLimited: z.number(),
  /** The other one of two connections took the lead; messages that had come by it already. */
  switches: z.number(),
  duplicates: z.number(),
  gaps: z.number(),
  badChecksums: z.number(),
  unreadable: z.number(),
});

export const venueLink = z.object({
  /** Market data comes by at least one connection. */
  isFeedUp: z.boolean(),
  /** `up`: requests are taken and reports complete; `none`: nothing is sent there. */
  orders: z.enum(['up', 'down', 'none']),
  lines: z.array(venueLine),
  messages: z.number(),
  messagesPerSecond: z.number(),
  /** Books that are not believed now. */
  staleBooks: z.array(staleBook),
  counts: venueCounts,
  /** The venue's clock less ours, by how much that may be wrong, and the shortest round trip of those questions; null: not measured yet. */
  clock: z
    .object({ offsetMs: z.number(), errorMs: z.number(), roundTripMs: z.number(), measuredMs: z.number() })
    .nullable(),
  /** Our share of each of the venue's limits that is used. */
  budgets: z.array(z.object({ rule: z.string(), used: z.number(), limit: z.number() })),
  /** Nothing is sent before; null: no ban. */
  bannedUntilMs: z.number().nullable(),
});
export type VenueLink = z.output<typeof venueLink>;

export const venueEventInfo = z.object({
  timeMs: z.number(),
  venue: z.string(),
  /** `feed`, `feed-b`, `orders`, `rest`. */
  line: z.string(),
  type: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  /** Index; null: of the line. */
  instrument: z.int().nullable(),
  text: z.string(),
  /** Of this type, line and instrument so far. */
  count: z.int(),
});
export type VenueEventInfo = z.output<typeof venueEventInfo>;

/** What the trading thread tells of its venues once a second. */
export interface VenuesReport {
  readonly links: ReadonlyMap<string, VenueLink>;
  /** The last ones, oldest first. */
  readonly events: readonly VenueEventInfo[];
}
