/**
 * The no-trade region of a position that others move and that costs something to change.
 *
 * Whalley and Wilmott ("An asymptotic analysis of an optimal hedging model for option pricing with transaction costs", Mathematical
 * Finance 7, 1997) find that to keep the exposure within ± (3/2 · k·ν² ÷ (γ·σ²))^(1/3) of the ideal is best for small costs, where
 * ν² is the variance per second of the exposure that is to be hedged (for an option S²Γ²σ²), k the cost of a unit traded, σ² the
 * variance per second of the price and γ the risk aversion. The same comes of an inventory that moves like a Brownian motion and
 * is held within ± b: its variance costs γσ²b²/6 a second and the trades at the edges kν²/(2b), least at that b.
 */
const TOLERANCE = 1e-12;
const MOST_STEPS = 200;

/** @returns units, NaN when something is not known; 0 when the position to be hedged does not move */
export function costBand(cost: number, flowVariance: number, riskAversion: number, priceVariance: number): number {
  return cubeRoot((1.5 * cost * flowVariance) / (riskAversion * priceVariance));
}

/** Newton's method: additions and divisions have the same bits on every machine, which `Math.cbrt` need not. */
function cubeRoot(x: number): number {
  if (!(x > 0) || x === Infinity) return x;
  let root = x > 1 ? x : 1;
  for (let i = 0; i < MOST_STEPS; i++) {
    const next = (2 * root + x / (root * root)) / 3;
    if (root - next <= TOLERANCE * root) return next;
    root = next;
  }
  return root;
}
