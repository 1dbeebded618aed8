/**
 * A line of the audit log: JSON that carries the hash of the line before it, and ends with its own. The hash is SHA-256 over the
 * previous hash and the line's bytes up to its own hash, so that a line cannot be changed, removed or moved without the ones after it
 * showing it.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Actor, actorSchema } from './actor.ts';

/** What happened. */
export interface AuditEntry {
  /** What was done, as `limit.set`; docs/alerts.md lists them. */
  readonly what: string;
  /** Who wanted it. */
  readonly who: Actor;
  /** What it was done to, as `max_order_size instrument:BTCUSDT`. */
  readonly subject?: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export const auditLine = z.object({
  /** From 1, without a gap. */
  n: z.number().int().positive(),
  /** ISO, the machine's clock. */
  time: z.string(),
  what: z.string(),
  who: actorSchema,
  subject: z.string().optional(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  /** The process that wrote the line, where it is not `who`. */
  by: actorSchema.optional(),
  prev: z.string(),
  hash: z.string(),
});
export type AuditLine = z.output<typeof auditLine>;

/** Stands for the hash before the first line. */
export const NO_HASH = '0'.repeat(64);

const TAIL = /,"hash":"([0-9a-f]{64})"\}$/;

/** @param fields what the line says, without `prev` and `hash`; answers the line without its end of line */
export function chainLine(fields: Readonly<Record<string, unknown>>, prev: string): { text: string; hash: string } {
  const open = JSON.stringify({ ...fields, prev }).slice(0, -1);
  const hash = hashOf(prev, open);
  return { text: `${open},"hash":"${hash}"}`, hash };
}

/** What is wrong with the line after one with this number and hash; empty when it follows. */
export function faultOf(text: string, count: number, prev: string): string {
  const found = TAIL.exec(text);
  if (found === null) return 'is no audit line';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not JSON';
  }
  const line = auditLine.safeParse(value);
  if (!line.success) return 'is no audit line';
  // Its own number first: it tells a removed line from a changed one.
  if (hashOf(line.data.prev, text.slice(0, found.index)) !== found[1])
    return 'was changed: its hash is not that of its text';
  if (line.data.n !== count + 1)
    return `has number ${line.data.n}, expected ${count + 1}: lines were removed, added or moved`;
  if (line.data.prev !== prev) return 'does not follow from the line before it: lines were removed, changed or moved';
  return '';
}

/** Hash of a sound line. */
export function hashAt(text: string): string {
  return TAIL.exec(text)?.[1] ?? '';
}

function hashOf(prev: string, open: string): string {
  return createHash('sha256').update(prev).update(open).digest('hex');
}
