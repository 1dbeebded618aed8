/**
 * Exponential forgetting over irregular times. What estimators share: e^(-x) by the reciprocal of its series to the fourth order,
 * which is cheaper than `Math.exp`, has the same bits on every machine, and falls from 1 to 0 as the exponential
 * does (0.4 % above it at x = 1, 0.01 % at x = 0.5).
 */

/** About e^(-x), for x from 0 up. */
export function decay(x: number): number {
  return 1 / (1 + x * (1 + x * (1 / 2 + x * (1 / 6 + x * (1 / 24)))));
}

/** The time constant, in nanoseconds, of a half-life in seconds. @throws RangeError that names the field when it is not positive. */
export function timeConstantNs(field: string, halfLifeSeconds: number): number {
  if (!(halfLifeSeconds > 0)) throw new RangeError(`${field}: found ${halfLifeSeconds}, expected seconds above 0`);
  return (halfLifeSeconds * 1e9) / Math.LN2;
}
