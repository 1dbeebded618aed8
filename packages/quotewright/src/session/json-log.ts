/** The status as lines of JSON, one a second. */
import type { Reporter, SessionIntro } from './reporter.ts';

const EVERY_MS = 1000;

export class JsonLog implements Reporter {
  readonly #out: NodeJS.WritableStream;
  #timer: NodeJS.Timeout | undefined;

  constructor(out: NodeJS.WritableStream) {
    this.#out = out;
  }

  readonly say = (text: string): void => {
    for (const line of text.split('\n')) if (line !== '') this.#line({ type: 'message', text: line });
  };

  begin({ url, tokenFile, dir, status }: SessionIntro): void {
    this.#line({ type: 'session', url: url ?? null, tokenFile: tokenFile ?? null, dir: dir ?? null });
    this.#timer = setInterval(() => this.#line({ type: 'status', ...status() }), EVERY_MS);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #line(fields: object): void {
    this.#out.write(`${JSON.stringify({ ...fields, wallMs: Date.now() })}\n`);
  }
}
