/**
 * Fields of a flat JSON object in bytes: where the values of the keys that are wanted begin and end, without strings and objects. Values are
 * texts without escapes, numbers and words; anything else (lists, objects, spaces between) is for the full parser.
 */
import type { JsonObject } from '../../data/json.ts';
import { BACKSLASH, COLON, COMMA, LEFT_BRACE, QUOTE, RIGHT_BRACE, ascii } from '../scan/bytes.ts';
import { skipWord } from '../scan/json-words.ts';

const SPACE = 32;

/** What is flat of a message, as the venue writes its own. A minus zero stays what it is: no number of this venue. */
export function flatBytes(message: JsonObject): Buffer {
  const flat = Object.entries(message)
    .filter(([, value]) => typeof value !== 'object')
    .map(([name, value]) => [name, Object.is(value, -0) ? '-0' : value]);
  return Buffer.from(JSON.stringify(Object.fromEntries(flat)));
}

export class FlatFields {
  /** By key: where its value begins and ends, quotes not included; begins at -1 when there is none. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly #keys: readonly Uint8Array[];

  constructor(keys: readonly string[]) {
    this.#keys = keys.map(ascii);
    this.starts = new Int32Array(keys.length);
    this.ends = new Int32Array(keys.length);
  }

  /** @returns false when the bytes are not such an object; what was found is void then */
  scan(bytes: Uint8Array): boolean {
    const { starts, ends } = this;
    const { length } = bytes;
    starts.fill(-1);
    if (bytes[0] !== LEFT_BRACE) return false;
    let at = 1;
    for (;;) {
      if (bytes[at] !== QUOTE) return false;
      const keyStart = at + 1;
      const keyEnd = textEnd(bytes, keyStart);
      if (keyEnd < 0 || bytes[keyEnd + 1] !== COLON) return false;
      at = keyEnd + 2;
      const key = this.#keyAt(bytes, keyStart, keyEnd);
      if (key >= 0 && starts[key]! >= 0) return false;
      let start = at;
      let end: number;
      if (bytes[at] === QUOTE) {
        start = at + 1;
        end = textEnd(bytes, start);
        if (end < 0) return false;
        at = end + 1;
      } else {
        at = skipWord(bytes, at);
        if (at < 0) return false;
        end = at;
      }
      if (key >= 0) {
        starts[key] = start;
        ends[key] = end;
      }
      if (bytes[at] === COMMA) at++;
      else return bytes[at] === RIGHT_BRACE && at + 1 === length;
    }
  }

  has(key: number): boolean {
    return this.starts[key]! >= 0;
  }

  is(bytes: Uint8Array, key: number, text: Uint8Array): boolean {
    const start = this.starts[key]!;
    if (start < 0 || this.ends[key]! - start !== text.length) return false;
    for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false;
    return true;
  }

  /** The value as text; '' without one. */
  text(bytes: Uint8Array, key: number): string {
    const start = this.starts[key]!;
    const end = start < 0 ? start : this.ends[key]!;
    let text = '';
    for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i]!);
    return text;
  }

  #keyAt(bytes: Uint8Array, start: number, end: number): number {
    const keys = this.#keys;
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k]!;
      if (key.length !== end - start) continue;
      let i = 0;
      while (i < key.length && key[i] === bytes[start + i]) i++;
      if (i === key.length) return k;
    }
    return -1;
  }
}

function textEnd(bytes: Uint8Array, at: number): number {
  for (let i = at; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH || byte < SPACE || byte > 126) return -1;
  }
  return -1;
}
