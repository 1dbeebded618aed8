#!/usr/bin/env node
// The launcher: plain JavaScript that an old Node can run. It hands over to Node 24 when the machine's is older, and
// runs the TypeScript sources in a checkout, the compiled files in a published package.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 15);
}

/** A Node that `npm start` or `npm test` fetched into the checkout, if there is one. */
function fetchedNode() {
  const folder = join(here, '..', '..', '.node', 'node_modules');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('node-')) : [];
  return names
    .map((name) => join(folder, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'))
    .find((file) => isNewEnough(spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout || 'v0.0'));
}

const node = isNewEnough(process.version) ? process.execPath : fetchedNode();
if (!node) {
  process.stderr.write(
    `quotewright: needs Node 24.15 or newer, this is ${process.version}; run 'npm start' once in the checkout (it fetches one), or install Node 24\n`,
  );
  process.exit(2);
}
const source = join(here, 'src', 'cli', 'main.ts');
const entry = existsSync(source) ? ['--conditions=source', source] : [join(here, 'dist', 'cli', 'main.js')];
const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...entry, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// The terminal sends its signals to the whole group; a signal sent to the launcher alone must reach the child.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  process.stderr.write(`quotewright: could not start ${node}: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
