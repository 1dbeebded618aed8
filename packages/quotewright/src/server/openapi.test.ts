/** The OpenAPI document of a session that lives: it tells of every route, and what it tells is so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { type LivingServer, livingServer } from './testing/living-server.ts';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Record<string, readonly string[]>[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, object>> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const folder = tempFolder();
let session: LivingServer;
let document: Document;
let operations: { readonly method: string; readonly path: string; readonly operation: Operation }[];

beforeAll(async () => {
  session = await livingServer(folder.fresh());
  await session.pass(50);
  ({ json: document } = await session.ask('/openapi.json'));
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
});
afterAll(() => session.close());

/** What stands for a name in a path. */
const EXAMPLES: Readonly<Record<string, string>> = {
  index: '0',
  instrument: 'living:BTCUSDT',
  limit: 'max_order_size',
  number: '1',
  id: 'none',
  file: 'none.html',
  metric: 'pnl',
};

describe('the OpenAPI document', () => {
  it('is one, of version 3.1', () => {
    expect(document.openapi).toBe('3.1.0');
  });

  it('tells of everything that the API has', () => {
    const found = operations.map(({ method, path }) => `${method} ${path.replace('/api/v1', '')}`);
    expect(found).toEqual(
      expect.arrayContaining([
        'get /health',
        'get /ready',
        'get /session',
        'get /system',
        'get /metrics',
        'get /strategies',
        'get /strategies/{index}',
        'post /strategies/{index}/start',
        'post /strategies/{index}/stop',
        'post /strategies/{index}/pause',
        'get /strategies/{index}/parameters',
        'put /strategies/{index}/parameters',
        'get /performance',
        'get /performance/series',
        'get /positions',
        'get /orders',
        'get /fills',
        'get /books',
        'get /books/{instrument}',
        'get /risk',
        'put /risk/state',
        'get /risk/limits',
        'put /risk/limits/{limit}',
        'get /risk/var',
        'get /risk/breaker',
        'post /risk/breaker/trip',
        'post /risk/breaker/reset',
        'get /alerts',
        'post /alerts/{number}/acknowledge',
        'post /kill',
        'post /reconcile',
        'get /backtests',
        'post /backtests',
        'get /backtests/{id}',
        'get /backtests/{id}/result',
        'get /sessions',
        'get /recordings',
        'get /reports',
        'get /reports/{id}/{file}',
        'get /flights',
        'get /stream',
        'post /flights',
      ]),
    );
  });

  it('tells of each operation what it is, what it needs and what it answers', () => {
    for (const { method, path, operation } of operations) {
      const where = `${method} ${path}`;
      expect(operation.summary, where).toMatch(/\w/u);
      expect(operation.tags, where).toHaveLength(1);
      expect(operation.security, where).toEqual(
        expect.arrayContaining([{ bearer: [expect.stringMatching(/^(read|trade|admin)$/u)] }]),
      );
      const problems = Object.entries(operation.responses).filter(
        ([, { content }]) => content?.['application/problem+json'],
      );
      expect(
        problems.map(([status]) => status),
        where,
      ).toEqual(expect.arrayContaining(['401', '403', '429', '500']));
      if (operation.requestBody !== undefined) {
        expect(
          problems.map(([status]) => status),
          where,
        ).toEqual(expect.arrayContaining(['400', '413', '415']));
      }
      for (const name of path.matchAll(/\{(\w+)\}/gu)) {
        expect(operation.parameters, where).toContainEqual(
          expect.objectContaining({ name: name[1], in: 'path', required: true }),
        );
      }
    }
  });

  it('says what every GET answers', async () => {
    const answers: string[] = [];
    for (const { method, path, operation } of operations) {
      if (method !== 'get' || path.endsWith('/stream')) continue;
      const url = path.replaceAll(/\{(\w+)\}/gu, (_, name: string) => encodeURIComponent(EXAMPLES[name] ?? '1'));
      const needed = (operation.parameters ?? []).filter((each) => each.in === 'query' && each.required === true);
      const query = needed.map(({ name }) => `${name}=${EXAMPLES[name] ?? '1'}`).join('&');
      const { status, headers, text } = await session.ask(query === '' ? url : `${url}?${query}`);
      answers.push(`${status} ${path}`);
      const told = operation.responses[String(status)];
      expect(told, `${path}: ${status} ${text.slice(0, 300)}`).toBeDefined();
      expect(Object.keys(told?.content ?? {}), `${path}: ${status}`).toContain(
        String(headers['content-type']).split(';', 1)[0],
      );
    }
    const bad = answers.filter((each) => !each.startsWith('200') && !each.includes('{id}'));
    expect(bad).toEqual([]);
  });
});
