/** What Coinbase Exchange lists. Source: docs.cdp.coinbase.com, "Get all known trading pairs". */
import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import { asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { Rest } from '../contract/rest.ts';
import type { ListedInstrument } from '../contract/venue.ts';
import { statusError, unreadable } from './errors.ts';
import { PUBLIC } from './limits.ts';

/** @throws VenueError */
export async function exchangeListing(rest: Rest): Promise<readonly ListedInstrument[]> {
  const response = await rest.call({ method: 'GET', path: '/products', cost: PUBLIC });
  if (response.status !== 200) throw statusError(response);
  const products = parseJson(response.text);
  if (!Array.isArray(products)) throw unreadable('listing is no list', response.text);
  return products.filter(isObject).flatMap(listed);
}

function listed(product: JsonObject): ListedInstrument[] {
  const minNotional = asText(product['min_market_funds']);
  const spec: InstrumentSpec = {
    venue: 'coinbase-exchange',
    symbol: asText(product['id']),
    base: asText(product['base_currency']),
    quote: asText(product['quote_currency']),
    tick: asText(product['quote_increment']),
    lot: asText(product['base_increment']),
    contract: 'spot',
    ...(minNotional === '' ? {} : { minNotional }),
  };
  const isOff = ['trading_disabled', 'cancel_only', 'auction_mode'].some((flag) => product[flag] === true);
  return [{ spec, isTrading: !isOff && product['status'] === 'online' }];
}
