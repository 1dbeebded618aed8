/** Whole numbers in bytes: see `bytes.ts`. */
import { ZERO } from './bytes.ts';

/** So many digits fit in an int32 whatever they are. */
const LIMB = 9;
const MAX_DIGITS = 16;
const POWERS = Float64Array.from({ length: LIMB + 1 }, (_, exponent) => 10 ** exponent);

/**
 * The digits of a whole number from 0 to 2^53 - 1, at most sixteen of them and without leading zeros, to `out[slot]`.
 * @returns the place of the first byte that is no digit; -1 when there are none, too many, or a zero before others
 */
export function scanInteger(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
  const { length } = bytes;
  let at = from;
  let digit = 0;
  let high = 0;
  const middle = Math.min(from + LIMB, length);
  while (at < middle && (digit = (bytes[at]! - ZERO) >>> 0) < 10) {
    high = (Math.imul(high, 10) + digit) | 0;
    at++;
  }
  if (at === from || (bytes[from] === ZERO && at - from > 1)) return -1;
  if (at < middle) {
    out[slot] = high;
    return at;
  }
  let low = 0;
  const end = Math.min(from + MAX_DIGITS, length);
  while (at < end && (digit = (bytes[at]! - ZERO) >>> 0) < 10) {
    low = (Math.imul(low, 10) + digit) | 0;
    at++;
  }
  if (at < length && (bytes[at]! - ZERO) >>> 0 < 10) return -1;
  const value = high * POWERS[at - middle]! + low;
  if (value > Number.MAX_SAFE_INTEGER) return -1;
  out[slot] = value;
  return at;
}
