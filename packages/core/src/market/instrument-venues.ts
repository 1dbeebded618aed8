/** Which instruments are of one venue. */
import type { Instrument } from './instrument.ts';

export interface InstrumentVenues {
  /** In the order in which they first occur. */
  readonly names: readonly string[];
  /** By instrument: index of its venue in `names`. */
  readonly venueOf: readonly number[];
}

export function instrumentVenues(instruments: readonly Instrument[]): InstrumentVenues {
  const names = [...new Set(instruments.map(({ venue }) => venue))];
  return { names, venueOf: instruments.map(({ venue }) => names.indexOf(venue)) };
}
