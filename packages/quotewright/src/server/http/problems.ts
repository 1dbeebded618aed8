/** Everything that the server refuses or fails at, as RFC 9457 problem details. The codes are stable; what follows them in words is not. */
import { z } from 'zod';

export const PROBLEMS = {
  'bad-request': [400, 'The request is not as expected'],
  refused: [400, 'The session refuses it'],
  'no-token': [401, 'A token is needed'],
  'wrong-token': [401, 'The token is not known'],
  'wrong-role': [403, 'The token is not allowed to do that'],
  'wrong-origin': [403, 'The page that asks is not one of this server'],
  'wrong-host': [403, 'The name that was asked for is not one of this server'],
  'not-found': [404, 'There is no such thing'],
  'wrong-method': [405, 'It cannot be done with that method'],
  'not-possible': [409, 'Not in this state'],
  'session-over': [409, 'The session has ended'],
  'too-large': [413, 'The request is too large'],
  'wrong-type': [415, 'The content type is not understood'],
  'too-many-requests': [429, 'Too many requests'],
  'too-many-failures': [429, 'Too many tokens that are not known'],
  internal: [500, 'The server has failed'],
  'bad-answer': [500, 'The server has an answer that it may not give'],
  unaudited: [503, 'The audit log cannot be written'],
  'no-answer': [504, 'The session has not answered in time'],
} as const satisfies Record<string, readonly [status: number, title: string]>;
export type ProblemCode = keyof typeof PROBLEMS;

// oxlint-disable-next-line no-unsafe-type-assertion -- the keys of a constant
export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly ProblemCode[];

export const problemSchema = z.object({
  /** `urn:quotewright:problem:CODE`. */
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** What was found and what was expected. */
  detail: z.string(),
  code: z.enum(PROBLEM_CODES),
  /** Of a request that is not as expected: each field and what is wrong with it. */
  errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
});
export type ProblemBody = z.output<typeof problemSchema>;

export const PROBLEM_TYPE = 'application/problem+json';

/** Thrown by routes and hooks; the error handler answers it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: ProblemBody['errors'];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: ProblemBody['errors']; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }

  get status(): number {
    return PROBLEMS[this.code][0];
  }

  get body(): ProblemBody {
    const { code, message, errors } = this;
    const [status, title] = PROBLEMS[code];
    const type = `urn:quotewright:problem:${code}`;
    return { type, title, status, detail: message, code, ...(errors === undefined ? {} : { errors }) };
  }
}
