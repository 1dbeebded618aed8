/** Bitstamp's instruments. Source: www.bitstamp.net/api, "Trading pairs info". */
import { asInteger, asList, asText, isObject, type JsonObject } from '../../data/json.ts';
import type { Rest } from '../contract/rest.ts';
import type { ListedInstrument } from '../contract/venue.ts';
import { answerOf } from './errors.ts';
import { COST } from './limits.ts';

const MOST_DECIMALS = 12;

/** @throws VenueError */
export async function listing(rest: Rest): Promise<readonly ListedInstrument[]> {
  const answer = answerOf(await rest.call({ method: 'GET', path: '/api/v2/trading-pairs-info/', cost: COST }));
  return asList(answer).flatMap((entry) => (isObject(entry) ? listed(entry) : []));
}

/** None when an entry lacks what an instrument needs. */
function listed(entry: JsonObject): readonly ListedInstrument[] {
  const symbol = asText(entry['url_symbol']);
  const [base = '', quote = ''] = asText(entry['name']).split('/');
  const tick = stepOf(asInteger(entry['counter_decimals']));
  const lot = stepOf(asInteger(entry['base_decimals']));
  const [least = '', currency = ''] = asText(entry['minimum_order']).split(' ');
  if (symbol === '' || tick === '' || lot === '') return [];
  const minNotional = currency === quote && Number(least) > 0 ? { minNotional: least } : {};
  const spec = { venue: 'bitstamp', symbol, base, quote, tick, lot, contract: 'spot', ...minNotional } as const;
  return [{ spec, isTrading: entry['trading'] === 'Enabled' }];
}

/** The step of a number of decimals; '' when it is none. */
function stepOf(decimals: number): string {
  if (!(decimals >= 0 && decimals <= MOST_DECIMALS)) return '';
  return decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`;
}
