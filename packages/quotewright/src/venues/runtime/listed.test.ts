import { expect, it } from 'vitest';
import { findListed } from './listed.ts';
import { specOf } from './testing/scripted-venue.ts';

const LISTED = [
  specOf('BTC-USD'),
  { ...specOf('ODD-USD'), lot: '0' },
  { ...specOf('DUST-USD'), lot: '1e-300' },
  { ...specOf('FREE-USD'), fees: { maker: 'none', taker: '0' } },
  specOf('ETH-USD'),
].map((spec) => ({ spec, isTrading: true }));

it('finds what is listed beside instruments that cannot be counted', () => {
  expect(findListed('scripted', 'ETH-USD', LISTED).spec).toBe(LISTED[4]!.spec);
});

it.each([
  ['ODD-USD', /^scripted:ODD-USD: as the venue lists it, it cannot be counted: instrument scripted ODD-USD: lot: .*0/],
  ['DUST-USD', /cannot be counted: .*lot/],
  ['FREE-USD', /cannot be counted: .*none/],
  ['btcusd', /^scripted:btcusd: the venue lists no such instrument, expected one such as BTC-USD$/],
  ['XYZ', /^scripted:XYZ: the venue lists no such instrument$/],
])('refuses %s in a line', (symbol, line) => {
  expect(() => findListed('scripted', symbol, LISTED)).toThrow(line);
});
