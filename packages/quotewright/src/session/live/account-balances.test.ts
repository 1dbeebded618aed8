import { Instrument } from '@quotewright/core/market/instrument';
import { afterEach, expect, it } from 'vitest';
import { Credentials } from '../../venues/contract/credentials.ts';
import { VenueError } from '../../venues/contract/venue-error.ts';
import type { Venue } from '../../venues/contract/venue.ts';
import { LiveClock } from '../../venues/runtime/live-clock.ts';
import { scriptedVenue, specOf } from '../../venues/runtime/testing/scripted-venue.ts';
import { VenueAccess } from '../../venues/runtime/venue-access.ts';
import { venueSettings } from '../../venues/venue-settings.ts';
import { accountBalances, accountCash } from './account-balances.ts';
import type { VenueMember } from './listing.ts';

const INSTRUMENTS = [new Instrument(specOf('A'))];
const open: VenueAccess[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function member(
  balances: Venue['balances'],
  credentials: Credentials | undefined = new Credentials(new Map()),
): VenueMember {
  const venue = { ...scriptedVenue(), balances };
  const access = VenueAccess.open({ venue, settings: venueSettings.parse({}), clock: new LiveClock(20_000) });
  open.push(access);
  return { access, credentials };
}

const says =
  (told: Readonly<Record<string, string>>): Venue['balances'] =>
  async () =>
    new Map(Object.entries(told));

it('is what each venue has of the currencies of the instruments there', async () => {
  const one = member(says({ USD: '12.50', A: '3', EUR: '9' }));
  const two = member(says({ USD: '1', A: '2' }));
  expect(await accountBalances(new Map([['scripted', one]]), INSTRUMENTS)).toEqual({
    scripted: { USD: '12.50', A: '3' },
  });
  const members = new Map([
    ['scripted', one],
    ['other', two],
  ]);
  expect(await accountBalances(members, INSTRUMENTS)).toEqual({ scripted: { USD: '12.50', A: '3' }, other: {} });
});

it.each([
  ['of the currencies that the instruments settle in', { s: { USD: '12.50', A: '3' } }, { USD: '12.50' }],
  ['none where the account has none of them', { s: { USD: '0', A: '3' } }, undefined],
  ['none where two venues tell of theirs', { s: { USD: '1' }, t: { USD: '1' } }, undefined],
])('cash is %s', (_, balances, cash) => {
  expect(accountCash(balances, INSTRUMENTS)).toEqual(cash);
});

it('says why the account cannot be asked', async () => {
  const shut = member(() => Promise.reject(new VenueError({ venue: 'scripted', code: 'AUTH', text: 'who is that' })));
  await expect(accountBalances(new Map([['scripted', shut]]), INSTRUMENTS)).rejects.toThrow(
    'scripted: the account cannot be asked: scripted: AUTH: who is that',
  );
});
