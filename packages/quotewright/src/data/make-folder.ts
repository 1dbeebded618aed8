/** Makes folders. Not by the `recursive` of Node's mkdir: where the system says that nothing can be made (as in /proc), it tries for ever. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { reasonOf } from './reason.ts';
import { InputError } from './report.ts';

/**
 * Makes a folder, and those that it is in, where there are none.
 * @param mode of those that are made
 * @throws InputError that names the one that cannot be made
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (isFolder(path)) return;
    const why = existsSync(path) ? 'file already exists, not a directory' : reasonOf(error);
    throw new InputError(`${path}: the folder cannot be made: ${why}`);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
