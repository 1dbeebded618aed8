import { describe, expect, test } from 'vitest';
import { endlessAskShift, intensitySpread, optimalSpread, reservationShift } from './avellaneda-stoikov.ts';
import { glftConstant, glftSlope, riskFactor } from './glft.ts';

describe('Avellaneda and Stoikov', () => {
  test('the figures of the paper: a spread of 1.29 for γ = 0.1 and 1.33 for γ = 0.01, plus γσ² of the time left', () => {
    expect(optimalSpread(0.1, 4, 0, 1.5)).toBeCloseTo(1.29077, 5);
    expect(optimalSpread(0.01, 4, 0, 1.5)).toBeCloseTo(1.32891, 5);
    expect(optimalSpread(0.1, 4, 0.5, 1.5)).toBeCloseTo(1.49077, 5);
    expect(reservationShift(3, 0.1, 4, 0.25)).toBeCloseTo(-0.3, 12);
  });

  test('without risk aversion each side asks 1/k', () => {
    expect(intensitySpread(0, 4)).toBe(0.25);
    expect(intensitySpread(1e-9, 4)).toBeCloseTo(0.25, 6);
  });

  test('without an end: by hand, falling with the inventory, mirrored for the bid, bounded beyond the limit', () => {
    expect(endlessAskShift(3, 9, 0.1)).toBeCloseTo(-0.565122, 5);
    expect(endlessAskShift(0, 10, 0.1)).toBeCloseTo(10 * Math.log(122 / 121), 12);
    for (let q = -9; q < 9; q++) expect(endlessAskShift(q + 1, 9, 0.1)).toBeLessThan(endlessAskShift(q, 9, 0.1));
    expect(endlessAskShift(12, 9, 0.1)).toBe(endlessAskShift(9, 9, 0.1));
    expect(endlessAskShift(-12, 9, 0.1)).toBe(endlessAskShift(-9, 9, 0.1));
  });
});

test('Guéant, Lehalle and Fernandez-Tapia: constant and slope', () => {
  expect(glftConstant(0.01, 0.3)).toBeCloseTo(3.27898228, 8);
  expect(glftSlope(0.3, 0.01, 0.9, 0.3)).toBeCloseTo(0.06786583, 8);
  expect(glftSlope(0.3, 0.05, 0.9, 0.3)).toBeCloseTo(0.15657526, 8);
  expect(riskFactor(0, 1)).toBe(Math.E);
  expect(riskFactor(1e-6, 1)).toBeCloseTo(Math.E, 5);
});
