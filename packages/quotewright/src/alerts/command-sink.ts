/** Runs a program for each alert, with the alert as a line of JSON on its input: a few at a time, each for a limited time. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Redactor } from '../audit/redactor.ts';
import type { Alert } from './alert.ts';
import { DeliveryQueue } from './delivery-queue.ts';
import type { AlertSink, SinkCounts } from './sink.ts';

export interface CommandOptions {
  readonly name: string;
  /** The program and its arguments; no shell is between. */
  readonly run: readonly string[];
  readonly timeoutMs: number;
  readonly parallel: number;
  readonly queue: number;
  /** The environment that the program gets: without the variables that hold secrets. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly redactor: Redactor;
}

export class CommandSink implements AlertSink {
  readonly name: string;
  readonly #options: CommandOptions;
  readonly #queue: DeliveryQueue;
  readonly #running = new Set<ChildProcess>();
  #delivered = 0;
  #failed = 0;
  #isClosed = false;
  #whenIdle: () => void = () => undefined;

  constructor(options: CommandOptions) {
    this.name = options.name;
    this.#options = options;
    this.#queue = new DeliveryQueue(options.queue);
  }

  get counts(): SinkCounts {
    return { delivered: this.#delivered, failed: this.#failed, retried: 0, dropped: this.#queue.dropped };
  }

  send(alert: Alert): void {
    if (this.#isClosed) return;
    this.#queue.push(alert);
    this.#next();
  }

  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    if (this.#running.size === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
    const timer = setTimeout(() => {
      this.#queue.clear();
      for (const child of this.#running) kill(child);
    }, graceMs);
    await idle;
    clearTimeout(timer);
  }

  #next(): void {
    while (this.#running.size < this.#options.parallel) {
      const alert = this.#queue.shift();
      if (alert === undefined) break;
      this.#run(alert);
    }
    if (this.#running.size === 0) this.#whenIdle();
  }

  #run(alert: Alert): void {
    const { run, timeoutMs, environment, redactor } = this.#options;
    // A group of its own, so that what it starts ends with it.
    const child = spawn(run[0]!, run.slice(1), {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: environment,
      detached: true,
    });
    this.#running.add(child);
    const timer = setTimeout(() => kill(child), timeoutMs);
    const end = (isDone: boolean): void => {
      clearTimeout(timer);
      // A program that cannot be started tells it twice.
      if (!this.#running.delete(child)) return;
      if (isDone) this.#delivered++;
      else this.#failed++;
      this.#next();
    };
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
    // It may end without having read.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${redactor.text(JSON.stringify(alert))}\n`);
  }
}

/** Ends a program and what it has started. */
function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
