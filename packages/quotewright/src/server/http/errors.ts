/** Whatever goes wrong in a request ends here, as a problem: nothing of the inside is told, and a fault of ours is a line of the log. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod';
import type { App } from './app.ts';
import type { KnownPaths } from './known-paths.ts';
import { PROBLEM_TYPE, Problem, type ProblemCode } from './problems.ts';

/** Takes a line for the operator of the server. */
export type Say = (line: string) => void;

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  // A route's own schema knows nothing of it: it is sent as it is.
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type(PROBLEM_TYPE)
    .serializer(JSON.stringify)
    .send(problem.body);
}

/** @param refused is told each problem that is sent, before it is */
export function answerErrors(
  app: App,
  paths: KnownPaths,
  say: Say,
  refused: (request: FastifyRequest, problem: Problem) => void,
): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error);
    if (problem.status >= 500 && !(error instanceof Problem)) {
      say(`${request.method} ${pathOf(request)}: ${problem.code}: ${faultText(error)}`);
    }
    refused(request, problem);
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const methods = paths.methodsOf(path);
    const problem =
      methods.length === 0 || methods.includes(request.method)
        ? new Problem('not-found', `found '${path.slice(0, 200)}', expected a path of this server`)
        : new Problem('wrong-method', `found ${request.method}, expected ${methods.join(' or ')}`, {
            headers: { allow: methods.join(', ') },
          });
    return sendProblem(reply, problem);
  });
}

/** The path without the query, which may hold what is nobody's business. */
export function pathOf({ url }: Pick<FastifyRequest, 'url'>): string {
  return url.split('?', 1)[0] ?? '';
}

/** Errors of the framework by its codes, and of its plugins by their status. */
const FRAMEWORK: Readonly<Record<string, readonly [ProblemCode, string]>> = {
  FST_ERR_BAD_URL: ['bad-request', 'found a path that cannot be decoded, expected %XX of UTF-8'],
  FST_ERR_MAX_PARAM_LENGTH: ['bad-request', 'found a name in the path that is too long'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['too-large', 'found a body that is too large, expected 64 kB at most'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['wrong-type', 'expected the content type application/json'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['bad-request', 'found no body, expected JSON'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['bad-request', 'found a body that is not JSON'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['bad-request', 'found a body of another length than was announced'],
};

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, message }) => ({
      field: instancePath.replace(/^\//u, '').replaceAll('/', '.'),
      detail: message ?? 'not as expected',
    }));
    const [first] = errors;
    return new Problem('bad-request', `${first!.field === '' ? 'the request' : first!.field}: ${first!.detail}`, {
      errors,
    });
  }
  if (isObject(error)) {
    if (error['code'] === 'FST_ERR_RESPONSE_SERIALIZATION' || isResponseSerializationError(error)) {
      return new Problem('bad-answer', 'the answer does not fit its schema; the log of the server says where');
    }
    const known = FRAMEWORK[String(error['code'])];
    if (known !== undefined) return new Problem(...known);
    const status = error['statusCode'];
    if (status === 400 || error instanceof URIError) {
      return new Problem('bad-request', 'found a request that cannot be read');
    }
    // Which files there are that are not given away is nobody's business either.
    if (status === 404 || status === 403) return new Problem('not-found', 'there is no such file');
    if (status === 413) return new Problem('too-large', 'found a body that is too large');
    if (status === 415) return new Problem('wrong-type', 'expected the content type application/json');
  }
  return new Problem('internal', 'the server has failed; its log says how');
}

function faultText(error: unknown): string {
  if (isObject(error) && 'cause' in error && error['cause'] instanceof Error) return firstLines(error['cause']);
  return error instanceof Error ? firstLines(error) : String(error);
}

function firstLines({ stack, message }: Error): string {
  return (stack ?? message).split('\n').slice(0, 12).join(' | ');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
