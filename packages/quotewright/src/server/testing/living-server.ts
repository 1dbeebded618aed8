/** For tests: a session that lives in this thread, with its server in the same one, and a client that asks it by HTTP. */
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createRing } from '@quotewright/core/base/ring';
import { createSeqlock } from '@quotewright/core/base/seqlock';
import type { Engine } from '@quotewright/core/engine/engine';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { AlertCenter } from '../../alerts/alert-center.ts';
import { AuditLog } from '../../audit/audit-log.ts';
import { makeMarket } from '../../backtest/run-living.ts';
import { configOf, marketOf, simulationHeader } from '../../backtest/simulation-header.ts';
import { FeedWriter } from '../../feed/feed-writer.ts';
import { STAT_COUNT } from '../../feed/host-stats.ts';
import { HostStats } from '../../feed/host-stats-writer.ts';
import { headerEngine, headerStrategies } from '../../journal/replay-engine.ts';
import { Control } from '../../risk/control.ts';
import { type ServerConfig, serverConfig } from '../config.ts';
import type { z } from 'zod';
import type { FromServer, ServerSetup } from '../link.ts';
import { ownToken } from '../security/open-tokens.ts';
import { SessionServer } from '../session-server.ts';
import { SMALL_SIMULATION } from './simulation-options.ts';

const SLICE_NS = 1e8;
const RECORDS = 65_536;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Parsed; undefined when it is no JSON. */
  // oxlint-disable-next-line no-explicit-any -- tests know what they have asked for
  readonly json: any;
}

export interface Asking {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly body?: unknown;
  /** As it is, instead of `body`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LivingServer {
  readonly dir: string;
  readonly home: string;
  readonly engine: Engine;
  readonly server: SessionServer;
  readonly setup: ServerSetup;
  /** Everything that it has said to the trading thread, but for questions. */
  readonly said: FromServer[];
  /** The hashes that the trading engine tells are of another one. */
  isLying: boolean;
  /** The admin token of the home. */
  readonly token: string;
  /** Lets so many tenths of a second of market time pass, and the server see them. */
  pass(slices: number): Promise<void>;
  ask(path: string, asking?: Asking): Promise<Answer>;
  /** Of a change: market time passes until it is answered. */
  act(path: string, asking?: Asking): Promise<Answer>;
  close(): Promise<void>;
}

export interface LivingOptions {
  readonly symbols?: string;
  readonly strategy?: string;
  readonly config?: z.input<typeof serverConfig>;
  /** Where the page's files are. */
  readonly page?: string;
}

export async function livingServer(dir: string, options: LivingOptions = {}): Promise<LivingServer> {
  const { symbols = 'BTCUSDT,ETHUSDT', strategy = 'basic-maker', page } = options;
  const home = join(dir, 'home');
  const sessionDir = join(home, 'sessions', 'test');
  const header = await simulationHeader({ ...SMALL_SIMULATION, strategy, symbols, duration: 3600, seed: 7 });
  const config: ServerConfig = serverConfig.parse({ port: 0, ...options.config });
  const feedMemory = createRing(RECORDS, EVENT_STRIDE);
  const stats = createSeqlock(STAT_COUNT);
  const setup: ServerSetup = {
    config,
    header,
    mode: 'simulation',
    epoch: 'test',
    speed: 1,
    dir: sessionDir,
    home,
    feed: feedMemory,
    stats,
    sequence: 0,
  };
  const feed = new FeedWriter(feedMemory);
  const host = new HostStats(stats);
  const engine = headerEngine(header, { strategies: await headerStrategies(header), journal: feed });
  const market = makeMarket(marketOf(configOf(header, '')), header.seed);
  const living = new LivingSession(engine, market, new DelayLatency({ request: 1e6, report: 1e6, marketData: 1e6 }, 1));
  const audit = new AuditLog({ dir: sessionDir, role: 'session' });
  const alerts = await AlertCenter.open({ instruments: engine.instruments, epochDay: header.epochDay });
  const control = await Control.open({ dir: sessionDir, audit, alerts, say: () => {} });
  const said: FromServer[] = [];
  const post = (message: FromServer): void => {
    if (message.type !== 'ask') said.push(message);
    else {
      const { id, request } = message;
      control.take({ request, reply: (reply) => server.take({ type: 'reply', id, reply }) });
    }
  };
  const server: SessionServer = await SessionServer.open(setup, post, page);
  let nowNs = 0;
  living.start(0);
  const slice = (): void => {
    living.run((nowNs += SLICE_NS));
    living.carry();
    control.poll(engine, nowNs);
    living.carry();
    host.write(engine.inputs.count, nowNs, undefined);
    if (feed.check()) {
      const [inputs, outputs] = [engine.inputs.digest(), engine.outputs.digest()];
      const told = session.isLying ? 'another' : outputs;
      server.take({ type: 'digest', sequence: feed.sequence, inputs, outputs: told });
    }
  };
  const session: LivingServer = {
    dir: sessionDir,
    home,
    engine,
    server,
    setup,
    said,
    isLying: false,
    token: ownToken(join(home, 'token')),
    async pass(slices) {
      for (let i = 0; i < slices; i++) {
        slice();
        // The server takes them between two turns of the event loop.
        while (feed.pending > RECORDS / 4) await setTimeout(1);
      }
      while (feed.pending > 0) await setTimeout(1);
    },
    ask: (path, asking = {}) => ask(server.url, path, asking),
    async act(path, asking = {}) {
      const withToken = { method: 'POST', token: session.token, ...asking };
      const ended: string[] = [];
      const asked = ask(server.url, path, withToken).finally(() => ended.push(path));
      while (ended.length === 0) {
        slice();
        await setTimeout(2);
      }
      return asked;
    },
    async close() {
      host.close();
      await server.close();
      await control.close(engine);
      await alerts.close();
    },
  };
  return session;
}

/** @param url of the server */
export async function ask(url: string, path: string, asking: Asking = {}): Promise<Answer> {
  const { method = 'GET', token, body, text = body === undefined ? undefined : JSON.stringify(body), headers } = asking;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { hostname, port } = new URL(url);
  const request = httpRequest(
    {
      hostname,
      port,
      path,
      method,
      agent: false,
      headers: {
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    },
    (response) => {
      let heard = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: heard, json: jsonOf(heard) });
      });
    },
  );
  request.on('error', reject);
  request.end(text);
  return promise;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
