/**
 * Brings a session's folder back to a backup. The backup is checked first; what the folder holds is not deleted but moved to
 * `replaced-<time>` in it. The simulated venue's memory and the audit log stay as they are when there are any: a venue's time cannot
 * be turned back, and what it did since the backup is booked when the session starts and reconciles.
 */
import { mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../data/report.ts';
import { Lease } from '../journal/lease.ts';
import { copyDurably, syncPath } from './durable-files.ts';
import { type Manifest, backupFolder, readManifest, verifyBackup } from './manifest.ts';
import { REPLACED, RESTORING, SNAPSHOTS, isLasting, isSessionFile } from './session-files.ts';

/** A copy that is not whole yet; one that a killed restore has left is of no use. */
const DRAFT = '.restored-';

export interface Restored {
  readonly manifest: Manifest;
  /** Where what was there before is now; empty when nothing was. */
  readonly replaced: string;
}

/** @throws InputError when the backup is damaged or missing, or a living process trades the session. */
export async function restoreBackup(session: string, store: string, label: string): Promise<Restored> {
  const complaints = await verifyBackup(store, label);
  if (complaints.length > 0) throw new InputError(complaints.join('; '));
  const manifest = await readManifest(store, label);
  const source = backupFolder(store, label);
  const lease = Lease.acquire(session);
  try {
    const names = await readdir(session);
    const useless = names.filter((name) => name === RESTORING || name.startsWith(DRAFT));
    const lasting = new Set(names.filter(isLasting));
    const draft = await mkdtemp(join(session, DRAFT));
    const paths = manifest.files.map(({ path }) => path).filter((path) => !lasting.has(topOf(path)));
    for (const path of paths) await copyDurably(join(source, path), join(draft, path));
    for (const name of useless) await rm(join(session, name), { recursive: true });
    // From here to its end the folder is neither what it was nor the backup, and no session starts in it.
    const whole = join(session, RESTORING);
    await rename(draft, whole);
    await syncPath(session);
    const replaced = await setAside(session);
    for (const name of await readdir(whole)) await rename(join(whole, name), join(session, name));
    await rmdir(whole);
    await syncPath(session);
    return { manifest, replaced };
  } finally {
    lease.release();
  }
}

const topOf = (path: string): string => path.split('/')[0]!;

/** Moves what the backup replaces, and what came after it, out of the way. */
async function setAside(session: string): Promise<string> {
  const names = (await readdir(session)).filter(
    (name) => (name === SNAPSHOTS || isSessionFile(name)) && !isLasting(name),
  );
  if (names.length === 0) return '';
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const folder = join(session, `${REPLACED}${stamp}`);
  await mkdir(folder);
  for (const name of names) await rename(join(session, name), join(folder, name));
  await syncPath(folder);
  return folder;
}
