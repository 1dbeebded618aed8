/**
 * GARCH(1,1) (Bollerslev 1986): return = μ + e, h = ω + α·e² + β·h of the period before, e normal with variance h or a Student t scaled to
 * it. Fitted by maximum likelihood; the first h is ω + (α + β)·mean e², as R's fGarch takes it, so that its figures can be compared.
 */
import { minimise } from './nelder-mead.ts';
import { logGamma } from './student-t.ts';

export interface Garch {
  readonly mu: number;
  readonly omega: number;
  readonly alpha: number;
  readonly beta: number;
  /** Degrees of freedom of the Student t; Infinity = normal. */
  readonly degrees: number;
  readonly logLikelihood: number;
}

/** Fewer say nothing about four parameters. */
export const GARCH_MIN_RETURNS = 50;

/** Variances of each period, and at the end the forecast for the next: returns + 1 numbers. */
export function garchVariances(returns: ArrayLike<number>, { mu, omega, alpha, beta }: Omit<Garch, 'logLikelihood'>) {
  const n = returns.length;
  const variances = new Float64Array(n + 1);
  let meanSquare = 0;
  for (let i = 0; i < n; i++) meanSquare += (returns[i] - mu) ** 2 / n;
  variances[0] = omega + (alpha + beta) * meanSquare;
  for (let i = 0; i < n; i++) variances[i + 1] = omega + alpha * (returns[i] - mu) ** 2 + beta * variances[i];
  return variances;
}

export function garchLogLikelihood(returns: ArrayLike<number>, garch: Omit<Garch, 'logLikelihood'>): number {
  const { mu, degrees } = garch;
  const variances = garchVariances(returns, garch);
  const n = returns.length;
  let sum = 0;
  if (degrees === Infinity) {
    for (let i = 0; i < n; i++) sum -= 0.5 * (Math.log(variances[i]) + (returns[i] - mu) ** 2 / variances[i]);
    return sum - 0.5 * n * Math.log(2 * Math.PI);
  }
  for (let i = 0; i < n; i++) {
    const square = (returns[i] - mu) ** 2 / (variances[i] * (degrees - 2));
    sum -= 0.5 * Math.log(variances[i]) + ((degrees + 1) / 2) * Math.log1p(square);
  }
  const scale = logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * Math.log(Math.PI * (degrees - 2));
  return sum + n * scale;
}

/**
 * The likeliest parameters, stationary ones (α + β < 1; with Student's t, whose likelihood is flat there, up to 1.01). Scale-free: returns
 * are fitted in units of their deviation. Undefined for fewer than `GARCH_MIN_RETURNS` returns or ones that do not vary.
 */
export function fitGarch(returns: ArrayLike<number>, law: 'normal' | 'student'): Garch | undefined {
  const n = returns.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += returns[i] / n;
  let variance = 0;
  for (let i = 0; i < n; i++) variance += (returns[i] - mean) ** 2 / n;
  const unit = Math.sqrt(variance);
  if (n < GARCH_MIN_RETURNS || !(unit > 0 && unit < Infinity)) return undefined;
  const scaled = Float64Array.from({ length: n }, (_, i) => returns[i] / unit);
  const isStudent = law === 'student';
  const mostPersistent = isStudent ? 1.01 : 0.9999;
  const parametersOf = ([mu, omega, alpha, beta, degrees]: ArrayLike<number> & Iterable<number>) => ({
    mu,
    omega,
    alpha,
    beta,
    degrees: isStudent ? degrees : Infinity,
  });
  const loss = (point: Float64Array): number => {
    const [, omega, alpha, beta, degrees] = point;
    if (!(omega > 0 && alpha >= 0 && beta >= 0 && alpha + beta < mostPersistent)) return Infinity;
    if (isStudent && !(degrees > 2.01 && degrees < 200)) return Infinity;
    return -garchLogLikelihood(scaled, parametersOf(point));
  };
  const start = [mean / unit, 0.05, 0.1, 0.85];
  const steps = [0.05, 0.05, 0.05, -0.1];
  if (isStudent) {
    start.push(5);
    steps.push(2);
  }
  // Once more from where it stopped: a simplex can collapse before the minimum.
  const first = minimise(loss, start, steps);
  const { point, value } = minimise(loss, [...first.point], steps);
  const found = parametersOf(point);
  return {
    ...found,
    mu: found.mu * unit,
    omega: found.omega * variance,
    logLikelihood: -value - n * Math.log(unit),
  };
}
