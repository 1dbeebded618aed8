/** The elements of one huge JSON array, as texts, in blocks: the array is never held whole. */
import { InputError } from './report.ts';
import type { Source } from './source.ts';

/** Longest element that is read. */
const MAX_ELEMENT_BYTES = 64 * 1024 * 1024;

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const OPEN = 91;
const CLOSE = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

export interface ElementBlock {
  readonly texts: readonly string[];
  /** Number of its first element, from 1. */
  readonly first: number;
}

/**
 * Splits the array that a source holds into its elements. Their own syntax is for `JSON.parse` to judge.
 * @throws InputError when the source is no array, or ends before the array does.
 */
export async function* jsonElements(source: Source): AsyncGenerator<ElementBlock, void, undefined> {
  const splitter = new Splitter(source.path);
  let first = 1;
  for await (const chunk of source.chunks()) {
    const texts = splitter.feed(chunk);
    if (texts.length > 0) yield { texts, first };
    first += texts.length;
  }
  splitter.finish();
}

class Splitter {
  readonly #path: string;
  /** Bytes of an element that began in an earlier chunk. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  /** Brackets open: 0 outside the array, 1 between its elements. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #done = false;
  #elements = 0;

  constructor(path: string) {
    this.#path = path;
  }

  feed(chunk: Uint8Array): string[] {
    const texts: string[] = [];
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN || byte === OPEN_BRACE) {
        if (this.#depth++ === 0) {
          if (byte !== OPEN || this.#done) this.#fail(`found '${String.fromCharCode(byte)}' outside the array`);
          start = i + 1;
        }
      } else if (byte === CLOSE || byte === CLOSE_BRACE) {
        if (--this.#depth === 0) {
          this.#push(texts, chunk.subarray(start, i), true);
          this.#done = true;
        } else if (this.#depth < 0) this.#fail('found a closing bracket outside the array');
      } else if (byte === COMMA && this.#depth === 1) {
        this.#push(texts, chunk.subarray(start, i), false);
        start = i + 1;
      } else if (this.#depth === 0 && byte > 32 && !isMark(byte)) {
        this.#fail(`found '${String.fromCharCode(byte)}', expected a JSON array`);
      }
    }
    if (this.#depth > 0) this.#hold(chunk.subarray(start));
    return texts;
  }

  finish(): void {
    if (!this.#done) this.#fail('the array is truncated');
  }

  #push(texts: string[], part: Uint8Array, isLast: boolean): void {
    const bytes = this.#heldBytes === 0 ? part : Buffer.concat([...this.#held, part]);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8').trim();
    this.#held = [];
    this.#heldBytes = 0;
    // `[]` holds nothing; a comma before the bracket leaves an empty element, which is malformed.
    if (isLast && text === '' && this.#elements === 0) return;
    texts.push(text);
    this.#elements++;
  }

  #hold(part: Uint8Array): void {
    this.#heldBytes += part.length;
    if (this.#heldBytes > MAX_ELEMENT_BYTES) this.#fail(`an element is longer than ${MAX_ELEMENT_BYTES} bytes`);
    if (part.length > 0) this.#held.push(part.slice());
  }

  #fail(what: string): never {
    throw new InputError(`${this.#path}: element ${this.#elements + 1}: ${what}`);
  }
}

/** A byte of the UTF-8 byte order mark. */
function isMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf;
}
