/** The server on a thread of its own, as a session starts it: its start, its end, and what becomes of the session without it. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createRing } from '@quotewright/core/base/ring';
import { createSeqlock } from '@quotewright/core/base/seqlock';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { z } from 'zod';
import { simulationHeader } from '../backtest/simulation-header.ts';
import { tempFolder } from '../data/testing/files.ts';
import { InputError } from '../data/report.ts';
import { STAT_COUNT } from '../feed/host-stats.ts';
import { ServerLink } from '../session/server-link.ts';
import { serverConfig } from './config.ts';
import type { FromServer, ServerSetup, ToServer } from './link.ts';
import { SessionServer } from './session-server.ts';
import { ask } from './testing/living-server.ts';
import { SMALL_SIMULATION } from './testing/simulation-options.ts';

const folder = tempFolder();
const workers: Worker[] = [];
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.terminate();
});

interface Thread {
  readonly worker: Worker;
  readonly heard: FromServer[];
  /** The first message of a type. */
  message<T extends FromServer['type']>(type: T): Promise<Extract<FromServer, { type: T }>>;
  post(message: ToServer): void;
}

async function setupOf(config: z.input<typeof serverConfig>): Promise<ServerSetup> {
  const header = await simulationHeader(SMALL_SIMULATION);
  return {
    config: serverConfig.parse({ port: 0, ...config }),
    header,
    mode: 'simulation',
    epoch: 'test',
    speed: 1,
    home: folder.fresh(),
    feed: createRing(1024, EVENT_STRIDE),
    stats: createSeqlock(STAT_COUNT),
    sequence: 0,
  };
}

async function start(config: z.input<typeof serverConfig>): Promise<Thread> {
  const workerData = await setupOf(config);
  const worker = new Worker(new URL('./server-worker.ts', import.meta.url), {
    workerData,
    execArgv: ['--conditions', 'source'],
    stderr: true,
  });
  workers.push(worker);
  const heard: FromServer[] = [];
  worker.on('message', (message: FromServer) => heard.push(message));
  return {
    worker,
    heard,
    async message(type) {
      for (;;) {
        const found = heard.find((each) => each.type === type);
        // oxlint-disable-next-line no-unsafe-type-assertion -- by its type
        if (found !== undefined) return found as Extract<FromServer, { type: typeof type }>;
        await once(worker, 'message');
      }
    },
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    post: (message) => worker.postMessage(message),
  };
}

describe("the server's thread", () => {
  it('listens, and is gone within a second when it is told to, whoever is connected', async () => {
    const thread = await start({});
    const { url } = await thread.message('listening');
    expect((await ask(url, '/api/v1/health')).status).toBe(200);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream`);
    await once(socket, 'open');
    // One that sends half a request and no more.
    const { hostname, port } = new URL(url);
    const half = connect(Number(port), hostname);
    half.on('error', () => {});
    half.write('GET /api/v1/health HTTP/1.1\r\n');
    const exited = once(thread.worker, 'exit');
    const closed = once(socket, 'close');
    thread.post({ type: 'over' });
    thread.post({ type: 'close' });
    const isInTime = await Promise.race([exited.then(() => true), setTimeout(1000, false)]);
    expect(isInTime).toBe(true);
    expect(Number((await closed)[0])).toBeGreaterThanOrEqual(1000);
    half.destroy();
  });

  it('names the port that is in use, and takes no other', async () => {
    const port = await takenPort();
    const thread = await start({ port });
    expect((await thread.message('failed')).message).toMatch(
      new RegExp(`^127\\.0\\.0\\.1 port ${port} is in use`, 'u'),
    );
    expect(thread.heard.some(({ type }) => type === 'listening')).toBe(false);
  });

  it('lives on when something in it goes wrong, and says so', async () => {
    const thread = await start({});
    const { url } = await thread.message('listening');
    // No sound message: taking it apart fails.
    // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
    thread.worker.postMessage(null);
    const { severity, detail } = await thread.message('complaint');
    expect([severity, detail]).toEqual(['CRITICAL', expect.stringContaining('the server has failed')]);
    expect((await ask(url, '/api/v1/health')).status).toBe(200);
  });
});

describe('a session whose server dies', () => {
  it('is told so, and goes on', async () => {
    const { feed: _feed, stats: _stats, ...setup } = await setupOf({});
    const born = once(process, 'worker');
    const link = await ServerLink.open(setup);
    // oxlint-disable-next-line no-unsafe-type-assertion -- what the event carries
    const [worker] = (await born) as [Worker];
    workers.push(worker);
    const exited = once(worker, 'exit');
    await worker.terminate();
    await exited;
    expect(link.complaint()?.detail).toMatch(/^the server has ended: .* goes on without it$/u);
    expect(link.complaint()).toBeUndefined();
    // What the market brings from then on goes nowhere, and is no harm.
    link.feed.append(new Float64Array(EVENT_STRIDE), 0);
    await expect(ask(link.url, '/api/v1/health')).rejects.toThrow('ECONNREFUSED');
    await link.close();
  });
});

describe('a server that cannot listen', () => {
  it('says in one line why', async () => {
    const broken = join(folder.fresh(), 'broken.pem');
    writeFileSync(broken, 'no certificate');
    const home = folder.fresh();
    writeFileSync(join(home, 'token'), 'short\n');
    const cases = [
      [{ host: '203.0.113.7' }, /^203\.0\.113\.7 port 0: .*EADDRNOTAVAIL/u],
      [{ host: 'no such host' }, /^no such host port 0: /u],
      [{ tls: { cert: '/none/cert.pem', key: broken } }, /^tls\.cert: ENOENT/u],
      [{ tls: { cert: broken, key: broken } }, /^tls: found .*broken\.pem.*expected a certificate/u],
      [
        { tokens: [{ name: 'a', role: 'read', env: 'QUOTEWRIGHT_NO_SUCH_TOKEN' }] },
        /^tokens 'a': found nothing in variable/u,
      ],
      [{ tokens: [{ name: 'a', role: 'read', file: '/none' }] }, /^tokens 'a': ENOENT/u],
      [{ tokens: [{ name: 'a', role: 'read' }] }, /^tokens 'a': expected exactly one of token, env and file/u],
      [{ tokens: [{ name: 'a', role: 'read', token: 'with spaces in it 0123' }] }, /^tokens 'a': expected 16 to 1000/u],
      [{ tokens: [{ name: 'home', role: 'read', token: 'x'.repeat(20) }] }, /^tokens 'home': found the name twice/u],
      [{ redis: { url: 'http://example.org' } }, /^redis\.url: expected/u],
    ] satisfies (readonly [z.input<typeof serverConfig>, RegExp])[];
    for (const [config, message] of cases) {
      const setup = await setupOf(config);
      const opened = SessionServer.open(setup, () => {});
      await expect(opened, JSON.stringify(config)).rejects.toThrow(InputError);
      await expect(opened, JSON.stringify(config)).rejects.toThrow(message);
      await expect(opened).rejects.not.toThrow('with spaces in it');
    }
    await expect(SessionServer.open({ ...(await setupOf({})), home }, () => {})).rejects.toThrow(
      /token: found no token/u,
    );
  });
});

async function takenPort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1').unref();
  await once(other, 'listening');
  // oxlint-disable-next-line no-unsafe-type-assertion -- it listens on TCP
  return (other.address() as AddressInfo).port;
}
