/**
 * The exact quotes of Guéant, Lehalle and Fernandez-Tapia 2013: with inventories within ±Q the problem comes down to the linear
 * system v' = Mv backwards in time from v(T) = 1, M tridiagonal with αq² on its diagonal and -η beside it,
 * α = kγσ²/2, η = A(1 + γ/k)^-(1 + k/γ). With v(t) = e^(-M(T-t))·1 the best distances are
 * δ_bid(q) = ln(v(q)/v(q+1))/k + ln(1 + γ/k)/γ and δ_ask(q) = ln(v(q)/v(q-1))/k + ln(1 + γ/k)/γ.
 * Far from the end v is the eigenvector of the smallest eigenvalue of M. The closed form approximates that.
 *
 * Units as in `strategies/models/glft.ts`. Arrays are by q + Q; what may not be quoted (a bid at Q, an ask at -Q) is NaN.
 */
import { glftConstant, glftSlope, riskFactor } from '../../strategies/models/glft.ts';

export interface GlftSetting {
  readonly sigma: number;
  readonly a: number;
  readonly k: number;
  readonly gamma: number;
  /** Time left until the end. */
  readonly horizon: number;
  readonly maxInventory: number;
}

export interface GlftQuotes {
  readonly bid: Float64Array;
  readonly ask: Float64Array;
}

/** Steps of the fourth-order rule are this share of the fastest rate's time, well inside what is stable and exact to ten digits. */
const STEP = 0.05;
/** Inverse iteration multiplies the error by the ratio of the two smallest eigenvalues; it has settled long before. */
const MOST_ITERATIONS = 100_000;
const SETTLED = 1e-15;

/** The quotes with the setting's horizon left, by integrating the system. */
export function glftFiniteQuotes(setting: GlftSetting): GlftQuotes {
  const { alpha, eta, limit } = coefficients(setting);
  const size = 2 * limit + 1;
  const rate = alpha * limit * limit + 2 * eta;
  const steps = Math.max(1, Math.ceil((setting.horizon * rate) / STEP));
  const dt = setting.horizon / steps;
  let v = new Float64Array(size).fill(1);
  const slopes = [0, 1, 2, 3].map(() => new Float64Array(size));
  const [k1, k2, k3, k4] = slopes;
  const probe = new Float64Array(size);
  for (let step = 0; step < steps; step++) {
    flow(v, k1, alpha, eta, limit);
    for (let i = 0; i < size; i++) probe[i] = v[i] + (dt / 2) * k1[i];
    flow(probe, k2, alpha, eta, limit);
    for (let i = 0; i < size; i++) probe[i] = v[i] + (dt / 2) * k2[i];
    flow(probe, k3, alpha, eta, limit);
    for (let i = 0; i < size; i++) probe[i] = v[i] + dt * k3[i];
    flow(probe, k4, alpha, eta, limit);
    // Quotes depend on ratios only: scaled to 1 in the middle, v neither grows nor vanishes over a long horizon.
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) next[i] = v[i] + (dt / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
    const scale = next[limit];
    v = next.map((x) => x / scale);
  }
  return quotesOf(v, setting);
}

/** The quotes far from the end, by the eigenvector. */
export function glftEndlessQuotes(setting: GlftSetting): GlftQuotes {
  const { alpha, eta, limit } = coefficients(setting);
  const size = 2 * limit + 1;
  // Shifted by 2η every eigenvalue is positive, and the eigenvectors are the same.
  const diagonal = Float64Array.from({ length: size }, (_, i) => alpha * (i - limit) ** 2 + 2 * eta);
  let v = new Float64Array(size).fill(1);
  for (let iteration = 0; iteration < MOST_ITERATIONS; iteration++) {
    const next = solveTridiagonal(diagonal, -eta, v);
    const scale = next[limit];
    let change = 0;
    for (let i = 0; i < size; i++) {
      next[i] /= scale;
      change = Math.max(change, Math.abs(next[i] / v[i] - 1));
    }
    v = next;
    if (change < SETTLED) break;
  }
  return quotesOf(v, setting);
}

/** The closed-form approximation of the quotes far from the end: straight lines in the inventory. */
export function glftClosedForm(setting: GlftSetting): GlftQuotes {
  const { limit } = coefficients(setting);
  const constant = glftConstant(setting.gamma, setting.k);
  const slope = glftSlope(setting.sigma, setting.gamma, setting.a, setting.k);
  const side = (sign: number): Float64Array =>
    Float64Array.from({ length: 2 * limit + 1 }, (_, i) => constant + ((2 * sign * (i - limit) + 1) / 2) * slope);
  return { bid: side(1), ask: side(-1) };
}

/** @throws RangeError when a coefficient is not positive or the largest inventory is not whole. */
function coefficients({ sigma, a, k, gamma, maxInventory, horizon }: GlftSetting) {
  for (const [name, value] of Object.entries({ sigma, a, k, gamma, maxInventory, horizon })) {
    if (!(value > 0) || value === Infinity) throw new RangeError(`${name}: found ${value}, expected a positive number`);
  }
  if (!Number.isInteger(maxInventory))
    throw new RangeError(`maxInventory: found ${maxInventory}, expected a whole number`);
  return { alpha: (k * gamma * sigma * sigma) / 2, eta: a / riskFactor(gamma, k), limit: maxInventory };
}

/** -Mv. */
function flow(v: Float64Array, out: Float64Array, alpha: number, eta: number, limit: number): void {
  const last = 2 * limit;
  for (let i = 0; i <= last; i++) {
    const below = i === 0 ? 0 : v[i - 1];
    const above = i === last ? 0 : v[i + 1];
    out[i] = eta * (below + above) - alpha * (i - limit) * (i - limit) * v[i];
  }
}

/** Solves for x with one number beside the diagonal throughout (Thomas's algorithm). */
function solveTridiagonal(diagonal: Float64Array, beside: number, right: Float64Array): Float64Array<ArrayBuffer> {
  const size = diagonal.length;
  const ratio = new Float64Array(size);
  const x = new Float64Array(size);
  let pivot = diagonal[0];
  x[0] = right[0] / pivot;
  for (let i = 1; i < size; i++) {
    ratio[i] = beside / pivot;
    pivot = diagonal[i] - beside * ratio[i];
    x[i] = (right[i] - beside * x[i - 1]) / pivot;
  }
  for (let i = size - 2; i >= 0; i--) x[i] -= ratio[i + 1] * x[i + 1];
  return x;
}

function quotesOf(v: Float64Array, { gamma, k, maxInventory }: GlftSetting): GlftQuotes {
  const constant = glftConstant(gamma, k);
  const size = 2 * maxInventory + 1;
  const bid = new Float64Array(size).fill(Number.NaN);
  const ask = new Float64Array(size).fill(Number.NaN);
  for (let i = 0; i < size; i++) {
    if (i < size - 1) bid[i] = Math.log(v[i] / v[i + 1]) / k + constant;
    if (i > 0) ask[i] = Math.log(v[i] / v[i - 1]) / k + constant;
  }
  return { bid, ask };
}
