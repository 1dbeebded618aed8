/** Two files in step, line by line: each side of a LOBSTER sample is read with one of these. Blank lines are passed over. */
import { isBlank } from '../csv.ts';
import { LineReader } from '../lines.ts';
import type { LineBlock } from '../lines.ts';
import type { Source } from '../source.ts';

/** The line at `[start, end)` of each file in turn. */
export class LineCursor {
  line = 0;
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  end = -1;
  #limit = 0;
  readonly #blocks: AsyncGenerator<LineBlock, void, undefined>;

  constructor(source: Source) {
    this.#blocks = new LineReader(source).blocks();
  }

  /** Steps to the next line of the block; false when the block is used up. */
  advance(): boolean {
    const start = this.end + 1;
    if (start >= this.#limit) return false;
    const end = this.bytes.indexOf(10, start);
    this.start = start;
    this.end = end < 0 || end > this.#limit ? this.#limit : end;
    this.line++;
    return !isBlank(this.bytes, this.start, this.end) || this.advance();
  }

  async refill(): Promise<boolean> {
    const { done, value } = await this.#blocks.next();
    if (done === true) return false;
    this.bytes = value.bytes;
    this.end = value.start - 1;
    this.#limit = value.end;
    return this.advance() || this.refill();
  }

  /** Steps to the next line; false at the end of the file. */
  async next(): Promise<boolean> {
    return this.advance() || this.refill();
  }

  async close(): Promise<void> {
    await this.#blocks.return();
  }
}
