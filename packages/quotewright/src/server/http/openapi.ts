/** The OpenAPI document: made of the same schemas that requests and answers are checked by, and of what the guard asks of each route. */
import swagger from '@fastify/swagger';
import type { RouteOptions } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import type { Access, App } from './app.ts';
import { PROBLEMS, PROBLEM_TYPE, type ProblemCode, problemSchema } from './problems.ts';

export const OPENAPI_PATH = '/openapi.json';
export const METRICS_PATH = '/metrics';
export const API = '/api/v1';
export const STREAM_PATH = `${API}/stream`;

export function accessOf({ method, url, config }: Pick<RouteOptions, 'method' | 'url' | 'config'>): Access {
  if (config?.access !== undefined) return config.access;
  if (![method].flat().every((each) => each === 'GET' || each === 'HEAD')) return 'admin';
  // What is not of the API are the files of the page.
  return url.startsWith('/api/') || url === METRICS_PATH || url === OPENAPI_PATH ? 'read' : 'free';
}

const STREAM_PROBLEMS = Object.fromEntries(
  [400, 401, 403, 404, 429, 500].map((status) => [
    status,
    { description: 'A problem', content: { [PROBLEM_TYPE]: { schema: { type: 'object' as const } } } },
  ]),
);

/** What a document of requests and answers can say of a WebSocket. */
const STREAM = {
  tags: ['stream'],
  summary: 'A WebSocket: subscribe to topics, get snapshots and deltas',
  description:
    'Topics: book, trades, quotes and heatmap of an instrument (`book:VENUE:SYMBOL`), and fills, pnl, risk, alerts, regime, system. Where reading needs a token and the header cannot be sent, the first message is `{"op":"auth","token":"…"}`.',
  parameters: [{ name: 'format', in: 'query', schema: { type: 'string' as const, enum: ['json', 'msgpack'] } }],
  security: [{}, { bearer: ['read'] }],
  responses: { 101: { description: 'It speaks WebSocket from here on' }, ...STREAM_PROBLEMS },
};

/** Before any route is added. */
export function describe(app: App, version: string): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith(API) && route.url !== METRICS_PATH) {
      route.schema = { ...route.schema, hide: true };
      return;
    }
    route.schema = {
      ...route.schema,
      response: { ...problemsOf(route), ...(route.schema?.response ?? undefined) },
      security: securityOf(accessOf(route)),
    };
  });
  void app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Quotewright',
        version,
        description:
          'A session that trades: what it does, and how it is commanded. Times are Unix milliseconds in the session’s clock unless said otherwise. Errors are problem details (RFC 9457) with a stable `code`.',
      },
      servers: [{ url: '/' }],
      paths: { [STREAM_PATH]: { get: STREAM } },
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'Roles read < trade < admin; each operation names the one that it needs. On loopback reading needs none.',
          },
        },
      },
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { target: 'draft-2020-12' } }),
  });
}

/** An empty requirement: it may be left out (on loopback). */
function securityOf(access: Access): readonly Record<string, readonly string[]>[] {
  if (access === 'free') return [];
  return access === 'read' ? [{}, { bearer: [access] }] : [{ bearer: [access] }];
}

function problemsOf(route: RouteOptions): Record<string, unknown> {
  const codes: ProblemCode[] = ['wrong-host', 'too-many-requests', 'internal', 'bad-answer'];
  const { body, params, querystring } = route.schema ?? {};
  const isChange = accessOf(route) === 'trade' || accessOf(route) === 'admin';
  if (accessOf(route) !== 'free') codes.push('no-token', 'wrong-token', 'wrong-role', 'too-many-failures');
  if (body !== undefined || params !== undefined || querystring !== undefined) codes.push('bad-request');
  if (params !== undefined) codes.push('not-found');
  if (body !== undefined) codes.push('too-large', 'wrong-type');
  if (isChange) codes.push('wrong-origin', 'not-possible', 'unaudited');
  if (route.config?.isCommand === true) codes.push('refused', 'session-over', 'no-answer');
  const statuses = new Map<number, ProblemCode[]>();
  for (const code of codes) {
    const [status] = PROBLEMS[code];
    statuses.set(status, [...(statuses.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...statuses].map(([status, each]) => [
      String(status),
      { description: `A problem: ${each.join(', ')}`, content: { [PROBLEM_TYPE]: { schema: problemSchema } } },
    ]),
  );
}
