/** Keys from outside of the vault: variables of the environment, and files as Kubernetes mounts them, one a field. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { CredentialShape } from '../venues/contract/credentials.ts';

const MAX_BYTES = 64 * 1024;
const OTHERS = 0o077;
const PEM_BEGIN = Buffer.from('-----BEGIN ');
const [LINE_FEED, BACKSLASH, LETTER_N, LETTER_R] = [10, 92, 110, 114];

/** `KRAKEN` and `privateKey` → `KRAKEN_PRIVATE_KEY`. */
export function variableOf(prefix: string, field: string): string {
  return `${prefix}_${field.replaceAll(/([a-z0-9])([A-Z])/gu, '$1_$2').toUpperCase()}`;
}

export function valuesOfEnvironment(
  shape: CredentialShape,
  prefix: string,
  environment: NodeJS.ProcessEnv,
): Map<string, Buffer> {
  const values = new Map<string, Buffer>();
  for (const { name } of shape) {
    const text = environment[variableOf(prefix, name)] ?? '';
    if (text !== '') values.set(name, linesOfPem(Buffer.from(text)));
  }
  return values;
}

/** @throws InputError when a file is there and cannot be read */
export function valuesOfFolder(
  shape: CredentialShape,
  folder: string,
  tell?: (text: string) => void,
): Map<string, Buffer> {
  const values = new Map<string, Buffer>();
  for (const { name } of shape) {
    const value = secretFile(join(folder, name), tell);
    if (value !== undefined && value.length > 0) values.set(name, linesOfPem(value));
  }
  return values;
}

/** A key in PEM on one line, with `\n` for its line breaks, as venues' JSON and variables have it, in lines; anything else as it is. Takes the bytes over. */
export function linesOfPem(value: Buffer): Buffer {
  if (!value.subarray(0, PEM_BEGIN.length).equals(PEM_BEGIN)) return value;
  const lines = Buffer.alloc(value.length);
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const escaped = value[i] === BACKSLASH ? value[i + 1] : undefined;
    if (escaped === LETTER_N) lines[length++] = LINE_FEED;
    else if (escaped !== LETTER_R) lines[length++] = value[i]!;
    if (escaped === LETTER_N || escaped === LETTER_R) i++;
  }
  value.fill(0);
  return lines.subarray(0, length);
}

/**
 * The bytes of a file without the end of its last line; undefined when there is none.
 * @param tell takes what is to be said of a file of ours that others can read
 * @throws InputError
 */
export function secretFile(path: string, tell?: (text: string) => void): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new InputError(`${path}: ${reasonOf(error)}`);
  }
  const bytes = Buffer.alloc(MAX_BYTES + 1);
  try {
    const { mode, uid } = fstatSync(file);
    // Those of others, as a mounted Secret is, are theirs to narrow.
    if ((mode & OTHERS) !== 0 && uid === process.getuid?.())
      tell?.(`${path}: mode is ${(mode & 0o777).toString(8)}: others can read it; chmod 600 ${path}`);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length;) {
      read = readSync(file, bytes, length, bytes.length - length, null);
      length += read;
    }
    if (length > MAX_BYTES) throw new InputError(`${path}: found more than ${MAX_BYTES} bytes, expected a secret`);
    while (length > 0 && (bytes[length - 1] === 0x0a || bytes[length - 1] === 0x0d)) length--;
    const value = Buffer.alloc(length);
    bytes.copy(value, 0, 0, length);
    return value;
  } catch (error) {
    throw error instanceof InputError ? error : new InputError(`${path}: ${reasonOf(error)}`);
  } finally {
    bytes.fill(0);
    closeSync(file);
  }
}
