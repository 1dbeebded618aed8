/**
 * A grid of exact decimal steps: prices on ticks, sizes on lots.
 *
 * The step is a decimal string, kept as the exact rational `numerator / 10^scale`; a value on the grid is an integer
 * count of steps in a float64, exact up to 2^53. Decimal text becomes steps by long division, digit by digit: there is
 * no float step on the way.
 */

/** What to do with a value between two steps: refuse it, or take the step below (bids) or above (asks). */
export const Rounding = { EXACT: 0, DOWN: -1, UP: 1 } as const;
export type Rounding = (typeof Rounding)[keyof typeof Rounding];

/** Why the last parse answered NaN. */
export const GridFault = { NONE: 0, MALFORMED: 1, OFF_GRID: 2, OUT_OF_RANGE: 3 } as const;
export type GridFault = (typeof GridFault)[keyof typeof GridFault];

/** Words for each fault, by its code. */
export const GRID_FAULT_TEXT = ['', 'not a decimal number', 'off the grid', 'too large for exact arithmetic'] as const;

const MAX_STEPS = Number.MAX_SAFE_INTEGER;
const MAX_TEXT = 400;
const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3}))?$/;

const ZERO = 48;
const NINE = 57;
const DOT = 46;
const MINUS = 45;
const PLUS = 43;
const LOWER_E = 101;
const UPPER_E = 69;

/** Powers of ten that float64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** So many digits are below 2^53 whatever they are. */
const EXACT_DIGITS = 15;

export class Grid {
  /** The step as it was given, for instance `0.05`. */
  readonly step: string;
  /** The step is `numerator / 10^scale`, with no common factor of ten. */
  readonly numerator: number;
  readonly scale: number;
  /** Fault of the last parse. */
  fault: GridFault = GridFault.NONE;
  /** Decimals that `format` writes. */
  readonly decimals: number;
  /** 10 to the absolute scale: the divisor, or with a negative scale the factor, of `toNumber`. */
  readonly #power: number;
  readonly #scratch = new Uint8Array(MAX_TEXT);

  /** @throws RangeError when the step is not a positive decimal of at most 14 significant digits. */
  constructor(step: string) {
    const parts = DECIMAL.exec(step);
    const digits = parts === null ? '' : (parts[2] + parts[3]).replace(/^0+/, '');
    if (parts === null || digits === '' || parts[1] === '-' || digits.replace(/0+$/, '').length > 14) {
      throw new RangeError(`step '${step}' is not a positive decimal of at most 14 significant digits`);
    }
    const significant = digits.replace(/0+$/, '');
    const scale = parts[3].length - Number(parts[4] ?? 0) - (digits.length - significant.length);
    if (Math.abs(scale) > 100) throw new RangeError(`step '${step}' is out of range`);
    this.step = step;
    this.numerator = Number(significant);
    this.scale = scale;
    this.decimals = Math.max(0, scale);
    this.#power = Number(`1e${Math.abs(scale)}`);
  }

