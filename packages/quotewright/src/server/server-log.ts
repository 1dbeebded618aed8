/** What goes wrong in the server: each fault is a line in a file, and now and then an alert that says where to look. */
import { join } from 'node:path';
import { LinesFile } from '../alerts/lines-file.ts';
import { redactor } from '../audit/redactor.ts';
import type { FromServer } from './link.ts';

const FILE = 'server.log';
/** Between two alerts that say so, and lines that are written meanwhile: what fails a thousand times a second is not told each time. */
const QUIET_MS = 60_000;
const MOST_LINES = 100;

export class ServerLog {
  readonly #path: string;
  readonly #post: (message: FromServer) => void;
  #file: LinesFile | undefined;
  #toldMs = Number.NEGATIVE_INFINITY;
  #lines = 0;

  /** @param dir of the session, or of the home */
  constructor(dir: string, post: (message: FromServer) => void) {
    this.#path = join(dir, FILE);
    this.#post = post;
  }

  readonly say = (line: string): void => {
    const nowMs = performance.now();
    const isNew = nowMs - this.#toldMs >= QUIET_MS;
    if (isNew) {
      this.#toldMs = nowMs;
      this.#lines = 0;
    }
    if (this.#lines++ >= MOST_LINES) return;
    const text = redactor.text(line.replaceAll('\n', ' '));
    // There is no file before there is something to say.
    this.#file ??= new LinesFile(this.#path);
    this.#file.write(`${new Date().toISOString()} ${text}`);
    if (isNew) this.complain('WARNING', `the server has failed at something: ${text.slice(0, 200)} (${this.#path})`);
  };

  complain(severity: 'WARNING' | 'CRITICAL', detail: string): void {
    this.#post({ type: 'complaint', severity, detail: redactor.text(detail) });
  }

  async close(graceMs: number): Promise<void> {
    await this.#file?.close(graceMs);
  }
}
