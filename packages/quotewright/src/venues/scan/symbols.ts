/** Instruments found by their symbol in bytes, without making a string of it. */
import { ascii } from './bytes.ts';

export class SymbolTable {
  readonly #names: readonly Uint8Array[];
  /** Open addressing: 1 + index of the name; 0 = free. */
  readonly #places: Int32Array;
  readonly #mask: number;
  /** The one that was found last: frames of one instrument come in runs. */
  #last = 0;

  /** Symbols of ASCII, each of them once. */
  constructor(symbols: readonly string[]) {
    this.#names = symbols.map(ascii);
    let size = 8;
    while (size < symbols.length * 4) size *= 2;
    this.#mask = size - 1;
    this.#places = new Int32Array(size);
    for (const [i, name] of this.#names.entries()) {
      let place = hash(name, 0, name.length) & this.#mask;
      while (this.#places[place] !== 0) place = (place + 1) & this.#mask;
      this.#places[place] = i + 1;
    }
  }

  /** The index of the symbol at `bytes[start, end)`; -1 when it is none of them. */
  find(bytes: Uint8Array, start: number, end: number): number {
    if (this.#names.length > 0 && equals(this.#names[this.#last]!, bytes, start, end)) return this.#last;
    let place = hash(bytes, start, end) & this.#mask;
    for (;;) {
      const index = this.#places[place]! - 1;
      if (index < 0) return -1;
      if (equals(this.#names[index]!, bytes, start, end)) return (this.#last = index);
      place = (place + 1) & this.#mask;
    }
  }
}

/** FNV-1a. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = -2_128_831_035;
  for (let i = start; i < end; i++) value = Math.imul(value ^ bytes[i]!, 16_777_619);
  return value ^ (value >>> 15);
}

function equals(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name[i]) return false;
  return true;
}
