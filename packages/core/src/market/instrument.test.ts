import { describe, expect, test } from 'vitest';
import { Instrument, type InstrumentSpec } from './instrument.ts';

const MAX = Number.MAX_SAFE_INTEGER;
const SPOT: InstrumentSpec = {
  venue: 'binance',
  symbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01',
  lot: '0.00001',
  contract: 'spot',
};

describe('Instrument', () => {
  test('spot: an atom is tick × lot, limits are exact counts', () => {
    const it = new Instrument({
      ...SPOT,
      minSize: '0.0001',
      maxSize: '9000',
      minNotional: '5',
      fees: { maker: '0.001', taker: '0.001' },
    });
    expect(it.money.format(1)).toBe('0.0000001');
    expect(it.settlement).toBe('USDT');
    expect([it.minSizeLots, it.maxSizeLots, it.minNotionalAtoms]).toEqual([10, 900_000_000, 50_000_000]);
    expect(it.maxExactPriceTicks).toBe(10_007_999);
    expect(it.fees?.makerPpb[0]).toBe(1_000_000);
    const ticks = it.price.parse('60123.45');
    const lots = it.size.parse('0.12345');
    expect(it.money.format(it.notionalAtoms(ticks, lots))).toBe('7422.2399025');
  });

  test('without limits: the smallest size is a lot, the largest the largest safe integer', () => {
    const it = new Instrument(SPOT);
    expect([it.minSizeLots, it.maxSizeLots, it.minNotionalAtoms, it.maxExactPriceTicks]).toEqual([1, MAX, 0, 1]);
    expect(it.fees).toBeUndefined();
  });

  test('linear: the multiplier goes into the atom', () => {
    const it = new Instrument({ ...SPOT, contract: 'linear', tick: '0.5', lot: '1', multiplier: '0.0001' });
    expect(it.money.format(1)).toBe('0.00005');
    expect(it.money.format(it.notionalAtoms(it.price.parse('60000'), 3))).toBe('18.00000');
  });

  test('inverse: an atom is lot × multiplier of the quote currency, whatever the price', () => {
    const it = new Instrument({
      ...SPOT,
      contract: 'inverse',
      quote: 'USD',
      tick: '0.1',
      lot: '1',
      multiplier: '100',
      minNotional: '100',
    });
    expect(it.money.format(1)).toBe('100');
    expect(it.settlement).toBe('BTC');
    expect(it.minNotionalAtoms).toBe(1);
    expect(it.notionalAtoms(600_000, 7)).toBe(7);
    expect(it.maxExactPriceTicks).toBe(MAX);
  });

  test('a notional that passes 2^53 is NaN, up to there it is exact', () => {
    const it = new Instrument({ ...SPOT, lot: '0.00000001', maxSize: '1000' });
    expect(it.notionalAtoms(it.maxExactPriceTicks, it.maxSizeLots)).toBe(90_071 * 1e11);
    expect(it.notionalAtoms(it.maxExactPriceTicks + 1, it.maxSizeLots)).toBeNaN();
    expect(it.notionalAtoms(-it.maxExactPriceTicks - 1, it.maxSizeLots)).toBeNaN();
    expect(it.notionalAtoms(-3, 5)).toBe(-15);
    expect(it.notionalAtoms(Number.NaN, 5)).toBeNaN();
  });

  test('a limit between two steps binds as the step on its inner side', () => {
    const it = new Instrument({ ...SPOT, lot: '0.5', minSize: '1.2', maxSize: '7.7', tick: '2.5', minNotional: '1.3' });
    expect([it.minSizeLots, it.maxSizeLots]).toEqual([3, 15]);
    expect(it.money.format(it.minNotionalAtoms)).toBe('2.50');
  });

  const refused: [part: Partial<InstrumentSpec>, text: string][] = [
    [{ symbol: '' }, "instrument of venue 'binance': symbol is empty"],
    [{ tick: '0' }, "instrument binance BTCUSDT: tick: step '0' is not a positive decimal"],
    [{ tick: '-0.1' }, "tick: step '-0.1'"],
    [{ lot: 'abc' }, "lot: step 'abc'"],
    [{ contract: 'linear', multiplier: '0' }, "multiplier: step '0'"],
    [{ multiplier: '10' }, "multiplier '10' of a spot instrument is not 1"],
    [{ minSize: 'x' }, "minSize 'x' is not a decimal number"],
    [{ minSize: '0' }, "minSize '0' is not above zero"],
    [{ minSize: '-1' }, "minSize '-1' is not above zero"],
    [{ maxSize: '0.000001' }, "maxSize '0.000001' is below the smallest size"],
    [{ minSize: '2', maxSize: '1' }, "maxSize '1' is below the smallest size"],
    [{ maxSize: '1e99' }, "maxSize '1e99' is too large for exact arithmetic"],
    [{ minNotional: '-1' }, "minNotional '-1' is negative"],
    [{ minNotional: '1e30' }, "minNotional '1e30' is too large"],
    [{ tick: '0.12345678', lot: '0.12345679' }, 'tick × lot × multiplier: step'],
    [{ fees: { maker: '5', taker: '0' } }, "instrument binance BTCUSDT: maker fee '5'"],
  ];
  for (const [part, text] of refused) {
    test(`is refused: ${text}`, () => {
      expect(() => new Instrument({ ...SPOT, ...part })).toThrow(RangeError);
      expect(() => new Instrument({ ...SPOT, ...part })).toThrow(text);
    });
  }

  test('a multiplier of 1 in any writing is allowed for spot', () => {
    expect(new Instrument({ ...SPOT, multiplier: '1.0' }).money.format(1)).toBe('0.0000001');
  });
});
