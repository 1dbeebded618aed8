/** Where a session is commanded: the socket that it listens on, and the file that kills it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditFolder } from '../audit/audit-folder.ts';
import { InputError } from '../data/report.ts';

/** The system's structure for an address holds 104 bytes or more, a zero at the end included; bound to is a name with a process's number in it. */
const MAX_SOCKET_BYTES = 95;

/** While it is there, trading is halted. */
export function killFile(dir: string): string {
  return join(dir, 'KILL');
}

/** In the session's folder; where its path is too long for a socket, under a name made from it in a folder of ours among the temporary ones. */
export function socketPath(dir: string): string {
  const full = realpathSync(dir);
  const path = join(full, 'control.sock');
  if (Buffer.byteLength(path) <= MAX_SOCKET_BYTES) return path;
  const name = createHash('sha256').update(full).digest('hex').slice(0, 24);
  return join(ownTemporaryFolder(), `${name}.sock`);
}

/** Nobody else may enter it, or they could listen in our place. */
function ownTemporaryFolder(): string {
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `quotewright-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = statSync(folder);
  if (found.uid === uid && (found.mode & 0o077) === 0) return folder;
  throw new InputError(`${folder}: found a folder that others can enter, expected one of this user alone`);
}

/** @throws InputError when it is no folder that a session was ever in */
export function checkFolder(dir: string): void {
  const found = statSync(dir, { throwIfNoEntry: false });
  if (found?.isDirectory() === true && existsSync(auditFolder(dir))) return;
  const what = found === undefined ? 'nothing' : found.isDirectory() ? 'a folder without audit log' : 'a file';
  throw new InputError(`${dir}: found ${what}, expected the folder of a session`);
}
