/** What a backup says of itself: a folder named after its label, with the session's files and `manifest.json`. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { checkSettings } from '../config/read-config.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';

export const MANIFEST = 'manifest.json';
const LABEL = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u;

const manifestSchema = z.strictObject({
  version: z.literal(1),
  label: z.string(),
  /** ISO time of the machine at which it was begun. */
  created: z.string(),
  /** Records of the journal that it holds: inputs up to this sequence. */
  sequence: z.number().int().nonnegative(),
  files: z.array(
    z.strictObject({
      /** Relative to the session's folder, with forward slashes. */
      path: z.string(),
      bytes: z.number().int().nonnegative(),
      sha256: z.string(),
    }),
  ),
});
export type Manifest = z.output<typeof manifestSchema>;

/** @throws InputError when a label could not be the name of a folder everywhere. */
export function checkLabel(label: string): string {
  const name = label.normalize('NFC');
  if (LABEL.test(name)) return name;
  throw new InputError(
    `label: found '${label}', expected up to 100 letters, digits, points, hyphens and underscores, not a point or hyphen first`,
  );
}

export function backupFolder(store: string, label: string): string {
  return join(store, checkLabel(label));
}

/** @throws InputError when there is no such backup, or its manifest is damaged. */
export async function readManifest(store: string, label: string): Promise<Manifest> {
  const folder = backupFolder(store, label);
  if (!existsSync(folder)) {
    const known = await labels(store);
    throw new InputError(
      `${folder}: no such backup (there ${known.length === 0 ? 'are none' : `are ${known.join(', ')}`})`,
    );
  }
  const path = join(folder, MANIFEST);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new InputError(`${path}: ${reasonOf(error)}`);
  }
  return checkSettings(manifestSchema, value, path);
}

/** Labels of all backups, by name. What was left unfinished does not count. */
export async function labels(store: string): Promise<string[]> {
  if (!existsSync(store)) return [];
  const names = await readdir(store);
  return names.filter((name) => LABEL.test(name) && existsSync(join(store, name, MANIFEST))).toSorted();
}

/** What is wrong with a backup's files, one line each; empty when all are as the manifest says. */
export async function verifyBackup(store: string, label: string): Promise<string[]> {
  const manifest = await readManifest(store, label);
  const folder = backupFolder(store, label);
  const complaints: string[] = [];
  for (const { path, bytes, sha256 } of manifest.files) {
    const file = join(folder, path);
    if (!existsSync(file)) {
      complaints.push(`${file}: is missing`);
      continue;
    }
    const found = await digestOf(file);
    if (found.bytes !== bytes) complaints.push(`${file}: ${found.bytes} bytes, the manifest says ${bytes}`);
    else if (found.sha256 !== sha256) complaints.push(`${file}: its checksum is not that of the manifest`);
  }
  return complaints;
}

export async function digestOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const { size } = await stat(path);
  return { bytes: size, sha256: hash.digest('hex') };
}
