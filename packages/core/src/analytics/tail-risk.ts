/**
 * Value at risk and expected shortfall of one period, as returns: a loss is negative. `level` is the probability of the tail,
 * 0.05 say. Historical: the quantile, linear between order statistics, and the mean at or below it. Gaussian: from mean and
 * standard deviation (n − 1). Cornish–Fisher: the Gaussian quantile corrected by skew and excess kurtosis (both biased);
 * its shortfall is the mean of the corrected quantile over the tail, in closed form (Maillard, "A User's Guide to the Cornish
 * Fisher Expansion", 2012). The correction is for moderate skew and kurtosis: far out it is no longer a rising function.
 */
import { momentsOf, quantileOfSorted, sorted, type Moments } from './distribution.ts';
import { normalDensity, normalQuantile } from '../base/normal.ts';

export interface TailRisk {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

/** NaN when there are no returns. */
export function historicalTail(returns: ArrayLike<number>, level: number): TailRisk {
  const inOrder = sorted(returns);
  const valueAtRisk = quantileOfSorted(inOrder, level);
  let count = 0;
  let sum = 0;
  while (inOrder[count] <= valueAtRisk) sum += inOrder[count++];
  return { valueAtRisk, expectedShortfall: count === 0 ? Number.NaN : sum / count };
}

/** NaN below two returns. */
export function gaussianTail(returns: ArrayLike<number>, level: number): TailRisk {
  const { mean, sd } = momentsOf(returns);
  const z = normalQuantile(level);
  return { valueAtRisk: mean + z * sd, expectedShortfall: mean - (sd * normalDensity(z)) / level };
}

/** NaN without spread. */
export function cornishFisherTail(returns: ArrayLike<number>, level: number): TailRisk {
  const moments = momentsOf(returns);
  const { mean, sd } = moments;
  const z = normalQuantile(level);
  // Means of z, z² and z³ over the tail below z.
  const first = -normalDensity(z) / level;
  const second = 1 + z * first;
  const third = (z * z + 2) * first;
  return {
    valueAtRisk: mean + sd * corrected(z, z * z, z * z * z, moments),
    expectedShortfall: mean + sd * corrected(first, second, third, moments),
  };
}

/** The Cornish–Fisher polynomial, which is linear in the powers of z: of a quantile, or of their means over a tail. */
function corrected(z: number, square: number, cube: number, { skew, kurtosis }: Moments): number {
  return z + ((square - 1) * skew) / 6 + ((cube - 3 * z) * kurtosis) / 24 - ((2 * cube - 5 * z) * skew * skew) / 36;
}
