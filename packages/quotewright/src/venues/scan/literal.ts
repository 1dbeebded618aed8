/** Texts that stand between values that vary, compared four bytes at a time. */

/** Four ASCII characters as `DataView.getInt32` reads them, little-endian. */
export function word(text: string): number {
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8) | (text.charCodeAt(2) << 16) | (text.charCodeAt(3) << 24);
}

/** Eight ASCII characters as `DataView.getFloat64` reads them, little-endian: no NaN, and equal to no other eight bytes. */
export function double(text: string): number {
  return new Float64Array(Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer)[0]!;
}

/** A text of at least four ASCII characters. */
export class Literal {
  readonly length: number;
  readonly #words: Int32Array;

  constructor(text: string) {
    this.length = text.length;
    // The last word overlaps the one before, when the length is no multiple of four.
    this.#words = Int32Array.from({ length: Math.ceil(text.length / 4) }, (_, i) =>
      word(text.slice(Math.min(4 * i, text.length - 4))),
    );
  }

  /** The place behind the text; -1 when something else stands at `at`. `at` may be -1, and is answered then. */
  skip(view: DataView, at: number): number {
    const words = this.#words;
    const { length } = this;
    if (at < 0 || at + length > view.byteLength) return -1;
    const last = words.length - 1;
    for (let i = 0; i < last; i++) if (view.getInt32(at + 4 * i, true) !== words[i]) return -1;
    return view.getInt32(at + length - 4, true) === words[last] ? at + length : -1;
  }
}
