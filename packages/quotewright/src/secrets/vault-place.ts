/** Where the vault lies on the disk: who may read it, how it is replaced, and who may change it now. */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFolder, whileLocked } from '../audit/audit-folder.ts';
import { makeFolder } from '../data/make-folder.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { Home } from '../home/home.ts';
import { MAX_FILE_BYTES } from './vault-format.ts';

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
/** A holder of the lock tries a password, or writes: some tenths of a second. */
const LOCK_WAIT_MS = 20_000;

export function vaultPath(home: Home): string {
  return join(home.dir, 'vault.json');
}

/** Undefined when there is none. @throws InputError when it is no file, too large, or a link to nothing */
export function readVaultBytes(path: string): Buffer | undefined {
  try {
    const status = statSync(path);
    if (!status.isFile()) throw new InputError(`${path}: found no file, expected a vault`);
    if (status.size > MAX_FILE_BYTES) throw new InputError(`${path}: found ${status.size} bytes, expected a vault`);
    return readFileSync(path);
  } catch (error) {
    if (isAbsent(error)) {
      // A folder that is not mounted just now: a new vault must not take the place of the link.
      if (!isThere(path)) return undefined;
      throw new InputError(`${path}: found a link to what is not there, expected a vault`);
    }
    throw error instanceof InputError ? error : new InputError(`${path}: ${reasonOf(error)}`);
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return !isAbsent(error);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * The vault is its owner's alone: a wider mode is narrowed.
 * @returns what was done about it; empty when nothing had to be
 * @throws InputError when it cannot be
 */
export function narrow(path: string): string {
  const mode = statSync(path).mode & 0o777;
  if ((mode & OTHERS) === 0) return '';
  try {
    chmodSync(path, 0o600);
  } catch (error) {
    const text = `${path}: found mode ${mode.toString(8)}, expected 600, and it cannot be changed: ${reasonOf(error)}`;
    // As Kubernetes mounts it: nobody can write there.
    if (error instanceof Error && 'code' in error && error.code === 'EROFS') return text;
    throw new InputError(text);
  }
  return `${path}: mode was ${mode.toString(8)}, is 600 now: others could read it`;
}

/** What is to be said of a folder in which others may put another vault in the place of this one; empty: nothing. */
export function folderNotice(path: string): string {
  const folder = dirname(path);
  const { mode } = statSync(folder);
  // In one as /tmp is, each may remove only what is his.
  if ((mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0) return '';
  return `${folder}: mode is ${(mode & 0o777).toString(8)}: others can replace what is in it; chmod go-w ${folder}`;
}

/** A reader sees the old vault or the new one, and so does who starts after the power went. Called under the lock. */
export function replaceVault(path: string, text: string): void {
  // What a link leads to is replaced, not the link.
  const target = isThere(path) ? realpathSync(path) : path;
  const part = `${target}.${process.pid}.part`;
  try {
    removeParts(target);
    const file = openSync(part, 'wx', 0o600);
    try {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, target);
    syncFolder(dirname(target));
  } catch (error) {
    rmSync(part, { force: true });
    throw new InputError(`${path}: cannot be written: ${reasonOf(error)}`);
  }
}

/** What processes left that were killed while they wrote: nobody else writes now. */
function removeParts(target: string): void {
  const [folder, name] = [dirname(target), basename(target)];
  for (const each of readdirSync(folder)) {
    if (each.startsWith(`${name}.`) && /^\.\d+\.part$/u.test(each.slice(name.length)))
      rmSync(join(folder, each), { force: true });
  }
}

/** While no other process changes the vault. Makes its folder. */
export function whileVaultLocked<T>(path: string, work: () => T): T {
  makeFolder(dirname(path), 0o700);
  return whileLocked(dirname(path), work, `${basename(path)}.lock`, LOCK_WAIT_MS);
}
