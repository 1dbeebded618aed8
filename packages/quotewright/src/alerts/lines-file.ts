/** A file of lines that nobody waits for: what the disk cannot keep up with, or refuses, is dropped and counted. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import pino from 'pino';

/** Bytes that may wait to be written. */
const BUFFER_BYTES = 4 * 1024 * 1024;
export const STDERR = 2;

export class LinesFile {
  /** Lines for which there was no room, and writes that failed. */
  dropped = 0;
  readonly #destination: ReturnType<typeof pino.destination>;
  /** A terminal, where lines go the way of everything else that is written there, so that none is torn. */
  readonly #isTerminal: boolean;

  /** @param target a path, to which is appended, or a descriptor that stays open. @throws the system's error when it cannot be opened */
  constructor(target: string | typeof STDERR) {
    this.#isTerminal = target === STDERR && process.stderr.isTTY;
    const dest = typeof target === 'string' ? openLines(target) : target;
    this.#destination = pino.destination({ dest, sync: false, maxLength: BUFFER_BYTES });
    this.#destination.on('drop', () => this.dropped++);
    // A full disk: the write is tried again with the next line.
    this.#destination.on('error', () => this.dropped++);
  }

  write(line: string): void {
    if (this.#isTerminal) process.stderr.write(`${line}\n`);
    else this.#destination.write(`${line}\n`);
  }

  /** Writes what waits, if that is possible, and closes the file; gives up after so many milliseconds. */
  async close(graceMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      // A pipe that nobody reads takes nothing, for ever.
      const timer = setTimeout(() => {
        this.dropped++;
        resolve();
      }, graceMs);
      this.#destination.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#destination.once('error', () => this.#destination.destroy());
      this.#destination.end();
    });
  }
}

/** Opens a file to append lines; one that a crash has cut off gets its end, so that the next one stands alone. */
function openLines(path: string): number {
  const file = openSync(path, 'a+', 0o600);
  try {
    const found = fstatSync(file);
    const last = Buffer.alloc(1, '\n');
    if (found.isFile() && found.size > 0) readSync(file, last, 0, 1, found.size - 1);
    if (last.toString() !== '\n') writeSync(file, '\n');
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return file;
}
