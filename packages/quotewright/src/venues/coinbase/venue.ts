/** Coinbase Advanced Trade: spot, prices and orders of every Coinbase customer. See docs/venues/coinbase.md. */
import type { Venue } from '../contract/venue.ts';
import { coinbaseBalances, coinbaseFees, coinbaseRights, coinbaseTime } from './account.ts';
import { CoinbaseFeed } from './feed.ts';
import { coinbaseBudgets } from './limits.ts';
import { coinbaseListing } from './listing.ts';
import { CoinbaseOrders } from './orders.ts';
import { coinbaseCredentials } from './sign.ts';

export const coinbase: Venue = {
  name: 'coinbase',
  title: 'Coinbase Advanced Trade',
  environments: {
    live: {
      rest: 'https://api.coinbase.com',
      feed: 'wss://advanced-trade-ws.coinbase.com',
      orders: 'wss://advanced-trade-ws-user.coinbase.com',
    },
  },
  abilities: {
    canAmend: true,
    hasMassCancel: true,
    hasCancelOnDisconnect: false,
    hasL3: false,
    bestQuote: 'late',
    hasGlobalSequence: false,
  },
  credentials: coinbaseCredentials,
  budgets: coinbaseBudgets,
  orderRate: { perSecond: 30, burst: 30, scope: 'account' },
  listing: coinbaseListing,
  time: coinbaseTime,
  fees: coinbaseFees,
  balances: coinbaseBalances,
  keyRights: coinbaseRights,
  feed: (setup) => new CoinbaseFeed(setup),
  orders: (setup) => new CoinbaseOrders(setup),
};
