/**
 * Bitstamp: https://www.bitstamp.net/api and https://www.bitstamp.net/websocket/v2. One public socket for market data, one for private events,
 * orders over REST. It has no clock to ask for; the time in its answers' headers has to do.
 */
import { asDecimal, asList, asText, isObject } from '../../data/json.ts';
import type { Credentials, CredentialShape } from '../contract/credentials.ts';
import type { Rest } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';
import type { Balances, FeeRates, Venue } from '../contract/venue.ts';
import { balancesOf } from '../balances.ts';
import { BitstampFeed } from './feed.ts';
import { BitstampOrderFeed } from './order-feed.ts';
import { BUDGETS, COST } from './limits.ts';
import { answerOf } from './errors.ts';
import { listing } from './listing.ts';
import { BitstampOrders } from './orders.ts';
import { callPrivate, LIVE_ORIGIN } from './rest.ts';

const CREDENTIALS: CredentialShape = [
  {
    name: 'key',
    label: 'API key',
    isSecret: false,
    isOptional: false,
    check: (value) => (/^[A-Za-z0-9-]{8,100}$/u.test(value) ? '' : 'eight letters and digits at least'),
  },
  {
    name: 'secret',
    label: 'API secret',
    isSecret: true,
    isOptional: false,
    check: (value) => (/^[\w+/=-]{8,200}$/u.test(value) ? '' : 'eight letters and digits at least, without blanks'),
  },
];

export const bitstamp: Venue = {
  name: 'bitstamp',
  title: 'Bitstamp',
  environments: { live: { rest: LIVE_ORIGIN, feed: 'wss://ws.bitstamp.net', orders: 'wss://ws.bitstamp.net' } },
  abilities: {
    canAmend: false,
    hasMassCancel: true,
    hasCancelOnDisconnect: false,
    hasL3: true,
    bestQuote: 'none',
    hasGlobalSequence: false,
    losesSilently: true,
  },
  credentials: CREDENTIALS,
  budgets: BUDGETS,
  orderRate: { perSecond: 16, burst: 200, scope: 'account' },
  listing,
  time,
  timeStepMs: 1000,
  fees,
  balances,
  keyRights: () =>
    Promise.resolve({
      canTrade: undefined,
      canWithdraw: undefined,
      notes: ['the venue does not tell what a key may do: see to it that it cannot withdraw'],
    }),
  feed: (setup) => (setup.isL3 ? new BitstampOrderFeed(setup) : new BitstampFeed(setup)),
  orders: (setup) => new BitstampOrders(setup),
};

/** Of the header `Date`, which has whole seconds: the middle of its second. */
async function time(rest: Rest): Promise<number> {
  const response = await rest.call({ method: 'GET', path: '/api/v2/ticker/btcusd/', cost: COST });
  answerOf(response);
  const ms = Date.parse(response.headers['date'] ?? '');
  if (Number.isNaN(ms)) {
    throw new VenueError({ venue: 'bitstamp', code: 'UNREADABLE', text: 'the answer has no header Date' });
  }
  return ms + 500;
}

/** The venue tells per cents. */
async function fees(
  rest: Rest,
  credentials: Credentials,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, FeeRates>> {
  const rates = new Map<string, FeeRates>();
  for (const entry of asList(await callPrivate(rest, credentials, '/api/v2/fees/trading/', ''))) {
    const of = isObject(entry) ? entry['fees'] : undefined;
    const symbol = isObject(entry) ? asText(entry['currency_pair']) || asText(entry['market']) : '';
    if (!isObject(of) || !symbols.includes(symbol)) continue;
    rates.set(symbol, { maker: shareOf(asDecimal(of['maker'])), taker: shareOf(asDecimal(of['taker'])) });
  }
  return rates;
}

async function balances(rest: Rest, credentials: Credentials): Promise<Balances> {
  const entries = asList(await callPrivate(rest, credentials, '/api/v2/account_balances/', ''));
  const rows = entries
    .filter(isObject)
    .map((each) => [asText(each['currency']).toUpperCase(), asText(each['total'])] as const);
  return balancesOf('bitstamp', rows);
}

/** @throws VenueError */
function shareOf(perCent: string): string {
  const number = perCent === '' ? Number.NaN : Number(perCent);
  if (!Number.isFinite(number)) {
    throw new VenueError({ venue: 'bitstamp', code: 'UNREADABLE', text: `fees/trading: '${perCent}' is no number` });
  }
  return (number / 100).toFixed(10).replace(/\.?0+$/u, '');
}
