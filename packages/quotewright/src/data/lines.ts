/**
 * Lines of a recording: as byte blocks for hot readers, as strings for JSON lines. `\n` and `\r\n` end a line, the last
 * one may lack its end, a UTF-8 byte order mark is passed over. Blank lines are lines and count.
 */
import { InputError } from './report.ts';
import type { Source } from './source.ts';

/** A block of whole lines. Valid until the next one is asked for. */
export interface LineBlock {
  readonly bytes: Uint8Array;
  /** `[start, end)` holds whole lines, each ended by `\n` except possibly the very last of the file. */
  readonly start: number;
  readonly end: number;
  /** Number of its first line, from 1. */
  readonly firstLine: number;
  /** Lines in it. A reader that has counted them anyway writes it here, and spares the line reader the count. */
  lineCount: number;
}

/** Longest line that is read; a longer one means that the file is no text. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

const BLOCK_BYTES = 1024 * 1024;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

export class LineReader {
  readonly #source: Source;
  readonly #maxLineBytes: number;

  constructor(source: Source, maxLineBytes = MAX_LINE_BYTES) {
    this.#source = source;
    this.#maxLineBytes = maxLineBytes;
  }

  async *blocks(): AsyncGenerator<LineBlock, void, undefined> {
    let buffer = Buffer.allocUnsafe(BLOCK_BYTES);
    // `[0, held)` is an unfinished line, or the start of the file.
    let held = 0;
    let line = 1;
    let atStart = true;
    for await (const chunk of this.#source.chunks()) {
      let from = 0;
      while (from < chunk.length) {
        if (held === buffer.length) buffer = this.#grown(buffer, line);
        const length = Math.min(buffer.length - held, chunk.length - from);
        buffer.set(chunk.subarray(from, from + length), held);
        from += length;
        const filled = held + length;
        // Blocks are handed out when the buffer is full, so that a source of tiny chunks still makes large blocks.
        if (filled < buffer.length) {
          held = filled;
          continue;
        }
        const end = buffer.lastIndexOf(NEWLINE, filled - 1) + 1;
        if (end === 0) {
          held = filled;
          continue;
        }
        const block = blockOf(buffer, end, line, atStart);
        yield block;
        line += block.lineCount < 0 ? countLines(block) : block.lineCount;
        atStart = false;
        buffer.copyWithin(0, end, filled);
        held = filled - end;
      }
    }
    if (held > 0) yield blockOf(buffer, held, line, atStart);
  }

  #grown(buffer: Buffer, line: number): Buffer<ArrayBuffer> {
    if (buffer.length >= this.#maxLineBytes) {
      throw new InputError(`${this.#source.path}:${line}: line is longer than ${this.#maxLineBytes} bytes`);
    }
    const larger = Buffer.allocUnsafe(buffer.length * 2);
    larger.set(buffer);
    return larger;
  }
}

/** A block of lines as strings (UTF-8), without their line ends. */
export interface TextBlock {
  readonly lines: readonly string[];
  /** Number of its first line, from 1. */
  readonly firstLine: number;
}

/** Lines as strings, in blocks, for readers whose rows are JSON or rare. */
export async function* textLines(source: Source): AsyncGenerator<TextBlock, void, undefined> {
  for await (const block of new LineReader(source).blocks()) {
    const { bytes, start, end } = block;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
    const lines = text.split('\n');
    if (text.endsWith('\n')) lines.pop();
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      if (line.charCodeAt(line.length - 1) === CARRIAGE_RETURN) lines[i] = line.slice(0, -1);
    }
    block.lineCount = lines.length;
    yield { lines, firstLine: block.firstLine };
  }
}

function blockOf(buffer: Buffer, end: number, firstLine: number, atStart: boolean): LineBlock {
  const hasMark = atStart && end >= 3 && buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf;
  return { bytes: buffer, start: hasMark ? 3 : 0, end, firstLine, lineCount: -1 };
}

function countLines({ bytes, start, end }: LineBlock): number {
  let count = 0;
  for (let i = start; i < end; i++) if (bytes[i] === NEWLINE) count++;
  return count;
}
