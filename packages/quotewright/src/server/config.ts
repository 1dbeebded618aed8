/** The server's settings: a YAML file of `--server`, with defaults that are safe. */
import { z } from 'zod';

export const ROLES = ['read', 'trade', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const serverConfig = z.strictObject({
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(8080),
  tls: z.strictObject({ cert: z.string(), key: z.string() }).exactOptional(),
  /** Each with the role that it gives. Exactly one of `token`, `env` (a variable's name) and `file` says what it is. */
  tokens: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(100),
        role: z.enum(ROLES),
        token: z.string().min(16).exactOptional(),
        env: z.string().exactOptional(),
        file: z.string().exactOptional(),
      }),
    )
    .default([]),
  /** Origins of pages that may use the API beside the server's own. */
  origins: z.array(z.string()).default([]),
  redis: z.strictObject({ url: z.string(), prefix: z.string().default('quotewright') }).exactOptional(),
  /** Requests a minute from one address. */
  requestsPerMinute: z.int().min(1).default(1200),
});
export type ServerConfig = z.output<typeof serverConfig>;
