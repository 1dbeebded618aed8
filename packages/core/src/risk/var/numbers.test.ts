/** Selection, rank correlation, normal and Student numbers: against slow twins and published values. */
import { describe, expect, test } from 'vitest';
import { normalTail } from '../../base/normal.ts';
import { Random } from '../../base/random.ts';
import { CopulaTable } from './copula-table.ts';
import { kendallTau, risingOrder } from './kendall.ts';
import { minimise } from './nelder-mead.ts';
import { Normals } from './normals.ts';
import { selectRank } from './select.ts';
import { logGamma, studentDensity, studentDistribution, studentQuantile } from './student-t.ts';
import { slowKendall } from './testing/slow-var.ts';

describe('selection', () => {
  test('puts every rank in its place, ties, sorted and reversed input included', () => {
    const random = Random.stream(1, 'select');
    for (let round = 0; round < 400; round++) {
      const n = 1 + random.below(60);
      const kinds = 1 + random.below(n + 5);
      const numbers = Float64Array.from({ length: n }, () => random.below(kinds) - 3);
      if (round % 5 === 0) numbers.sort();
      if (round % 7 === 0) numbers.reverse();
      const rank = random.below(n);
      const sorted = numbers.toSorted();
      expect(selectRank(numbers, rank)).toBe(sorted[rank]);
      expect(Math.max(...numbers.subarray(0, rank + 1))).toBe(sorted[rank]);
      expect(Math.min(...numbers.subarray(rank))).toBe(sorted[rank]);
      expect(numbers.toSorted()).toEqual(sorted);
    }
  });
});

describe("Kendall's tau", () => {
  test('equals that of counted pairs, with and without ties', () => {
    const random = Random.stream(2, 'kendall');
    for (let round = 0; round < 200; round++) {
      const n = 2 + random.below(40);
      const kinds = round % 2 === 0 ? 5 : 1e9;
      const x = Float64Array.from({ length: n }, () => random.below(kinds));
      const y = Float64Array.from(x, (value) => (random.below(3) === 0 ? value : random.below(kinds)));
      const tau = kendallTau(x, y, risingOrder(x));
      const expected = slowKendall(x, y);
      if (Number.isNaN(expected)) expect(tau).toBeNaN();
      else expect(tau).toBeCloseTo(expected, 12);
    }
  });
});

describe('normal numbers', () => {
  test('the same seed and name give the same numbers, however they are asked for', () => {
    const whole = new Float64Array(10_000);
    new Normals(5, 'x').draw(whole, whole.length);
    const source = new Normals(5, 'x');
    const part = new Float64Array(777);
    for (let at = 0; at < whole.length; at += part.length) {
      const count = Math.min(part.length, whole.length - at);
      source.draw(part, count);
      expect(part.subarray(0, count)).toEqual(whole.subarray(at, at + count));
    }
  });

  test('are normal: moments, each tenth of the distribution, and the tail beyond the ziggurat', () => {
    const n = 2_000_000;
    const numbers = new Float64Array(n);
    new Normals(7, 'x').draw(numbers, n);
    const sums = [0, 0, 0, 0];
    for (const x of numbers) for (let k = 0; k < 4; k++) sums[k]! += x ** (k + 1) / n;
    // Five standard errors each.
    expect(Math.abs(sums[0]!)).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(sums[1]! - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(sums[2]!)).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(sums[3]! - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    for (const z of [-3.6, -3, -2, -1, -0.3, 0, 0.1, 0.5, 1.5, 2.5, 3.2, 3.5, 4]) {
      const p = normalTail(z);
      const share = numbers.reduce((count, x) => count + (x > z ? 1 : 0), 0) / n;
      expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n));
    }
  });
});

describe("Student's t", () => {
  // scipy.stats.t 1.17 and scipy.special.gammaln.
  test.each([
    [0.01, 4, -3.746947387979197],
    [0.05, 3.2, -2.2945941538666688],
    [0.001, 1, -318.30883898555044],
    [1e-8, 30, -7.556534651885404],
    [0.99, 4, 3.746947387979197],
    [0.5, 7, 0],
  ])('quantile of %s with %s degrees', (p, degrees, t) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(t, 9 - Math.max(0, Math.round(Math.log10(Math.abs(t) + 1))));
  });

  test('distribution, density and its integral agree', () => {
    expect(studentDistribution(-0.3, 2.5)).toBeCloseTo(0.39367118574759863, 13);
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    for (const degrees of [2.1, 4, 9.5, 60]) {
      for (let t = -6; t < 6; t += 0.37) {
        const h = 1e-4;
        const slope = (studentDistribution(t + h, degrees) - studentDistribution(t - h, degrees)) / (2 * h);
        expect(slope).toBeCloseTo(studentDensity(t, degrees), 7);
        expect(studentQuantile(studentDistribution(t, degrees), degrees)).toBeCloseTo(t, 8);
      }
    }
    expect(studentQuantile(0, 4)).toBe(-Infinity);
    expect(studentQuantile(1.1, 4)).toBeNaN();
  });

  test.each([2.1, 3, 4, 12, 200])('the table of ranks is near enough with %s degrees', (degrees) => {
    const table = new CopulaTable(degrees);
    for (let t = -40; t <= 40; t += 0.173) {
      expect(Math.abs(table.rank(t) - studentDistribution(t, degrees))).toBeLessThan(degrees < 3 ? 1e-4 : 1e-5);
    }
    expect(table.rank(1e150)).toBe(1);
    expect(table.rank(-1e150)).toBe(0);
  });
});

function valley([x, y]: Float64Array): number {
  return x! > 1.5 ? Number.NaN : (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2;
}

describe('the minimum of a function', () => {
  test("of Rosenbrock's valley is found, and what is NaN is not entered", () => {
    const { point, value } = minimise(valley, [-1.2, 1], [0.5, 0.5]);
    expect(point[0]).toBeCloseTo(1, 4);
    expect(point[1]).toBeCloseTo(1, 4);
    expect(value).toBeLessThan(1e-8);
  });
});
