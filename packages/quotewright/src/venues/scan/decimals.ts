/**
 * Decimals in bytes as steps of a grid, exactly as `Grid.parseBytes` has them, in one pass and without a float64 that is returned. Whatever
 * does not fit two limbs of nine digits (signs, exponents, long fractions, numbers off the grid) is given to the grid.
 */
import type { Grid } from '@quotewright/core/base/grid';
import { COMMA, DOT, QUOTE, RIGHT_BRACE, RIGHT_BRACKET, ZERO } from './bytes.ts';
import type { FrameView } from './frame-view.ts';

const LIMB = 9;
const POWERS = Float64Array.from({ length: LIMB + 1 }, (_, exponent) => 10 ** exponent);
const MAX_STEPS = Number.MAX_SAFE_INTEGER;
const SPACE = 32;

/** Four digits `0`; a word exclusive-or them is below ten in every byte that was a digit. */
const ZEROS = 0x30303030;
/** Added to such a byte it reaches the high bit when that was no digit; a carry goes only to the bytes behind one that was none. */
const ABOVE_NINE = 0x76767676;
const HIGH_BITS = 0x80808080 | 0;
const TENS = Int32Array.from({ length: LIMB + 1 }, (_, exponent) => 10 ** exponent);
/** As they are after the exclusive or. */
const DOT_OF_WORD = DOT ^ ZERO;
const QUOTE_OF_WORD = QUOTE ^ ZERO;

export class DecimalScan {
  readonly grid: Grid;
  /** Decimals of the grid; -1 when it is one for the grid itself. */
  readonly #scale: number;
  readonly #numerator: number;
  readonly #power: number;

  constructor(grid: Grid) {
    this.grid = grid;
    this.#scale = grid.scale >= 0 && grid.scale <= LIMB ? grid.scale : -1;
    this.#numerator = grid.numerator;
    this.#power = POWERS[Math.max(0, this.#scale)]!;
  }

  /**
   * The number that begins at `from` goes to `out[slot]` as steps.
   * @returns the place behind it; -1 when it is none, negative, off the grid or too large
   */
  scan(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
    const scale = this.#scale;
    const { length } = bytes;
    let at = from;
    let digit = 0;
    let whole = 0;
    while (at < length && (digit = (bytes[at]! - ZERO) >>> 0) < 10) {
      whole = (Math.imul(whole, 10) + digit) | 0;
      at++;
    }
    const digits = at - from;
    let part = 0;
    let missing = scale;
    if (at < length && bytes[at] === DOT) {
      at++;
      while (missing > 0 && at < length && (digit = (bytes[at]! - ZERO) >>> 0) < 10) {
        part = (Math.imul(part, 10) + digit) | 0;
        missing = (missing - 1) | 0;
        at++;
      }
      while (at < length && bytes[at] === ZERO) at++;
    }
    if (digits === 0 || digits > LIMB || scale < 0 || at >= length || !isStop(bytes[at]!))
      return this.#long(bytes, from, out, slot);
    let steps = whole * this.#power + part * POWERS[missing]!;
    if (steps > MAX_STEPS) return this.#long(bytes, from, out, slot);
    const numerator = this.#numerator;
    if (numerator !== 1) {
      const scaled = steps;
      steps = Math.round(scaled / numerator);
      if (steps * numerator !== scaled) return this.#long(bytes, from, out, slot);
    }
    out[slot] = steps;
    return at;
  }

  /**
   * As `scan`, four digits at a time, for numbers in quotes: seven digits before the point and eight behind it at most. Others, and numbers
   * off the grid, go through `scan`.
   */
  scanFrame(frame: FrameView, from: number, out: Float64Array, slot: number): number {
    const { view } = frame;
    let at = from;
    let word = view.getInt32(at, true) ^ ZEROS;
    let others = ((word + ABOVE_NINE) | word) & HIGH_BITS;
    let whole = 0;
    if (others === 0) {
      whole = fourDigits(word);
      at = (at + 4) | 0;
      word = view.getInt32(at, true) ^ ZEROS;
      others = ((word + ABOVE_NINE) | word) & HIGH_BITS;
      if (others === 0) return this.scan(frame.bytes, from, out, slot);
    }
    let digits = digitsBefore(others);
    let shift = 16 - 4 * digits;
    whole = (Math.imul(whole, TENS[digits]!) + fourDigits((word << shift) << shift)) | 0;
    at = (at + digits) | 0;
    let stop = (word >> (8 * digits)) & 255;
    if (at === from) return this.scan(frame.bytes, from, out, slot);
    let steps = whole * this.#power;
    if (stop === DOT_OF_WORD) {
      at = (at + 1) | 0;
      const point = at;
      word = view.getInt32(at, true) ^ ZEROS;
      others = ((word + ABOVE_NINE) | word) & HIGH_BITS;
      let part = 0;
      if (others === 0) {
        part = fourDigits(word);
        at = (at + 4) | 0;
        word = view.getInt32(at, true) ^ ZEROS;
        others = ((word + ABOVE_NINE) | word) & HIGH_BITS;
      }
      if (others === 0) {
        part = (Math.imul(part, 10_000) + fourDigits(word)) | 0;
        at = (at + 4) | 0;
        stop = frame.bytes[at]! ^ ZERO;
      } else {
        digits = digitsBefore(others);
        shift = 16 - 4 * digits;
        part = (Math.imul(part, TENS[digits]!) + fourDigits((word << shift) << shift)) | 0;
        at = (at + digits) | 0;
        stop = (word >> (8 * digits)) & 255;
      }
      const surplus = (at - point - this.#scale) | 0;
      if (surplus <= 0) steps += part * TENS[(0 - surplus) | 0]!;
      else {
        const unit = TENS[surplus]!;
        const kept = (part / unit) | 0;
        if (Math.imul(kept, unit) !== part) return this.scan(frame.bytes, from, out, slot);
        steps += kept;
      }
    }
    const isDone = stop === QUOTE_OF_WORD && this.#scale >= 0 && this.#numerator === 1 && steps <= MAX_STEPS;
    if (!isDone) return this.scan(frame.bytes, from, out, slot);
    out[slot] = steps;
    return at;
  }

  #long(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
    let at = from;
    while (at < bytes.length && isNumeric(bytes[at]!)) at++;
    const steps = this.grid.parseBytes(bytes, from, at);
    if (!(steps >= 0)) return -1;
    out[slot] = steps;
    return at;
  }
}

/** The number that four digits of a word make, the first one in the lowest byte. */
function fourDigits(word: number): number {
  const pairs = (Math.imul(word, 10) + (word >>> 8)) & 0x00ff00ff;
  return (Math.imul(pairs, 100) + (pairs >>> 16)) & 0xffff;
}

/** Digits before the first byte that is none; of a word that has none such, something else. */
function digitsBefore(others: number): number {
  return (31 - Math.clz32(others & -others)) >> 3;
}

function isStop(byte: number): boolean {
  return byte === QUOTE || byte === COMMA || byte === RIGHT_BRACE || byte === RIGHT_BRACKET || byte === SPACE;
}

/** Digits, `.`, `+`, `-`, `e` and `E`. */
function isNumeric(byte: number): boolean {
  return (byte >= ZERO && byte <= 57) || byte === DOT || byte === 43 || byte === 45 || byte === 101 || byte === 69;
}
