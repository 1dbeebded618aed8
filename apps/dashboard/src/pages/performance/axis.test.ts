import { array, assert, double, property } from 'fast-check';
import { expect, test } from 'vitest';
import { axisAround } from './axis.ts';

test('an axis holds zero and every value, has few ticks at equal distances, and says them apart', () => {
  assert(
    property(
      array(double({ min: -1e9, max: 1e9, noNaN: true }).filter((value) => value === 0 || Math.abs(value) > 1e-6)),
      (values) => {
        const { from, to, ticks, digits } = axisAround(values);
        const slack = (to - from) * 1e-6;
        for (const value of [0, ...values]) {
          expect(value).toBeGreaterThanOrEqual(from - slack);
          expect(value).toBeLessThanOrEqual(to + slack);
        }
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(9);
        expect(ticks).toContain(0);
        expect(new Set(ticks.map((tick) => tick.toFixed(digits))).size).toBe(ticks.length);
      },
    ),
  );
});

test('values that are no numbers do not bend it', () => {
  expect(axisAround([Number.NaN, Number.POSITIVE_INFINITY, 4])).toMatchObject({ from: 0, to: 4 });
  expect(axisAround([])).toMatchObject({ from: 0, to: 1 });
});
