/** ccxt's `gemini` on the local exchange: see `support/ccxt-child.ts`. */
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import type { CcxtVenue } from './support/ccxt-venue.ts';
import { allWell, ccxtScenario } from './support/ccxt.ts';

const folder = tempFolder();

const VENUE: CcxtVenue = {
  venue: 'gemini',
  id: 'gemini',
  symbol: 'BTC/USD',
  venueSymbol: 'btcusd',
  secret: 'secret',
  unknownOrder: '999999999',
  without: {
    editOrder: 'the venue cannot amend',
    watchMyTrades: 'ccxt has none for the venue',
  },
};

describe('ccxt on the local Gemini', () => {
  it('trades and watches', { timeout: 120_000 }, async () => {
    expect(await ccxtScenario(VENUE, folder.path)).toEqual(allWell(VENUE));
  });
});
