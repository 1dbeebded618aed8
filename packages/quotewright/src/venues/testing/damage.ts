/** Ways in which a frame is damaged, each a function of its bytes and a seeded stream. */
import type { Random } from '@quotewright/core/base/random';

export type Damage = (bytes: Uint8Array, random: Random) => Uint8Array;

const ZERO = 48;
const NINE = 57;
const BRACKETS = '[]{}",:';
const STRANGE = [
  '\u{1F4A5}',
  '\uFEFF',
  '\\u0000',
  '\uD800',
  'é',
  '\u202E',
  '\\',
  '\n',
  '\0',
  '""',
  'null',
  '[[[[',
  '}]}',
  '-0',
];
const NUMBERS = [
  '1e308',
  '-1',
  '9007199254740993',
  '0',
  '1e-400',
  'NaN',
  '00',
  '.5',
  '5.',
  '1'.repeat(400),
  '-0.0',
  '1E5',
  '0x10',
  '+7',
];

/** One to four bits are others. */
const bits: Damage = (bytes, random) => {
  const copy = Uint8Array.from(bytes);
  for (let n = 1 + (random.nextUint32() & 3); n > 0; n--)
    copy[at(random, copy.length)]! ^= 1 << (random.nextUint32() & 7);
  return copy;
};

/** The frame ends early, or lacks its beginning. */
const truncate: Damage = (bytes, random) => {
  const cut = at(random, bytes.length);
  return (random.nextUint32() & 3) === 0 ? bytes.slice(cut) : bytes.slice(0, cut);
};

/** A digit is another one: the frame stays well-formed. */
const digit: Damage = (bytes, random) => {
  const copy = Uint8Array.from(bytes);
  const place = seek(copy, random, (byte) => byte >= ZERO && byte <= NINE);
  if (place >= 0) copy[place] = ZERO + ((copy[place]! - ZERO + 1 + (random.nextUint32() % 9)) % 10);
  return copy;
};

/** A bracket, brace, quote, comma or colon is another, is twice there or is gone. */
const bracket: Damage = (bytes, random) => {
  const place = seek(bytes, random, (byte) => BRACKETS.includes(String.fromCharCode(byte)));
  if (place < 0) return bytes.slice();
  const other = BRACKETS.charCodeAt(random.nextUint32() % BRACKETS.length);
  const choice = random.nextUint32() % 3;
  return splice(bytes, place, choice === 1 ? place : place + 1, choice === 2 ? [] : [other]);
};

/** Text that no venue sends stands somewhere, in place of a byte or between two. */
const unicode: Damage = (bytes, random) => {
  const place = at(random, bytes.length);
  const text = Buffer.from(STRANGE[random.nextUint32() % STRANGE.length]!);
  return splice(bytes, place, place + (random.nextUint32() & 1), text);
};

/** A whole number's digits are replaced: huge, negative, malformed, with an exponent. */
const number: Damage = (bytes, random) => {
  const place = seek(bytes, random, isDigitOrDot);
  if (place < 0) return bytes.slice();
  let from = place;
  let to = place;
  while (from > 0 && isDigitOrDot(bytes[from - 1]!)) from--;
  while (to < bytes.length && isDigitOrDot(bytes[to]!)) to++;
  return splice(bytes, from, to, Buffer.from(NUMBERS[random.nextUint32() % NUMBERS.length]!));
};

/** A stretch of the frame stands elsewhere in it too. */
const shuffle: Damage = (bytes, random) => {
  const from = at(random, bytes.length);
  const stretch = bytes.slice(from, from + 1 + (random.nextUint32() % 40));
  const place = at(random, bytes.length);
  return splice(bytes, place, place + (random.nextUint32() & 1) * stretch.length, stretch);
};

export const DAMAGES = { bits, truncate, digit, bracket, unicode, number, shuffle } as const;
export type DamageName = keyof typeof DAMAGES;

function isDigitOrDot(byte: number): boolean {
  return (byte >= ZERO && byte <= NINE) || byte === 46;
}

function at(random: Random, length: number): number {
  return length === 0 ? 0 : random.nextUint32() % length;
}

/** The first place from a random one on whose byte is wanted; -1 when there is none. */
function seek(bytes: Uint8Array, random: Random, isWanted: (byte: number) => boolean): number {
  const first = at(random, bytes.length);
  for (let k = 0; k < bytes.length; k++) {
    const place = (first + k) % bytes.length;
    if (isWanted(bytes[place]!)) return place;
  }
  return -1;
}

function splice(bytes: Uint8Array, from: number, to: number, middle: ArrayLike<number>): Uint8Array {
  const head = bytes.subarray(0, from);
  const tail = bytes.subarray(Math.min(to, bytes.length));
  const result = new Uint8Array(head.length + middle.length + tail.length);
  result.set(head);
  result.set(middle, head.length);
  result.set(tail, head.length + middle.length);
  return result;
}
