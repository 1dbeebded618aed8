/** For tests: a redis-server of their own, in a folder of theirs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { TestRunner } from 'vitest';
import { findRedis } from '../../../../../scripts/system-parts.mjs';

export interface RedisServer {
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** A port of loopback that nobody uses at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // oxlint-disable-next-line no-unsafe-type-assertion -- it listens on TCP
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Without Redis, the test that asks is left out; in continuous integration it fails. */
export async function startRedis(dir: string, port: number, ...more: readonly string[]): Promise<RedisServer> {
  const path = findRedis();
  if (path === undefined) {
    if (process.env['CI'] === undefined) TestRunner.getCurrentTest()?.context.skip('redis-server is absent');
    throw new Error('redis-server is absent');
  }
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--save',
    '',
    '--appendonly',
    'no',
    ...more,
  ];
  const child = spawn(path, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const text of child.stdout) {
    said += String(text);
    if (said.includes('Ready to accept connections')) break;
  }
  if (!said.includes('Ready to accept connections')) throw new Error(`redis-server does not start: ${said}`);
  return {
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
