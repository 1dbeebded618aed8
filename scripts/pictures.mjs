// npm run pictures: the pictures of docs/pictures, of the real program in a real browser. The market is three times as fast, so that there
// is something to see soon; its seed is always the same, what it is caught at is not.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { findChromium } from './system-parts.mjs';
import { environment, log, root, setup } from './setup.mjs';

const FOLDER = join(root, 'docs', 'pictures');
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const SIMULATE = [
  'simulate',
  '--port',
  '0',
  '--speed',
  '3x',
  '--symbols',
  'BTC-USD,ETH-USD,SOL-USD',
  '--risk',
  'examples/start.yaml',
];
/** Three venues of this machine, and a session on paper there. */
const EXCHANGE = ['exchange', '--port', '0', '--venues', 'coinbase,binance,kraken'];
const PAPER = ['paper', '--port', '0', '--symbols', 'kraken:BTC/USD,coinbase:BTC-USD,coinbase:ETH-USD'];
/** Until the market has some minutes of history. */
const HISTORY_MS = 60_000;
/** For a page to have all that it shows. */
const SETTLED_MS = 3000;

const node = setup();
const executablePath = findChromium();
if (!executablePath) {
  log('no Chromium found, so no pictures');
  process.exit(1);
}
const home = mkdtempSync(join(tmpdir(), 'pictures-'));
const venues = join(home, 'venues.yaml');
const children = [];
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
try {
  mkdirSync(FOLDER, { recursive: true });
  const exchange = await started([...EXCHANGE, '--write-venues', venues], /(http:\/\/\S+)/u);
  const paper = await started([...PAPER, '--venues', venues], /dashboard (http\S+)/u);
  const url = await started(SIMULATE, /dashboard (http\S+)/u);
  await pause(HISTORY_MS);
  await shoot(paper, 'paper', 'market', DESKTOP, 'dark');
  await fault(exchange, { venue: 'kraken', fault: 'bad-checksum' });
  await pause(SETTLED_MS);
  await fault(exchange, { venue: 'coinbase', fault: 'maintenance', for: '1m' });
  await fault(exchange, { venue: 'coinbase', fault: 'drop' });
  await shoot(paper, 'venues', 'system', DESKTOP, 'dark');
  await shoot(url, 'market', 'market', DESKTOP, 'dark');
  await shoot(url, 'market-light', 'market', DESKTOP, 'light');
  await shoot(url, 'market-phone', 'market', PHONE, 'dark');
  await shoot(url, 'performance', 'performance', DESKTOP, 'dark');
  await shoot(url, 'risk', 'risk', DESKTOP, 'dark');
  await shoot(url, 'risk-phone', 'risk', PHONE, 'light');
  await shoot(url, 'system', 'system', DESKTOP, 'dark');
  await shoot(url, 'flight', 'flight', DESKTOP, 'dark', async (page) => {
    await page.getByRole('button', { name: /^Open/u }).first().click();
    await page.getByText('Trading at this instant').waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: /next fill/u }).click();
  });
} finally {
  await browser.close();
  // Those that were started last end first.
  for (const child of children.toReversed()) {
    if (child.exitCode !== null) continue;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    await ended;
  }
  rmSync(home, { recursive: true });
}

/** Runs the program; answers the address that it says. */
async function started(args, pattern) {
  const child = spawn(node, [join(root, 'packages', 'quotewright', 'dist', 'cli', 'main.js'), ...args], {
    cwd: root,
    env: { ...environment(node), QUOTEWRIGHT_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said += text;
        const found = pattern.exec(said);
        if (found) resolve(found[1]);
      });
    }
    child.once('close', () => reject(new Error(said)));
  });
}

async function fault(exchange, body) {
  const headers = { 'content-type': 'application/json' };
  await fetch(new URL('/faults', exchange), { method: 'POST', headers, body: JSON.stringify(body) });
}

async function shoot(url, name, page, viewport, colorScheme, prepare) {
  const context = await browser.newContext({ viewport, colorScheme });
  const opened = await context.newPage();
  await opened.goto(`${url}/#/${page}`);
  await opened.locator('.dot-live').waitFor();
  if (prepare) await prepare(opened);
  await pause(SETTLED_MS);
  await opened.screenshot({ path: join(FOLDER, `${name}.png`) });
  await context.close();
  log(`docs/pictures/${name}.png`);
}
