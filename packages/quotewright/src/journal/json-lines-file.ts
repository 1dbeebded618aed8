/** A file of JSON Lines, written in large blocks. */
import { closeSync, openSync, writeSync } from 'node:fs';

const BLOCK_CHARS = 1 << 16;

export class JsonLinesFile {
  #text = '';
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(value: unknown): void {
    this.#text += `${JSON.stringify(value)}\n`;
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
