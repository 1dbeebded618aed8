/**
 * Asks who runs the program. At a terminal what is secret is not shown; without one (a pipe, a script) each answer is a line of the input,
 * a private key in PEM being as many lines as it has.
 */
import { setTimeout as sleepFor } from 'node:timers/promises';
import { password } from '@inquirer/prompts';
import { InputError } from '../data/report.ts';

const MAX_BYTES = 256 * 1024;
const LINE_END = 0x0a;
const SILENCE_MS = 60_000;
const PEM_BEGIN = '-----BEGIN ';
const PEM_END = '-----END ';

export interface Questions {
  /** @param check what was expected; empty = it can be one. @throws InputError when there is no answer */
  ask(what: string, check?: (value: string) => string): Promise<string>;
}

export function questionsOf(input: NodeJS.ReadStream): Questions {
  return input.isTTY ? new TerminalQuestions() : new PipedQuestions(input);
}

class TerminalQuestions implements Questions {
  async ask(what: string, check: (value: string) => string = () => ''): Promise<string> {
    const validate = (value: string): true | string => {
      const expected = check(unescapedPem(value));
      return expected === '' ? true : `expected ${expected}`;
    };
    const stop = new AbortController();
    // The end of the input (Ctrl-D) ends the prompt without a word, and the process would end in the middle.
    const ended = (_text: unknown, { ctrl, name }: { readonly ctrl?: boolean; readonly name?: string }): void => {
      if (ctrl === true && name === 'd') stop.abort();
    };
    process.stdin.on('keypress', ended);
    try {
      const config = { message: what, validate, toggleMask: false };
      return unescapedPem(await password(config, { output: process.stderr, signal: stop.signal }));
    } catch (error) {
      if (error instanceof Error && /^(?:Exit|Abort)PromptError$/u.test(error.name))
        throw new InputError(`${what}: interrupted`);
      throw error;
    } finally {
      process.stdin.off('keypress', ended);
    }
  }
}

/** A pipe or a file; a pipe keeps the process alive only while an answer is waited for. */
interface PipedInput extends AsyncIterable<Uint8Array | string> {
  ref?(): unknown;
  unref?(): unknown;
}

/** Takes lines as they come: who writes them may leave the pipe open. */
export class PipedQuestions implements Questions {
  readonly #input: PipedInput;
  readonly #parts: AsyncIterator<Uint8Array | string>;
  readonly #silenceMs: number;
  #rest = Buffer.alloc(0);
  #taken = 0;
  #isEnded = false;

  /** @param silenceMs an answer is waited for so long */
  constructor(input: PipedInput, silenceMs = SILENCE_MS) {
    this.#input = input;
    this.#parts = input[Symbol.asyncIterator]();
    this.#silenceMs = silenceMs;
  }

  async ask(what: string, check: (value: string) => string = () => 'a line'): Promise<string> {
    this.#input.ref?.();
    try {
      const line = await this.#line(what);
      // What may be left out is, when there is no more.
      if (line === undefined && check('') === '') return '';
      if (line === undefined) throw new InputError(`${what}: found the end of the input, expected a line`);
      if (!line.startsWith(PEM_BEGIN) || line.includes(PEM_END)) return unescapedPem(line);
      const lines = [line];
      while (!lines.at(-1)!.startsWith(PEM_END)) {
        const next = await this.#line(what);
        if (next === undefined)
          throw new InputError(`${what}: found the end of the input, expected '${PEM_END}…' of the key`);
        lines.push(next);
      }
      return `${lines.join('\n')}\n`;
    } finally {
      this.#input.unref?.();
    }
  }

  /** Undefined: there is no more. What comes after the last end of line is a line only when there is something. */
  async #line(what: string): Promise<string | undefined> {
    let end = this.#rest.indexOf(LINE_END);
    for (; end < 0 && !this.#isEnded; end = this.#rest.indexOf(LINE_END)) await this.#more(what);
    if (end < 0 && this.#rest.length === 0) return undefined;
    const line = end < 0 ? this.#rest : this.#rest.subarray(0, end);
    this.#rest = this.#rest.subarray(line.length + 1);
    return line.toString('utf8').replace(/\r$/u, '');
  }

  async #more(what: string): Promise<void> {
    const bell = new AbortController();
    const silence = sleepFor(this.#silenceMs, undefined, { signal: bell.signal });
    try {
      const part = await Promise.race([this.#parts.next(), silence]);
      if (part === undefined) {
        throw new InputError(`${what}: nothing came for ${this.#silenceMs / 1000} s, expected a line`);
      }
      this.#isEnded = part.done === true;
      if (part.done === true) return;
      this.#taken += part.value.length;
      if (this.#taken > MAX_BYTES) throw new InputError(`input: found more than ${MAX_BYTES} bytes, expected answers`);
      this.#rest = Buffer.concat([this.#rest, Buffer.from(part.value)]);
    } finally {
      silence.catch(() => {});
      bell.abort();
    }
  }
}

/** A key in PEM on one line, as venues put it into JSON. */
function unescapedPem(text: string): string {
  if (!text.startsWith(PEM_BEGIN)) return text;
  return text.replaceAll(String.raw`\r`, '').replaceAll(String.raw`\n`, '\n');
}
