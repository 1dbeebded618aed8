/** One of ccxt's venues, for market data. */
import { type Exchange, pro } from 'ccxt';

/** In place of the venue's own addresses: origins, for a venue on one's own machine. */
export interface Origins {
  readonly rest?: string;
  readonly feed?: string;
}

/** What is used of them. */
export type MarketData = Pick<
  Exchange,
  | 'close'
  | 'fetchOrderBook'
  | 'fetchTime'
  | 'has'
  | 'loadHttpProxyAgent'
  | 'loadMarkets'
  | 'markets'
  | 'precisionMode'
  | 'urls'
  | 'watchOrderBook'
  | 'watchTrades'
>;

const CLASSES: Readonly<Record<string, new (config: object) => MarketData>> = pro;

/** @throws RangeError when ccxt has no such venue with streams */
export function makeExchange(id: string, origins: Origins): MarketData {
  const Made = Object.hasOwn(CLASSES, id) ? CLASSES[id] : undefined;
  if (Made === undefined) throw new RangeError(`ccxt has no venue '${id}' with streams`);
  const settings = { enableRateLimit: true, newUpdates: true };
  return new Made({ ...settings, urls: { api: moved(new Made({}).urls['api'], origins) } });
}

/** Addresses of the same shape with other origins. */
function moved(urls: unknown, origins: Origins): unknown {
  if (typeof urls === 'string') {
    const origin = urls.startsWith('ws') ? origins.feed : origins.rest;
    return origin === undefined ? urls : urls.replace(/^\w+:\/\/[^/]+/u, origin);
  }
  if (typeof urls !== 'object' || urls === null) return urls;
  return Object.fromEntries(Object.entries(urls).map(([name, each]) => [name, moved(each, origins)]));
}
