/** A terminal that keeps what stands on it: text, line ends, and the sequences that move the cursor or clear what is below it. */
import { Writable } from 'node:stream';

const ESCAPE = String.fromCodePoint(27);
const PART = new RegExp(`${ESCAPE}\\[(\\d*)(?:;\\d+)?([A-Za-z])|\\n|[^${ESCAPE}\\n]+`, 'gu');

export class FakeTerminal extends Writable {
  readonly lines: string[] = [''];
  columns: number;
  readonly rows: number;
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  /** Another width: what stands there is folded, as terminals do. */
  narrow(columns: number): void {
    this.columns = columns;
    const folded = this.lines.flatMap((line) =>
      line === ''
        ? ['']
        : Array.from({ length: Math.ceil(line.length / columns) }, (_, i) =>
            line.slice(i * columns, (i + 1) * columns),
          ),
    );
    this.lines.splice(0, this.lines.length, ...folded);
    this.#row = this.lines.length - 1;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (const [part, digits = '', code] of chunk.toString().matchAll(PART)) this.#take(part, Number(digits), code);
    done();
  }

  #take(part: string, number: number, code: string | undefined): void {
    if (part === '\n') {
      this.#row++;
      this.#column = 0;
      this.lines[this.#row] ??= '';
    } else if (code === 'A') this.#row = Math.max(0, this.#row - number);
    else if (code === 'G') this.#column = number - 1;
    else if (code === 'J') {
      this.lines.length = this.#row + 1;
      this.lines[this.#row] = this.lines[this.#row]!.slice(0, this.#column);
    } else if (code === undefined) {
      const line = this.lines[this.#row]!;
      this.lines[this.#row] =
        line.slice(0, this.#column).padEnd(this.#column) + part + line.slice(this.#column + part.length);
      this.#column += part.length;
    }
  }
}
