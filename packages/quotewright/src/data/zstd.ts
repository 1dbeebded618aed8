/**
 * Streaming zstd of any number of frames (RFC 8878). Node's decompressor stops in silence at the end of the first frame
 * and cannot pass a skippable one, so frames are cut here by their headers and each is given a decompressor of its own.
 */
import { createZstdDecompress } from 'node:zlib';
import { broken, through } from './decompress.ts';
import { InputError } from './report.ts';

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
const DICTIONARY_BYTES = [0, 1, 2, 4];
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];

export async function* unzstd(
  path: string,
  input: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const cutter = new FrameCutter(path, input);
  try {
    while (await cutter.nextFrame()) {
      try {
        yield* through(cutter.frame(), createZstdDecompress());
      } catch (error) {
        throw broken(path, 'zstd', cutter.position, error);
      }
    }
  } finally {
    await input.return();
  }
}

/** Walks frame and block headers and hands out the bytes of one frame at a time, without decoding them. */
class FrameCutter {
  /** Compressed bytes passed so far. */
  position = 0;
  readonly #path: string;
  readonly #input: AsyncGenerator<Uint8Array, void, undefined>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(path: string, input: AsyncGenerator<Uint8Array, void, undefined>) {
    this.#path = path;
    this.#input = input;
  }

  /** True when a data frame starts here; skippable frames are passed over, the end of the file answers false. */
  async nextFrame(): Promise<boolean> {
    for (;;) {
      if (!(await this.#more())) return false;
      const start = this.position;
      const magic = leNumber(await this.#take(4));
      if (magic === FRAME_MAGIC) return true;
      if ((magic & 0xfffffff0) >>> 0 !== SKIPPABLE_MAGIC) {
        throw new InputError(`${this.#path}: zstd data ends at byte ${start}, what follows is not zstd`);
      }
      const length = leNumber(await this.#take(4));
      for await (const part of this.#pass(length)) void part;
    }
  }

  /** The frame whose magic number `nextFrame` has read. */
  async *frame(): AsyncGenerator<Uint8Array, void, undefined> {
    const magic = new Uint8Array(4);
    new DataView(magic.buffer).setUint32(0, FRAME_MAGIC, true);
    yield magic;
    const descriptor = await this.#take(1);
    const flags = descriptor[0]!;
    yield descriptor;
    const singleSegment = (flags & 0x20) !== 0;
    const contentSize = flags >> 6;
    const rest =
      (singleSegment ? 0 : 1) +
      DICTIONARY_BYTES[flags & 3]! +
      (contentSize === 0 && singleSegment ? 1 : CONTENT_SIZE_BYTES[contentSize]!);
    yield await this.#take(rest);
    for (let last = false; !last;) {
      const header = await this.#take(3);
      yield header;
      const word = leNumber(header);
      last = (word & 1) === 1;
      const isRunLength = ((word >> 1) & 3) === 1;
      yield* this.#pass(isRunLength ? 1 : word >> 3);
    }
    if ((flags & 4) !== 0) yield await this.#take(4);
  }

  async #more(): Promise<boolean> {
    while (this.#at === this.#chunk.length) {
      const { done, value } = await this.#input.next();
      if (done === true) return false;
      this.#chunk = value;
      this.#at = 0;
    }
    return true;
  }

  async *#pass(length: number): AsyncGenerator<Uint8Array, void, undefined> {
    for (let left = length; left > 0;) {
      if (!(await this.#more())) throw new InputError(`${this.#path}: zstd data is truncated at byte ${this.position}`);
      const part = this.#chunk.subarray(this.#at, this.#at + left);
      this.#at += part.length;
      this.position += part.length;
      left -= part.length;
      yield part;
    }
  }

  async #take(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    for await (const part of this.#pass(length)) {
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }
}

function leNumber(bytes: Uint8Array): number {
  let value = 0;
  for (let i = bytes.length - 1; i >= 0; i--) value = value * 256 + bytes[i]!;
  return value;
}
