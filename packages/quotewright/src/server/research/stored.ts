/**
 * Things that lie under a folder of the home, by name. A name is one name and no path, and what it leads to must lie where it is
 * looked for: a link that leads elsewhere is as good as absent, and nothing is told of what is there.
 */
import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { safeName } from '../protocol/research.ts';

/** Entries of a folder that are looked through for links at most. */
const MOST_ENTRIES = 10_000;

export interface StoredEntry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  /** Of a file; of the files right inside of a folder. */
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** The real path of what has this name in a folder; undefined when there is none, or it leads out of the folder. */
export function storedPath(folder: string, name: string): string | undefined {
  if (!safeName.safeParse(name).success) return undefined;
  try {
    const root = realpathSync(folder);
    const path = realpathSync(join(root, name));
    return isInside(root, path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The same of what is read with all that is in it: no link in it may lead out of the folder either. */
export function wholePath(folder: string, name: string): string | undefined {
  const path = storedPath(folder, name);
  try {
    return path === undefined || leadsOut(realpathSync(folder), path) ? undefined : path;
  } catch {
    return undefined;
  }
}

/** Everything with a name that can be asked for, newest first. */
export function storedEntries(folder: string): StoredEntry[] {
  return namesIn(folder)
    .flatMap((name) => {
      const path = storedPath(folder, name);
      const entry = path === undefined ? undefined : entryOf(name, path);
      return entry === undefined ? [] : [entry];
    })
    .toSorted((a, b) => b.modifiedMs - a.modifiedMs);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** undefined when it has gone meanwhile, or is neither a file nor a folder. */
export function entryOf(name: string, path: string): StoredEntry | undefined {
  try {
    const found = statSync(path);
    if (!found.isFile() && !found.isDirectory()) return undefined;
    const isFolder = found.isDirectory();
    const bytes = isFolder ? folderBytes(path) : found.size;
    return { name, path, isFolder, bytes, modifiedMs: found.mtimeMs };
  } catch {
    return undefined;
  }
}

function folderBytes(path: string): number {
  let bytes = 0;
  for (const name of readdirSync(path)) {
    const found = statSync(join(path, name), { throwIfNoEntry: false });
    if (found?.isFile() === true) bytes += found.size;
  }
  return bytes;
}

function isInside(root: string, path: string): boolean {
  return path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Whether something in a folder is a link to outside, or there is too much to tell. */
function leadsOut(root: string, path: string): boolean {
  if (!lstatSync(path).isDirectory()) return false;
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  if (entries.length > MOST_ENTRIES) return true;
  return entries.some((entry) => entry.isSymbolicLink() && !isInside(root, target(join(entry.parentPath, entry.name))));
}

/** Empty: it leads nowhere. */
function target(link: string): string {
  try {
    return realpathSync(link);
  } catch {
    return '';
  }
}
