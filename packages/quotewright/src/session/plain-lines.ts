/** The status where there is no terminal: a line every ten seconds. */
import type { Reporter, SessionIntro } from './reporter.ts';
import { introLines, statusLine } from './status-text.ts';

const EVERY_MS = 10_000;

export class PlainLines implements Reporter {
  readonly #out: NodeJS.WritableStream;
  readonly #errors: NodeJS.WritableStream;
  readonly #isPaced: boolean;
  #timer: NodeJS.Timeout | undefined;

  /** @param isPaced false: it goes as fast as it can, and is told when it is over */
  constructor(out: NodeJS.WritableStream, errors: NodeJS.WritableStream, isPaced: boolean) {
    this.#out = out;
    this.#errors = errors;
    this.#isPaced = isPaced;
  }

  readonly say = (text: string): void => {
    this.#errors.write(text);
  };

  begin(intro: SessionIntro): void {
    for (const line of introLines(intro)) this.#out.write(`${line}\n`);
    if (!this.#isPaced) return;
    this.#timer = setInterval(() => this.#out.write(`${statusLine(intro.status())}\n`), EVERY_MS);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
