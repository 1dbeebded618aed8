/** What a reader saw: rows, bad rows by kind, gaps and duplicates. Nothing is skipped in silence. */

/** Bad input at an edge: one line that says where, what was found and what was expected. The CLI prints it and exits 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

export interface BadRows {
  count: number;
  /** Line (text) or record number (binary), counted from 1, of the first one. */
  firstLine: number;
  /** What was found there, shortened. */
  example: string;
}

export class ReadReport {
  /** Rows, lines or frames read, good and bad, headers and blank lines excluded. */
  rows = 0;
  /** Well-formed rows that carry nothing for a book or a tape (heartbeats, acknowledgements), by kind. */
  readonly ignored = new Map<string, number>();
  readonly bad = new Map<string, BadRows>();
  /** Breaks in the venue's own numbering, with the line of each of the first hundred. */
  gaps = 0;
  readonly gapLines: number[] = [];
  /** Messages that repeat a number already seen. */
  duplicates = 0;
  firstDuplicateLine = 0;
  /** Facts about the recording that a person should know (no snapshot in it, clocks apart), one line each. */
  readonly notes: string[] = [];
  readonly #path: string;
  readonly #strict: boolean;

  constructor(path: string, strict: boolean) {
    this.#path = path;
    this.#strict = strict;
  }

  /** Counts a bad row. @throws InputError in strict mode. */
  addBad(kind: string, line: number, found: string): void {
    const example = found.length > 120 ? `${found.slice(0, 120)}…` : found;
    if (this.#strict) throw new InputError(`${this.#path}:${line}: ${kind}: found '${example}'`);
    const entry = this.bad.get(kind);
    if (entry === undefined) this.bad.set(kind, { count: 1, firstLine: line, example });
    else entry.count++;
  }

  addIgnored(kind: string): void {
    this.ignored.set(kind, (this.ignored.get(kind) ?? 0) + 1);
  }

  /** Counts a gap in the venue's numbering. @throws InputError in strict mode. */
  addGap(line: number, expected: string, found: string): void {
    if (this.#strict) throw new InputError(`${this.#path}:${line}: sequence gap: expected ${expected}, found ${found}`);
    this.gaps++;
    if (this.gapLines.length < 100) this.gapLines.push(line);
  }

  /** Counts a repeated message. @throws InputError in strict mode. */
  addDuplicate(line: number, found: string): void {
    if (this.#strict) throw new InputError(`${this.#path}:${line}: duplicate: ${found} was already read`);
    if (this.duplicates++ === 0) this.firstDuplicateLine = line;
  }

  get badRows(): number {
    let sum = 0;
    for (const entry of this.bad.values()) sum += entry.count;
    return sum;
  }
}
