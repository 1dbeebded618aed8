/** Binance USD-M futures. See docs/venues/binance.md. */
import { USDM_BUDGETS } from '../binance/budgets.ts';
import { BinanceFeed } from '../binance/feed.ts';
import { USDM } from '../binance/product.ts';
import { balances, fees, futuresKeyRights, listing, serverTime } from '../binance/public-pages.ts';
import { usedOf } from '../binance/rate-limits.ts';
import { BINANCE_CREDENTIALS } from '../binance/sign.ts';
import type { Venue } from '../contract/venue.ts';
import { BinanceUsdmOrders } from './orders.ts';

export const binanceUsdm: Venue = {
  name: 'binance-usdm',
  title: 'Binance USD-M Futures',
  environments: {
    live: {
      rest: 'https://fapi.binance.com',
      feed: 'wss://fstream.binance.com/public',
      orders: 'wss://fstream.binance.com/private',
    },
    testnet: {
      rest: 'https://demo-fapi.binance.com',
      feed: 'wss://fstream.binancefuture.com/public',
      orders: 'wss://fstream.binancefuture.com/private',
    },
    demo: {
      rest: 'https://demo-fapi.binance.com',
      feed: 'wss://demo-fstream.binance.com/public',
      orders: 'wss://demo-fstream.binance.com/private',
    },
  },
  abilities: {
    canAmend: true,
    hasMassCancel: true,
    hasCancelOnDisconnect: true,
    hasL3: false,
    bestQuote: 'exact',
    hasGlobalSequence: true,
    depthIntervalMs: 100,
  },
  credentials: BINANCE_CREDENTIALS,
  budgets: USDM_BUDGETS,
  used: usedOf,
  // With what the windows of ten seconds and of a minute take.
  orderRate: { perSecond: 15, burst: 150, scope: 'account' },
  listing: async (rest) => listing(USDM, rest),
  time: async (rest) => serverTime(USDM, rest),
  fees: async (rest, credentials, symbols) => fees(USDM, rest, credentials, symbols),
  balances: async (rest, credentials) => balances(USDM, rest, credentials),
  keyRights: futuresKeyRights,
  feed: (setup) => new BinanceFeed(USDM, setup),
  orders: (setup) => new BinanceUsdmOrders(setup),
};
