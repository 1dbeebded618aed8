/** Secrets that a config refers to: a variable of the environment, or a file. A value in the config itself is refused. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { InputError } from '../data/report.ts';
import type { AuditLog } from './audit-log.ts';
import { redactor } from './redactor.ts';

const EXPECTED = 'expected { env: NAME } or { file: PATH }: secrets do not stand in a config';

/** What was found is not told: it may be the secret. */
export const secretSource = z.union(
  [z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })],
  EXPECTED,
);
export type SecretSource = z.output<typeof secretSource>;

const MAX_BYTES = 64 * 1024;

/**
 * Reads a secret, which from then on is struck out of every output. Written to the audit log, if there is one, without its value.
 * @param field where the config names it
 * @throws InputError when it is not there
 */
export function readSecret(source: SecretSource, field: string, audit: AuditLog | undefined): string {
  const place = 'env' in source ? `variable ${source.env}` : source.file;
  audit?.note({ what: 'secret.read', subject: field, after: place });
  const secret = 'env' in source ? (process.env[source.env] ?? '') : fileText(source.file, field);
  if (secret.length < 6) {
    const found = secret.length === 0 ? 'nothing' : `${secret.length} characters`;
    throw new InputError(`${field}: found ${found} in ${place}, expected a secret of six characters or more`);
  }
  redactor.register(secret);
  return secret;
}

function fileText(path: string, field: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new InputError(`${field}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (bytes.length <= MAX_BYTES) return bytes.toString('utf8').trim();
  throw new InputError(`${field}: found ${bytes.length} bytes in ${path}, expected a secret`);
}
