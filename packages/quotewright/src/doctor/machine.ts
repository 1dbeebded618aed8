/** The machine that the program runs on: Node, the home folder, room on the disk, limits of the process, and what would write memory to a file. */
import { accessSync, constants, existsSync, readFileSync, statSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Home } from '../home/home.ts';
import { vaultPath } from '../secrets/vault-place.ts';
import type { Findings } from './check.ts';

const LEAST_NODE = [24, 15] as const;
const GIB = 1024 ** 3;
const LITTLE_ROOM = 5 * GIB;
const NO_ROOM = 0.5 * GIB;
/** A session has some dozens; the server's readers come on top. */
const FEW_FILES = 1024;
/** Options of Node that write memory, and with it keys, to a file or show it to others. */
const DUMPING = /--(?:heapsnapshot-signal|heapsnapshot-near-heap-limit|heap-prof|abort-on-uncaught-exception|inspect)/u;
const LIMITS = '/proc/self/limits';

export interface MachineFacts {
  readonly version: string;
  readonly execArgv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** As Linux shows them; empty elsewhere. */
  readonly limits: string;
}

export function machineFacts(): MachineFacts {
  const { version, execArgv, env: environment } = process;
  return { version, execArgv, environment, limits: existsSync(LIMITS) ? readFileSync(LIMITS, 'utf8') : '' };
}

export function checkMachine(found: Findings, home: Home, facts: MachineFacts): void {
  checkNode(found, facts.version);
  checkHome(found, home);
  checkDisk(found, home.dir);
  checkLimits(found, facts.limits);
  checkDumps(found, facts);
}

function checkNode(found: Findings, version: string): void {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  if (isEnough) found.pass('node', version);
  else found.fail('node', version, `install Node ${LEAST_NODE.join('.')} or later`);
}

function checkHome(found: Findings, home: Home): void {
  const { dir } = home;
  if (!existsSync(dir)) {
    return found.warn('home', `${dir} is not there`, 'it is made when something is kept; or set QUOTEWRIGHT_HOME');
  }
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return found.fail('home', `${dir} cannot be written`, `make it yours: chown ${process.getuid?.() ?? 'you'} ${dir}`);
  }
  found.pass('home', dir);
  const vault = vaultPath(home);
  if (!existsSync(vault)) return;
  const mode = statSync(vault).mode & 0o777;
  if ((mode & 0o077) === 0) found.pass('vault', `${vault}, mode ${mode.toString(8)}`);
  else found.warn('vault', `${vault} has mode ${mode.toString(8)}: others can read it`, `chmod 600 ${vault}`);
}

function checkDisk(found: Findings, dir: string): void {
  let place = dir;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  const free = bavail * bsize;
  const text = `${(free / GIB).toFixed(1)} GiB free at ${place}`;
  if (free < NO_ROOM) found.fail('disk', text, 'make room: a session ends when its journal cannot be written');
  else if (free < LITTLE_ROOM) found.warn('disk', text, 'make room: a day of five venues is some GiB');
  else found.pass('disk', text);
}

function checkLimits(found: Findings, limits: string): void {
  if (limits === '') return;
  const files = limitOf(limits, 'Max open files');
  if (files >= FEW_FILES) found.pass('open files', `at most ${files}`);
  else found.warn('open files', `at most ${files}`, `ulimit -n ${FEW_FILES * 4}`);
  const core = limitOf(limits, 'Max core file size');
  if (core === 0) found.pass('core dumps', 'off');
  else found.warn('core dumps', 'on: one would hold keys', 'ulimit -c 0');
}

function checkDumps(found: Findings, { execArgv, environment }: MachineFacts): void {
  const options = [...execArgv, ...(environment['NODE_OPTIONS'] ?? '').split(' ')].filter((each) => DUMPING.test(each));
  if (options.length === 0) found.pass('dumps', 'no option of Node writes memory to a file');
  else
    found.warn(
      'dumps',
      `Node was given ${options.join(' ')}: memory, with keys in it, may leave the process`,
      'start without it',
    );
}

/** The soft limit; infinite when there is none. */
function limitOf(limits: string, name: string): number {
  const text = new RegExp(`^${name}\\s+(\\S+)`, 'mu').exec(limits)?.[1] ?? 'unlimited';
  return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text);
}
