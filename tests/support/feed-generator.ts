/** The feed of the shared workloads, generated once and kept in the project's cache. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFile } from '../../packages/quotewright/src/data/testing/files.ts';

const FOLDER = join('.cache', 'workloads');

/** Path of a feed of so many rows; without a seed, of the generator's own. */
export function generatedFeed(rows: number, seed?: number): string {
  const source = sharedFile('workloads/gen_feed.cpp');
  const file = join(FOLDER, `feed${rows}${seed === undefined ? '' : `-${seed}`}.bin`);
  if (existsSync(file)) return file;
  mkdirSync(FOLDER, { recursive: true });
  const generator = join(FOLDER, 'gen_feed');
  if (!existsSync(generator)) execFileSync('g++', ['-O2', '-o', generator, source]);
  // Written beside, then renamed: a run that is stopped leaves no half of a feed under the name.
  const part = `${file}.${process.pid}.part`;
  execFileSync(generator, [String(rows), part, ...(seed === undefined ? [] : [String(seed)])], { stdio: 'ignore' });
  renameSync(part, file);
  return file;
}
