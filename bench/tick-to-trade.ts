/**
 * Tick to trade over loopback TCP: `quotewright exchange` and `quotewright live --confirm`, the real programs, a thread each. A probe in both
 * (`trade-probe.ts`) notes frames; in the trader it notes which market frame was being handled when a request left, so that each request is
 * laid beside the very frame that it comes from: from before that frame is handed to its socket at the exchange until the request has come
 * out of the socket there. Of several requests for one frame the first counts. Requests that come from timers and from reports are not counted.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Histogram, build } from 'hdr-histogram-js';
import type { Noted } from './trade-probe.ts';

const MAIN = fileURLToPath(import.meta.resolve('quotewright/cli/main'));
const PROBE = import.meta.resolve('./trade-probe.js');
/** States its quotes on every change of a book, so that as many requests leave as the venue's limits let through. */
const MAKER = 'examples/two-quotes.ts';
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 90);
/** What the launcher gives programs that run for weeks. */
const FLAGS = ['--max-semi-space-size=8'];
/** Of the reactions, the first so many are left out: the compiler has not seen enough. */
const WARM_UP_SHARE = 0.25;
const START_MS = 30_000;
/** Each with the currency that it settles in, and a size in lots that the venue takes. */
const SYMBOLS: Readonly<Record<string, readonly [symbol: string, currency: string, size: number]>> = {
  kraken: ['BTC/USD', 'USD', 100_000],
  binance: ['BTCUSDT', 'USDT', 100],
};

export async function benchTickToTrade(): Promise<unknown> {
  const results: Record<string, unknown> = {};
  for (const [venue, [symbol, currency, size]] of Object.entries(SYMBOLS)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    results[venue] = await measured(venue, `${venue}:${symbol}`, `${currency}=1000000`, size, false);
  }
  const [symbol, currency, size] = SYMBOLS['kraken']!;
  results['krakenBusyPoll'] = await measured('kraken', `kraken:${symbol}`, `${currency}=1000000`, size, true);
  return results;
}

async function measured(
  venue: string,
  symbol: string,
  cash: string,
  size: number,
  busyPoll: boolean,
): Promise<unknown> {
  const home = mkdtempSync(join(tmpdir(), 'bench-tick-to-trade-'));
  const file = (name: string) => join(home, name);
  const started = (name: string, side: string, args: readonly string[]) =>
    spawn(process.execPath, [...FLAGS, '--import', PROBE, MAIN, ...args], {
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
    const params = ['halfSpread=20', `size=${size}`, `maxPosition=${size * 1000}`];
    const maker = ['--strategy', MAKER, '--param', ...params];
    const what = ['--venues', venues, '--symbols', symbol, '--risk', file('risk.yaml'), '--cash', cash];
    writeFileSync(file('config.yaml'), `busyPoll: ${busyPoll}\n`);
    const how = ['--journal', file('journal'), '--duration', `${SECONDS}s`, '--config', file('config.yaml')];
    const trader = started('trader', 'client', ['live', '--confirm', ...maker, ...what, ...how, '--no-server']);
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
  const whole = histogram();
  const parts = { toTrader: histogram(), inTrader: histogram(), toExchange: histogram() };
  const { reactions } = trader;
  for (let i = Math.floor(reactions.length * WARM_UP_SHARE); i < reactions.length; i++) {
    const { cause, causeAt, port, at } = reactions[i]!;
    const before = reactions[i - 1];
    if (before?.cause === cause && before.causeAt === causeAt) continue;
    const fromMs = exchange.lines[cause]?.sentMs[causeAt];
    const heardMs = trader.lines[cause]?.receivedMs[causeAt];
    const handedMs = trader.lines[port]?.handedMs[at];
    const toMs = exchange.lines[port]?.receivedMs[at];
    if (fromMs === undefined || heardMs === undefined || handedMs === undefined || toMs === undefined) continue;
    note(whole, toMs - fromMs);
    note(parts.toTrader, heardMs - fromMs);
    note(parts.inTrader, handedMs - heardMs);
    // The exchange may have it before the trader's call has returned.
    note(parts.toExchange, toMs - handedMs);
  }
  const frames = Object.values(exchange.lines).reduce((sum, { sentMs }) => sum + sentMs.length, 0);
  return {
    seconds: SECONDS,
    framesPerSecond: Math.round(frames / SECONDS),
    requests: whole.totalCount,
    /** With subscriptions, pings and warm-up: what else the trader has sent. */
    otherFramesSent: Object.values(trader.lines).reduce((sum, { sentMs }) => sum + sentMs.length, 0) - whole.totalCount,
    microseconds: percentiles(whole),
    parts: {
      /** Frame handed to its socket until it has come out of the trader's. */
      toTrader: percentiles(parts.toTrader),
      /** Until the request was handed to its socket, the system's call included. */
      inTrader: percentiles(parts.inTrader),
      toExchange: percentiles(parts.toExchange),
    },
  };
}

function histogram(): Histogram {
  return build({ bitBucketSize: 32, lowestDiscernibleValue: 1, numberOfSignificantValueDigits: 3 });
}

function note(into: Histogram, ms: number): void {
  into.recordValue(Math.max(1, Math.round(ms * 1e3)));
}

function percentiles(of: Histogram): Record<string, number> {
  const p = (percentile: number): number => of.getValueAtPercentile(percentile);
  return { p10: p(10), p50: p(50), p90: p(90), p99: p(99), 'p99.9': p(99.9), max: of.maxValue };
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
