/** A CSV file that grows line by line, written in large blocks. Fields hold numbers, ISO times and symbols; others are quoted. */
import { closeSync, openSync, writeSync } from 'node:fs';

const BLOCK_CHARS = 1 << 16;

export class CsvFile {
  #text = '';
  readonly #file: number;

  constructor(path: string, header: readonly string[]) {
    this.#file = openSync(path, 'w');
    this.line(header);
  }

  /** Appends a row; NaN is an empty field. */
  line(fields: readonly (string | number)[]): void {
    this.#text += `${fields.map(fieldText).join(',')}\n`;
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

function fieldText(field: string | number): string {
  if (typeof field === 'number') return Number.isNaN(field) ? '' : String(field);
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
