/**
 * A file that grows by zstd frames: what is added is kept in memory, and at each flush becomes a frame of its own, so that a process that
 * is killed leaves at most its last frame torn. Compressed on another thread; durable when `flush` has ended.
 */
import { type FileHandle, open, rename } from 'node:fs/promises';
import { frameOf } from './whole-frames.ts';

/** While a file grows its name ends so. */
export const GROWING = '.part';

export class FrameFile {
  readonly path: string;
  /** Bytes on the disk. */
  bytes = 0;
  /** Bytes that were added and are in memory only, not compressed. */
  waiting = 0;
  #pending: Uint8Array[] = [];
  #opened: Promise<FileHandle>;
  /** Flushes follow each other. */
  #last: Promise<unknown>;

  /**
   * @param path its name when it is complete; `wx`: there must be none
   * @param after nothing is written before: the last flush of the file that this one goes on from
   */
  constructor(path: string, after: Promise<unknown> = Promise.resolve()) {
    this.path = path;
    this.#last = after;
    this.#opened = open(path + GROWING, 'wx');
    // Whoever flushes is told.
    for (const each of [this.#opened, after]) each.catch(() => undefined);
  }

  /** The bytes are kept until the next flush. */
  add(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.waiting += bytes.length;
  }

  /** @throws the system's error when it cannot be written */
  async flush(): Promise<void> {
    const parts = this.#pending;
    this.#pending = [];
    const before = this.#last;
    const done = (async () => {
      await before;
      const file = await this.#opened;
      if (parts.length === 0) return;
      const content = Buffer.concat(parts);
      const frame = await frameOf(content);
      await file.writeFile(frame);
      await file.datasync();
      this.bytes += frame.length;
      this.waiting -= content.length;
    })();
    this.#last = done;
    return done;
  }

  /**
   * The last flush, and its name for good.
   * @param begun until then it looks as one that was cut off: the first flush of the file that goes on from this one
   * @throws the system's error
   */
  async finish(begun: Promise<unknown> = Promise.resolve()): Promise<void> {
    await Promise.all([this.flush(), begun]);
    const file = await this.#opened;
    await file.close();
    await rename(this.path + GROWING, this.path);
  }
}
