/** A backtest as a process of its own: whatever it does, trading and the server go on, and it can be ended at any time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** What it has time for after it was asked to end. */
const GRACE_MS = 2000;
/** Longer lines of a failure are cut. */
const MOST_TEXT = 1000;

const progressLine = z.object({ progress: z.number().min(0).max(1).nullable(), rows: z.number() });

interface BacktestRun {
  readonly strategy: string;
  readonly params: Readonly<Record<string, number | boolean | string>>;
  readonly data: string;
  readonly seed: number;
  readonly out: string;
  /** Share of the data. */
  readonly onProgress: (progress: number | null) => void;
}

export class BacktestProcess {
  /** Why it failed, one line; empty when it came to its end. Fulfilled when the process has gone. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #timer: NodeJS.Timeout | undefined;

  constructor({ strategy, params, data, seed, out, onProgress }: BacktestRun) {
    const isSource = import.meta.url.endsWith('.ts');
    const main = fileURLToPath(new URL(`../../cli/main.${isSource ? 'ts' : 'js'}`, import.meta.url));
    const given = Object.entries(params).map(([name, value]) => `--param=${name}=${value}`);
    const options = [...given, `--seed=${seed}`, `--out=${out}`, '--progress=json'];
    const args = [...(isSource ? ['--conditions', 'source'] : []), main, 'backtest', ...options, '--', strategy, data];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const { pid, stderr } = this.#child;
    if (pid !== undefined) yieldTo(pid);
    let said = '';
    createInterface({ input: stderr! }).on('line', (line) => {
      const progress = progressOf(line);
      if (progress !== undefined) onProgress(progress);
      else if (line.trim() !== '') said = line.slice(0, MOST_TEXT);
    });
    this.ended = new Promise((resolve) => {
      this.#child.once('error', ({ message }) => resolve(`the program could not be started: ${message}`));
      this.#child.once('close', (code, signal) => {
        clearTimeout(this.#timer);
        if (code === 0) resolve('');
        else resolve(said.replace(/^quotewright: /u, '') || `the program ended with ${signal ?? `code ${code}`}`);
      });
    });
  }

  /** Asks it to end, and sees to it. */
  stop(): void {
    if (this.#child.exitCode !== null || this.#timer !== undefined) return;
    this.#child.kill('SIGTERM');
    this.#timer = setTimeout(() => this.#child.kill('SIGKILL'), GRACE_MS);
  }

  /** At once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** Trading goes first. */
function yieldTo(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not let us: it runs as it is.
  }
}

/** undefined: the line is none of progress. */
function progressOf(line: string): number | null | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return progressLine.safeParse(JSON.parse(line)).data?.progress;
  } catch {
    return undefined;
  }
}
