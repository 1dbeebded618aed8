/**
 * Example: a venue that does not exist, whole, as docs/venues.md has it for a template. A folder, and a line in `venues/registry.ts`; nothing else
 * knows it. Its protocol, which its exchange (`face.ts`) speaks:
 *
 * REST, JSON, decimals as strings, times in Unix milliseconds: `GET /instruments`, `/time`; signed (`sign.ts`) `GET /fees`, `/balances`, `/key`,
 * `/orders?symbol=`, `/fills?symbol=&from=`, `DELETE /orders?symbol=`. An error is `{"error":"code","message":"…"}`.
 *
 * WebSocket `/v1`: `{"op":"books","symbols":[…]}` brings of each a whole book and then its changes, numbered without a gap, and prints;
 * `{"op":"login",…}` lets `new` and `cancel` in, which are answered (`taken`), and brings what becomes of orders, numbered from 1.
 */
import type { Venue } from '../../../packages/quotewright/src/venues/contract/venue.ts';
import { ExampleFeed } from './feed.ts';
import { BUDGETS } from './limits.ts';
import { ExampleOrders } from './orders.ts';
import { balances, fees, keyRights, listing, time } from './pages.ts';
import { CREDENTIALS } from './sign.ts';

export const example: Venue = {
  name: 'example',
  title: 'Example',
  environments: {
    live: {
      rest: 'https://api.example.com',
      feed: 'wss://ws.example.com/v1',
      orders: 'wss://ws.example.com/v1',
    },
  },
  // What it has decides which cases of the suite apply.
  abilities: {
    canAmend: false,
    hasMassCancel: true,
    hasCancelOnDisconnect: false,
    hasL3: false,
    bestQuote: 'none',
    hasGlobalSequence: true,
  },
  credentials: CREDENTIALS,
  budgets: BUDGETS,
  orderRate: { perSecond: 10, burst: 50, scope: 'account' },
  listing,
  time,
  fees,
  balances,
  keyRights,
  feed: (setup) => new ExampleFeed(setup),
  orders: (setup) => new ExampleOrders(setup),
};
