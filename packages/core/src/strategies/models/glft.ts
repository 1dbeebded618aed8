/**
 * The quoting formulas of Guéant, Lehalle and Fernandez-Tapia, "Dealing with the inventory risk: a solution to the market making
 * problem" (Mathematics and Financial Economics 7, 2013): the closed-form approximation of the quotes far from the end.
 *
 * Units are the caller's, used throughout: prices in P, times in S, inventory q in units of one order.
 * - gamma: risk aversion, 1/P per unit held
 * - sigma: standard deviation of the mid, P/√S
 * - a, k: a quote at distance δ of the mid is filled a·e^(-kδ) times per S; a in 1/S, k in 1/P
 */
import { intensitySpread } from './avellaneda-stoikov.ts';

/** The distance that inventory does not change: ln(1 + γ/k) ÷ γ. */
export function glftConstant(gamma: number, k: number): number {
  return intensitySpread(gamma, k);
}

/** What a unit of inventory shifts both quotes by: √(σ²γ ÷ (2kA) · (1 + γ/k)^(1 + k/γ)). */
export function glftSlope(sigma: number, gamma: number, a: number, k: number): number {
  return sigma * Math.sqrt((gamma / (2 * k * a)) * riskFactor(gamma, k));
}

/** (1 + γ/k)^(1 + k/γ), which tends to e without risk aversion. */
export function riskFactor(gamma: number, k: number): number {
  return gamma === 0 ? Math.E : (1 + gamma / k) ** (1 + k / gamma);
}
