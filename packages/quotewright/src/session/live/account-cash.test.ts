import { Instrument } from '@quotewright/core/market/instrument';
import { afterEach, expect, it } from 'vitest';
import { Credentials } from '../../venues/contract/credentials.ts';
import { VenueError } from '../../venues/contract/venue-error.ts';
import type { Venue } from '../../venues/contract/venue.ts';
import { LiveClock } from '../../venues/runtime/live-clock.ts';
import { scriptedVenue, specOf } from '../../venues/runtime/testing/scripted-venue.ts';
import { VenueAccess } from '../../venues/runtime/venue-access.ts';
import { venueSettings } from '../../venues/venue-settings.ts';
import { accountCash } from './account-cash.ts';
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

it('is what the only venue has of the currencies that the instruments settle in', async () => {
  const one = member(
    async () =>
      new Map([
        ['USD', '12.50'],
        ['A', '3'],
        ['EUR', '9'],
      ]),
  );
  expect(await accountCash(new Map([['scripted', one]]), INSTRUMENTS)).toEqual({ USD: '12.50' });
  expect(
    await accountCash(
      new Map([
        ['scripted', one],
        ['other', one],
      ]),
      INSTRUMENTS,
    ),
  ).toBe(undefined);
});

it('is not told of an account that has none of them', async () => {
  const poor = member(
    async () =>
      new Map([
        ['USD', '0'],
        ['A', '3'],
      ]),
  );
  expect(await accountCash(new Map([['scripted', poor]]), INSTRUMENTS)).toBe(undefined);
});

it('says why the account cannot be asked', async () => {
  const shut = member(() => Promise.reject(new VenueError({ venue: 'scripted', code: 'AUTH', text: 'who is that' })));
  await expect(accountCash(new Map([['scripted', shut]]), INSTRUMENTS)).rejects.toThrow(
    'scripted: the account cannot be asked: scripted: AUTH: who is that',
  );
});
