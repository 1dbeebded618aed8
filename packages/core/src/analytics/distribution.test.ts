import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { momentsOf, quantileOfSorted, sorted } from './distribution.ts';
import { normalDensity, normalQuantile } from '../base/normal.ts';
import { cornishFisherTail, gaussianTail, historicalTail } from './tail-risk.ts';

describe('moments', () => {
  test('of 1, 2, 3, 10, NaN left out', () => {
    // Mean 4; deviations −3, −2, −1, 6: squares 50, cubes 180, fourth powers 1394.
    const { count, mean: centre, sd, skew, kurtosis } = momentsOf([1, Number.NaN, 2, 3, 10]);
    expect([count, centre]).toEqual([4, 4]);
    expect(sd).toBeCloseTo(Math.sqrt(50 / 3), 14);
    expect(skew).toBeCloseTo(180 / 4 / 12.5 ** 1.5, 14);
    expect(kurtosis).toBeCloseTo(1394 / 4 / 12.5 ** 2 - 3, 14);
  });

  test('of one and of equal entries', () => {
    expect(momentsOf([5])).toEqual({ count: 1, mean: 5, sd: Number.NaN, skew: Number.NaN, kurtosis: Number.NaN });
    expect(momentsOf([0.1, 0.1, 0.1])).toMatchObject({ sd: 0, skew: Number.NaN });
  });

  test('quantiles lie on the line between order statistics', () => {
    const series = sorted([40, 10, Number.NaN, 20, 30]);
    expect([0, 0.1, 0.5, 1].map((p) => quantileOfSorted(series, p))).toEqual([10, 13, 25, 40]);
    expect(quantileOfSorted(series, 1.1)).toBeNaN();
    expect(quantileOfSorted([], 0.5)).toBeNaN();
    expect(quantileOfSorted([7], 0.05)).toBe(7);
  });
});

describe('normal law', () => {
  // Python's statistics.NormalDist().inv_cdf, the same algorithm.
  test.each([
    [0.05, -1.644_853_626_951_472_6],
    [0.3, -0.524_400_512_708_040_7],
    [0.975, 1.959_963_984_540_053_6],
    [1e-10, -6.361_340_902_404_056],
    [1e-20, -9.262_340_089_798_405],
  ])('quantile of %d', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 14);
  });

  test('edges', () => {
    expect([0, 0.5, 1].map(normalQuantile)).toEqual([Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);
    expect(normalQuantile(-0.1)).toBeNaN();
    expect(normalQuantile(Number.NaN)).toBeNaN();
    expect(normalDensity(0)).toBeCloseTo(0.398_942_280_401_432_7, 16);
  });
});

