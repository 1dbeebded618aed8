/** The process that hands ccxt's venues on: started when the first of them is asked for, one for all, ended with us. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';

const START_MS = 30_000;

let running: Promise<string> | undefined;

/** The origin at which it is reached. @throws InputError when ccxt is not installed, or does not come up */
export function ccxtBridge(): Promise<string> {
  running ??= start().catch((error: unknown) => {
    running = undefined;
    throw error;
  });
  return running;
}

async function start(): Promise<string> {
  const child = fork(bridgePath(), { execArgv: process.execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const up = Promise.withResolvers<string>();
  const timer = setTimeout(() => up.reject(new InputError('ccxt does not come up')), START_MS);
  child.once('message', (message) => up.resolve(originOf(message)));
  child.once('exit', (code) => up.reject(new InputError(`ccxt has ended with ${code ?? 'a signal'}`)));
  try {
    const origin = await up.promise;
    release(child);
    return origin;
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** It ends when our end of the channel does, and does not keep us alive. */
function release(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

function bridgePath(): string {
  try {
    return fileURLToPath(import.meta.resolve('@quotewright/ccxt/bridge'));
  } catch (error) {
    throw new InputError(`venues of ccxt need the package @quotewright/ccxt: ${reasonOf(error)}`);
  }
}

function originOf(message: unknown): string {
  const port = typeof message === 'object' && message !== null && 'port' in message ? Number(message.port) : 0;
  return `127.0.0.1:${port}`;
}
