/** ccxt's `bitstamp` on the local exchange: see `support/ccxt-child.ts`. */
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import type { CcxtVenue } from './support/ccxt-venue.ts';
import { allWell, ccxtScenario } from './support/ccxt.ts';

const folder = tempFolder();

const VENUE: CcxtVenue = {
  venue: 'bitstamp',
  id: 'bitstamp',
  symbol: 'BTC/USD',
  venueSymbol: 'btcusd',
  secret: 'secret',
  unknownOrder: '1699999999999999',
  without: {
    postOnly: 'ccxt does not say it in the words of the venue',
    badPrice: "ccxt does not read what the venue says of an order's fields",
  },
};

describe('ccxt on the local Bitstamp', () => {
  it('trades and watches', { timeout: 120_000 }, async () => {
    expect(await ccxtScenario(VENUE, folder.path)).toEqual(allWell(VENUE));
  });
});
