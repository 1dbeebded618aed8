/** The server's tokens: those of its settings, and one of its own that is made once and kept in a file that only its owner reads. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { redactor } from '../../audit/redactor.ts';
import { readSecret } from '../../audit/secret.ts';
import { makeFolder } from '../../data/make-folder.ts';
import { reasonOf } from '../../data/reason.ts';
import { InputError } from '../../data/report.ts';
import type { ServerConfig } from '../config.ts';
import { Tokens } from './tokens.ts';

const BYTES = 32;
const SHORTEST = 16;
/** What a header can carry. */
const TOKEN = /^[\w.~+/=-]{16,1000}$/u;

/** @throws InputError that names the token, without its value */
export function openTokens(config: ServerConfig, tokenFile: string): Tokens {
  const tokens = new Tokens();
  tokens.add({ name: 'home', role: 'admin' }, ownToken(tokenFile));
  const names = new Set(['home']);
  for (const { name, role, token, env, file } of config.tokens) {
    const field = `tokens '${name}'`;
    if (names.has(name))
      throw new InputError(`${field}: found the name twice, expected each once ('home' is the server’s own)`);
    names.add(name);
    if ([token, env, file].filter((each) => each !== undefined).length !== 1) {
      throw new InputError(`${field}: expected exactly one of token, env and file`);
    }
    const found = token ?? readSecret(env === undefined ? { file: file! } : { env }, field, undefined);
    redactor.register(found);
    if (!TOKEN.test(found)) {
      throw new InputError(`${field}: expected ${SHORTEST} to 1000 letters, digits or -._~+/=`);
    }
    tokens.add({ name, role }, found);
  }
  return tokens;
}

/** The token of the file, which is made when it is not there. @throws InputError */
export function ownToken(path: string): string {
  if (!existsSync(path)) make(path);
  let token: string;
  try {
    token = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new InputError(`${path}: ${reasonOf(error)}`);
  }
  redactor.register(token);
  if (TOKEN.test(token)) return token;
  throw new InputError(
    `${path}: found no token, expected one line of ${SHORTEST} characters or more; remove it to have one made`,
  );
}

/** Whole or not at all, and when two make it at once, the first one's stays. */
function make(path: string): void {
  const part = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.part`;
  try {
    makeFolder(dirname(path), 0o700);
    const file = openSync(part, 'wx', 0o600);
    try {
      // The mask of the process may take away more than is meant, never less.
      fchmodSync(file, 0o600);
      writeSync(file, `${randomBytes(BYTES).toString('base64url')}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(part, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw new InputError(`${path}: ${reasonOf(error)}`);
    }
  } finally {
    rmSync(part, { force: true });
  }
}
