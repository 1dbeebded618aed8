/**
 * Kraken (spot): https://docs.kraken.com. Market data over WebSocket v2 (v1 where the address is one of v1), orders and their events over the
 * private WebSocket v2, whose token REST gives.
 */
import { asInteger, asList, asObject, asText } from '../../data/json.ts';
import type { Credentials, CredentialShape } from '../contract/credentials.ts';
import type { Rest } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';
import type { Balances, FeeRates, KeyRights, Venue } from '../contract/venue.ts';
import { balancesOf } from '../balances.ts';
import { KrakenFeed } from './feed.ts';
import { BUDGETS } from './limits.ts';
import { listing, pairs, percentOf } from './listing.ts';
import { KrakenOrders } from './orders.ts';
import { callPrivate, callPublic } from './rest.ts';
import { coinOfAsset } from './symbols.ts';

const CREDENTIALS: CredentialShape = [
  {
    name: 'key',
    label: 'API key',
    isSecret: false,
    isOptional: false,
    check: (value) => (/^[A-Za-z0-9+/]{20,100}={0,2}$/u.test(value) ? '' : 'an API key of letters, digits, + and /'),
  },
  {
    name: 'secret',
    label: 'private key',
    isSecret: true,
    isOptional: false,
    check: (value) => (/^[A-Za-z0-9+/]{40,200}={0,2}$/u.test(value) ? '' : 'a private key in base64'),
  },
];

export const kraken: Venue = {
  name: 'kraken',
  title: 'Kraken',
  environments: {
    live: {
      rest: 'https://api.kraken.com',
      feed: 'wss://ws.kraken.com/v2',
      orders: 'wss://ws-auth.kraken.com/v2',
    },
    /** Newer software before the same engine: orders there are real. */
    beta: {
      rest: 'https://api.kraken.com',
      feed: 'wss://beta-ws.kraken.com/v2',
      orders: 'wss://beta-ws-auth.kraken.com/v2',
    },
    /** Market data of the older protocol. */
    v1: { rest: 'https://api.kraken.com', feed: 'wss://ws.kraken.com', orders: 'wss://ws-auth.kraken.com/v2' },
  },
  abilities: {
    canAmend: true,
    hasMassCancel: true,
    hasCancelOnDisconnect: true,
    hasL3: false,
    bestQuote: 'late',
    hasGlobalSequence: false,
    lacksFillOrKill: true,
  },
  credentials: CREDENTIALS,
  budgets: BUDGETS,
  // Of the lowest tier (a counter of 60 that sinks by one a second, four tenths of it kept for cancels), each an amendment of a young order,
  // which costs four: the gateway keeps the counter of the tier that the venue tells.
  orderRate: { perSecond: 0.25, burst: 9, scope: 'instrument' },
  listing,
  time,
  timeStepMs: 1000,
  fees,
  balances,
  keyRights,
  feed: (setup) => new KrakenFeed(setup),
  orders: (setup) => new KrakenOrders(setup),
};

/** The page has whole seconds: the middle of its second. */
async function time(rest: Rest): Promise<number> {
  const seconds = asInteger(asObject(await callPublic(rest, 'Time'))?.['unixtime']);
  if (!(seconds > 0))
    throw new VenueError({ venue: 'kraken', code: 'UNREADABLE', text: 'Time: unixtime is no number' });
  return seconds * 1000 + 500;
}

/** Of the page TradeVolume, by pairs' ids. */
async function fees(
  rest: Rest,
  credentials: Credentials,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, FeeRates>> {
  const asked = (await pairs(rest)).filter(({ listed }) => symbols.includes(listed.spec.symbol));
  const pair = asked.map(({ altname }) => altname).join(',');
  const result = asObject(await callPrivate(rest, credentials, { page: 'TradeVolume', fields: { pair } })) ?? {};
  const takers = asObject(result['fees']) ?? {};
  const makers = asObject(result['fees_maker']) ?? {};
  const rates = new Map<string, FeeRates>();
  for (const { id, altname, listed } of asked) {
    const rateIn = (page: typeof takers) => percentOf(asText(asObject(page[id] ?? page[altname])?.['fee']));
    const taker = rateIn(takers);
    // Pairs without makers' rates have one for both.
    if (taker !== '') rates.set(listed.spec.symbol, { taker, maker: rateIn(makers) || taker });
  }
  return rates;
}

/** Of the page Balance. What is staked or lent has a name of its own (`XBT.B`), and is no balance to trade with. */
async function balances(rest: Rest, credentials: Credentials): Promise<Balances> {
  const result = asObject(await callPrivate(rest, credentials, { page: 'Balance' })) ?? {};
  return balancesOf(
    'kraken',
    Object.entries(result).flatMap(([asset, total]) =>
      asset.includes('.') ? [] : [[coinOfAsset(asset), asText(total)] as const],
    ),
  );
}

/** By the permissions that the key has: `GetApiKeyInfo` (docs.kraken.com/api-reference/account-data/get-api-key-info). */
async function keyRights(rest: Rest, credentials: Credentials): Promise<KeyRights> {
  const info = asObject(await callPrivate(rest, credentials, { page: 'GetApiKeyInfo' })) ?? {};
  const permissions = Array.isArray(info['permissions']) ? asList(info['permissions']).map(asText) : undefined;
  const addresses = asList(info['ip_allowlist']).map(asText).join(', ');
  return {
    canTrade: permissions?.some((permission) => /modify|create|trade-orders/u.test(permission)),
    canWithdraw: permissions?.some((permission) => permission.includes('withdraw')),
    notes: addresses === '' ? [] : [`bound to the addresses ${addresses}`],
  };
}
