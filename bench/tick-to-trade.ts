/**
 * Tick to trade over loopback TCP: `quotewright exchange` and `quotewright live --confirm`, the real programs, a thread each. A probe in both
 * (`trade-probe.ts`) notes frames; in the trader it notes which market frame was being handled when a request left, so that each request is
 * laid beside the very frame that it comes from. Measured by the exchange's clock alone: from before that frame is handed to its socket
 * until the request has come out of the socket. Requests that come from timers and from reports are not counted.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'hdr-histogram-js';
import type { Noted } from './trade-probe.ts';

const MAIN = fileURLToPath(import.meta.resolve('quotewright/cli/main'));
const PROBE = import.meta.resolve('./trade-probe.js');
/** States its quotes on every change of a book, so that as many requests leave as the venue's limits let through. */
const MAKER = 'examples/two-quotes.ts';
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 120);
/** Of the reactions, the first so many are left out: the compiler has not seen enough. */
const WARM_UP_SHARE = 0.25;
const START_MS = 30_000;
/** Each with the currency that it settles in. */
const SYMBOLS: Readonly<Record<string, readonly [symbol: string, currency: string]>> = {
  kraken: ['BTC/USD', 'USD'],
  binance: ['BTCUSDT', 'USDT'],
};

export async function benchTickToTrade(): Promise<unknown> {
  const results: Record<string, unknown> = {};
  for (const [venue, [symbol, currency]] of Object.entries(SYMBOLS)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    results[venue] = await measured(venue, `${venue}:${symbol}`, `${currency}=1000000`);
  }
  return results;
}

async function measured(venue: string, symbol: string, cash: string): Promise<unknown> {
  const home = mkdtempSync(join(tmpdir(), 'bench-tick-to-trade-'));
  const file = (name: string) => join(home, name);
  const started = (name: string, side: string, args: readonly string[]) =>
    spawn(process.execPath, ['--import', PROBE, MAIN, ...args], {
      env: {
        ...process.env,
        QUOTEWRIGHT_HOME: home,
        QUOTEWRIGHT_PROBE: file(`${name}.json`),
        QUOTEWRIGHT_PROBE_SIDE: side,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  writeFileSync(file('risk.yaml'), 'limits:\n  global: { max_position_size: 100, max_order_size: 1 }\n');
  const venues = file('venues.yaml');
  const exchangeArgs = ['exchange', '--port', '0', '--venues', venue, '--coins', 'BTC', '--write-venues', venues];
  const exchange = started('exchange', 'server', exchangeArgs);
  try {
    for (let waitedMs = 0; !existsSync(venues); waitedMs += 100) {
      if (waitedMs > START_MS || exchange.exitCode !== null) throw new Error(`no exchange: ${await saidBy(exchange)}`);
      // oxlint-disable-next-line no-await-in-loop -- until it is there
      await pause(100);
    }
    const maker = ['--strategy', MAKER, '--param', 'halfSpread=20', 'maxPosition=1000000'];
    const what = ['--venues', venues, '--symbols', symbol, '--risk', file('risk.yaml'), '--cash', cash];
    const length = ['--journal', file('journal'), '--duration', `${SECONDS}s`];
    const trader = started('trader', 'client', ['live', '--confirm', ...maker, ...what, ...length, '--no-server']);
    const said = saidBy(trader);
    const [code] = await once(trader, 'exit');
    if (code !== 0) throw new Error(`the trader ended with ${code}: ${await said}`);
    await ended(exchange);
    return resultOf(read(file('exchange.json')), read(file('trader.json')));
  } finally {
    await ended(exchange);
    rmSync(home, { recursive: true, force: true });
  }
}

function resultOf(exchange: Noted, trader: Noted): unknown {
  const us = build({ bitBucketSize: 32, lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 });
  for (const { cause, causeAt, port, at } of trader.reactions.slice(
    Math.floor(trader.reactions.length * WARM_UP_SHARE),
  )) {
    const fromMs = exchange.lines[cause]?.sentMs[causeAt];
    const toMs = exchange.lines[port]?.receivedMs[at];
    if (fromMs === undefined || toMs === undefined) continue;
    us.recordValue(Math.max(1, Math.round((toMs - fromMs) * 1e3)));
  }
  const p = (percentile: number): number => us.getValueAtPercentile(percentile);
  const frames = Object.values(exchange.lines).reduce((sum, { sentMs }) => sum + sentMs.length, 0);
  return {
    seconds: SECONDS,
    framesPerSecond: Math.round(frames / SECONDS),
    requests: us.totalCount,
    /** With subscriptions, pings and warm-up: what else the trader has sent, and did not send while it handled a market frame. */
    otherFramesSent: Object.values(trader.lines).reduce((sum, { sentMs }) => sum + sentMs.length, 0) - us.totalCount,
    microseconds: { p50: p(50), p90: p(90), p99: p(99), 'p99.9': p(99.9), max: us.maxValue },
  };
}

function read(path: string): Noted {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** What it says until it ends, the last of it. */
async function saidBy(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  if (child.exitCode === null) await once(child, 'exit');
  return said;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
