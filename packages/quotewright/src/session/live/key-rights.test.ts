import { expect, test } from 'vitest';
import { Credentials } from '../../venues/contract/credentials.ts';
import type { Rest } from '../../venues/contract/rest.ts';
import type { KeyRights } from '../../venues/contract/venue.ts';
import { VenueError } from '../../venues/contract/venue-error.ts';
import { lookAtKeys } from './key-rights.ts';

const unused: Rest = {
  origin: '',
  call: () => Promise.reject(new Error('nobody is asked')),
};
const member = (
  keyRights: () => Promise<KeyRights>,
  credentials: Credentials | undefined = new Credentials(new Map()),
) => ({
  access: { venue: { keyRights }, rest: unused },
  credentials,
});
const rights = (canTrade: boolean | undefined, canWithdraw: boolean | undefined) => () =>
  Promise.resolve({ canTrade, canWithdraw, notes: [] });

const refuses = (): Promise<KeyRights> => Promise.reject(new VenueError({ venue: 'c', code: 'NETWORK', text: 'away' }));

test('says which keys may not trade, and warns of those that can withdraw, or of which nothing is told', async () => {
  const members = new Map([
    ['b', member(rights(true, true))],
    ['a', member(rights(false, false))],
    ['c', member(refuses)],
    ['d', member(rights(undefined, undefined))],
  ]);
  expect(await lookAtKeys(members)).toEqual({
    cannotTrade: ['a'],
    warnings: [
      'b: the key can withdraw: whoever steals it takes the money; make one that only trades',
      'c: what the key may do is not known: c: NETWORK: away',
    ],
  });
});
