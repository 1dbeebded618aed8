/** ccxt's Binance, spot with HMAC and Ed25519 keys and USD-M, on the faces of the local exchange. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { type CcxtExchange, allWell, startCcxtExchange } from './support/ccxt.ts';
import type { CcxtVenue } from './support/ccxt-venue.ts';

const folder = tempFolder();

const SPOT: CcxtVenue = {
  venue: 'binance',
  id: 'binance',
  symbol: 'BTC/USDT',
  venueSymbol: 'BTCUSDT',
  secret: 'secret',
  unknownOrder: '999999999',
  // Which of the venue's markets are loaded; those of the others are at other addresses.
  config: { options: { fetchMarkets: { types: ['spot'] } } },
};

const USDM: CcxtVenue = {
  ...SPOT,
  venue: 'binance-usdm',
  id: 'binanceusdm',
  symbol: 'BTC/USDT:USDT',
  config: { options: { fetchMarkets: { types: ['linear'] }, fetchCurrencies: false } },
  without: {
    badPrice: "ccxt takes USD-M's -4014 for a BadRequest",
    insufficientFunds: "ccxt takes USD-M's -2019 for an ExchangeError",
  },
};

let exchange: CcxtExchange;
beforeAll(async () => {
  exchange = await startCcxtExchange(folder.fresh(), 'binance,binance-usdm', 4);
});
afterAll(async () => exchange.stop());

it.each([
  ['spot, HMAC', SPOT, 0],
  ['spot, Ed25519', { ...SPOT, secret: 'edPrivate' as const }, 2],
  ['USD-M', USDM, 0],
])('ccxt trades on Binance: %s', { timeout: 120_000 }, async (_, venue, from) => {
  expect(await exchange.run(venue, from)).toEqual(allWell(venue));
});
