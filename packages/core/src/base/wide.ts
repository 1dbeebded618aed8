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

/** `out[at] += wide[from]` */
export function addWide(out: Float64Array, at: number, wide: Float64Array, from: number): void {
  const low = out[at + 1] + wide[from + 1];
  // Whether there is a carry is a matter of chance: a branch would be guessed wrong half of the time.
  const carry = Math.floor(low / LIMB);
  out[at] += wide[from] + carry;
  out[at + 1] = low - carry * LIMB;
}

/** `out[at] -= wide[from]` */
export function subtractWide(out: Float64Array, at: number, wide: Float64Array, from: number): void {
  const low = out[at + 1] - wide[from + 1];
  const carry = Math.floor(low / LIMB);
  out[at] += carry - wide[from];
  out[at + 1] = low - carry * LIMB;
}

/**
 * `out[at] = wide[from] × numbers[a]`, an integer of either sign below 2^52. It stands in an array because a float64 that
 * is passed to a call is boxed unless V8 inlines the call; for that reason this is not a call of `addProduct` either.
 */
export function timesWide(
  out: Float64Array,
  at: number,
  wide: Float64Array,
  from: number,
  numbers: Float64Array,
  a: number,
): void {
  const factor = numbers[a];
  const low = wide[from + 1];
  const w1 = Math.floor(low / HALF);
  const w0 = low - w1 * HALF;
  const a1 = Math.floor(factor / HALF);
  const a0 = factor - a1 * HALF;
  const cross = w1 * a0 + w0 * a1;
  const upper = Math.floor(cross / HALF);
  const sum = w0 * a0 + (cross - upper * HALF) * HALF;
  const carry = Math.floor(sum / LIMB);
  out[at] = wide[from] * factor + w1 * a1 + upper + carry;
  out[at + 1] = sum - carry * LIMB;
}

/**
 * `out[at] = wide[from] × numbers[a] ÷ numbers[b]`, rounded toward zero, or away from it. The product in between may pass
 * 2^104. `numbers[a]` is an integer of either sign, `numbers[b]` a positive one, both below 2^52.
 */
export function timesOverWide(
  out: Float64Array,
  at: number,
  wide: Float64Array,
  from: number,
  numbers: Float64Array,
  a: number,
  b: number,
  away: boolean,
): void {
  let high = wide[from];
  let low = wide[from + 1];
  let factor = numbers[a];
  const divisor = numbers[b];
  let negative = false;
  if (high < 0) {
    negative = true;
    high = low === 0 ? -high : -high - 1;
    low = low === 0 ? 0 : LIMB - low;
  }
  if (factor < 0) {
    negative = !negative;
    factor = -factor;
  }

  // The product in digits of 26 bits, lowest first; each sum stays below 2^53.
  const w3 = Math.floor(high / HALF);
  const w2 = high - w3 * HALF;
  const w1 = Math.floor(low / HALF);
  const w0 = low - w1 * HALF;
  const a1 = Math.floor(factor / HALF);
  const a0 = factor - a1 * HALF;
  let sum = w0 * a0;
  let carry = Math.floor(sum / HALF);
  const p0 = sum - carry * HALF;
  sum = w1 * a0 + w0 * a1 + carry;
  carry = Math.floor(sum / HALF);
  const p1 = sum - carry * HALF;
  sum = w2 * a0 + w1 * a1 + carry;
  carry = Math.floor(sum / HALF);
  const p2 = sum - carry * HALF;
  sum = w3 * a0 + w2 * a1 + carry;
  carry = Math.floor(sum / HALF);
  const p3 = sum - carry * HALF;
  sum = w3 * a1 + carry;
  const p5 = Math.floor(sum / HALF);
  const p4 = sum - p5 * HALF;

  // Long division, from the highest digit that is not 0. A digit estimated in float64 is right or off by one, which the
  // exact remainder tells.
  const b1 = Math.floor(divisor / HALF);
  const b0 = divisor - b1 * HALF;
  const inverse = 1 / divisor;
  let rest = 0;
  let upper = 0;
  let lower = 0;
  for (let digit = p5 !== 0 ? 5 : p4 !== 0 ? 4 : 3; digit >= 0; digit--) {
    const next = digit > 2 ? (digit === 3 ? p3 : digit === 4 ? p4 : p5) : digit === 2 ? p2 : digit === 1 ? p1 : p0;
    let quotient = Math.floor((rest * HALF + next) * inverse);
    rest = (rest - quotient * b1) * HALF - quotient * b0 + next;
    if (rest < 0) {
      quotient--;
      rest += divisor;
    } else if (rest >= divisor) {
      quotient++;
      rest -= divisor;
    }
    if (digit > 1) upper = upper * HALF + quotient;
    else lower = lower * HALF + quotient;
  }
  if (away && rest !== 0 && ++lower === LIMB) {
    lower = 0;
    upper++;
  }
  if (negative && lower !== 0) {
    out[at] = -upper - 1;
    out[at + 1] = LIMB - lower;
  } else {
    // `+ 0` turns -0 into 0.
    out[at] = (negative ? -upper : upper) + 0;
    out[at + 1] = lower;
  }
}

const SPLITTER = 2 ** 27 + 1;

/**
 * The float64 nearest to the number ÷ `divisor`, but for the rarest ties: 5·10^22 ÷ 10^18 is 50000, where dividing the
 * nearest float64 gives 49999.99999999999. The rest of the rounded quotient is worked out exactly (Dekker 1971, a floating-
 * point technique for extending the available precision) and divided in turn.
 */
export function wideQuotient(wide: Float64Array, at: number, divisor: number): number {
  const upper = wide[at] * LIMB;
  const sum = upper + wide[at + 1];
  const lost = wide[at + 1] - (sum - upper);
  const quotient = sum / divisor;
  let scaled = SPLITTER * quotient;
  const quotientHigh = scaled - (scaled - quotient);
  const quotientLow = quotient - quotientHigh;
  scaled = SPLITTER * divisor;
  const divisorHigh = scaled - (scaled - divisor);
  const divisorLow = divisor - divisorHigh;
  const product = quotient * divisor;
  const beyond =
    quotientHigh * divisorHigh -
    product +
    quotientHigh * divisorLow +
    quotientLow * divisorHigh +
    quotientLow * divisorLow;
  return quotient + (sum - product - beyond + lost) / divisor;
}

/** Whether the number is within the exact range. */
export function isExactWide(wide: Float64Array, at: number): boolean {
  return Math.abs(wide[at]) <= LIMB;
}

/** For text and for configuration: it allocates. */
export function wideToBigInt(wide: Float64Array, at: number): bigint {
  return BigInt(wide[at]) * BigInt(LIMB) + BigInt(wide[at + 1]);
}

/** @throws RangeError when the value is not within ±2^104. */
export function setWide(wide: Float64Array, at: number, value: bigint): void {
  const low = BigInt.asUintN(52, value);
  const high = Number((value - low) / BigInt(LIMB));
  if (!(Math.abs(high) < LIMB)) throw new RangeError(`${value} is too large for exact arithmetic (2^104)`);
  wide[at] = high;
  wide[at + 1] = Number(low);
}
