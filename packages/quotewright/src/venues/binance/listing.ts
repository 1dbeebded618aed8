/** What is listed: `GET /api/v3/exchangeInfo`, `GET /fapi/v1/exchangeInfo`. */
import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import { asDecimal, asList, asObject, asText, isObject, parseJson, type JsonObject } from '../../data/json.ts';
import type { ListedInstrument } from '../contract/venue.ts';
import type { BinanceProduct } from './product.ts';

/** Entries without a tick and a lot cannot be traded exactly, and are left out. @returns undefined when it is no listing */
export function readListing(product: BinanceProduct, text: string): ListedInstrument[] | undefined {
  const symbols = asObject(parseJson(text))?.['symbols'];
  if (!Array.isArray(symbols)) return undefined;
  const listed: ListedInstrument[] = [];
  for (const entry of symbols) {
    const read = isObject(entry) ? readEntry(product, entry) : undefined;
    if (read !== undefined) listed.push(read);
  }
  return listed;
}

function readEntry(product: BinanceProduct, entry: JsonObject): ListedInstrument | undefined {
  // Delivery contracts and perpetuals are margined in the quote currency alike.
  const filters = asList(entry['filters']).filter(isObject);
  const filter = (type: string) => filters.find((each) => each['filterType'] === type);
  const lotSize = filter('LOT_SIZE');
  const tick = asDecimal(filter('PRICE_FILTER')?.['tickSize']);
  const lot = asDecimal(lotSize?.['stepSize']);
  const symbol = asText(entry['symbol']);
  if (symbol === '' || !(Number(tick) > 0) || !(Number(lot) > 0)) return undefined;
  const minSize = asDecimal(lotSize?.['minQty']);
  const maxSize = asDecimal(lotSize?.['maxQty']);
  const notional = filter('NOTIONAL') ?? filter('MIN_NOTIONAL');
  const minNotional = asDecimal(notional?.['minNotional'] ?? notional?.['notional']);
  const spec: InstrumentSpec = {
    venue: product.venue,
    symbol,
    base: asText(entry['baseAsset']),
    quote: asText(entry['quoteAsset']),
    tick: trim(tick),
    lot: trim(lot),
    contract: product.isFutures ? 'linear' : 'spot',
    ...(Number(minSize) > 0 ? { minSize: trim(minSize) } : {}),
    ...(Number(maxSize) > Number(minSize) ? { maxSize: trim(maxSize) } : {}),
    ...(Number(minNotional) > 0 ? { minNotional: trim(minNotional) } : {}),
  };
  return { spec, isTrading: asText(entry['status'] ?? entry['contractStatus']) === 'TRADING' };
}

/** Without the zeros that pad it. */
function trim(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/0+$/u, '').replace(/\.$/u, '') : decimal;
}
