/** Values of JSON that are not between quotes, and that nobody wants: they are whole or they are not. Source: RFC 8259. */
import { ascii, DOT, MINUS, skipText, ZERO } from './bytes.ts';

const PLUS = 43;
const UPPER_E = 69;
const LOWER_E = 101;
/** By their first letter. */
const WORDS = ['true', 'false', 'null'].map(ascii);

/** The place behind a number, `true`, `false` or `null`; -1 when there is none. */
export function skipWord(bytes: Uint8Array, from: number): number {
  const first = bytes[from];
  for (let i = 0; i < WORDS.length; i++) if (WORDS[i]![0] === first) return skipText(bytes, from, WORDS[i]!);
  return skipNumber(bytes, from);
}

/** The place behind a JSON number; -1 when there is none. */
export function skipNumber(bytes: Uint8Array, from: number): number {
  let at = bytes[from] === MINUS ? from + 1 : from;
  const whole = at;
  at = skipDigits(bytes, at);
  if (at < 0 || (bytes[whole] === ZERO && at - whole > 1)) return -1;
  if (bytes[at] === DOT) at = skipDigits(bytes, at + 1);
  if (at < 0 || (bytes[at] !== LOWER_E && bytes[at] !== UPPER_E)) return at;
  const sign = bytes[at + 1];
  return skipDigits(bytes, sign === MINUS || sign === PLUS ? at + 2 : at + 1);
}

/** The place behind one digit or more; -1 when there is none. */
function skipDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && (bytes[at]! - ZERO) >>> 0 < 10) at++;
  return at === from ? -1 : at;
}
