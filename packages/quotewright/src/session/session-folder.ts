/** The folder of a session that nobody has named: a new one among those of the program's home. */
import { existsSync, mkdirSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Home } from '../home/home.ts';
import { sessionIn } from '../journal/recovery.ts';

/** Made, and named by the second in which the session begins, as 20261121T194501Z; the next that begins in it is 20261121T194501Z-2. */
export function newSessionFolder(home: Home, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/gu, '');
  mkdirSync(home.sessions, { recursive: true, mode: 0o700 });
  for (let number = 1; ; number++) {
    const dir = join(home.sessions, number === 1 ? stamp : `${stamp}-${number}`);
    if (isMade(dir)) return dir;
  }
}

/** @returns false when it was there: another process has just begun in it */
function isMade(dir: string): boolean {
  try {
    mkdirSync(dir, { mode: 0o700 });
    return true;
  } catch (error) {
    if (existsSync(dir)) return false;
    throw error;
  }
}

/** Takes a folder away in which no session came to begin, and the one of all sessions when that was the only one. */
export function removeUnbegun(dir: string): void {
  if (!existsSync(dir) || sessionIn(dir) !== undefined) return;
  rmSync(dir, { recursive: true });
  if (readdirSync(dirname(dir)).length === 0) rmdirSync(dirname(dir));
}
