/**
 * Gemini: https://docs.gemini.com. Market data v2 over a public socket, order events over a private one, orders over REST. It has no clock to
 * ask for; the time in its answers' headers has to do.
 */
import type { Credentials, CredentialShape } from '../contract/credentials.ts';
import type { Rest } from '../contract/rest.ts';
import { VenueError } from '../contract/venue-error.ts';
import type { Balances, FeeRates, KeyRights, Venue } from '../contract/venue.ts';
import { balancesOf } from '../balances.ts';
import { asDecimal, asList, asText, isObject } from '../../data/json.ts';
import { GeminiFeed } from './feed.ts';
import { BUDGETS, PUBLIC_COST } from './limits.ts';
import { answerOf } from './errors.ts';
import { listing } from './listing.ts';
import { GeminiOrders } from './orders.ts';
import { callPrivate } from './rest.ts';

const CREDENTIALS: CredentialShape = [
  {
    name: 'key',
    label: 'API key (account-…)',
    isSecret: false,
    isOptional: false,
    check: (value) =>
      /^(?:account|master)-[\w-]{4,100}$/u.test(value) ? '' : 'account- or master- and letters and digits',
  },
  {
    name: 'secret',
    label: 'API secret',
    isSecret: true,
    isOptional: false,
    check: (value) => (/^[\w+/=-]{8,200}$/u.test(value) ? '' : 'eight letters and digits at least, without blanks'),
  },
];

export const gemini: Venue = {
  name: 'gemini',
  title: 'Gemini',
  environments: {
    live: { rest: 'https://api.gemini.com', feed: 'wss://api.gemini.com', orders: 'wss://api.gemini.com' },
    sandbox: {
      rest: 'https://api.sandbox.gemini.com',
      feed: 'wss://api.sandbox.gemini.com',
      orders: 'wss://api.sandbox.gemini.com',
    },
  },
  abilities: {
    canAmend: false,
    hasMassCancel: true,
    hasCancelOnDisconnect: true,
    hasL3: false,
    bestQuote: 'none',
    hasGlobalSequence: false,
    losesSilently: true,
  },
  credentials: CREDENTIALS,
  budgets: BUDGETS,
  orderRate: { perSecond: 10, burst: 60, scope: 'account' },
  listing,
  time,
  timeStepMs: 1000,
  fees,
  balances,
  keyRights,
  feed: (setup) => new GeminiFeed(setup),
  orders: (setup) => new GeminiOrders(setup),
};

/** Of the header `Date`, which has whole seconds: the middle of its second. */
async function time(rest: Rest): Promise<number> {
  const response = await rest.call({ method: 'GET', path: '/v1/symbols/details/btcusd', cost: PUBLIC_COST });
  answerOf(response);
  const ms = Date.parse(response.headers['date'] ?? '');
  if (Number.isNaN(ms)) {
    throw new VenueError({ venue: 'gemini', code: 'UNREADABLE', text: 'the answer has no header Date' });
  }
  return ms + 500;
}

/** The same for all symbols. */
async function fees(
  rest: Rest,
  credentials: Credentials,
  symbols: readonly string[],
): Promise<ReadonlyMap<string, FeeRates>> {
  const answer = await callPrivate(rest, credentials, '/v1/notionalvolume', '');
  const rate = (field: string): string => {
    const points = Number(isObject(answer) ? asDecimal(answer[field]) || Number.NaN : Number.NaN);
    if (!Number.isFinite(points)) {
      throw new VenueError({ venue: 'gemini', code: 'UNREADABLE', text: `notionalvolume: ${field} is no number` });
    }
    // Basis points; rates have no digits beyond the tenth.
    return (points / 10_000).toFixed(10).replace(/\.?0+$/u, '');
  };
  const rates = { maker: rate('api_maker_fee_bps'), taker: rate('api_taker_fee_bps') };
  return new Map(symbols.map((symbol) => [symbol, rates]));
}

async function balances(rest: Rest, credentials: Credentials): Promise<Balances> {
  const entries = asList(await callPrivate(rest, credentials, '/v1/balances', ''));
  const rows = entries.filter(isObject).map((each) => [asText(each['currency']), asText(each['amount'])] as const);
  return balancesOf('gemini', rows);
}

/** By the roles of the key. */
async function keyRights(rest: Rest, credentials: Credentials): Promise<KeyRights> {
  const roles = await callPrivate(rest, credentials, '/v1/roles', '');
  const has = (role: string) => (isObject(roles) && typeof roles[role] === 'boolean' ? roles[role] : undefined);
  return {
    canTrade: has('isTrader'),
    canWithdraw: has('isFundManager'),
    notes: ['orders are cancelled on disconnect only if the key was made with "Requires Heartbeat"'],
  };
}
