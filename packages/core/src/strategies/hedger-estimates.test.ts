import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { costBand } from './hedger-band.ts';
import { HedgeEstimates } from './hedger-estimates.ts';

describe('estimates of the hedger', () => {
  test('are those of a sum over all samples, weighted by their age', () => {
    const random = Random.stream(1, 'estimates');
    const halfLife = 20;
    const estimates = new HedgeEstimates(1, halfLife);
    const rows: { hedge: number; leg: number; units: number }[] = [];
    let hedge = 60_000;
    let leg = 3000;
    for (let i = 0; i < 120; i++) {
      const common = random.normal() * 1e-4;
      hedge *= 1 + common;
      leg *= 1 + 1.5 * common + random.normal() * 2e-5;
      rows.push({ hedge, leg, units: random.below(10) });
      estimates.sample(hedge, Float64Array.of(leg), rows.at(-1)!.units);
    }
    let [weights, squares, flows, products, returns] = [0, 0, 0, 0, 0];
    for (let i = 1; i < rows.length; i++) {
      const weight = 0.5 ** ((rows.length - 1 - i) / halfLife);
      const [before, now] = [rows[i - 1]!, rows[i]!];
      const x = now.hedge / before.hedge - 1;
      weights += weight;
      squares += weight * (now.hedge - before.hedge) ** 2;
      flows += weight * (now.units - before.units) ** 2;
      products += weight * x * (now.leg / before.leg - 1);
      returns += weight * x * x;
    }
    expect(estimates.priceVariance).toBeCloseTo(squares / weights, 6);
    expect(estimates.flowVariance).toBeCloseTo(flows / weights, 6);
    expect(estimates.beta(0)).toBeCloseTo(products / returns, 6);
    expect(estimates.beta(0)).toBeCloseTo(1.5, 1);
  });

  test('beta is not told before there is enough to tell it from, and what has no price is left out', () => {
    const estimates = new HedgeEstimates(2, 300);
    for (let i = 0; i < 60; i++) {
      const hedge = i % 7 === 6 ? Number.NaN : 100 + (i % 3);
      estimates.sample(hedge, Float64Array.of(200 + 2 * (i % 3), Number.NaN), 1);
      if (i < 20) expect(estimates.beta(0)).toBeNaN();
    }
    expect(estimates.beta(0)).toBeCloseTo(1, 9);
    expect(estimates.beta(1)).toBeNaN();
    expect(estimates.flowVariance).toBe(0);
    const copy = new HedgeEstimates(2, 300);
    copy.restore(estimates.save());
    for (const each of [estimates, copy]) each.sample(103, Float64Array.of(205, 1), 3);
    expect(copy.save()).toEqual(estimates.save());
  });
});

describe('the band of costs', () => {
  test('is the one at which what it costs to stand open and to trade is least', () => {
    for (const [cost, flow, aversion, price] of [
      [12, 2e-4, 0.01, 5.76],
      [0.5, 3, 2, 0.01],
      [1e4, 1e-9, 1e-6, 1e6],
    ] as const) {
      const band = costBand(cost, flow, aversion, price);
      const spent = (b: number): number => (aversion * price * b * b) / 6 + (cost * flow) / (2 * b);
      expect(spent(band)).toBeLessThan(spent(band * 1.001));
      expect(spent(band)).toBeLessThan(spent(band * 0.999));
    }
  });

  test('is nothing when nothing moves, and not told when something is not known', () => {
    expect(costBand(1, 0, 1, 1)).toBe(0);
    expect(costBand(1, Number.NaN, 1, 1)).toBeNaN();
    expect(costBand(1, 1, 1, 0)).toBe(Infinity);
    expect(costBand(-1, 1, 1, 1)).toBeLessThan(0);
  });
});
