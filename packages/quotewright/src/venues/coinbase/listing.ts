/**
 * What Coinbase Advanced Trade lists: spot products, from the public page. Alias pairs (`BTC-USDC` of `BTC-USD`) are products of their own
 * for orders; the venue publishes their market data under the pair that they stand for.
 * Source: docs.cdp.coinbase.com, "Get Public Products".
 */
import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import { asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { Rest } from '../contract/rest.ts';
import type { ListedInstrument } from '../contract/venue.ts';
import { statusError, unreadable } from './errors.ts';
import { PUBLIC } from './limits.ts';

/** @throws VenueError */
export async function coinbaseListing(rest: Rest): Promise<readonly ListedInstrument[]> {
  const path = '/api/v3/brokerage/market/products?product_type=SPOT';
  const response = await rest.call({ method: 'GET', path, cost: PUBLIC });
  if (response.status !== 200) throw statusError(response);
  const page = parseJson(response.text);
  const products = isObject(page) ? page['products'] : undefined;
  if (!Array.isArray(products)) throw unreadable('listing without products', response.text);
  return products.filter(isObject).flatMap(listed);
}

function listed(product: JsonObject): ListedInstrument[] {
  const spec: InstrumentSpec = {
    venue: 'coinbase',
    symbol: asText(product['product_id']),
    base: asText(product['base_currency_id']),
    quote: asText(product['quote_currency_id']),
    tick: asText(product['price_increment']) || asText(product['quote_increment']),
    lot: asText(product['base_increment']),
    contract: 'spot',
    ...limit('minSize', product['base_min_size']),
    ...limit('maxSize', product['base_max_size']),
    ...limit('minNotional', product['quote_min_size']),
  };
  const type = product['product_type'];
  if (type !== undefined && type !== 'SPOT') return [];
  const isOff = ['is_disabled', 'trading_disabled', 'cancel_only', 'view_only', 'auction_mode'].some(
    (flag) => product[flag] === true,
  );
  return [{ spec, isTrading: !isOff && product['status'] === 'online' }];
}

function limit(name: 'minSize' | 'maxSize' | 'minNotional', value: unknown): Partial<InstrumentSpec> {
  const text = asText(value);
  return text === '' ? {} : { [name]: text };
}
