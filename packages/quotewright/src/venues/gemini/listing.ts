/**
 * Gemini's instruments. In its listing `tick_size` is the step of the size and `quote_increment` that of the price.
 * Source: docs.gemini.com, "Symbols", "Symbol Details".
 */
import { asDecimal, asList, asText, isObject, type JsonObject } from '../../data/json.ts';
import type { Rest } from '../contract/rest.ts';
import type { ListedInstrument } from '../contract/venue.ts';
import { answerOf } from './errors.ts';
import { PUBLIC_COST } from './limits.ts';

/** @throws VenueError */
export async function listing(rest: Rest): Promise<readonly ListedInstrument[]> {
  const answer = answerOf(await rest.call({ method: 'GET', path: '/v1/symbols/details/all', cost: PUBLIC_COST }));
  return asList(answer).flatMap((entry) => (isObject(entry) ? listed(entry) : []));
}

/** None when an entry lacks what an instrument needs. */
function listed(entry: JsonObject): readonly ListedInstrument[] {
  const symbol = asText(entry['symbol']).toLowerCase();
  const tick = asDecimal(entry['quote_increment']);
  const lot = asDecimal(entry['tick_size']);
  const minSize = asDecimal(entry['min_order_size']);
  if (symbol === '' || !(Number(tick) > 0) || !(Number(lot) > 0)) return [];
  const spec = {
    venue: 'gemini',
    symbol,
    base: asText(entry['base_currency']),
    quote: asText(entry['quote_currency']),
    tick,
    lot,
    contract: entry['product_type'] === 'swap' ? 'linear' : 'spot',
    ...(Number(minSize) > 0 ? { minSize } : {}),
  } as const;
  return [{ spec, isTrading: entry['status'] === 'open' }];
}
