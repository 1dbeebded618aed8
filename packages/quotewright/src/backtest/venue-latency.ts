/** The latencies of a living market's venues, as people write them: `1ms`, or `coins=1ms,perps=5ms+exp:1ms`, or one for all others among them. */
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import { parseDelay } from './latency-settings.ts';

/**
 * Of requests, reports and market data, by venue.
 * @param name of the random streams; the first venue's is this, the others' have the venue's name behind it
 * @throws InputError that names what was found and what was expected
 */
export function venueLatencies(text: string, venues: readonly string[], seed: number, name: string): DelayLatency[] {
  const wrong = (what: string): InputError =>
    new InputError(`latency: found '${text}', ${what}; expected 1ms, or VENUE=1ms,… of ${venues.join(', ')}`);
  const delays = new Map<string, string>();
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const venue = at < 0 ? '' : part.slice(0, at).trim();
    if (at >= 0 && !venues.includes(venue)) throw wrong(`which names '${venue}'`);
    if (delays.has(venue))
      throw wrong(venue === '' ? 'which holds two for all others' : `which names '${venue}' twice`);
    delays.set(venue, part.slice(at + 1).trim());
  }
  return venues.map((venue, index) => {
    const found = delays.get(venue) ?? delays.get('');
    if (found === undefined) throw wrong(`which leaves out '${venue}'`);
    const delay = parseDelay('latency', found);
    try {
      const stream = index === 0 ? name : `${name}.${venue}`;
      return new DelayLatency({ request: delay, report: delay, marketData: delay }, seed, stream);
    } catch (error) {
      throw new InputError(`latency: ${reasonOf(error)}`);
    }
  });
}
