/**
 * Any of ccxt's venues, as `ccxt-okx`, for research and paper trading: slower than a connector of ours (two processes, JSON twice), and
 * without orders. Its symbols are ccxt's: `BTC/USDT`, `BTC/USDT:USDT`.
 */
import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import { type JsonObject, asInteger, asList, asObject, asText, isObject, parseJson } from '../../data/json.ts';
import type { Rest } from '../contract/rest.ts';
import type { ListedInstrument, Venue } from '../contract/venue.ts';
import { VenueError } from '../contract/venue-error.ts';
import { CcxtFeed } from './feed.ts';

export const CCXT_PREFIX = 'ccxt-';

/** Origins of the venue itself, in place of those that ccxt knows. */
export interface CcxtOrigins {
  readonly rest?: string | undefined;
  readonly feed?: string | undefined;
}

/** @param bridge host and port of the bridge (`bridge-process.ts`) */
export function ccxtVenue(name: string, bridge: string, origins: CcxtOrigins): Venue {
  const id = name.slice(CCXT_PREFIX.length);
  const isMoved = origins.rest !== undefined || origins.feed !== undefined;
  const path = isMoved ? `${id}~${Buffer.from(JSON.stringify(origins)).toString('base64url')}` : id;
  const feed = `ws://${bridge}/${path}`;
  const refuse = (what: string): never => {
    throw new VenueError({ venue: name, code: 'REFUSED', text: `${what}: a venue of ccxt is for market data only` });
  };
  return {
    name,
    title: `${id} (ccxt)`,
    environments: { live: { rest: `http://${bridge}/${path}`, feed, orders: feed } },
    abilities: {
      canAmend: false,
      hasMassCancel: false,
      hasCancelOnDisconnect: false,
      hasL3: false,
      bestQuote: 'none',
      hasGlobalSequence: false,
      isReadOnly: true,
    },
    credentials: [],
    budgets: [],
    listing: async (rest) => asList(await page(name, rest, 'markets')).flatMap((each) => listed(name, each)),
    time: async (rest) => {
      const ms = asInteger(asObject(await page(name, rest, 'time'))?.['time']);
      return ms === ms ? ms : refuse('its clock');
    },
    fees: async () => refuse('fees of an account'),
    balances: async () => refuse('balances'),
    keyRights: async () => refuse('keys'),
    feed: (setup) => new CcxtFeed(setup),
    orders: () => refuse('orders'),
  };
}

async function page(venue: string, rest: Rest, name: string): Promise<unknown> {
  const { status, text } = await rest.call({ method: 'GET', path: `/${name}`, cost: {} });
  const body = parseJson(text);
  if (status === 200 && body !== undefined) return body;
  const told = asText(asObject(body)?.['error']) || text.slice(0, 200);
  throw new VenueError({ venue, code: status === 404 ? 'REFUSED' : 'SERVER', text: told, status });
}

function listed(venue: string, entry: unknown): ListedInstrument[] {
  if (!isObject(entry)) return [];
  const { contract } = entry;
  if (contract !== 'spot' && contract !== 'linear' && contract !== 'inverse') return [];
  const text = (field: string): string => asText(entry[field]);
  const names = { venue, symbol: text('symbol'), base: text('base'), quote: text('quote') };
  const spec: InstrumentSpec = { ...names, contract, tick: text('tick'), lot: text('lot'), ...optional(entry) };
  return [{ spec, isTrading: entry['isTrading'] === true }];
}

function optional(entry: JsonObject): Partial<InstrumentSpec> {
  const has = (field: string): boolean => typeof entry[field] === 'string' && entry[field] !== '0';
  const [maker, taker] = [asText(entry['maker']), asText(entry['taker'])];
  return {
    ...(has('multiplier') ? { multiplier: asText(entry['multiplier']) } : {}),
    ...(has('minSize') ? { minSize: asText(entry['minSize']) } : {}),
    ...(has('minNotional') ? { minNotional: asText(entry['minNotional']) } : {}),
    ...(maker === '' || taker === '' ? {} : { fees: { maker, taker } }),
  };
}
