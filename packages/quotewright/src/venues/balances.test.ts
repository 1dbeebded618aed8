/** Sums of what pages tell. */
import { describe, expect, it } from 'vitest';
import { balancesOf } from './balances.ts';

describe('what an account has', () => {
  it('is the exact sum of its parts', () => {
    const rows = [
      ['BTC', '0.10000000', '0.2'],
      ['USD', '123456789012345678901.01', '0.00000000000000000001'],
      ['ETH', '0', '0.000'],
      ['BTC', '1'],
      ['EUR', '5', '-7.50'],
    ] as const;
    expect(Object.fromEntries(balancesOf('a', rows))).toEqual({
      BTC: '1.3',
      USD: '123456789012345678901.01000000000000000001',
      ETH: '0',
      EUR: '-2.5',
    });
  });

  it.each([[['BTC', '1e-8']], [['BTC', '']], [['', '1']], [['BTC']], [['BTC', '1', 'NaN']], [['BTC', '١']]] as const)(
    '%j is unreadable',
    (row) => {
      expect(() => balancesOf('a', [row])).toThrow('a: UNREADABLE: balances: found');
    },
  );
});
