/** ccxt's `coinbase` and `coinbaseexchange` on the local exchange: see `support/ccxt-child.ts`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import type { CcxtVenue } from './support/ccxt-venue.ts';
import { type CcxtExchange, allWell, startCcxtExchange } from './support/ccxt.ts';

const folder = tempFolder();
const UNKNOWN = '00000000-0000-4000-8000-0000ffffffff';

const VENUES: readonly CcxtVenue[] = [
  {
    venue: 'coinbase',
    id: 'coinbase',
    symbol: 'BTC/USD',
    venueSymbol: 'BTC-USD',
    secret: 'secret',
    unknownOrder: UNKNOWN,
    without: { watchMyTrades: 'ccxt has none for the venue' },
    plainErrors: ['badPrice', 'postOnly', 'unknownOrder'],
    hasMakerSides: true,
  },
  {
    venue: 'coinbase-exchange',
    id: 'coinbaseexchange',
    symbol: 'BTC/USD',
    venueSymbol: 'BTC-USD',
    secret: 'secret',
    unknownOrder: UNKNOWN,
    without: { editOrder: 'the venue cannot amend' },
  },
];

let exchange: CcxtExchange;
beforeAll(async () => {
  exchange = await startCcxtExchange(folder.path, 'coinbase,coinbase-exchange');
});
afterAll(async () => exchange.stop());

describe.each(VENUES)('ccxt on the local $venue', (venue) => {
  it('trades and watches', { timeout: 120_000 }, async () => {
    expect(await exchange.run(venue)).toEqual(allWell(venue));
  });
});
