/**
 * Sums of products beyond 2^53, exactly, in two float64 limbs: value = high × 2^52 + low, with 0 ≤ low < 2^52.
 *
 * Ticks × lots of a busy book pass 2^53 (a 1e-8 lot does at 15 BTC); the sum here is exact while |value| < 2^104.
 * A wide number is two neighbouring entries of a caller's Float64Array, high first, so that no operation allocates.
 */

const HALF = 2 ** 26;
const LIMB = 2 ** 52;

/** Float64 entries of one wide number. */
export const WIDE_WORDS = 2;

/** `wide[at] += a × b`, for safe integers of either sign. */
export function addProduct(wide: Float64Array, at: number, a: number, b: number): void {
  // Schoolbook multiplication with 26-bit low halves; the high halves carry the sign, so floor keeps low halves ≥ 0.
  const aHigh = Math.floor(a / HALF);
  const aLow = a - aHigh * HALF;
  const bHigh = Math.floor(b / HALF);
  const bLow = b - bHigh * HALF;
  const crossA = aHigh * bLow;
  const crossB = aLow * bHigh;
  const carryA = Math.floor(crossA / HALF);
  const carryB = Math.floor(crossB / HALF);
  // Four terms below 2^52 each, reduced after every addition: the sum of two is still exact.
  let low = wide[at + 1] + aLow * bLow;
  let high = wide[at] + carryA + carryB;
  if (low >= LIMB) {
    low -= LIMB;
    high++;
  }
  low += (crossA - carryA * HALF) * HALF;
  if (low >= LIMB) {
    low -= LIMB;
    high++;
  }
  low += (crossB - carryB * HALF) * HALF;
  if (low >= LIMB) {
    low -= LIMB;
    high++;
  }
  wide[at] = high + aHigh * bHigh;
  wide[at + 1] = low;
}

/** The nearest float64. */
export function wideToNumber(wide: Float64Array, at: number): number {
  return wide[at] * LIMB + wide[at + 1];
}
