// Fails when a tracked file names a package registry's host or a path of one machine.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const FORBIDDEN = [/"resolved": "http/, /(?<![.\w])\/(?:home|root|Users)\/\w/, /_authToken/];
const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
});
const found = listed.stdout
  .split('\0')
  .filter((file) => file !== '' && file !== 'scripts/check-hosts.mjs' && existsSync(join(root, file)))
  .flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return FORBIDDEN.filter((pattern) => pattern.test(text)).map((pattern) => `${file}: matches ${pattern}`);
  });
for (const line of found) process.stderr.write(`${line}\n`);
process.exit(listed.status === 0 && found.length === 0 ? 0 : 1);
