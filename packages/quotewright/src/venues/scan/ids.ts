/** Numbers that venues give to trades and orders, and times in microseconds, in bytes: see `bytes.ts`. */
import { ZERO } from './bytes.ts';

const HALF = 8;
const LIMB = 1e8;

/**
 * A whole number as JSON writes it, without sign, leading zeros, point or exponent, at most sixteen digits and below 2^53, to `out[slot]`.
 * @returns the place behind it; -1 when it is another
 */
export function scanId(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
  const { length } = bytes;
  const middle = from + HALF;
  let at = from;
  let high = 0;
  let low = 0;
  let digit = 0;
  while (at < middle && at < length && (digit = (bytes[at]! - ZERO) >>> 0) < 10) {
    high = (Math.imul(high, 10) + digit) | 0;
    at++;
  }
  let scale = 1;
  while (at < length && (digit = (bytes[at]! - ZERO) >>> 0) < 10) {
    if (scale === LIMB) return -1;
    low = (Math.imul(low, 10) + digit) | 0;
    scale *= 10;
    at++;
  }
  if (at === from || (bytes[from] === ZERO && at - from > 1)) return -1;
  const id = high * scale + low;
  out[slot] = id;
  return id <= Number.MAX_SAFE_INTEGER ? at : -1;
}
