/**
 * Confidence intervals by the stationary bootstrap (Politis and Romano 1994): resamples of a series in blocks of geometric
 * length with a mean of `blockLength`, wrapping round its end, so that short dependence survives. Percentile intervals.
 */
import { Random } from '../base/random.ts';
import { quantileOfSorted, sorted } from './distribution.ts';

export interface BootstrapOptions {
  readonly resamples: number;
  readonly seed: number;
  /** Mean length of a block, periods. Absent: the cube root of the length of the series. */
  readonly blockLength?: number;
  /** 0.95 when absent. */
  readonly level?: number;
}

export interface BootstrapInterval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

/** One interval per statistic, from the same resamples; those in which a statistic is NaN are left out. NaN bounds below two entries. */
export function bootstrapIntervals(
  series: ArrayLike<number>,
  statistics: readonly ((resample: Float64Array) => number)[],
  options: BootstrapOptions,
): BootstrapInterval[] {
  const { resamples, seed, level = 0.95 } = options;
  const values = Float64Array.from(series).filter((x) => !Number.isNaN(x));
  const n = values.length;
  const jump = 1 / Math.max(1, options.blockLength ?? Math.cbrt(n));
  const random = Random.stream(seed, 'bootstrap');
  const resample = new Float64Array(n);
  const outcomes = statistics.map(() => new Float64Array(resamples).fill(Number.NaN));
  const rounds = n < 2 ? 0 : resamples;
  for (let round = 0; round < rounds; round++) {
    let at = random.below(n);
    for (let i = 0; i < n; i++) {
      resample[i] = values[at];
      at = random.uniform() < jump ? random.below(n) : at + 1 === n ? 0 : at + 1;
    }
    for (let s = 0; s < statistics.length; s++) outcomes[s][round] = statistics[s](resample);
  }
  const tail = (1 - level) / 2;
  return outcomes.map((outcome) => {
    const inOrder = sorted(outcome);
    return { low: quantileOfSorted(inOrder, tail), high: quantileOfSorted(inOrder, 1 - tail), level };
  });
}
