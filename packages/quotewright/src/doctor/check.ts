/** What the doctor finds: one line each, and what to do about it. */

export type Grade = 'pass' | 'warn' | 'fail';

export interface Check {
  /** Of what: a venue, or `machine`. */
  readonly of: string;
  /** What was looked at, as `clock`. */
  readonly name: string;
  readonly grade: Grade;
  /** What was found. */
  readonly text: string;
  /** What to do; empty when nothing is to be done. */
  readonly todo: string;
}

/** Takes what is found of one thing. */
export class Findings {
  readonly #of: string;
  readonly #found: (check: Check) => void;

  constructor(of: string, found: (check: Check) => void) {
    this.#of = of;
    this.#found = found;
  }

  pass(name: string, text: string): void {
    this.#found({ of: this.#of, name, grade: 'pass', text, todo: '' });
  }

  warn(name: string, text: string, todo: string): void {
    this.#found({ of: this.#of, name, grade: 'warn', text, todo });
  }

  fail(name: string, text: string, todo: string): void {
    this.#found({ of: this.#of, name, grade: 'fail', text, todo });
  }
}
