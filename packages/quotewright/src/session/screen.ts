/** The status on a terminal: a few lines that change in place, four times a second at most. What else is said stands above them. */
import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, SessionIntro } from './reporter.ts';
import { screenLines } from './status-text.ts';

const EVERY_MS = 250;
const COLUMNS = 80;
const ROWS = 24;

export type Terminal = Writable & { readonly columns?: number; readonly rows?: number };

export class Screen implements Reporter {
  readonly #out: Terminal;
  readonly #errors: Pick<NodeJS.WriteStream, 'write'> | undefined;
  #intro: SessionIntro | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Widths of the lines that stand on the terminal now. */
  #drawn: number[] = [];
  /** What the errors' stream did before. */
  #write: NodeJS.WriteStream['write'] | undefined;

  /** @param errors another stream of the same terminal: what is written to it goes above the status too */
  constructor(out: Terminal, errors?: Pick<NodeJS.WriteStream, 'write'>) {
    this.#out = out;
    this.#errors = errors;
  }

  readonly say = (text: string): void => this.#redraw(text);

  begin(intro: SessionIntro): void {
    this.#intro = intro;
    const errors = this.#errors;
    if (errors !== undefined) {
      // oxlint-disable-next-line unbound-method -- it is bound where it is called
      this.#write = errors.write;
      errors.write = (text: string | Uint8Array): boolean => {
        this.say(typeof text === 'string' ? text : Buffer.from(text).toString());
        return true;
      };
    }
    this.#redraw('');
    this.#timer = setInterval(() => this.#redraw(''), EVERY_MS);
  }

  /** The last status stays where it is. */
  end(): void {
    clearInterval(this.#timer);
    if (this.#intro === undefined) return;
    this.#redraw('');
    this.#intro = undefined;
    this.#drawn = [];
    if (this.#errors !== undefined && this.#write !== undefined) this.#errors.write = this.#write;
  }

  /** @param above whole lines that are said; they stay */
  #redraw(above: string): void {
    const out = this.#out;
    const { columns = COLUMNS, rows = ROWS } = out;
    // All at once, or the terminal flickers.
    out.cork();
    if (this.#drawn.length > 0) {
      // A terminal that has become narrower has folded what stands on it; what has left it at the top cannot be reached.
      const height = this.#drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
      moveCursor(out, 0, -Math.min(height, rows - 1));
      cursorTo(out, 0);
      clearScreenDown(out);
      this.#drawn = [];
    }
    if (above !== '') out.write(above);
    if (this.#intro !== undefined) {
      const lines = screenLines(this.#intro, this.#intro.status(), columns, Math.min(rows, ROWS));
      out.write(`${lines.join('\n')}\n`);
      this.#drawn = lines.map((line) => stripVTControlCharacters(line).length);
    }
    out.uncork();
  }
}
