/**
 * Moments and quantiles of a series. NaN entries are left out everywhere (a period without a figure); what is undefined
 * (too few entries, no spread) is NaN.
 */

export interface Moments {
  /** Entries that are not NaN. */
  readonly count: number;
  readonly mean: number;
  /** Standard deviation with n − 1; 0 when all entries are equal, NaN below two. */
  readonly sd: number;
  /** Biased: m3 ÷ m2^1.5. NaN without spread. */
  readonly skew: number;
  /** Biased excess: m4 ÷ m2² − 3. NaN without spread. */
  readonly kurtosis: number;
}

/** Two passes, so that a mean far from zero costs no digits. */
export function momentsOf(series: ArrayLike<number>): Moments {
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < series.length; i++) {
    const x = series[i];
    if (Number.isNaN(x)) continue;
    count++;
    sum += x;
    if (x < min) min = x;
    if (x > max) max = x;
  }
  const mean = sum / count;
  let square = 0;
  let cube = 0;
  let fourth = 0;
  // Equal entries have no spread, whatever the rounding of their mean says.
  if (min < max) {
    for (let i = 0; i < series.length; i++) {
      const d = series[i] - mean;
      if (Number.isNaN(d)) continue;
      square += d * d;
      cube += d * d * d;
      fourth += d * d * d * d;
    }
  }
  const variance = square / count;
  return {
    count,
    mean,
    sd: count < 2 ? Number.NaN : Math.sqrt(square / (count - 1)),
    skew: cube / count / (variance * Math.sqrt(variance)),
    kurtosis: fourth / count / (variance * variance) - 3,
  };
}

/** The entries that are not NaN, in rising order. */
export function sorted(series: ArrayLike<number>): Float64Array {
  return Float64Array.from(series)
    .filter((x) => !Number.isNaN(x))
    .toSorted();
}

/** The quantile of a sorted series, linear between order statistics (numpy's default, type 7); NaN when empty. */
export function quantileOfSorted(series: ArrayLike<number>, p: number): number {
  const last = series.length - 1;
  if (last < 0 || !(p >= 0 && p <= 1)) return Number.NaN;
  const position = p * last;
  const below = Math.floor(position);
  const above = Math.min(below + 1, last);
  return series[below] + (series[above] - series[below]) * (position - below);
}
