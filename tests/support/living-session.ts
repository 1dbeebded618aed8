/** A living market with its server, as a child process that goes on until it is stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CHILD_ENV, MAIN } from './command.ts';

export interface LivingSession {
  readonly url: string;
  readonly tokenFile: string;
  readonly pid: number;
  /** As Ctrl-C. */
  stop(): Promise<{ readonly status: number | null; readonly stderr: string }>;
}

/** @throws Error with what it said when it does not come up */
export async function startLiving(home: string, ...args: readonly string[]): Promise<LivingSession> {
  const child = spawn(process.execPath, [MAIN, 'simulate', '--port', '0', '--no-journal', '--json-log', ...args], {
    env: { ...CHILD_ENV, QUOTEWRIGHT_HOME: home },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close');
  const lines = createInterface(child.stdout);
  const first = await Promise.race([once(lines, 'line'), closed.then(() => undefined)]);
  if (first === undefined) throw new Error(`simulate has ended: ${stderr}`);
  lines.on('line', () => undefined);
  const { url, tokenFile }: Pick<LivingSession, 'url' | 'tokenFile'> = JSON.parse(String(first[0]));
  return {
    url,
    tokenFile,
    pid: child.pid!,
    stop: async () => {
      child.kill('SIGINT');
      const [status] = await closed;
      return { status: typeof status === 'number' ? status : null, stderr };
    },
  };
}
