/** A venue of tests: see `ScriptedFeed` and `ScriptedOrders`; its REST pages are /time (milliseconds) and /instruments (specs). */
import type { InstrumentSpec } from '@quotewright/core/market/instrument';
import type { BudgetRule } from '../../contract/budget.ts';
import { VenueError } from '../../contract/venue-error.ts';
import type { Venue, VenueAbilities } from '../../contract/venue.ts';
import { type VenueSettings, venueSettings } from '../../venue-settings.ts';
import { ScriptedFeed } from './scripted-feed.ts';
import { ScriptedOrders } from './scripted-orders.ts';
import type { ScriptedServer } from './scripted-server.ts';

export interface ScriptedVenueOptions {
  readonly abilities?: Partial<VenueAbilities>;
  readonly budgets?: readonly BudgetRule[];
  readonly used?: NonNullable<Venue['used']>;
}

export function specOf(symbol: string): InstrumentSpec {
  return { venue: 'scripted', symbol, base: symbol, quote: 'USD', tick: '0.01', lot: '0.001', contract: 'spot' };
}

export function scriptedVenue({ abilities, budgets = [], used }: ScriptedVenueOptions = {}): Venue {
  const nowhere = { rest: 'http://127.0.0.1:9', feed: 'ws://127.0.0.1:9', orders: 'ws://127.0.0.1:9' };
  return {
    name: 'scripted',
    title: 'Scripted',
    environments: { live: nowhere },
    abilities: {
      canAmend: true,
      hasMassCancel: true,
      hasCancelOnDisconnect: true,
      hasL3: false,
      bestQuote: 'none',
      hasGlobalSequence: false,
      ...abilities,
    },
    credentials: [],
    budgets,
    ...(used === undefined ? {} : { used }),
    listing: async (rest) => {
      const { status, text } = await rest.call({ method: 'GET', path: '/instruments', cost: {} });
      if (status !== 200) throw new VenueError({ venue: 'scripted', code: 'SERVER', text });
      const specs: InstrumentSpec[] = JSON.parse(text);
      return specs.map((spec) => ({ spec, isTrading: true }));
    },
    time: async (rest) => Number((await rest.call({ method: 'GET', path: '/time', cost: {} })).text),
    fees: async () => new Map(),
    balances: async () => new Map(),
    keyRights: async () => ({ canTrade: true, canWithdraw: false, notes: [] }),
    feed: (setup) => new ScriptedFeed(setup),
    orders: (setup) => new ScriptedOrders(setup),
  };
}

/** Settings that lead to a server of the test's. */
export function settingsFor(server: ScriptedServer, more: Readonly<Record<string, unknown>> = {}): VenueSettings {
  const [rest, socket] = [server.url('http'), server.url('ws')];
  return venueSettings.parse({ addresses: { rest, feed: `${socket}/feed`, orders: `${socket}/orders` }, ...more });
}
