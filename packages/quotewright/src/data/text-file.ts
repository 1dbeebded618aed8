/** A new file of text that grows piece by piece, written in large blocks. */
import { closeSync, openSync, writeSync } from 'node:fs';

const BLOCK_CHARS = 1 << 16;

export class TextFile {
  #text = '';
  readonly #file: number;

  /** @throws the system's error when it cannot be opened */
  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(text: string): void {
    this.#text += text;
    if (this.#text.length >= BLOCK_CHARS) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text);
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    this.#text = '';
  }
}
