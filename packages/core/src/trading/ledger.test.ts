/** Examples worked out by hand, and what the ledger refuses. Random sessions: `ledger-property.test.ts`. */
import { expect, test } from 'vitest';
import { Instrument, type InstrumentSpec } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { Ledger } from './ledger.ts';

const { BUY, SELL } = Side;
const LINEAR: InstrumentSpec = {
  venue: 'test',
  symbol: 'BTC-PERP',
  base: 'BTC',
  quote: 'USDT',
  tick: '1',
  lot: '1',
  contract: 'linear',
};
const SPOT: InstrumentSpec = { ...LINEAR, symbol: 'BTCUSDT', contract: 'spot', tick: '0.01', lot: '0.001' };
const INVERSE: InstrumentSpec = { ...LINEAR, symbol: 'BTCUSD', quote: 'USD', contract: 'inverse', multiplier: '100' };

function fees(currency: string): Pick<InstrumentSpec, 'fees'> {
  return { fees: { maker: '0', taker: '0', currency } };
}

test('linear: averaging in, closing a part, a flip through zero', () => {
  const ledger = new Ledger([new Instrument(LINEAR)], { cash: { USDT: '1000' } });
  expect(ledger.entryTicks(0)).toBeNaN();
  ledger.fill(0, BUY, 100, 2, 0);
  ledger.fill(0, BUY, 103, 1, 0);
  expect([ledger.positionLots(0), ledger.entryTicks(0), ledger.basisText(0)]).toEqual([3, 101, '303']);
  ledger.fill(0, SELL, 110, 1, 0);
  expect([ledger.realised(0), ledger.entryTicks(0), ledger.cashText('USDT')]).toEqual([9, 101, '1009']);
  ledger.fill(0, SELL, 90, 5, 0);
  expect([ledger.positionLots(0), ledger.realised(0), ledger.entryTicks(0)]).toEqual([-3, 9 - 22, 90]);
  ledger.mark(0, 80.5);
  expect([ledger.unrealisedText(0), ledger.equity('USDT'), ledger.cash('USDT')]).toEqual(['28.5', 1015.5, 987]);
  expect([ledger.turnover(0), ledger.turnoverText(0), ledger.check()]).toEqual([863, '863', '']);
});

test('a cost that does not divide is released toward zero; what rounding leaves is released last', () => {
  const ledger = new Ledger([new Instrument(LINEAR)]);
  ledger.fill(0, BUY, 100, 1, 0);
  ledger.fill(0, BUY, 101, 2, 0);
  ledger.fill(0, SELL, 100, 1, 0);
  expect(ledger.realisedText(0)).toBe('-0.666666666666666666');
  expect(ledger.basisText(0)).toBe('201.333333333333333334');
  ledger.fill(0, SELL, 100, 2, 0);
  expect([ledger.realisedText(0), ledger.basisText(0), ledger.cashText('USDT')]).toEqual(['-2', '0', '-2']);
});

test('fees and rebates are exact to the ppb', () => {
  const ledger = new Ledger([new Instrument({ ...LINEAR, tick: '0.1', lot: '0.001' })]);
  ledger.fill(0, BUY, 623_457, 7, 123_456_789);
  // 62345.7 × 0.007 = 436.4199
  expect([ledger.feesText(0), ledger.feeCurrency(0)]).toEqual(['53.8789995097011', 'USDT']);
  ledger.fill(0, SELL, 623_457, 7, -123_456_789);
  expect([ledger.feesText(0), ledger.cashText('USDT'), ledger.check()]).toEqual(['0', '0', '']);
});

test('inverse: profit in base, the entry is the harmonic mean, what is rounded is conserved', () => {
  const ledger = new Ledger([new Instrument(INVERSE)], { cash: { BTC: '1' } });
  ledger.fill(0, BUY, 50_000, 100, 100_000);
  expect([ledger.basisText(0), ledger.feesText(0), ledger.feeCurrency(0)]).toEqual(['-0.2', '0.00002', 'BTC']);
  ledger.mark(0, 40_000);
  expect(ledger.unrealisedText(0)).toBe('-0.05');
  ledger.fill(0, SELL, 60_000, 100, 0);
  // 10000 / 50000 − 10000 / 60000, the latter rounded when it was booked
  expect([ledger.realisedText(0), ledger.cashText('BTC')]).toEqual(['0.033333333333333334', '1.033313333333333334']);
  ledger.fill(0, SELL, 40_000, 5, 0);
  ledger.fill(0, SELL, 60_000, 5, 0);
  expect([ledger.entryTicks(0), ledger.turnoverText(0), ledger.check()]).toEqual([48_000, '21000', '']);
});

