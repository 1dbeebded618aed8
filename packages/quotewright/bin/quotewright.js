#!/usr/bin/env node
// The launcher: plain JavaScript that an old Node can run. It hands over to Node 24 when the machine's is older, and in a
// checkout it compiles the sources first when they are newer than what they were compiled to.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(dirname(fileURLToPath(import.meta.url)));
const root = dirname(dirname(here));
const entry = join(here, 'dist', 'cli', 'main.js');

function fail(text, code) {
  process.stderr.write(`quotewright: ${text}\n`);
  process.exit(code);
}

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 15);
}

/** A Node that `npm start` or `npm test` fetched into the checkout, if there is one. */
function fetchedNode() {
  const folder = join(root, '.node', 'node_modules');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('node-')) : [];
  const name = names.find((each) => {
    const { version } = JSON.parse(readFileSync(join(folder, each, 'package.json'), 'utf8'));
    return isNewEnough(version);
  });
  return name && join(folder, name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Time of the last change to a folder's sources. */
function newest(folder) {
  let time = 0;
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name);
    if (item.isDirectory()) time = Math.max(time, newest(path));
    else if (item.name.endsWith('.ts') && !item.name.endsWith('.test.ts'))
      time = Math.max(time, statSync(path).mtimeMs);
  }
  return time;
}

/** Compiles a checkout whose sources have changed since; a published package has no sources. */
function build(node) {
  const sources = [join(here, 'src'), ...['core', 'ccxt'].map((name) => join(root, 'packages', name, 'src'))];
  if (!sources.every((folder) => existsSync(folder))) return;
  const info = join(here, 'tsconfig.tsbuildinfo');
  const built = existsSync(entry) && existsSync(info) ? statSync(info).mtimeMs : 0;
  if (Math.max(...sources.map(newest)) <= built) return;
  const done = spawnSync(node, [join(root, 'node_modules', 'ts7', 'bin', 'tsc'), '-b', here], { encoding: 'utf8' });
  if (done.status !== 0) fail(`the sources do not compile:\n${done.stdout}${done.stderr}`, 1);
  // The compiler leaves the file alone when nothing that it emits has changed.
  utimesSync(info, new Date(), new Date());
}

const node = isNewEnough(process.version) ? process.execPath : fetchedNode();
if (!node) {
  const wanted = "run 'npm start' once in the checkout (it fetches one), or install Node 24";
  fail(`needs Node 24.15 or newer, this is ${process.version}; ${wanted}`, 2);
}
build(node);
// What runs for weeks has a small young generation (MB): its memory stays flat, and each collection is short.
const LASTING = new Set(['exchange', 'live', 'paper', 'record']);
const flags = LASTING.has(process.argv[2]) ? ['--max-semi-space-size=8'] : [];
// The channel tells the child when the launcher is gone: who kills the one means the other.
const child = spawn(node, [...flags, entry, ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: { ...process.env, QUOTEWRIGHT_LAUNCHED: '1' },
});
// The terminal sends its signals to the whole group; a signal sent to the launcher alone must reach the child.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`could not start ${node}: ${error.message}`, 1));
child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
