/** Deletes a backup: it is no backup any more before the first of its files goes. */
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backupFolder, readManifest } from './manifest.ts';

/** @throws InputError when there is no such backup. */
export async function deleteBackup(store: string, label: string): Promise<void> {
  await readManifest(store, label);
  const grave = await mkdtemp(join(store, '.deleted-'));
  await rename(backupFolder(store, label), join(grave, 'backup'));
  await rm(grave, { recursive: true });
}
