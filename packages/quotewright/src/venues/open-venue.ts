/** A venue by its name: one of ours, or with a prefix one of ccxt's, for which its process is started. */
import { InputError } from '../data/report.ts';
import { ccxtBridge } from './ccxt/bridge-process.ts';
import { CCXT_PREFIX, ccxtVenue } from './ccxt/venue.ts';
import type { Venue } from './contract/venue.ts';
import { VENUES, venueOf } from './registry.ts';
import type { VenueSettings } from './venue-settings.ts';

/** What to connect with. */
export interface OpenVenue {
  readonly venue: Venue;
  readonly settings: VenueSettings;
}

/** @throws InputError when there is no such venue */
export async function openVenue(name: string, settings: VenueSettings): Promise<OpenVenue> {
  const venue = venueOf(name);
  if (venue !== undefined) return { venue, settings };
  if (!name.startsWith(CCXT_PREFIX)) {
    const names = VENUES.map((each) => each.name).join(', ');
    throw new InputError(`venue: found '${name}', expected one of ${names}, or ${CCXT_PREFIX} and a name of ccxt's`);
  }
  const { rest, feed } = settings.addresses;
  // The addresses of the settings are those of the venue; ours are the bridge's.
  return { venue: ccxtVenue(name, await ccxtBridge(), { rest, feed }), settings: { ...settings, addresses: {} } };
}
