/** Binance spot. See docs/venues/binance.md. */
import type { Venue } from '../contract/venue.ts';
import { SPOT_BUDGETS } from './budgets.ts';
import { BinanceFeed } from './feed.ts';
import { BinanceOrders } from './orders.ts';
import { SPOT } from './product.ts';
import { balances, fees, listing, serverTime, spotKeyRights } from './public-pages.ts';
import { usedOf } from './rate-limits.ts';
import { BINANCE_CREDENTIALS } from './sign.ts';

export const binance: Venue = {
  name: 'binance',
  title: 'Binance',
  environments: {
    live: {
      rest: 'https://api.binance.com',
      feed: 'wss://stream.binance.com:9443',
      orders: 'wss://ws-api.binance.com:443/ws-api/v3',
    },
    testnet: {
      rest: 'https://testnet.binance.vision',
      feed: 'wss://stream.testnet.binance.vision',
      orders: 'wss://ws-api.testnet.binance.vision/ws-api/v3',
    },
    demo: {
      rest: 'https://demo-api.binance.com',
      feed: 'wss://demo-stream.binance.com',
      orders: 'wss://demo-ws-api.binance.com/ws-api/v3',
    },
  },
  abilities: {
    canAmend: false,
    hasMassCancel: true,
    hasCancelOnDisconnect: false,
    hasL3: false,
    bestQuote: 'exact',
    hasGlobalSequence: true,
    depthIntervalMs: 100,
    takesFeesElsewhere: true,
  },
  credentials: BINANCE_CREDENTIALS,
  budgets: SPOT_BUDGETS,
  used: usedOf,
  // With what the window of ten seconds takes.
  orderRate: { perSecond: 7.5, burst: 25, scope: 'account' },
  listing: async (rest) => listing(SPOT, rest),
  time: async (rest) => serverTime(SPOT, rest),
  fees: async (rest, credentials, symbols) => fees(SPOT, rest, credentials, symbols),
  balances: async (rest, credentials) => balances(SPOT, rest, credentials),
  keyRights: spotKeyRights,
  feed: (setup) => new BinanceFeed(SPOT, setup),
  orders: (setup) => new BinanceOrders(setup),
};