describe('tail risk', () => {
  const series = Array.from({ length: 40 }, (_, i) => ((i * 17) % 40) ** 2 / 1000 - 0.3);

  test('historical: quantile and the mean at or below it', () => {
    // 21 entries −10…10: the 10 % quantile is −8; −8, −9 and −10 are at or below.
    const even = Array.from({ length: 21 }, (_, i) => 10 - i);
    expect(historicalTail(even, 0.1)).toEqual({ valueAtRisk: -8, expectedShortfall: -9 });
    expect(historicalTail([], 0.05)).toEqual({ valueAtRisk: Number.NaN, expectedShortfall: Number.NaN });
    expect(historicalTail([-3], 0.05)).toEqual({ valueAtRisk: -3, expectedShortfall: -3 });
  });

  test('Gaussian: the shortfall is the mean of the quantile over the tail', () => {
    const { mean: centre, sd } = momentsOf(series);
    const { valueAtRisk, expectedShortfall } = gaussianTail(series, 0.05);
    expect(valueAtRisk).toBeCloseTo(centre - 1.644_853_626_951_472_6 * sd, 14);
    expect(expectedShortfall).toBeCloseTo(
      meanOverTail((p) => centre + sd * normalQuantile(p), 0.05),
      6,
    );
  });

  test('Cornish–Fisher: the shortfall is the mean of its quantile over the tail', () => {
    const { valueAtRisk, expectedShortfall } = cornishFisherTail(series, 0.05);
    expect(valueAtRisk).toBeCloseTo(cornishFisher(series, 0.05), 14);
    expect(expectedShortfall).toBeCloseTo(
      meanOverTail((p) => cornishFisher(series, p), 0.05),
      5,
    );
  });

  test('without skew and excess kurtosis Cornish–Fisher is Gaussian', () => {
    // Symmetric, and kurtosis 3: two points of weight 1/6 at ±√3, the rest at 0.
    const normalish = [-Math.sqrt(3), 0, 0, 0, 0, Math.sqrt(3)];
    const corrected = cornishFisherTail(normalish, 0.01);
    const plain = gaussianTail(normalish, 0.01);
    expect(corrected.valueAtRisk).toBeCloseTo(plain.valueAtRisk, 12);
    expect(corrected.expectedShortfall).toBeCloseTo(plain.expectedShortfall, 12);
  });

  test('one return, or equal ones, have no Cornish–Fisher tail', () => {
    expect(cornishFisherTail([0.1], 0.05).valueAtRisk).toBeNaN();
    expect(cornishFisherTail([0.1, 0.1], 0.05).expectedShortfall).toBeNaN();
    expect(gaussianTail([0.1, 0.1], 0.05)).toEqual({ valueAtRisk: 0.1, expectedShortfall: 0.1 });
  });
});

describe('bootstrap', () => {
  const random = Random.stream(7, 'series');
  const series = Float64Array.from({ length: 400 }, () => 0.2 + random.normal());
  test('the interval of a mean of independent draws is that of the normal law', () => {
    const interval = bootstrapIntervals(series, [mean], { resamples: 2000, seed: 1, blockLength: 1 })[0]!;
    const { mean: centre, sd } = momentsOf(series);
    expect(interval.low).toBeCloseTo(centre - (1.96 * sd) / 20, 1);
    expect(interval.high).toBeCloseTo(centre + (1.96 * sd) / 20, 1);
    expect((interval.low + interval.high) / 2).toBeCloseTo(centre, 1);
  });

  test('blocks keep dependence: a series in runs has a wider interval', () => {
    const runs = Float64Array.from({ length: 400 }, (_, i) => series[Math.floor(i / 20) * 20]!);
    const width = (blockLength: number): number => {
      const { low, high } = bootstrapIntervals(runs, [mean], { resamples: 500, seed: 1, blockLength })[0]!;
      return high - low;
    };
    expect(width(40)).toBeGreaterThan(2.5 * width(1));
  });

  test('one seed, one interval; too short a series has none', () => {
    const options = { resamples: 50, seed: 3 };
    expect(bootstrapIntervals(series, [mean], options)).toEqual(bootstrapIntervals(series, [mean], options));
    expect(bootstrapIntervals(series, [mean], options)).not.toEqual(
      bootstrapIntervals(series, [mean], { ...options, seed: 4 }),
    );
    expect(bootstrapIntervals([1, Number.NaN], [mean], options)).toEqual([
      { low: Number.NaN, high: Number.NaN, level: 0.95 },
    ]);
  });
});

function cornishFisher(of: readonly number[], p: number): number {
  const { mean: centre, sd, skew, kurtosis } = momentsOf(of);
  const z = normalQuantile(p);
  const bent =
    z + ((z ** 2 - 1) * skew) / 6 + ((z ** 3 - 3 * z) * kurtosis) / 24 - ((2 * z ** 3 - 5 * z) * skew ** 2) / 36;
  return centre + sd * bent;
}

/** By the midpoint rule in u = √p, whose points are dense at the far end. */
function meanOverTail(quantile: (p: number) => number, level: number): number {
  const steps = 200_000;
  let sum = 0;
  for (let i = 0; i < steps; i++) {
    const u = (i + 0.5) / steps;
    sum += (quantile(level * u * u) * 2 * u) / steps;
  }
  return sum;
}

function mean(x: ArrayLike<number>): number {
  return momentsOf(x).mean;
}
