/** For tests: what the trading thread tells of its venues when all is well. */
import type { VenueLink, VenuesReport } from '../protocol/venues.ts';

export const GOOD_LINK: VenueLink = {
  isFeedUp: true,
  orders: 'up',
  lines: [
    { name: 'feed', isUp: true, sinceMs: 1000 },
    { name: 'feed-b', isUp: true, sinceMs: 1000 },
  ],
  messages: 500,
  messagesPerSecond: 50,
  staleBooks: [],
  counts: {
    stales: 1,
    resyncs: 2,
    reconnects: 3,
    zombies: 4,
    rateLimited: 5,
    switches: 6,
    duplicates: 7,
    gaps: 8,
    badChecksums: 9,
    unreadable: 10,
  },
  clock: { offsetMs: 12, errorMs: 1.5, roundTripMs: 2.5, measuredMs: 2000 },
  budgets: [
    { rule: 'rest', used: 3, limit: 12 },
    { rule: 'orders', used: 40, limit: 80 },
  ],
  bannedUntilMs: null,
};

export function venuesReport(venue: string, link: Partial<VenueLink> = {}): VenuesReport {
  return {
    links: new Map([[venue, { ...GOOD_LINK, ...link }]]),
    events: [
      {
        timeMs: 1500,
        venue,
        line: 'feed',
        type: 'stale',
        severity: 'warning',
        instrument: 0,
        text: 'the checksum is another',
        count: 1,
      },
    ],
  };
}
