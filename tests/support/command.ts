/** The compiled command as a child process. The launcher, which compiles what has changed, has tests of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

export const MAIN = 'packages/quotewright/dist/cli/main.js';
/** Nothing of the terminal that runs the tests reaches the child. */
export const CHILD_ENV: Readonly<Record<string, string | undefined>> = { ...process.env, NO_COLOR: '1' };
/** A session that goes as fast as it can, is served by nobody, and is kept only where `--journal` says. */
export const SIMULATE = ['simulate', '--speed', 'max', '--no-server', '--no-journal'] as const;
/** After `SIMULATE`: leaves a processor to the commands to a session that goes on for long. */
export const UNHURRIED = ['--speed', '30x'] as const;
const MAX_OUTPUT = 64 * 1024 * 1024;

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `quotewright` with arguments to its end. */
export function quotewright(...args: readonly string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    env: CHILD_ENV,
    maxBuffer: MAX_OUTPUT,
  });
  return { status, stdout, stderr };
}

/** The same beside other runs. */
export async function quotewrightBeside(...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: CHILD_ENV });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
  }
  const [status]: (number | null)[] = await once(child, 'close');
  return { status: status ?? null, ...said };
}
