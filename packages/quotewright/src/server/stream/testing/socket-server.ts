/** The stream alone on a port of the machine: no session, random topics, ticked by hand or by a timer. */
import Fastify from 'fastify';
import type { SessionInfo } from '../../protocol/session.ts';
import { Problem } from '../../http/problems.ts';
import { StreamHub } from '../hub.ts';
import { type StreamAccess, streamPlugin } from '../plugin.ts';
import type { Clocks } from '../stream-topic.ts';
import type { TopicSource } from '../topic-source.ts';

export const SESSION: SessionInfo = {
  epoch: 'e1',
  id: null,
  mode: 'simulation',
  isDryRun: false,
  version: '0',
  seed: 1,
  startedMs: 0,
  speed: 1,
  epochDayMs: 0,
  instruments: [],
  strategies: [],
};

export interface SocketServer extends AsyncDisposable {
  readonly hub: StreamHub;
  /** `ws://…/api/v1/stream`. */
  readonly url: string;
  readonly port: number;
}

const OPEN: StreamAccess = { needsToken: false, authorise: () => undefined };

export interface SocketServerOptions {
  readonly access?: StreamAccess;
  /** Between two ticks; absent: the test ticks. */
  readonly tickMs?: number;
  readonly session?: () => SessionInfo;
  readonly at?: Clocks;
}

export async function startSocketServer(
  sources: readonly TopicSource[],
  options: SocketServerOptions = {},
): Promise<SocketServer> {
  const { session = () => SESSION, at = { timeMs: 1.5, wallMs: 2.5 } } = options;
  const hub = new StreamHub({ sources, newest: () => at, session });
  const app = Fastify();
  app.setErrorHandler((error, _request, reply) => {
    const problem = error instanceof Problem ? error : new Problem('internal', String(error));
    return reply.code(problem.status).send(problem.body);
  });
  app.decorateRequest('holder', undefined);
  await app.register(streamPlugin(hub, options.access ?? OPEN));
  app.get('/elsewhere', async () => 'here');
  await app.listen({ host: '127.0.0.1', port: 0 });
  const timer =
    options.tickMs === undefined ? undefined : setInterval(() => hub.tick(performance.now()), options.tickMs);
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    hub,
    port,
    url: `ws://127.0.0.1:${port}/api/v1/stream`,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await app.close();
    },
  };
}