test('spot moves both legs; the inventory counts once, at its mark in the quote currency', () => {
  const ledger = new Ledger([new Instrument({ ...SPOT, ...fees('base') })], { cash: { USDT: '50000', BTC: '2' } });
  ledger.fill(0, BUY, 4_000_000, 500, 1_000_000);
  expect([ledger.cashText('USDT'), ledger.cashText('BTC')]).toEqual(['30000', '2.4995']);
  // The fee of 0.0005 BTC does not change the position.
  expect([ledger.positionLots(0), ledger.feesText(0), ledger.feeCurrency(0)]).toEqual([500, '0.0005', 'BTC']);
  expect([ledger.equity('USDT'), ledger.equity('BTC')]).toEqual([50_000, 1.9995]);
  ledger.mark(0, 4_200_000.5);
  expect([ledger.equityText('USDT'), ledger.unrealised(0), ledger.check()]).toEqual(['51000.0025', 1000.0025, '']);
});

test('a fee token is paid at its price, against us in the last digit', () => {
  const tokenPrices = { BNB: { USDT: '600', USD: '700' } };
  const instruments = [new Instrument({ ...SPOT, ...fees('BNB') }), new Instrument({ ...INVERSE, ...fees('BNB') })];
  const ledger = new Ledger(instruments, { cash: { BNB: '1' }, tokenPrices });
  ledger.fill(0, BUY, 6_000_000, 1000, 750_000);
  expect([ledger.feesText(0), ledger.cashText('BNB'), ledger.equityText('USDT')]).toEqual(['0.075', '0.925', '0']);
  // 100 USD × 0.0001 / 700, up; a rebate of as much is down.
  ledger.fill(1, BUY, 60_000, 1, 100_000);
  expect(ledger.feesText(1)).toBe('0.000014285714285715');
  ledger.fill(1, BUY, 60_000, 1, -100_000);
  expect([ledger.feesText(1), ledger.check()]).toEqual(['0.000000000000000001', '']);
});

test('funding: longs pay a positive rate on the value at the mark, inverse in base', () => {
  const ledger = new Ledger([new Instrument(LINEAR), new Instrument(INVERSE)]);
  ledger.fill(0, BUY, 100, 2, 0);
  ledger.funding(0, 100_000, 100.5);
  expect([ledger.fundingText(0), ledger.cashText('USDT')]).toEqual(['0.0201', '-0.0201']);
  ledger.fill(0, SELL, 100, 4, 0);
  ledger.funding(0, 100_000, 100.5);
  expect([ledger.fundingPaid(0), ledger.realised(0), ledger.equity('USDT')]).toEqual([0, 0, 0]);
  ledger.fill(1, BUY, 50_000, 100, 0);
  ledger.funding(1, 100_000, 40_000);
  expect([ledger.fundingText(1), ledger.cashText('BTC'), ledger.check()]).toEqual(['0.000025', '-0.000025', '']);
});

test('a position is worth its cost before the first mark; what is no number is no mark', () => {
  const ledger = new Ledger([new Instrument(LINEAR)]);
  ledger.fill(0, SELL, 100, 3, 0);
  expect([ledger.unrealised(0), ledger.markTicks(0)]).toEqual([0, Number.NaN]);
  ledger.mark(0, 99.25);
  ledger.mark(0, Number.NaN);
  ledger.mark(0, Number.NEGATIVE_INFINITY);
  expect([ledger.unrealised(0), ledger.markTicks(0)]).toEqual([2.25, 99.25]);
});

test('products beyond 2^53 are exact, sums beyond 2^104 are told', () => {
  const fine = { ...SPOT, tick: '0.00000001', lot: '0.00000001' };
  const ledger = new Ledger([new Instrument(fine)]);
  ledger.fill(0, BUY, 6_123_456_789_013, 98_765_432_109, 0);
  expect(ledger.cashText('USDT')).toBe('-60478585.5767658588618417');
  expect([ledger.entryTicks(0), ledger.check()]).toEqual([6_123_456_789_013, '']);
  for (let i = 0; i < 4; i++) ledger.fill(0, BUY, 2 ** 52 - 1, 2 ** 49, 0);
  expect(ledger.check()).toMatch(/^instrument 0: FLOW has left the exact range$/);
});

