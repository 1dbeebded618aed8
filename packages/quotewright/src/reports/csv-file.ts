/** A CSV file that grows line by line. Fields hold numbers, ISO times and symbols; others are quoted. */
import { TextFile } from '../data/text-file.ts';

export class CsvFile {
  readonly #file: TextFile;

  constructor(path: string, header: readonly string[]) {
    this.#file = new TextFile(path);
    this.line(header);
  }

  /** Appends a row; NaN is an empty field. */
  line(fields: readonly (string | number)[]): void {
    this.#file.write(`${fields.map(fieldText).join(',')}\n`);
  }

  close(): void {
    this.#file.close();
  }
}

function fieldText(field: string | number): string {
  if (typeof field === 'number') return Number.isNaN(field) ? '' : String(field);
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
