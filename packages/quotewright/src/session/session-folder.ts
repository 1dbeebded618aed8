/** The folder of a session that nobody has named: a new one among those of the program's home. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Home } from '../home/home.ts';
import { sessionIn } from '../journal/recovery.ts';

/** Named by the second in which the session begins, as 20261121T194501Z; it is not made yet. */
export function newSessionFolder(home: Home, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/gu, '');
  for (let number = 1; ; number++) {
    const dir = join(home.sessions, number === 1 ? stamp : `${stamp}-${number}`);
    if (!existsSync(dir)) return dir;
  }
}

/** Takes a folder away in which no session came to begin. */
export function removeUnbegun(dir: string): void {
  if (existsSync(dir) && sessionIn(dir) === undefined) rmSync(dir, { recursive: true });
}
