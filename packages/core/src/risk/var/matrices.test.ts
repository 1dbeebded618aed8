/** Return matrices, covariances and their factors, sound ones and those that are not. */
import { describe, expect, test } from 'vitest';
import { Random } from '../../base/random.ts';
import { correlationOf, ewmaCovariance, sampleCovariance } from './covariance.ts';
import { factorOf } from './factor.ts';
import { ReturnMatrix } from './return-matrix.ts';
import { symmetricEigen } from './symmetric-eigen.ts';
import { slowEwmaCovariance } from './testing/slow-var.ts';

const random = Random.stream(1, 'matrices');

function randomReturns(rows: number, assets: number): number[][] {
  return Array.from({ length: rows }, () => {
    const shared = random.normal();
    return Array.from({ length: assets }, () => 0.01 * (shared + random.normal()));
  });
}

const matrixOf = (rows: readonly (readonly number[])[]): ReturnMatrix =>
  new ReturnMatrix(rows[0]!.length, Float64Array.from(rows.flat()));

function product(lower: Float64Array, n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, cell) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += lower[Math.floor(cell / n) * n + j]! * lower[(cell % n) * n + j]!;
    return sum;
  });
}

describe('returns', () => {
  test('come from prices, and compound over overlapping periods', () => {
    const prices = Float64Array.of(100, 10, 110, 9, 99, 18, 198, 18);
    const returns = ReturnMatrix.ofPrices(2, prices);
    expect(returns.rows).toBe(3);
    expect([...returns.column(0)].map((r) => r.toFixed(12))).toEqual([
      '0.100000000000',
      '-0.100000000000',
      '1.000000000000',
    ]);
    const longer = returns.overlapping(2);
    expect(longer.rows).toBe(2);
    for (let i = 0; i < 4; i++) expect(longer.data[i]).toBeCloseTo(prices[i + 4]! / prices[i]! - 1, 12);
    expect(returns.overlapping(4).rows).toBe(0);
    expect([...returns.window(1, 3).profits(Float64Array.of(100, -10))].map((p) => p.toFixed(9))).toEqual([
      '-20.000000000',
      '100.000000000',
    ]);
  });

  test.each([
    [[1, 2, 3], /3 numbers are not rows of 2/],
    [[1, Number.NaN], /row 0, asset 1: found NaN/],
    [[1, 2, Infinity, 1], /row 1, asset 0: found Infinity/],
  ])('of %j are refused', (data, message) => {
    expect(() => new ReturnMatrix(2, Float64Array.from(data))).toThrow(message);
  });

  test.each([0, -1, Number.NaN, Infinity])('a price of %s is refused', (price) => {
    expect(() => ReturnMatrix.ofPrices(1, Float64Array.of(1, price, 2))).toThrow(/row 1, asset 0: found/);
  });
});

describe('covariance', () => {
  test('is that of the definitions', () => {
    const rows = randomReturns(40, 4);
    const returns = matrixOf(rows);
    const sample = sampleCovariance(returns);
    const weighted = ewmaCovariance(returns, 0.9);
    for (let i = 0; i < 4; i++) {
      for (let k = 0; k < 4; k++) {
        const mean = (a: number): number => rows.reduce((sum, row) => sum + row[a]!, 0) / rows.length;
        const expected = rows.reduce((sum, row) => sum + (row[i]! - mean(i)) * (row[k]! - mean(k)), 0) / 39;
        expect(sample[i * 4 + k]).toBeCloseTo(expected, 15);
        expect(weighted[i * 4 + k]).toBeCloseTo(slowEwmaCovariance(rows, i, k, 0.9), 15);
      }
    }
    expect(correlationOf(Float64Array.of(4, 1, 1, 1), 2)).toEqual(Float64Array.of(1, 0.5, 0.5, 1));
    expect(correlationOf(Float64Array.of(4, 0, 0, 0), 2)).toEqual(Float64Array.of(1, 0, 0, 1));
    expect(() => ewmaCovariance(returns, 1)).toThrow(/decay: found 1/);
  });
});

describe('eigenvalues', () => {
  test('V·λ·Vᵀ is the matrix, V·Vᵀ the unit', () => {
    for (const n of [1, 2, 5, 12]) {
      const matrix = sampleCovariance(matrixOf(randomReturns(n + 3, n)));
      const { values, vectors } = symmetricEigen(matrix, n);
      for (let i = 0; i < n; i++) {
        for (let k = 0; k < n; k++) {
          let back = 0;
          let unit = 0;
          for (let j = 0; j < n; j++) {
            back += vectors[i * n + j]! * values[j]! * vectors[k * n + j]!;
            unit += vectors[i * n + j]! * vectors[k * n + j]!;
          }
          expect(back).toBeCloseTo(matrix[i * n + k]!, 15);
          expect(unit).toBeCloseTo(i === k ? 1 : 0, 12);
        }
      }
    }
  });
});

describe('the factor', () => {
  test('of a sound matrix gives it back, and says that it was sound', () => {
    for (let n = 1; n <= 12; n++) {
      const matrix = sampleCovariance(matrixOf(randomReturns(n * 3 + 5, n)));
      const { lower, repairedEigenvalue } = factorOf(matrix, n);
      expect(repairedEigenvalue).toBeNaN();
      product(lower, n).forEach((cell, i) => expect(cell).toBeCloseTo(matrix[i]!, 15));
      for (let i = 0; i < n; i++) for (let k = i + 1; k < n; k++) expect(lower[i * n + k]).toBe(0);
    }
  });

  test('of fewer rows than assets, and of one asset twice, comes as close as digits go', () => {
    const few = sampleCovariance(matrixOf(randomReturns(4, 9)));
    const doubled = sampleCovariance(matrixOf(randomReturns(50, 2).map(([a = 0, b = 0]) => [a, a, b])));
    for (const [matrix, n] of [
      [few, 9],
      [doubled, 3],
    ] as const) {
      const { lower, repairedEigenvalue } = factorOf(matrix, n);
      expect(Math.abs(repairedEigenvalue)).toBeLessThan(1e-10);
      product(lower, n).forEach((cell, i) => expect(Math.abs(cell - matrix[i]!)).toBeLessThan(1e-8 * 1e-4 * 10));
    }
  });

  test('of correlations that contradict each other is that of sound ones nearby, with the same variances', () => {
    // A moves with B and with C, B against C.
    const matrix = Float64Array.of(4, 1.8, 2.7, 1.8, 1, -1.35, 2.7, -1.35, 2.25);
    const { lower, repairedEigenvalue } = factorOf(matrix, 3);
    expect(repairedEigenvalue).toBeLessThan(-0.7);
    const back = product(lower, 3);
    for (const i of [0, 4, 8]) expect(back[i]).toBeCloseTo(matrix[i]!, 10);
    expect(Math.min(...symmetricEigen(back, 3).values)).toBeGreaterThan(-1e-12);
    // Signs are kept.
    expect(back[1]).toBeGreaterThan(0);
    expect(back[5]).toBeLessThan(0);
  });

  test('of assets that do not move is zero there', () => {
    const { lower } = factorOf(Float64Array.of(0, 0, 0, 4), 2);
    expect(product(lower, 2)).toEqual(Float64Array.of(0, 0, 0, 4));
    expect(factorOf(new Float64Array(9), 3).lower).toEqual(new Float64Array(9));
  });
});
