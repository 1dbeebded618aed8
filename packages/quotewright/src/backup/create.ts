/**
 * Makes a backup of a session's folder, also while the session runs: snapshots first, then the journal, so that the journal reaches
 * at least as far; of the journal what was whole when it was copied. It is written into a folder of another name, put on
 * the disk, and renamed: a backup is there completely or not at all.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from 'lmdb';
import { makeFolder } from '../data/make-folder.ts';
import { InputError } from '../data/report.ts';
import { listSegments } from '../journal/segments.ts';
import { endJournal } from '../journal/tail.ts';
import { verifyJournal } from '../journal/verify.ts';
import { copyDurably, filesOf, syncPath } from './durable-files.ts';
import { MANIFEST, type Manifest, backupFolder, digestOf } from './manifest.ts';
import { SNAPSHOTS, isSessionFile } from './session-files.ts';

const COPY_TRIES = 3;

export interface Backup {
  readonly manifest: Manifest;
  /** What is wrong with the session's journal, and so with the backup, in a line; empty when it is sound. */
  readonly damage: string;
}

/** @throws InputError when the folder holds no journal, or one of which nothing can be read, or there is a backup of this label. */
export async function createBackup(session: string, store: string, label: string): Promise<Backup> {
  const folder = backupFolder(store, label);
  if (listSegments(session).segments.length === 0) throw new InputError(`${session}: found no journal`);
  if (existsSync(folder)) throw new InputError(`${folder}: there is a backup of this label`);
  makeFolder(store);
  // A name that is no label, so that what a crash leaves behind is no backup.
  const draft = await mkdtemp(join(store, '.unfinished-'));
  try {
    await copySession(session, draft);
    // A frame that was being written is in the copy in part.
    const { sequence, cut } = endJournal(draft);
    for (const { kept } of cut) await rm(kept);
    const damage = damageOf(session, draft);
    const manifest = await describe(draft, label, sequence);
    await writeFile(join(draft, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    await syncPath(draft);
    await rename(draft, folder);
    await syncPath(store);
    return { manifest, damage };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** @throws InputError when nothing of the journal can be read */
function damageOf(session: string, draft: string): string {
  const nothing = new InputError(`${session}: nothing of its journal can be read, there is nothing to back up`);
  if (listSegments(draft).segments.length === 0) throw nothing;
  const { damages, records, missing, sessions } = verifyJournal(draft);
  if (records === 0 && sessions === 0) throw nothing;
  if (damages.length === 0) return '';
  const places = damages.length === 1 ? 'a place' : `${damages.length} places`;
  const lost = missing === 0 ? '' : `, ${missing.toLocaleString('en-US')} records are missing`;
  return `${session}: its journal is damaged in ${places}${lost}, and so is the backup; \`quotewright journal verify\` says where`;
}

/** A session that compacts its journal may take a segment away before it was copied: then the copy begins anew. */
async function copySession(session: string, draft: string, tries = COPY_TRIES): Promise<void> {
  try {
    await copySnapshots(join(session, SNAPSHOTS), join(draft, SNAPSHOTS));
    const paths = (await filesOf(session)).filter(isSessionFile);
    for (const path of paths) await copyDurably(join(session, path), join(draft, path));
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isGone || tries <= 1) throw error;
    for (const name of await readdir(draft)) await rm(join(draft, name), { recursive: true });
    await copySession(session, draft, tries - 1);
  }
}

async function describe(draft: string, label: string, sequence: number): Promise<Manifest> {
  const files: Manifest['files'] = [];
  for (const path of await filesOf(draft)) files.push({ path, ...(await digestOf(join(draft, path))) });
  return { version: 1, label: label.normalize('NFC'), created: new Date().toISOString(), sequence, files };
}

/** A consistent copy of a database that another process may be writing. */
async function copySnapshots(from: string, to: string): Promise<void> {
  if (!existsSync(from)) return;
  await mkdir(to);
  const database = open({ path: from, readOnly: true, encoding: 'binary' });
  try {
    await database.backup(to, false);
  } finally {
    await database.close();
  }
  for (const path of await filesOf(to)) await syncPath(join(to, path));
  await syncPath(to);
}