test.each([
  ['no size', 0, 100, 0, 0],
  ['a part of a lot', 0, 100, 1.5, 0],
  ['a size that is no number', 0, 100, Number.NaN, 0],
  ['a size beyond exact arithmetic', 0, 100, 2 ** 53, 0],
  ['a part of a tick', 0, 100.5, 1, 0],
  ['a price that is no number', 0, Number.NaN, 1, 0],
  ['an endless price', 0, Number.POSITIVE_INFINITY, 1, 0],
  ['a rate beyond all', 0, 100, 1, 1e9 + 1],
  ['a part of a ppb', 0, 100, 1, 0.5],
  ['an inverse price of zero', 1, 0, 1, 0],
  ['an inverse price below zero', 1, -5, 1, 0],
  ['an instrument that is none', 2, 100, 1, 0],
])('%s is refused, and told', (_, instrument, ticks, lots, ppb) => {
  const ledger = new Ledger([new Instrument(LINEAR), new Instrument(INVERSE)]);
  ledger.fill(0, BUY, 100, 1, 0);
  expect(ledger.fill(instrument, SELL, ticks, lots, ppb)).toBe(false);
  expect([ledger.positionLots(0), ledger.positionLots(1), ledger.basisText(0)]).toEqual([1, 0, '100']);
  expect([ledger.refused, ledger.check()]).toEqual([1, '1 bookings were refused']);
});

test('funding of spot, at no price and at an inverse price of zero is refused', () => {
  const ledger = new Ledger([new Instrument(SPOT), new Instrument(INVERSE), new Instrument(LINEAR)]);
  expect(ledger.funding(0, 1, 100)).toBe(false);
  expect(ledger.funding(1, 1, 0)).toBe(false);
  expect(ledger.funding(2, 1, Number.NaN)).toBe(false);
  expect(ledger.funding(2, Number.NaN, 100)).toBe(false);
  expect(ledger.refused).toBe(4);
});

test('currencies that a recording does not tell are kept apart', () => {
  const ledger = new Ledger([
    new Instrument({ ...SPOT, symbol: 'A', base: '', quote: '' }),
    new Instrument({ ...SPOT, symbol: 'B', base: '', quote: '' }),
  ]);
  expect(ledger.currencies).toEqual(['A quote', 'A base', 'B quote', 'B base']);
});

test.each<[string, readonly InstrumentSpec[], object, string]>([
  ['nothing to trade', [], {}, 'no instruments'],
  [
    'cash of a foreign currency',
    [LINEAR],
    { cash: { USTD: '1' } },
    "cash: 'USTD' is not a currency of the instruments",
  ],
  ['cash that is no number', [LINEAR], { cash: { USDT: 'NaN' } }, "cash of USDT 'NaN' is not a decimal number"],
  ['cash without digits', [LINEAR], { cash: { USDT: '' } }, "cash of USDT '' is not a decimal number"],
  ['cash in other digits', [LINEAR], { cash: { USDT: '１２' } }, 'is not a decimal number'],
  ['cash that is too fine', [LINEAR], { cash: { USDT: '1e-30' } }, 'is not a decimal number'],
  ['cash with many decimals', [LINEAR], { cash: { USDT: `0.${'0'.repeat(18)}1` } }, 'has more than 18 decimals'],
  ['cash beyond all', [LINEAR], { cash: { USDT: '9'.repeat(20) } }, 'too large for exact arithmetic'],
  ['no price of the token', [{ ...SPOT, ...fees('BNB') }], {}, 'test BTCUSDT: fees are in BNB, but its price in USDT'],
  [
    'a token for nothing',
    [{ ...SPOT, ...fees('BNB') }],
    { tokenPrices: { BNB: { USDT: '0' } } },
    "price of BNB in USDT '0' is not above zero",
  ],
  [
    'a token price with many digits',
    [{ ...SPOT, ...fees('BNB') }],
    { tokenPrices: { BNB: { USDT: '600.1234567890123' } } },
    'more than 15 significant digits',
  ],
  [
    'a grid that is too fine',
    [{ ...SPOT, tick: '1e-12', lot: '1e-12' }],
    {},
    'counting USDT exactly takes 27 decimals',
  ],
])('%s is a RangeError that names it', (_, specs, options, message) => {
  const make = (): Ledger =>
    new Ledger(
      specs.map((spec) => new Instrument(spec)),
      options,
    );
  expect(make).toThrow(RangeError);
  expect(make).toThrow(message);
});
