import { expect, test } from 'vitest';
import { realisedVolatility } from './realised-volatility.ts';

test('a mid that goes up and down by a share each second has that volatility, whatever the step between samples', () => {
  for (const seconds of [0.25, 1, 60]) {
    const step = Math.exp(0.001 * Math.sqrt(seconds));
    const mids = Array.from({ length: 50 }, (_, index) => 100 * (index % 2 === 0 ? 1 : step));
    const times = mids.map((_, index) => index * seconds * 1000);
    const found = realisedVolatility(times, mids, 10);
    expect(found.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => null));
    for (const value of found.slice(10)) expect(value).toBeCloseTo(0.001, 9);
  }
});

test('a gap, a price of nothing, or time that stands still empties the window', () => {
  const times = [0, 1, 2, 3, 4, 5, 6].map((second) => second * 1000);
  expect(realisedVolatility(times, [1, 1, null, 1, 1, 0, 1], 1)).toEqual([null, 0, null, null, 0, null, null]);
  expect(realisedVolatility([0, 0, 1000], [1, 2, 2], 1)).toEqual([null, null, 0]);
});
