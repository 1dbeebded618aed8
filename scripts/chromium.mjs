// Where a Chromium is that tests and PDF export can use, and how a Debian gets one. Plain JavaScript that Node 20 runs.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of an installed Chromium or Chrome; undefined when there is none. `CHROMIUM` names one that is elsewhere. */
export function findChromium() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [process.env.CHROMIUM, ...candidates, ...PLACES].find((path) => path && existsSync(path));
}

/** Installs Debian's chromium when there is none and we may; says in one line what it does, or what to do. */
export function ensureChromium(log) {
  if (findChromium()) return;
  const isRootOnDebian = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (!isRootOnDebian) {
    log('no Chromium found, so the tests in a browser are left out; install it (on Debian: apt-get install chromium)');
    return;
  }
  log('installing chromium (apt-get), for the tests in a browser');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', '-y', ...args], { env, stdio: ['ignore', 'ignore', 2] }).status === 0;
  // One list of packages that cannot be fetched does not keep the others from being good enough.
  apt('update');
  const isInstalled = apt('install', '--no-install-recommends', 'chromium');
  if (!isInstalled || !findChromium()) log('chromium could not be installed, so the tests in a browser are left out');
}
