/** For tests: the routes of research in a home of their own, asked without a network. */
import { mkdirSync } from 'node:fs';
import fastify from 'fastify';
import type { Server } from 'node:http';
import { type ZodTypeProvider, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { Home } from '../../../home/home.ts';
import type { ServerContext } from '../../context.ts';
import type { App } from '../../http/app.ts';
import { answerErrors } from '../../http/errors.ts';
import { KnownPaths } from '../../http/known-paths.ts';
import { sendHeaders } from '../../security/headers.ts';
import { researchRoutes } from '../../routes/research.ts';

export interface ResearchApp {
  readonly home: Home;
  readonly app: App;
  /** What the server has said of faults of its own. */
  readonly said: string[];
  get(path: string): Promise<Answer>;
  send(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // oxlint-disable-next-line no-explicit-any -- tests know what they have asked for
  readonly json: any;
}

const API = '/api/v1';

/** @param current folder of this session's journal */
export async function researchApp(dir: string, current?: string): Promise<ResearchApp> {
  const home = new Home(dir);
  for (const folder of [home.sessions, home.recordings, home.backtests]) mkdirSync(folder, { recursive: true });
  const said: string[] = [];
  const app: App = fastify<Server>({ routerOptions: { maxParamLength: 600 } }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  const paths = new KnownPaths();
  app.addHook('onRoute', (route) => paths.add(route));
  answerErrors(
    app,
    paths,
    (line) => said.push(line),
    () => {},
  );
  sendHeaders(app, false);
  app.decorateRequest('holder', undefined);
  app.addHook('onRequest', async (request) => {
    request.holder = { name: 'test', role: 'admin' };
  });
  // oxlint-disable-next-line no-unsafe-type-assertion -- the routes read the folder only
  const setup = { dir: current } as ServerContext['setup'];
  researchRoutes(app, { setup, home });
  await app.ready();
  const ask = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> => {
    const answer = await app.inject({
      method,
      url: `${API}${path}`,
      ...(body === undefined ? {} : { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const { statusCode: status, headers, body: text } = answer;
    return { status, headers, text, json: isJson(headers['content-type']) ? JSON.parse(text) : undefined };
  };
  return {
    home,
    app,
    said,
    get: (path) => ask('GET', path),
    send: (method, path, body) => ask(method, path, body),
  };
}

function isJson(type: unknown): boolean {
  return typeof type === 'string' && /^application\/(problem\+)?json/u.test(type);
}
