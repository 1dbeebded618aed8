/**
 * ccxt's Kraken on the face of the local exchange: REST and WebSocket v2. Its own comparison of checksums is left off: ccxt 4.5.84 works it out
 * of numbers, of which v2's digits are lost, and fails on the venue's own frames; `venues/kraken` and the face's test compare them.
 */
import { expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { allWell, ccxtScenario } from './support/ccxt.ts';
import type { CcxtVenue } from './support/ccxt-venue.ts';

const folder = tempFolder();

const KRAKEN: CcxtVenue = {
  venue: 'kraken',
  id: 'kraken',
  symbol: 'BTC/USD',
  venueSymbol: 'BTC/USD',
  secret: 'secret',
  unknownOrder: 'OZZZZZ-ZZZZZ-ZZZZZZ',
  bookLimit: 10,
  // ccxt's own pace is three seconds for an order, its guess at the limits of a small account; those of the exchange are its only ones here.
  config: { rateLimit: 100 },
  // `EAPI:Invalid signature` and `EOrder:Tick size check failed` are.
  plainErrors: ['wrongSecret', 'badPrice'],
  without: { watchOrders: "Kraken's reports of an order's end have no symbol, by which ccxt would find it" },
};

it('ccxt trades on Kraken', { timeout: 180_000 }, async () => {
  expect(await ccxtScenario(KRAKEN, folder.fresh())).toEqual(allWell(KRAKEN));
});
