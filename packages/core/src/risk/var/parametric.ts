/**
 * VaR in closed form: profits are normal, or a Student t scaled to the same variance. With Σ the covariance, v the values and
 * σ² = vᵀΣv, VaR = z·σ − vᵀμ and the marginal of an asset z·(Σv)ᵢ ÷ σ − μᵢ, so the parts add up by themselves (Euler).
 * Shortfalls: McNeil, Frey and Embrechts, Quantitative Risk Management, 2.2.4.
 */
import { normalDensity, normalQuantile } from '../../base/normal.ts';
import type { VarFigures } from './figures.ts';
import { studentDensity, studentQuantile } from './student-t.ts';

export interface Law {
  /** By asset, of the period. */
  readonly means: Float64Array;
  readonly covariance: Float64Array;
  /** Degrees of freedom above 2; Infinity = normal. */
  readonly degrees: number;
}

export function parametricFigures(law: Law, values: Float64Array, level: number): VarFigures {
  const { means, covariance, degrees } = law;
  const assets = values.length;
  const { quantile, shortfall } = standardTail(level, degrees);
  const products = new Float64Array(assets);
  let variance = 0;
  for (let i = 0; i < assets; i++) {
    for (let k = 0; k < assets; k++) products[i] += covariance[i * assets + k] * values[k];
    variance += values[i] * products[i];
  }
  const deviation = Math.sqrt(Math.max(0, variance));
  const shares = products.map((product) => (deviation > 0 ? product / deviation : 0));
  const marginals = shares.map((share, i) => quantile * share - means[i]);
  const components = marginals.map((marginal, i) => values[i] * marginal);
  const shortfallComponents = shares.map((share, i) => values[i] * (shortfall * share - means[i]));
  return {
    level,
    valueAtRisk: sum(components),
    shortfall: sum(shortfallComponents),
    marginals,
    components,
    shortfallComponents,
  };
}

/** Quantile and shortfall of a loss of mean 0 and variance 1. */
function standardTail(level: number, degrees: number): { quantile: number; shortfall: number } {
  const tail = 1 - level;
  if (degrees === Infinity) {
    const z = normalQuantile(level);
    return { quantile: z, shortfall: normalDensity(z) / tail };
  }
  const t = studentQuantile(level, degrees);
  const scale = Math.sqrt((degrees - 2) / degrees);
  const beyond = ((studentDensity(t, degrees) / tail) * (degrees + t * t)) / (degrees - 1);
  return { quantile: scale * t, shortfall: scale * beyond };
}

function sum(parts: Float64Array): number {
  return parts.reduce((total, part) => total + part, 0);
}
