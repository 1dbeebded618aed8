import { Instrument } from '@quotewright/core/market/instrument';
import { expect, it } from 'vitest';
import { VENUES } from '../../venues/registry.ts';
import { venueSettings } from '../../venues/venue-settings.ts';
import { orderBudgets } from './order-budgets.ts';
import { INSTRUMENTS } from './testing/paper-folder.ts';

const instrument = (venue: string, symbol: string): Instrument =>
  new Instrument({ ...INSTRUMENTS[0]!.spec, venue, symbol });

it('are the share of each limit that is ours: of an account, or of each instrument', () => {
  const instruments = [
    instrument('kraken', 'BTC/USD'),
    instrument('coinbase', 'BTC-USD'),
    instrument('kraken', 'ETH/USD'),
  ];
  const members = new Map(
    ['kraken', 'coinbase'].map((name) => {
      const venue = VENUES.find((each) => each.name === name)!;
      return [name, { access: { venue, settings: venueSettings.parse({ budgetShare: 0.5 }) } }] as const;
    }),
  );
  expect(orderBudgets(instruments, members)).toEqual([
    { perSecond: 0.125, burst: 4, instruments: [0] },
    { perSecond: 0.125, burst: 4, instruments: [2] },
    { perSecond: 15, burst: 15, instruments: [1] },
  ]);

  // Of an account of a higher tier.
  const settings = venueSettings.parse({ orderRate: { perSecond: 0.9, burst: 26 }, budgetShare: 1 });
  const pro = new Map([['kraken', { access: { venue: members.get('kraken')!.access.venue, settings } }]]);
  expect(orderBudgets(instruments.slice(0, 1), pro)).toEqual([{ perSecond: 0.9, burst: 26, instruments: [0] }]);
});
