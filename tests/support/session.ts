/** The compiled command as a session that goes on while the test does something to it; and a receiver of its webhooks. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { CHILD_ENV, MAIN, type Ran } from './command.ts';

export interface Started {
  readonly child: ChildProcess;
  readonly said: { stdout: string; stderr: string };
  /** When it has ended. */
  readonly ended: Promise<Ran>;
}

/** Starts `quotewright`; it ends with the test. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { ...CHILD_ENV, ...env } });
  // A hook of this module would be of the first file alone that the worker runs.
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
  }
  const ended = once(child, 'close').then(([status]: (number | null)[]) => ({ status: status ?? null, ...said }));
  return { child, said, ended };
}

export interface Received {
  readonly path: string;
  readonly body: string;
  readonly signature: string;
}

/** A receiver that answers its n-th message with the n-th status, the last one again and again; 0 = never. */
export async function receiver(...statuses: readonly number[]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const status = statuses[Math.min(received.length, statuses.length - 1)]!;
      const signature = String(request.headers['x-quotewright-signature']);
      received.push({ path: request.url ?? '', body, signature });
      if (status !== 0) response.writeHead(status).end();
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, received };
}
