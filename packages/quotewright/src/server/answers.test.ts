/** What is wrong inside stays inside: a route that throws, and one whose answer does not fit its schema. */
import fastify from 'fastify';
import { type ZodTypeProvider, serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerErrors } from './http/errors.ts';
import { KnownPaths } from './http/known-paths.ts';

function server() {
  const said: string[] = [];
  const app = fastify().withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  answerErrors(
    app,
    new KnownPaths(),
    (line) => said.push(line),
    () => {},
  );
  app.get('/throws', () => {
    throw new TypeError('secret of the inside');
  });
  app.get('/rejects', async () => Promise.reject(new Error('secret of the inside')));
  // oxlint-disable-next-line prefer-promise-reject-errors -- what careless code does
  app.get('/nothing', async () => Promise.reject());
  const response = { 200: z.object({ count: z.int(), price: z.number() }) };
  app.get('/misfit', { schema: { response } }, () => ({ count: 1.5, price: Number.NaN }));
  app.get('/fits', { schema: { response } }, () => ({ count: 1, price: 2, more: 'left out' }));
  return { app, said };
}

describe('an answer', () => {
  it('of a route that fails tells nothing of the inside; the log does, once', async () => {
    const { app, said } = server();
    for (const path of ['/throws', '/rejects']) {
      const answer = await app.inject(path);
      expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal']);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.body).not.toContain('secret');
    }
    expect(said).toEqual([
      expect.stringMatching(/^GET \/throws: internal: TypeError: secret of the inside/u),
      expect.stringMatching(/^GET \/rejects: internal: Error: secret of the inside/u),
    ]);
    expect((await app.inject('/nothing')).statusCode).toBe(500);
  });

  it('that does not fit its schema is not given', async () => {
    const { app, said } = server();
    const answer = await app.inject('/misfit?token=secret');
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'bad-answer']);
    expect(answer.body).not.toContain('1.5');
    expect(said).toEqual([expect.stringMatching(/^GET \/misfit: bad-answer: .*count/u)]);
    expect((await app.inject('/fits')).json()).toEqual({ count: 1, price: 2 });
  });
});
