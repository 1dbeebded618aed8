import { describe, expect, test } from 'vitest';
import { normalQuantile, normalTail } from './normal.ts';

describe('the upper tail of the normal law', () => {
  // scipy.stats.norm.sf
  test.each([
    [0, 0.5],
    [1, 0.15865525393145707],
    [2.4999, 0.006211418374944587],
    [2.5, 0.006209665325776132],
    [5, 2.866515718791933e-7],
    [10, 7.61985302416047e-24],
    [-3, 0.9986501019683699],
    [Infinity, 0],
  ])('at %s is %s', (z, p) => {
    expect(normalTail(z) - p).toBeLessThan(1e-13 * p + 1e-300);
    expect(p - normalTail(z)).toBeLessThan(1e-13 * p + 1e-300);
  });

  test('is what the quantile turns back', () => {
    for (let p = 0.0005; p < 1; p += 0.0131) expect(normalTail(normalQuantile(1 - p))).toBeCloseTo(p, 13);
  });
});
