/**
 * Student's t with any number of degrees of freedom above zero: density, distribution, quantile. The distribution is the regularised
 * incomplete beta function by its continued fraction (Lentz's method; Abramowitz and Stegun 26.5.8), ln Γ is Lanczos' approximation
 * (g = 7, nine terms; right to about 1e-14), the quantile solves for it by Newton's steps kept between bounds.
 */

const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0. */
export function logGamma(x: number): number {
  // The reflection keeps the approximation where it is good.
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum = LANCZOS[0];
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (x - 1 + i);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

export function studentDensity(t: number, degrees: number): number {
  const scale = logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * Math.log(degrees * Math.PI);
  return Math.exp(scale - ((degrees + 1) / 2) * Math.log1p((t * t) / degrees));
}

/** P(T ≤ t). */
export function studentDistribution(t: number, degrees: number): number {
  const square = t * t;
  // Of the two forms the one whose argument is small, so that no digits cancel.
  const tail =
    square > degrees
      ? 0.5 * incompleteBeta(degrees / (degrees + square), degrees / 2, 0.5)
      : 0.5 - 0.5 * incompleteBeta(square / (degrees + square), 0.5, degrees / 2);
  return t > 0 ? 1 - tail : tail;
}

/** The number that T falls below with probability p; −∞ at 0, +∞ at 1, NaN outside. */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentQuantile(1 - p, degrees);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  let high = 0;
  let low = -1;
  while (studentDistribution(low, degrees) > p) {
    high = low;
    low *= 2;
  }
  let t = (low + high) / 2;
  for (let step = 0; step < 200; step++) {
    const excess = studentDistribution(t, degrees) - p;
    if (excess > 0) high = t;
    else low = t;
    let next = t - excess / studentDensity(t, degrees);
    if (!(next > low && next < high)) next = (low + high) / 2;
    if (Math.abs(next - t) <= 1e-15 * Math.abs(t)) return next;
    t = next;
  }
  return t;
}

/** I_x(a, b), for x below (a + 1) ÷ (a + b + 2) or so, where the fraction converges fast. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a),
  );
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return front * fraction;
}

/** Lentz: a denominator of zero is moved away from it. */
function away(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}
