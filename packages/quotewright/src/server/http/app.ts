/** The fastify instance that routes are added to, and what a route says of itself beside its schemas. */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
} from 'fastify';
import type { Server } from 'node:http';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Role } from '../config.ts';
import type { Holder } from '../security/tokens.ts';

export type App = FastifyInstance<
  Server,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What a request must be allowed to: `read` is free on loopback; `free` always (files of the page). */
export type Access = Role | 'free';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent: `read` for GET and HEAD, `admin` for all others. */
    access?: Access;
    /** It goes to the trading thread, which writes the audit line; absent: the server writes one before the handler runs. */
    isCommand?: boolean;
  }
  interface FastifyRequest {
    /** Whose token came with the request; undefined: none. */
    holder: Holder | undefined;
  }
}
