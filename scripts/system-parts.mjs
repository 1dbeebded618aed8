// Where programs of the system are that tests, benchmarks and the PDF export can use, and how a Debian gets them. Plain JavaScript that
// Node 20 runs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const BROWSER_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** Path of an installed Chromium or Chrome; undefined when there is none. `CHROMIUM` names one that is elsewhere. */
export function findChromium() {
  const { CHROMIUM } = process.env;
  if (CHROMIUM && existsSync(CHROMIUM)) return CHROMIUM;
  return onPath(...BROWSERS) ?? BROWSER_PLACES.find((path) => existsSync(path));
}

/** Path of an installed redis-server; undefined when there is none. */
export function findRedis() {
  return onPath('redis-server');
}

/** By the name of Debian's package: how it is found, and which tests are left out without it. */
const PARTS = {
  chromium: [findChromium, 'the tests in a browser'],
  'redis-server': [findRedis, 'the tests with Redis'],
  openssl: [() => onPath('openssl'), 'the tests with TLS'],
};

/** Installs Debian's packages of what is not there, when we may; says in one line what it does, or what to do. */
export function ensureSystemParts(log) {
  const missing = Object.keys(PARTS).filter((name) => !PARTS[name][0]());
  if (missing.length === 0) return;
  const isRootOnDebian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (isRootOnDebian) {
    log(`installing ${missing.join(', ')} (apt-get), for the tests`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) => spawnSync('apt-get', ['-qq', '-y', ...args], { env, stdio: ['ignore', 'ignore', 2] });
    // One list of packages that cannot be fetched does not keep the others from being good enough.
    apt('update');
    apt('install', '--no-install-recommends', ...missing);
  }
  for (const name of missing) {
    const [find, tests] = PARTS[name];
    if (!find()) log(`found no ${name}, so ${tests} are left out; install it (on Debian: apt-get install ${name})`);
  }
}
