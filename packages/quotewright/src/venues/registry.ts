/** The venues that there are. A new one is a folder beside this file, and a line here. */
import { binance } from './binance/venue.ts';
import { binanceUsdm } from './binance-usdm/venue.ts';
import { coinbase } from './coinbase/venue.ts';
import { coinbaseExchange } from './coinbase-exchange/venue.ts';
import { bitstamp } from './bitstamp/venue.ts';
import { gemini } from './gemini/venue.ts';
import { kraken } from './kraken/venue.ts';
import type { Venue } from './contract/venue.ts';

export const VENUES: readonly Venue[] = [binance, binanceUsdm, coinbase, coinbaseExchange, kraken, gemini, bitstamp];

export function venueOf(name: string): Venue | undefined {
  return VENUES.find((venue) => venue.name === name);
}
