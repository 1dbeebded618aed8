/** Tests of VaR series: published likelihood ratios, the Basel zones, and a method that is right against one that is not. */
import { describe, expect, test } from 'vitest';
import { normalQuantile } from '../../base/normal.ts';
import { Random } from '../../base/random.ts';
import { chiSquareTail, conditionalCoverage, independence, kupiec, trafficLight } from './coverage.ts';
import { ReturnMatrix } from './return-matrix.ts';
import { backtestVar } from './rolling.ts';

describe('Kupiec', () => {
  test('no exception, all exceptions, exactly as many as expected', () => {
    expect(kupiec(250, 0, 0.99).ratio).toBeCloseTo(-2 * 250 * Math.log(0.99), 10);
    expect(kupiec(10, 10, 0.9).ratio).toBeCloseTo(-2 * 10 * Math.log(0.1), 10);
    expect(kupiec(1000, 10, 0.99)).toEqual({ ratio: 0, p: 1 });
  });

  test('its p-values are those of χ² (scipy.stats.chi2.sf)', () => {
    expect(chiSquareTail(3.841458820694124, 1)).toBeCloseTo(0.05, 13);
    expect(chiSquareTail(10.827566170662733, 1)).toBeCloseTo(0.001, 14);
    expect(chiSquareTail(5.991464547107979, 2)).toBeCloseTo(0.05, 13);
    expect(chiSquareTail(0, 1)).toBe(1);
    expect(chiSquareTail(Number.NaN, 2)).toBeNaN();
    for (const p of [0.9, 0.3, 0.01, 1e-6]) expect(chiSquareTail(normalQuantile(p / 2) ** 2, 1) / p).toBeCloseTo(1, 10);
  });
});

describe('Christoffersen', () => {
  test('exceptions that follow each other are found out, the same number scattered is not', () => {
    const scattered = Array.from({ length: 500 }, (_, day) => (day % 20 === 10 ? 1 : 0));
    const clustered = Array.from({ length: 500 }, (_, day) => (day >= 100 && day < 125 ? 1 : 0));
    expect(independence(scattered).p).toBeGreaterThan(0.05);
    expect(independence(clustered).p).toBeLessThan(1e-20);
    expect(independence(clustered).transitions).toEqual([473, 1, 1, 24]);
    const both = conditionalCoverage(kupiec(500, 25, 0.95), independence(clustered));
    expect(both.ratio).toBeCloseTo(independence(clustered).ratio, 10);
  });

  test('without an exception there is nothing to tell', () => {
    expect(independence(new Uint8Array(100))).toMatchObject({ ratio: 0, p: 1 });
  });
});

describe('the traffic light', () => {
  test.each([
    [0, 'green'],
    [4, 'green'],
    [5, 'yellow'],
    [9, 'yellow'],
    [10, 'red'],
    [50, 'red'],
  ])('of 250 days at 99 %% with %i exceptions is %s', (exceptions, light) => {
    expect(trafficLight(250, exceptions, 0.99)).toBe(light);
  });
});

describe('a backtest', () => {
  const random = Random.stream(9, 'backtest');
  const calm = new ReturnMatrix(
    1,
    Float64Array.from({ length: 3000 }, () => 0.01 * random.normal()),
  );
  const value = Float64Array.of(1000);

  test('of a method that is right passes, of one that is not fails', () => {
    for (const method of ['historical', 'parametric', 'filtered', 'monte-carlo'] as const) {
      for (const { level, kupiec: count, series, hits, exceptions } of backtestVar(
        calm,
        value,
        { method, levels: [0.95], weights: 'equal', decay: 0.99, paths: 1000 },
        500,
      )) {
        expect(level).toBe(0.95);
        expect(series.length).toBe(2500);
        expect(exceptions).toBe(hits.reduce((sum, hit) => sum + hit, 0));
        expect(count.p).toBeGreaterThan(0.001);
      }
    }
    const wilder = new ReturnMatrix(
      1,
      calm.data.map((r, i) => (i < 1500 ? r : 3 * r)),
    );
    const [late] = backtestVar(wilder, value, { method: 'historical', levels: [0.99] }, 1000);
    expect(late!.kupiec.p).toBeLessThan(1e-6);
    expect(late!.conditional.p).toBeLessThan(1e-6);
    expect(late!.meanLoss).toBeGreaterThan(late!.meanShortfall);
  });

  test('judges each day by the days before it only', () => {
    const settings = { method: 'historical', levels: [0.95, 0.99] } as const;
    const before = backtestVar(calm.window(0, 400), value, settings, 300);
    const shocked = calm.data.slice(0, 400);
    shocked[399] = -0.9;
    const after = backtestVar(new ReturnMatrix(1, shocked), value, settings, 300);
    after.forEach(({ series, hits }, i) => {
      expect(series).toEqual(before[i]!.series);
      expect(hits[99]).toBe(1);
    });
  });

  test('a window that leaves nothing to judge is refused', () => {
    const settings = { method: 'historical', levels: [0.95] } as const;
    expect(() => backtestVar(calm.window(0, 100), value, settings, 100)).toThrow(
      /window: found 100, expected from 2 to 99/,
    );
  });
});
