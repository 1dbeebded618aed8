/** For tests: a venue that is nothing but a name and the shape of its keys. */
import type { Venue } from '../../venues/contract/venue.ts';
import { SHAPE } from './small-vaults.ts';

function not(): never {
  throw new Error('this venue has keys and no more');
}

export function keyVenue(name: string): Venue {
  return {
    name,
    title: name,
    environments: {},
    abilities: {
      canAmend: false,
      hasMassCancel: false,
      hasCancelOnDisconnect: false,
      hasL3: false,
      bestQuote: 'none',
      hasGlobalSequence: false,
    },
    credentials: SHAPE,
    budgets: [],
    listing: not,
    time: not,
    fees: not,
    balances: not,
    keyRights: not,
    feed: not,
    orders: not,
  };
}
