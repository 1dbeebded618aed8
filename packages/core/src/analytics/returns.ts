/**
 * Returns of an equity series, and what they compound to. A return is simple: equity ÷ equity before − 1, on equity (cash and
 * positions at their marks), never on cash. `periodsPerYear` is how many such periods a trading year has: 252 for daily
 * closes of a stock exchange, 365 for crypto's, 31,536,000 for seconds around the clock. Conventions are empyrical's: a NaN
 * return compounds as 0, and counts as a period.
 */
import { momentsOf } from './distribution.ts';

/** n − 1 returns of n equities; NaN where the equity before is not above zero (a loss of more than all has no return). */
export function returnsOf(equity: ArrayLike<number>): Float64Array {
  const returns = new Float64Array(Math.max(0, equity.length - 1));
  for (let i = 0; i < returns.length; i++) {
    const before = equity[i];
    returns[i] = before > 0 ? (equity[i + 1] - before) / before : Number.NaN;
  }
  return returns;
}

/** Π(1 + r) − 1; NaN when no return is a number. */
export function totalReturn(returns: ArrayLike<number>): number {
  let growth = 1;
  let count = 0;
  for (let i = 0; i < returns.length; i++) {
    const r = returns[i];
    if (Number.isNaN(r)) continue;
    growth *= 1 + r;
    count++;
  }
  return count === 0 ? Number.NaN : growth - 1;
}

/** A return over so many periods, compounded to another number of periods: (1 + r)^(to ÷ from) − 1. NaN below −100 %. */
export function compound(totalReturned: number, fromPeriods: number, toPeriods: number): number {
  const growth = 1 + totalReturned;
  return growth >= 0 && fromPeriods > 0 ? growth ** (toPeriods / fromPeriods) - 1 : Number.NaN;
}

/** The compound annual growth rate. */
export function annualReturn(returns: ArrayLike<number>, periodsPerYear: number): number {
  return compound(totalReturn(returns), returns.length, periodsPerYear);
}

/** Standard deviation (n − 1) a year. */
export function volatility(returns: ArrayLike<number>, periodsPerYear: number): number {
  return momentsOf(returns).sd * Math.sqrt(periodsPerYear);
}
