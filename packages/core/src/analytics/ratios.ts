/**
 * Ratios of reward to risk on a series of returns. The conventions are those of the Python package empyrical, unless said
 * otherwise: NaN returns are left out, standard deviations have n − 1, a year has `periodsPerYear` periods, and growth by
 * the square root of time (which holds for independent returns only). Without a denominator a ratio is NaN.
 */
import { momentsOf, quantileOfSorted, sorted } from './distribution.ts';
import { maxDrawdown } from './drawdown.ts';
import { annualReturn } from './returns.ts';

/** Mean over standard deviation of the returns above the risk-free rate (per period), a year. */
export function sharpe(returns: ArrayLike<number>, periodsPerYear: number, riskFree = 0): number {
  const { mean, sd } = momentsOf(returns);
  return sd > 0 ? ((mean - riskFree) / sd) * Math.sqrt(periodsPerYear) : Number.NaN;
}

/** Root mean square of what returns lack to the required return (per period), over all periods, a year. */
export function downsideRisk(returns: ArrayLike<number>, periodsPerYear: number, required = 0): number {
  let count = 0;
  let square = 0;
  for (let i = 0; i < returns.length; i++) {
    const above = returns[i] - required;
    if (Number.isNaN(above)) continue;
    count++;
    if (above < 0) square += above * above;
  }
  return Math.sqrt(square / count) * Math.sqrt(periodsPerYear);
}

/** Mean return above the required one, a year, over the downside risk. */
export function sortino(returns: ArrayLike<number>, periodsPerYear: number, required = 0): number {
  const risk = downsideRisk(returns, periodsPerYear, required);
  return risk > 0 ? ((momentsOf(returns).mean - required) * periodsPerYear) / risk : Number.NaN;
}

/** Annual return over the size of the maximum drawdown. */
export function calmar(returns: ArrayLike<number>, periodsPerYear: number): number {
  const worst = maxDrawdown(returns);
  return worst < 0 ? annualReturn(returns, periodsPerYear) / -worst : Number.NaN;
}

/** What returns gained above a threshold (per period) over what they lost below it. */
export function omega(returns: ArrayLike<number>, threshold = 0): number {
  let gains = 0;
  let losses = 0;
  for (let i = 0; i < returns.length; i++) {
    const above = returns[i] - threshold;
    if (above > 0) gains += above;
    else if (above < 0) losses -= above;
  }
  return losses > 0 ? gains / losses : Number.NaN;
}

/**
 * Mean over standard deviation of the returns above a benchmark's, a year (Grinold and Kahn; empyrical's `excess_sharpe` is
 * the same with one period a year). Periods in which either is NaN are left out.
 */
export function informationRatio(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  periodsPerYear: number,
): number {
  const active = new Float64Array(Math.min(returns.length, benchmark.length));
  for (let i = 0; i < active.length; i++) active[i] = returns[i] - benchmark[i];
  return sharpe(active, periodsPerYear);
}

/** Size of the 95 % quantile over that of the 5 % quantile. */
export function tailRatio(returns: ArrayLike<number>): number {
  const inOrder = sorted(returns);
  const left = Math.abs(quantileOfSorted(inOrder, 0.05));
  return left > 0 ? Math.abs(quantileOfSorted(inOrder, 0.95)) / left : Number.NaN;
}

/** (mean gain ÷ number of gains) over (mean loss ÷ number of losses), a return of 0 being a gain: quantstats' `profit_ratio`. */
export function profitRatio(returns: ArrayLike<number>): number {
  let gains = 0;
  let gained = 0;
  let losses = 0;
  let lost = 0;
  for (let i = 0; i < returns.length; i++) {
    const r = returns[i];
    if (r >= 0) {
      gains++;
      gained += r;
    } else if (r < 0) {
      losses++;
      lost -= r;
    }
  }
  return gains > 0 && losses > 0 ? gained / (gains * gains) / (lost / (losses * losses)) : Number.NaN;
}
