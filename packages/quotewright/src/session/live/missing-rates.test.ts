import { Instrument } from '@quotewright/core/market/instrument';
import { expect, it } from 'vitest';
import { missingRates } from './missing-rates.ts';

const spot = (base: string, quote: string): Instrument =>
  new Instrument({ venue: 'v', symbol: base + quote, base, quote, tick: '0.01', lot: '0.01', contract: 'spot' });

it('tells of currencies that no price and no rate converts', () => {
  const two = [spot('BTC', 'USD'), spot('ETH', 'USDT')];
  expect(missingRates(two, {})).toEqual([expect.stringMatching(/^no rate of USDT to USD is known: /u)]);
  expect(missingRates(two, { gate: { rates: { USDT: 1 } } })).toEqual([]);
  expect(missingRates(two, { gate: { currency: 'USDT' } })).toEqual([
    expect.stringMatching(/^no rate of USD to USDT /u),
  ]);
  // BTC has a price in both; limits are not worked out by way of it.
  expect(missingRates([spot('BTC', 'USD'), spot('BTC', 'USDT')], {})).toEqual([
    expect.stringMatching(/^no rate of USDT to USD /u),
  ]);
  expect(missingRates([spot('BTC', 'USD'), spot('BTC', 'USDT'), spot('USDT', 'USD')], {})).toEqual([]);
  expect(missingRates([spot('BTC', 'USD'), spot('BTC', 'EUR'), spot('USD', 'EUR')], {})).toEqual([]);
});
