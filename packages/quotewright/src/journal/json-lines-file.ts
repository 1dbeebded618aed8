/** A file of JSON Lines. */
import { TextFile } from '../data/text-file.ts';

export class JsonLinesFile {
  readonly #file: TextFile;

  constructor(path: string) {
    this.#file = new TextFile(path);
  }

  write(value: unknown): void {
    this.#file.write(`${JSON.stringify(value)}\n`);
  }

  close(): void {
    this.#file.close();
  }
}
