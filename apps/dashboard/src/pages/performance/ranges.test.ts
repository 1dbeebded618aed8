import { expect, test } from 'vitest';
import { askedStart, RANGES, rangeStart } from './ranges.ts';

test('what is asked of the server begins before what is shown, by a quarter of the range at most, and seldom changes', () => {
  for (const { key, seconds } of RANGES) {
    const asked = new Set<number | undefined>();
    for (let step = 0; step < 100; step += 1) {
      const now = 1_700_000_000_123 + (step / 100) * seconds * 1000;
      const start = askedStart(key, Number.isFinite(now) ? now : 0);
      asked.add(start);
      if (start === undefined) continue;
      const shown = rangeStart(key, now);
      expect(start).toBeLessThanOrEqual(shown);
      expect(shown - start).toBeLessThan((seconds * 1000) / 4);
    }
    expect(asked.size).toBeLessThanOrEqual(5);
  }
  expect(rangeStart('all', 5)).toBe(Number.NEGATIVE_INFINITY);
});
