/** The server: every route, who may use it, and what is sent with every answer. It listens nowhere yet, and starts nothing. */
import { existsSync } from 'node:fs';
import { type Server as HttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import rateLimit from '@fastify/rate-limit';
import files from '@fastify/static';
import fastify from 'fastify';
import { type ZodTypeProvider, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { ServerContext } from './context.ts';
import type { App } from './http/app.ts';
import { type Say, answerErrors, problemOf, sendProblem } from './http/errors.ts';
import { KnownPaths } from './http/known-paths.ts';
import { OPENAPI_PATH, describe } from './http/openapi.ts';
import { PROBLEM_TYPE, Problem } from './http/problems.ts';
import { metricsRoute } from './metrics.ts';
import type { RiskFigures } from './risk-figures.ts';
import { alertRoutes } from './routes/alerts.ts';
import { researchRoutes } from './routes/research.ts';
import { riskRoutes } from './routes/risk.ts';
import { sessionCommands } from './routes/session-commands.ts';
import { statusRoutes } from './routes/status.ts';
import { strategyRoutes } from './routes/strategies.ts';
import { tradingRoutes } from './routes/trading.ts';
import { ChangeAudit } from './security/audit-changes.ts';
import { Guard } from './security/guard.ts';
import { sendHeaders } from './security/headers.ts';
import type { Tokens } from './security/tokens.ts';
import { streamPlugin } from './stream/plugin.ts';
import type { StreamHub } from './stream/hub.ts';

const BODY_BYTES = 64 * 1024;
/** A name in a path: `venue:symbol`, percent-encoded. */
const PARAM_CHARS = 600;
/** How long a client may take to send a request, be it nothing at all or a byte now and then, and how often that is looked after. */
const TIMES = { requestTimeout: 15_000, headersTimeout: 10_000, connectionsCheckingInterval: 2000 };
/** From telling a client that what it sends is no request (in time) to the end of its connection. */
const CUT_MS = 1000;
/** The page, built by Vite; the same place from `src` and from `dist`. */
const PAGE = fileURLToPath(new URL('../../dashboard', import.meta.url));

export interface ServerParts {
  readonly tokens: Tokens;
  readonly hub: StreamHub;
  readonly figures: RiskFigures;
  /** Of the configured certificate. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly say: Say;
  /** Where the page's files are. Default: the package's own. */
  readonly page?: string | undefined;
}

export async function createServer(context: ServerContext, parts: ServerParts): Promise<App> {
  const { config, dir, home } = context.setup;
  const { tls, say, tokens, hub, figures, page = PAGE } = parts;
  const rules = { host: config.host, isTls: tls !== undefined, origins: config.origins };
  const app: App = fastify<HttpServer>({
    bodyLimit: BODY_BYTES,
    http: TIMES,
    requestTimeout: TIMES.requestTimeout,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: PARAM_CHARS },
    frameworkErrors: (error, _, reply) => void sendProblem(reply, problemOf(error)),
    clientErrorHandler: (_, socket) => {
      // Who does not read that it is over, or goes on sending, would keep the connection for ever.
      setTimeout(() => socket.destroy(), CUT_MS).unref();
      const { body } = new Problem('bad-request', 'found no HTTP request');
      const text = JSON.stringify(body);
      if (socket.writable) {
        socket.end(
          `HTTP/1.1 400 Bad Request\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
        );
      }
    },
    ...(tls === undefined
      ? {}
      : {
          serverFactory: (handler) =>
            createTlsServer({ ...TIMES, ...tls, handshakeTimeout: TIMES.headersTimeout }, handler),
        }),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // JSON only: what a form of another page can send is not listened to.
  app.removeContentTypeParser('text/plain');

  const paths = new KnownPaths();
  app.addHook('onRoute', (route) => paths.add(route));
  describe(app, context.session().version);
  const audit = new ChangeAudit(dir ?? home);
  answerErrors(app, paths, say, (request, problem) => audit.refused(request, problem));
  sendHeaders(app, rules.isTls);
  const guard = new Guard(rules, tokens);
  await app.register(rateLimit, {
    max: config.requestsPerMinute,
    timeWindow: 60_000,
    // Its hooks are of the routes, and come behind the guard's.
    keyGenerator: guard.requester,
    errorResponseBuilder: (_, { ttl }) =>
      new Problem('too-many-requests', `expected no further request for ${Math.ceil(ttl / 1000)} s`),
  });
  guard.install(app);
  audit.install(app);

  await app.register(streamPlugin(hub, { needsToken: !guard.isReadingFree, authorise: guard.authorise }));
  statusRoutes(app, context);
  strategyRoutes(app, context);
  tradingRoutes(app, context);
  riskRoutes(app, context, figures);
  alertRoutes(app, context);
  sessionCommands(app, context);
  metricsRoute(app, context);
  researchRoutes(app, context);
  // It stays the same: to write it anew for each who asks would hold up all others for milliseconds.
  let description: string | undefined;
  app.get(OPENAPI_PATH, { schema: { hide: true } }, (_, reply) =>
    reply.type('application/json; charset=utf-8').send((description ??= JSON.stringify(app.swagger()))),
  );
  servePage(app, page);
  await app.ready();
  return app;
}

function servePage(app: App, page: string): void {
  if (existsSync(join(page, 'index.html'))) {
    void app.register(files, {
      root: page,
      wildcard: true,
      dotfiles: 'deny',
      cacheControl: false,
      setHeaders: (reply, path) => {
        // Names of assets hold a hash of what is in them.
        const isHashed = /[/\\]assets[/\\]/u.test(path);
        reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
    return;
  }
  app.get('/', () => {
    throw new Problem(
      'not-found',
      'the dashboard is not built: npm run build; the API is under /api/v1, described in /openapi.json',
    );
  });
}
