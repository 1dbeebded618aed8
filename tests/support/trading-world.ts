/** A local exchange, and sessions that trade on it: the real programs, with files of their own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningExchange, startExchange } from './exchange.ts';
import { type Started, start } from './session.ts';

/** What a strategy needs to trade often on a market of agents. */
const QUICK = ['--strategy', 'basic-maker', '--param', 'warmup=1', '--param', 'spread=0.5'];

export class TradingWorld {
  readonly exchange: RunningExchange;
  readonly venuesFile: string;
  readonly riskFile: string;
  readonly #dir: string;

  private constructor(exchange: RunningExchange, dir: string) {
    this.exchange = exchange;
    this.#dir = dir;
    this.venuesFile = join(dir, 'venues.yaml');
    this.riskFile = join(dir, 'risk.yaml');
    writeFileSync(this.riskFile, 'limits:\n  global: { max_position_size: 1, max_order_size: 1 }\n');
  }

  static async open(dir: string, venues: string, ...more: readonly string[]): Promise<TradingWorld> {
    const file = join(dir, 'venues.yaml');
    return new TradingWorld(await startExchange('--venues', venues, '--write-venues', file, ...more), dir);
  }

  /** A file in its folder. */
  file(name: string, text: string): string {
    const path = join(this.#dir, name);
    writeFileSync(path, text);
    return path;
  }

  folder(name: string): string {
    return join(this.#dir, name);
  }

  /** Begins a session; what it says is lines of JSON. Nobody serves it, unless a port is among `more`. */
  begin(command: 'paper' | 'live', journal: string, ...more: readonly string[]): Session {
    const own = command === 'live' ? ['--risk', this.riskFile, '--cash', 'USD=100000'] : [];
    const args = [
      command,
      '--venues',
      this.venuesFile,
      ...QUICK,
      '--journal',
      this.folder(journal),
      '--json-log',
      ...(more.includes('--port') ? [] : ['--no-server']),
      ...own,
    ];
    return new Session(start([...args, ...more]));
  }

  /** Which its venues make, by their own words. */
  async fault(fault: string, more: object = {}): Promise<void> {
    await this.#ask('/faults', { fault, ...more });
  }

  /** What the first account of a venue has, by currency. */
  async balances(venue: string): Promise<Record<string, string>> {
    const { balances } = await this.#ask<{ balances: { currency: string; total: string }[] }>(accountOf(venue));
    return Object.fromEntries(balances.map(({ currency, total }) => [currency, total]));
  }

  /** Executions of the first account of a venue, oldest first. */
  async fills(venue: string): Promise<readonly { price: string; fee: string; feeCurrency: string }[]> {
    return (await this.#ask<{ fills: { price: string; fee: string; feeCurrency: string }[] }>(accountOf(venue))).fills;
  }

  async openOrders(venue: string): Promise<number> {
    const { open } = await this.#ask<{ open: unknown[] }>(accountOf(venue));
    return open.length;
  }

  /** Asked again when the connection that was kept from before had just ended. */
  async #ask<T>(path: string, body?: object): Promise<T> {
    try {
      return await this.exchange.ask<T>(path, body);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return this.exchange.ask<T>(path, body);
    }
  }
}

const accountOf = (venue: string): string => `/account?venue=${venue}&account=account-1`;

interface Status {
  readonly accounts: readonly { readonly fills: number }[];
  readonly rows: readonly { readonly position: string }[];
}

export class Session {
  readonly started: Started;

  constructor(started: Started) {
    this.started = started;
  }

  /** Lines so far. */
  lines(): Record<string, unknown>[] {
    return this.started.said.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  said(): string {
    const texts = this.lines().flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
    return `${texts.join('\n')}\n${this.started.said.stderr}`;
  }

  /** Fills of all strategies, as the newest status tells. */
  fills(): number {
    return this.#status().accounts.reduce((sum, { fills }) => sum + fills, 0);
  }

  /** Of the first instrument, as the newest status tells. */
  position(): number {
    return Number(this.#status().rows[0]?.position ?? 0);
  }

  #status(): Status {
    const status = this.lines().findLast(({ type }) => type === 'status');
    // oxlint-disable-next-line no-unsafe-type-assertion -- the status line of a session
    return (status ?? { accounts: [], rows: [] }) as unknown as Status;
  }

  /** Resolves when something is so. @throws Error with what was said when it is not within a time, or the session has ended */
  async until(what: string, isSo: () => boolean, ms = 60_000): Promise<void> {
    const untilMs = performance.now() + ms;
    while (!isSo()) {
      if (this.started.child.exitCode !== null || performance.now() > untilMs) {
        throw new Error(`${what}: not so\n${this.said().slice(-3000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** As Ctrl-C does. @returns its exit code */
  async end(): Promise<number | null> {
    this.started.child.kill('SIGINT');
    return (await this.started.ended).status;
  }

  async kill(): Promise<void> {
    this.started.child.kill('SIGKILL');
    await this.started.ended;
  }
}