  /** Steps in a decimal string, or NaN with `fault` set. */
  parse(text: string, rounding: Rounding = Rounding.EXACT): number {
    const length = text.length;
    if (length > MAX_TEXT) return this.#fail(GridFault.MALFORMED);
    const scratch = this.#scratch;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      scratch[i] = code > 127 ? 0 : code;
    }
    return this.parseBytes(scratch, 0, length, rounding);
  }

  /** Steps in the ASCII decimal at `bytes[start, end)`, or NaN with `fault` set. Accepts a sign and an exponent. */
  parseBytes(bytes: Uint8Array, start: number, end: number, rounding: Rounding = Rounding.EXACT): number {
    // The shape of nearly every number in market data, `digits[.digits]` on the grid, in one pass. Whatever does not fit
    // (sign, exponent, off the grid, many digits, malformed) is taken from the start by the long way.
    const scale = this.scale;
    let value = 0;
    let at = start;
    let digit = 0;
    while (at < end && (digit = bytes[at] - ZERO) >= 0 && digit <= 9) {
      value = value * 10 + digit;
      at++;
    }
    let digits = at - start;
    let missing = scale;
    if (at < end && bytes[at] === DOT && digits > 0) {
      at++;
      while (missing > 0 && at < end && (digit = bytes[at] - ZERO) >= 0 && digit <= 9) {
        value = value * 10 + digit;
        at++;
        missing--;
        digits++;
      }
      while (at < end && bytes[at] === ZERO) at++;
    }
    if (at !== end || digits === 0 || digits > EXACT_DIGITS || missing < 0 || missing > 22) {
      return this.#parseLong(bytes, start, end, rounding);
    }
    if (missing > 0) value *= POWERS[missing];
    if (value > MAX_STEPS) return this.#parseLong(bytes, start, end, rounding);
    const numerator = this.numerator;
    if (numerator !== 1) {
      const steps = Math.round(value / numerator);
      if (steps * numerator !== value) return this.#parseLong(bytes, start, end, rounding);
      value = steps;
    }
    this.fault = GridFault.NONE;
    return value;
  }

  /** The general case of `parseBytes`, digit by digit. */
  #parseLong(bytes: Uint8Array, start: number, end: number, rounding: Rounding): number {
    let at = start;
    let negative = false;
    if (at < end && (bytes[at] === MINUS || bytes[at] === PLUS)) {
      negative = bytes[at] === MINUS;
      at++;
    }
    // Where the decimal point stands after the exponent, counted in digits that are left to the grid's last one.
    const first = at;
    let digits = 0;
    let dot = -1;
    let stop = end;
    let exponent = 0;
    for (let i = at; i < end; i++) {
      const c = bytes[i];
      if (c >= ZERO && c <= NINE) digits++;
      else if (c === DOT && dot < 0) dot = i;
      else if (c === LOWER_E || c === UPPER_E) {
        exponent = exponentAt(bytes, i + 1, end);
        stop = i;
        break;
      } else return this.#fail(GridFault.MALFORMED);
    }
    if (digits === 0 || exponent !== exponent) return this.#fail(GridFault.MALFORMED);
    const integerDigits = (dot < 0 ? stop : dot) - first;
    // Digits that lie on or above the grid's last decimal; those after it are a remainder.
    const wanted = integerDigits + exponent + this.scale;
    const numerator = this.numerator;
    let quotient = 0;
    let remainder = 0;
    let beyond = false;
    let taken = 0;
    for (; at < stop; at++) {
      if (at === dot) continue;
      const digit = bytes[at] - ZERO;
      if (taken < wanted) {
        taken++;
        if (numerator === 1) quotient = quotient * 10 + digit;
        else {
          remainder = remainder * 10 + digit;
          const whole = Math.floor(remainder / numerator);
          quotient = quotient * 10 + whole;
          remainder -= whole * numerator;
        }
        if (quotient > MAX_STEPS) return this.#fail(GridFault.OUT_OF_RANGE);
      } else if (digit !== 0) beyond = true;
    }
    for (; taken < wanted && (quotient !== 0 || remainder !== 0); taken++) {
      remainder *= 10;
      const whole = Math.floor(remainder / numerator);
      quotient = quotient * 10 + whole;
      remainder -= whole * numerator;
      if (quotient > MAX_STEPS) return this.#fail(GridFault.OUT_OF_RANGE);
    }
    this.fault = GridFault.NONE;
    if (remainder !== 0 || beyond) {
      if (rounding === Rounding.EXACT) return this.#fail(GridFault.OFF_GRID);
      if ((rounding === Rounding.UP) !== negative && ++quotient > MAX_STEPS) return this.#fail(GridFault.OUT_OF_RANGE);
    }
    // `+ 0` turns the -0 of "-0.00" into 0.
    return (negative ? -quotient : quotient) + 0;
  }

  /** Steps in a decimal string of a configuration. @throws RangeError that names `what` when there are none. */
  demand(what: string, text: string, rounding: Rounding = Rounding.EXACT): number {
    const steps = this.parse(text, rounding);
    if (steps !== steps) throw new RangeError(`${what} '${text}' is ${GRID_FAULT_TEXT[this.fault]} of ${this.step}`);
    return steps;
  }

  /** Steps nearest below, above or exactly at a computed (floating) value; NaN when it is not finite or too large. */
  fromNumber(value: number, rounding: Rounding): number {
    if (!Number.isFinite(value)) return this.#fail(GridFault.MALFORMED);
    return this.parse(value.toString(), rounding);
  }

  /**
   * The value as a float64, for statistics and display; never for accounting. It is the nearest one while steps × numerator
   * is below 2^53 and the scale at most 22, else within two roundings.
   */
  toNumber(steps: number): number {
    const scaled = steps * this.numerator;
    return this.scale > 0 ? scaled / this.#power : scaled * this.#power;
  }

  /**
   * Exact decimal text with the grid's decimals: `parse(format(n)) === n` for every safe integer n.
   * @throws RangeError when the steps are not an integer.
   */
  format(steps: number): string {
    if (!Number.isInteger(steps)) throw new RangeError(`${steps} steps of ${this.step} are not an integer`);
    const scaled = Math.abs(steps) * this.numerator;
    const exact =
      scaled <= MAX_STEPS ? scaled.toString() : (BigInt(Math.abs(steps)) * BigInt(this.numerator)).toString();
    const sign = steps < 0 ? '-' : '';
    if (this.scale <= 0) return sign + (exact === '0' ? exact : exact + '0'.repeat(-this.scale));
    const padded = exact.padStart(this.scale + 1, '0');
    return `${sign}${padded.slice(0, -this.scale)}.${padded.slice(-this.scale)}`;
  }

  #fail(fault: GridFault): number {
    this.fault = fault;
    return Number.NaN;
  }
}

/** The integer at `bytes[start, end)`, at most three digits; NaN when it is something else. */
function exponentAt(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const negative = bytes[at] === MINUS;
  if (at < end && (negative || bytes[at] === PLUS)) at++;
  if (at >= end || end - at > 3) return Number.NaN;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}
