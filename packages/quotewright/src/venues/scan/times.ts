/** Times in bytes, as nanoseconds since the midnight of an epoch day: see `bytes.ts` and the core's `base/time.ts`. */
import { NS_PER_SECOND, SECONDS_PER_DAY, parseIsoBytesNs } from '@quotewright/core/base/time';
import { COLON, DOT, MINUS, ZERO } from './bytes.ts';
import { scanInteger } from './integers.ts';

const UPPER_T = 84;
const UPPER_Z = 90;
/** `YYYY-MM-DDT`. */
const DAY = 11;
const NS_PER_DIGIT = Float64Array.from({ length: 10 }, (_, digits) => 10 ** (9 - digits));

export class TimeScan {
  readonly #epochDay: number;
  readonly #epochMs: number;
  /** The date that was read last, and its midnight: a feed's dates are nearly always the same one. */
  readonly #day = new Uint8Array(DAY);
  readonly #midnightNs = new Float64Array(1);

  constructor(epochDay: number) {
    this.#epochDay = epochDay;
    this.#epochMs = epochDay * SECONDS_PER_DAY * 1e3;
  }

  /** Digits of Unix milliseconds. @returns the place behind them; -1 when they are none, or more than fifteen */
  unixMs(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
    const at = scanInteger(bytes, from, out, slot);
    if (at >= 0) out[slot] = (out[slot]! - this.#epochMs) * 1e6;
    return at;
  }

  /** Digits of Unix microseconds. */
  unixUs(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
    const at = scanInteger(bytes, from, out, slot);
    if (at >= 0) out[slot] = (out[slot]! - this.#epochMs * 1e3) * 1e3;
    return at;
  }

  /** `YYYY-MM-DDTHH:MM:SS[.fraction]Z`, nine digits of fraction at most. @returns the place behind it; -1 when it is another shape */
  iso(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
    const { length } = bytes;
    if (from + DAY + 8 >= length || !this.#takeDay(bytes, from)) return -1;
    const hours = two(bytes, from + DAY);
    const minutes = two(bytes, from + DAY + 3);
    const seconds = two(bytes, from + DAY + 6);
    if (hours < 0 || minutes < 0 || seconds < 0 || hours > 23 || minutes > 59 || seconds > 59) return -1;
    if (bytes[from + DAY + 2] !== COLON || bytes[from + DAY + 5] !== COLON) return -1;
    let at = from + DAY + 8;
    let part = 0;
    let digits = 0;
    if (bytes[at] === DOT) {
      at++;
      let digit = 0;
      while (digits < 9 && at < length && (digit = (bytes[at]! - ZERO) >>> 0) < 10) {
        part = (Math.imul(part, 10) + digit) | 0;
        digits++;
        at++;
      }
      if (digits === 0) return -1;
    }
    if (bytes[at] !== UPPER_Z) return -1;
    out[slot] =
      this.#midnightNs[0]! + (hours * 3600 + minutes * 60 + seconds) * NS_PER_SECOND + part * NS_PER_DIGIT[digits]!;
    return at + 1;
  }

  #takeDay(bytes: Uint8Array, from: number): boolean {
    const day = this.#day;
    let i = DAY - 1;
    while (i >= 0 && bytes[from + i] === day[i]) i--;
    if (i < 0) return true;
    if (bytes[from + DAY - 1] !== UPPER_T || bytes[from + 4] !== MINUS || bytes[from + 7] !== MINUS) return false;
    const midnightNs = parseIsoBytesNs(bytes, from, from + DAY - 1, this.#epochDay);
    if (midnightNs !== midnightNs) return false;
    this.#midnightNs[0] = midnightNs;
    day.set(bytes.subarray(from, from + DAY));
    return true;
  }
}

/** Two digits within the bytes; -1 when they are none. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at]! - ZERO) >>> 0;
  const ones = (bytes[at + 1]! - ZERO) >>> 0;
  return tens < 10 && ones < 10 ? tens * 10 + ones : -1;
}
