/**
 * The quoting formulas of Avellaneda and Stoikov, "High-frequency trading in a limit order book" (Quantitative Finance 8, 2008).
 *
 * Units are the caller's, used throughout: prices in P, times in S, inventory q in units of one order.
 * - gamma: risk aversion, 1/P per unit held
 * - variance: of the mid, P²/S
 * - k: decay of the intensity of fills with the distance from the mid, 1/P
 */

/** Reservation price less mid when so much time is left (the paper's formula 29): an inventory wants to be got rid of. */
export function reservationShift(inventory: number, gamma: number, variance: number, timeLeft: number): number {
  return -inventory * gamma * variance * timeLeft;
}

/** The whole spread around the reservation price when so much time is left (the paper's formula 30). */
export function optimalSpread(gamma: number, variance: number, timeLeft: number, k: number): number {
  return gamma * variance * timeLeft + 2 * intensitySpread(gamma, k);
}

/** What each side asks for the risk of its own fill: ln(1 + γ/k) ÷ γ, which tends to 1/k without risk aversion. */
export function intensitySpread(gamma: number, k: number): number {
  return gamma === 0 ? 1 / k : Math.log(1 + gamma / k) / gamma;
}

/**
 * Without an end of the session: reservation price of the ask less mid, for an inventory within ±maxInventory (section 2.2,
 * with ω = ½γ²σ²(maxInventory + 1)² as the paper proposes, which makes the variance drop out). The bid's is
 * `-endlessAskShift(-inventory, …)`.
 */
export function endlessAskShift(inventory: number, maxInventory: number, gamma: number): number {
  const limit = maxInventory + 1;
  const q = Math.max(-maxInventory, Math.min(maxInventory, inventory));
  return Math.log(1 + (1 - 2 * q) / (limit * limit - q * q)) / gamma;
}
