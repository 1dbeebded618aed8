// Fails when a package of the lockfile has a licence that we have not accepted, or none.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const ACCEPTED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-3.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** True when an SPDX expression can be met with accepted licences. */
const isAccepted = (expression) =>
  expression
    .replaceAll(/[()]/g, '')
    .split(/ OR /i)
    .some((choice) => choice.split(/ AND /i).every((name) => ACCEPTED.has(name.trim())));

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const refused = Object.entries(packages)
  .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.link)
  .filter(([, { license }]) => typeof license !== 'string' || !isAccepted(license))
  .map(([path, { license }]) => `${path.slice('node_modules/'.length)}: ${license ?? 'no licence stated'}`);
for (const line of refused) process.stderr.write(`${line}\n`);
process.exit(refused.length === 0 ? 0 : 1);
