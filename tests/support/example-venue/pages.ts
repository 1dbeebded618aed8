/** Example's pages that no session is needed for: what is listed, the clock, and the account's fees, balances and rights. */
import {
  asInteger,
  asList,
  asObject,
  asText,
  isObject,
  type JsonObject,
} from '../../../packages/quotewright/src/data/json.ts';
import { balancesOf } from '../../../packages/quotewright/src/venues/balances.ts';
import type { Credentials } from '../../../packages/quotewright/src/venues/contract/credentials.ts';
import type { Rest, RestRequest } from '../../../packages/quotewright/src/venues/contract/rest.ts';
import type {
  Balances,
  FeeRates,
  KeyRights,
  ListedInstrument,
} from '../../../packages/quotewright/src/venues/contract/venue.ts';
import { answerOf, unreadable } from './errors.ts';
import { COST } from './limits.ts';
import { signed } from './sign.ts';

export async function listing(rest: Rest): Promise<readonly ListedInstrument[]> {
  const body = answerOf(await rest.call({ method: 'GET', path: '/instruments', cost: COST }));
  return listOf('instruments', body).map((entry) => {
    const text = (name: string): string => asText(entry[name]);
    const names = { venue: 'example', symbol: text('symbol'), base: text('base'), quote: text('quote') };
    const grid = { tick: text('tick'), lot: text('lot'), minSize: text('least') };
    return { spec: { ...names, ...grid, contract: 'spot' }, isTrading: entry['trading'] === true };
  });
}

export async function time(rest: Rest): Promise<number> {
  const body = answerOf(await rest.call({ method: 'GET', path: '/time', cost: COST }));
  const ms = asInteger(asObject(body)?.['ms']);
  if (!(ms > 0)) throw unreadable('time', body);
  return ms;
}

export async function fees(
  rest: Rest,
  credentials: Credentials,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, FeeRates>> {
  const rates = new Map<string, FeeRates>();
  for (const entry of listOf('fees', await signedPage(rest, credentials, 'GET', '/fees'))) {
    const symbol = asText(entry['symbol']);
    if (symbols.includes(symbol)) rates.set(symbol, { maker: asText(entry['maker']), taker: asText(entry['taker']) });
  }
  return rates;
}

export async function balances(rest: Rest, credentials: Credentials): Promise<Balances> {
  const list = listOf('balances', await signedPage(rest, credentials, 'GET', '/balances'));
  return balancesOf(
    'example',
    list.map((entry) => [asText(entry['currency']), asText(entry['total'])] as const),
  );
}

export async function keyRights(rest: Rest, credentials: Credentials): Promise<KeyRights> {
  const rights = asList(asObject(await signedPage(rest, credentials, 'GET', '/key'))?.['rights']);
  return { canTrade: rights.includes('trade'), canWithdraw: rights.includes('withdraw'), notes: [] };
}

/** @param path with its query. @throws VenueError */
export async function signedPage(
  rest: Rest,
  credentials: Credentials,
  method: RestRequest['method'],
  path: string,
): Promise<unknown> {
  // When it leaves: it may have to wait for the budget before.
  const sign = (unixMs: number) => {
    const { key, time: at, sign: signature } = signed(credentials, method + path, unixMs);
    return { headers: { 'x-key': key, 'x-time': at, 'x-sign': signature } };
  };
  return answerOf(await rest.call({ method, path, sign, cost: COST, isCancel: method === 'DELETE' }));
}

/** The objects of a list. @throws VenueError when it is none */
export function listOf(what: string, body: unknown): readonly JsonObject[] {
  if (!Array.isArray(body) || !body.every(isObject)) throw unreadable(what, body);
  return body;
}
