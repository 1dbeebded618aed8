/** What the system topic says of the ways to the venues, put so that a page can show it. Pure. */
import type { SystemInfo } from 'quotewright/server/protocol/system';
import type { VenueLink } from 'quotewright/server/protocol/venues';
import { DASH, formatNumber } from '../../lib/format.ts';

type Venue = SystemInfo['venues'][number];
export type LinkedVenue = Venue & { readonly link: VenueLink };

const isLinked = (venue: Venue): venue is LinkedVenue => venue.link !== null;

export const linkedVenues = ({ venues }: SystemInfo): readonly LinkedVenue[] => venues.filter(isLinked);

/** The one that has been so for the longest time first. */
export const staleBooks = (system: SystemInfo): VenueLink['staleBooks'] =>
  linkedVenues(system)
    .flatMap(({ link }) => link.staleBooks)
    .toSorted((a, b) => a.sinceMs - b.sinceMs);

/** Share of the limit that is nearest; null: the venue has none. */
export function fullestBudget({ budgets }: VenueLink): number | null {
  return budgets.length === 0 ? null : Math.max(...budgets.map(({ used, limit }) => used / limit));
}

/** +12.0 ± 0.5 ms */
export function offsetText(clock: VenueLink['clock']): string {
  if (clock === null) return DASH;
  const { offsetMs, errorMs } = clock;
  const digits = Math.abs(offsetMs) < 100 && errorMs < 100 ? 1 : 0;
  return `${formatNumber(offsetMs, { digits, sign: true })} ± ${formatNumber(errorMs, { digits, unit: 'ms' })}`;
}
