/**
 * Scanning of JSON in the bytes of a frame, without strings and objects. A scanner takes a place and answers the place behind what it
 * read, or -1 when the bytes have another shape: the frame is then left to the full parser. Numbers go to slots of a Float64Array, because
 * a float64 that a call returns is an allocation. Reading beyond the end answers undefined, which equals nothing: it ends in -1.
 */
export const QUOTE = 34;
export const COMMA = 44;
export const MINUS = 45;
export const DOT = 46;
export const ZERO = 48;
export const COLON = 58;
export const LEFT_BRACKET = 91;
export const BACKSLASH = 92;
export const RIGHT_BRACKET = 93;
export const LEFT_BRACE = 123;
export const RIGHT_BRACE = 125;

/** The bytes of a text of ASCII, for `matchesAt`. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Whether the bytes from `at` are those of the pattern. */
export function matchesAt(bytes: Uint8Array, at: number, pattern: Uint8Array): boolean {
  const { length } = pattern;
  for (let i = 0; i < length; i++) if (bytes[at + i] !== pattern[i]) return false;
  return true;
}

/** The place behind the pattern, or -1 when something else stands there. `at` may be -1, and is answered then. */
export function skipText(bytes: Uint8Array, at: number, pattern: Uint8Array): number {
  return at >= 0 && matchesAt(bytes, at, pattern) ? at + pattern.length : -1;
}

/** The closing quote of the string whose first character is at `at`; -1 without one, or when the string holds an escape. */
export function stringEnd(bytes: Uint8Array, at: number): number {
  const { length } = bytes;
  for (let i = at; i < length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) return -1;
  }
  return -1;
}
