import { describe, expect, test } from 'vitest';
import { type FeeSchedule, Fees } from './fees.ts';

describe('Fees', () => {
  test('rates are exact parts per billion, signed', () => {
    const fees = new Fees({ maker: '-0.00005', taker: '0.000123456' });
    expect(fees.makerPpb[0]).toBe(-50_000);
    expect(fees.takerPpb[0]).toBe(123_456);
    expect(fees.currency).toBe('quote');
    expect(fees.tierAt(1e12)).toBe(0);
  });

  test('a tier holds from its volume on', () => {
    const fees = new Fees({
      maker: '0.001',
      taker: '0.001',
      currency: 'BNB',
      tiers: [
        { volume: '1000000', maker: '0.0009', taker: '0.001' },
        { volume: '5e6', maker: '0', taker: '0.0008' },
      ],
    });
    expect(fees.currency).toBe('BNB');
    expect([0, 999_999.99, 1_000_000, 4_999_999, 5_000_000, 1e15].map((volume) => fees.tierAt(volume))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
    expect([...fees.makerPpb]).toEqual([1_000_000, 900_000, 0]);
    expect([...fees.takerPpb]).toEqual([1_000_000, 1_000_000, 800_000]);
  });

  const refused: [FeeSchedule, string][] = [
    [{ maker: '', taker: '0' }, "maker fee ''"],
    [{ maker: '0', taker: '2bp' }, "taker fee '2bp'"],
    [{ maker: '0.0000000001', taker: '0' }, 'off the grid of 0.000000001'],
    [{ maker: '1', taker: '0' }, 'not between -1 and 1'],
    [{ maker: '0', taker: '-1.5' }, 'not between -1 and 1'],
    [{ maker: '0', taker: '0', currency: '' }, 'currency is empty'],
    [{ maker: '0', taker: '0', tiers: [{ volume: '0', maker: '0', taker: '0' }] }, "volume '0' is not above"],
    [{ maker: '0', taker: '0', tiers: [{ volume: '-5', maker: '0', taker: '0' }] }, "volume '-5' is not above"],
    [{ maker: '0', taker: '0', tiers: [{ volume: '1.5', maker: '0', taker: '0' }] }, "volume '1.5' is off the grid"],
  ];
  for (const [schedule, text] of refused) {
    test(`is refused: ${text}`, () => expect(() => new Fees(schedule)).toThrow(text));
  }
});
