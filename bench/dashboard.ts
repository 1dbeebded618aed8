/**
 * The dashboard in a real browser before the real program: how old what is drawn is (engine's event → pixel), what a frame costs the
 * page's main thread with ladder and heatmap live, and what the page weighs. Two runs: the market at its own speed, and so fast that it
 * sends some 5,000 inputs a second.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type CDPSession, type Page, chromium } from 'playwright-core';

const MAIN = 'packages/quotewright/dist/cli/main.js';
const PAGE = 'packages/quotewright/dashboard';
const WARM_UP_MS = 8000;
const MEASURED_MS = 20_000;

export async function benchDashboard() {
  // Of the script that runs the benchmarks.
  const executablePath = process.env['CHROMIUM'];
  if (executablePath === undefined) return { skipped: 'there is no Chromium' };
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
  try {
    return {
      ownSpeed: await watched(browser.newPage(), ['--speed', '1x', '--symbols', 'BTC-USD,ETH-USD,SOL-USD']),
      fast: await watched(browser.newPage(), ['--speed', '10x', '--symbols', 'BTC-USD']),
    };
  } finally {
    await browser.close();
  }
}

/** Bytes, gzipped, of files of the page. */
function weightOf(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + gzipSync(readFileSync(join(PAGE, 'assets', name))).length, 0);
}

/** What the market page has loaded, and all that there is. */
async function pageWeight(page: Page) {
  const loaded: string[] = await page.evaluate('performance.getEntriesByType("resource").map(({ name }) => name)');
  const names = loaded.filter((name) => name.includes('/assets/')).map((name) => name.slice(name.lastIndexOf('/') + 1));
  return {
    marketScriptBytes: weightOf(names.filter((name) => name.endsWith('.js'))),
    marketStyleBytes: weightOf(names.filter((name) => name.endsWith('.css'))),
    allScriptBytes: weightOf(readdirSync(join(PAGE, 'assets')).filter((name) => name.endsWith('.js'))),
  };
}

async function watched(opened: Promise<Page>, options: readonly string[]) {
  const home = mkdtempSync(join(tmpdir(), 'bench-dashboard-'));
  const page = await opened;
  const { child, url } = await startProgram(home, options);
  try {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(`${url}/#/market`);
    await pause(WARM_UP_MS);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    await page.evaluate('window.__quotewright.clear()');
    const inputsBefore = await inputsOf(url);
    const before = await secondsOf(devtools);
    const drawn = page.evaluate<number>(COUNT_FRAMES);
    const frames = await drawn;
    const after = await secondsOf(devtools);
    const perFrame = (what: keyof typeof after): number => ((after[what] - before[what]) * 1000) / Math.max(1, frames);
    const inputs = (await inputsOf(url)) - inputsBefore;
    const marks = await page.evaluate<{ frames: number[]; lag: number[] }>(
      '({ frames: window.__quotewright.frames, lag: window.__quotewright.lag })',
    );
    return {
      options: options.join(' '),
      weight: await pageWeight(page),
      seconds: MEASURED_MS / 1000,
      inputsPerSecond: Math.round(inputs / (MEASURED_MS / 1000)),
      framesPerSecond: frames / (MEASURED_MS / 1000),
      /** What the page's own code has the main thread do: scripts, style, layout. */
      ownWorkMsPerFrame: perFrame('own'),
      /** All that the main thread did, the browser's painting by software included. */
      mainThreadMsPerFrame: perFrame('all'),
      paintersMs: quantiles(marks.frames),
      eventToPixelMs: quantiles(marks.lag),
    };
  } finally {
    await page.close();
    child.kill('SIGINT');
    await once(child, 'close');
    rmSync(home, { recursive: true });
  }
}

/** Animation frames that the browser gives in the time. */
const COUNT_FRAMES = `new Promise((resolve) => {
  const end = performance.now() + ${MEASURED_MS};
  let frames = 0;
  const step = (now) => {
    frames++;
    if (now < end) requestAnimationFrame(step);
    else resolve(frames);
  };
  requestAnimationFrame(step);
})`;

async function startProgram(home: string, options: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [MAIN, 'simulate', '--port', '0', ...options], {
    env: { ...process.env, NO_COLOR: '1', QUOTEWRIGHT_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (text: string): void => {
      said += text;
      const found = /dashboard (http:\/\/\S+)/u.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    child.once('close', () => reject(new Error(`the program ended: ${said}`)));
  });
  return { child, url };
}

async function inputsOf(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/system`);
  const { inputs }: { inputs: number } = JSON.parse(await answer.text());
  return inputs;
}

/** Seconds that the page's main thread has worked. */
async function secondsOf(devtools: CDPSession): Promise<{ all: number; own: number }> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  const of = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  return { all: of('TaskDuration'), own: of('ScriptDuration') + of('RecalcStyleDuration') + of('LayoutDuration') };
}

function quantiles(values: readonly number[]) {
  const sorted = Float64Array.from(values).toSorted();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
