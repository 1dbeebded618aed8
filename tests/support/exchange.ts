/** `quotewright exchange` as a child process: the compiled program. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CHILD_ENV, MAIN } from './command.ts';

export interface RunningExchange {
  readonly page: string;
  readonly venues: readonly { readonly venue: string; readonly rest: string; readonly websocket: string }[];
  readonly pid: number;
  /** What the page answers: GET, or POST with a body. */
  readonly ask: <T>(path: string, body?: object) => Promise<T>;
  /** @returns its exit code */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** What it has written to standard error. */
  readonly complaints: () => string;
}

/** On free ports; resolves when it listens. */
export async function startExchange(...args: readonly string[]): Promise<RunningExchange> {
  const child = spawn(process.execPath, [MAIN, 'exchange', '--port', '0', '--json', ...args], { env: CHILD_ENV });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), closed.then(() => undefined)]);
  if (first === undefined) throw new Error(`the exchange has ended: ${complaints}`);
  // oxlint-disable-next-line no-unsafe-type-assertion -- what `--json` prints
  const { page, venues } = JSON.parse(String(first[0])) as Pick<RunningExchange, 'page' | 'venues'>;
  return {
    page,
    venues,
    pid: child.pid!,
    ask: async <T>(path: string, body?: object): Promise<T> => askPage<T>(page + path, body),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [status]: (number | null)[] = await closed;
      return status ?? null;
    },
    complaints: () => complaints,
  };
}

/** @throws Error with what the page says against it */
// oxlint-disable-next-line no-unnecessary-type-parameters -- it types the answer
export async function askPage<T>(url: string, body?: object): Promise<T> {
  const response = await fetch(
    url,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  // oxlint-disable-next-line no-unsafe-type-assertion -- the asker knows
  return JSON.parse(text) as T;
}
