/** Coinbase Exchange: the same matching engine as Advanced Trade, for institutions; order by order too. See docs/venues/coinbase.md. */
import type { Venue } from '../contract/venue.ts';
import { exchangeBalances, exchangeFees, exchangeRights, exchangeTime } from './account.ts';
import { ExchangeFeed } from './feed.ts';
import { ExchangeL3Feed } from './l3-feed.ts';
import { exchangeBudgets } from './limits.ts';
import { exchangeListing } from './listing.ts';
import { ExchangeOrders } from './orders.ts';
import { exchangeCredentials } from './sign.ts';

export const coinbaseExchange: Venue = {
  name: 'coinbase-exchange',
  title: 'Coinbase Exchange',
  environments: {
    live: {
      rest: 'https://api.exchange.coinbase.com',
      feed: 'wss://ws-feed.exchange.coinbase.com',
      orders: 'wss://ws-feed.exchange.coinbase.com',
    },
    sandbox: {
      rest: 'https://api-public.sandbox.exchange.coinbase.com',
      feed: 'wss://ws-feed-public.sandbox.exchange.coinbase.com',
      orders: 'wss://ws-feed-public.sandbox.exchange.coinbase.com',
    },
  },
  abilities: {
    canAmend: false,
    hasMassCancel: true,
    hasCancelOnDisconnect: false,
    hasL3: true,
    bestQuote: 'late',
    hasGlobalSequence: false,
    losesSilently: true,
  },
  credentials: exchangeCredentials,
  budgets: exchangeBudgets,
  orderRate: { perSecond: 15, burst: 15, scope: 'account' },
  listing: exchangeListing,
  time: exchangeTime,
  fees: exchangeFees,
  balances: exchangeBalances,
  keyRights: exchangeRights,
  feed: (setup) => (setup.isL3 ? new ExchangeL3Feed(setup) : new ExchangeFeed(setup)),
  orders: (setup) => new ExchangeOrders(setup),
};
