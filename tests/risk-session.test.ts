/** Risk of a session that runs: changed by command, killed, cut off from its venue, and at odds with it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { auditLines } from '../packages/quotewright/src/audit/testing/audit-lines.ts';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { SIMULATE, UNHURRIED, quotewright } from './support/command.ts';
import { NO_BREAKERS, NO_LIMITS, type Params, ROGUE, outcomeOf, paramFlags, riskFlags } from './support/risk-run.ts';
import { type Started, start } from './support/session.ts';

const folder = tempFolder();
const LONG = { timeout: 100_000, interval: 20 };
const RECORD_BYTES = 72;

interface Session extends Started {
  readonly dir: string;
  readonly args: readonly string[];
}

/** A session that would go on for long. */
async function session(params: Params, risk: object, ...flags: string[]): Promise<Session> {
  const dir = join(folder.fresh(), 'session');
  const all = [...paramFlags(params), '--journal', dir, '--json', ...flags, ...riskFlags(folder, risk)];
  const args = [...SIMULATE, ...UNHURRIED, '--strategy', ROGUE, '--duration', '2000h', ...all];
  const begun = start(args);
  await answers(dir);
  return { ...begun, dir, args };
}

/** It answers between two slices of its time, so that it has begun. */
async function answers(dir: string): Promise<void> {
  await vi.waitUntil(() => existsSync(join(dir, 'control.sock')), LONG);
  expect(quotewright('risk', 'show', dir, '--wait', '60s').status).toBe(0);
}

/** Waits for an alert in the session's history. */
async function alerted(dir: string, words: RegExp): Promise<void> {
  await vi.waitUntil(() => words.test(readFileSync(join(dir, 'alerts.jsonl'), 'utf8')), LONG);
}

const said = (...args: string[]): string => quotewright('risk', ...args).stdout;

const ended = async ({ child, ended: end }: Started): Promise<string> => {
  child.kill('SIGINT');
  return (await end).stdout;
};

describe('a session that runs', () => {
  it('has its limits changed and its breaker opened by hand (MANUAL), and the audit log says by whom', async () => {
    const running = await session({ mode: 'order' }, { alerts: { throttle: 0 } });
    const { dir } = running;
    expect(said('set', dir, 'max_order_size', '0.005')).toBe('max_order_size global: 1 → 0.005 base\n');
    await alerted(dir, /LIMIT_BREACH.*the order is too large/);
    expect(said('set', dir, 'max_order_size', 'null')).toBe('max_order_size global: 0.005 → no limit\n');
    expect(said('set', dir, 'max_order_value', '0', '--scope', 'instrument:BTCUSDT')).toContain('nothing → 0 risk');
    await alerted(dir, /LIMIT_BREACH.*the order is worth too much/);
    expect(said('trip', dir, 'BTCUSDT')).toContain('CLOSED → OPEN');
    await alerted(dir, /CIRCUIT_BREAKER_OPEN/);
    expect(said('reset', dir)).toContain('OPEN → CLOSED');
    await alerted(dir, /CIRCUIT_BREAKER_CLOSED/);
    const { trips, refused } = outcomeOf(await ended(running));
    expect(trips).toMatchObject([{ trigger: 'MANUAL', symbol: 'BTCUSDT' }]);
    expect(Object.keys(refused).toSorted()).toEqual(['BREAKER_OPEN', 'ORDER_SIZE', 'ORDER_VALUE']);
    const lines = await auditLines(dir);
    expect(lines.find(({ what }) => what === 'limit.set')).toMatchObject({
      subject: 'max_order_size global',
      before: '1',
      after: '0.005',
      who: { role: 'quotewright risk set' },
    });
    expect(lines.map(({ what }) => what)).toEqual(expect.arrayContaining(['breaker.trip', 'breaker.reset']));
    expect(quotewright('audit', 'verify', dir).status).toBe(0);
  });

  it('that is killed says what it could not confirm, and raises SYSTEM_ERROR', async () => {
    // The venue answers after half a minute, and the kill switch waits for ten seconds.
    const risk = { limits: { global: NO_LIMITS }, breaker: NO_BREAKERS };
    const running = await session({ mode: 'order' }, risk, '--latency', '15s');
    const { dir } = running;
    await vi.waitUntil(() => /open orders: [1-9]/.test(quotewright('risk', 'show', dir).stdout), LONG);
    const { status, stdout } = quotewright('kill', dir);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /trading is halted, orders not confirmed to be gone: [1-9]\d* of \d+\n {2}order \d+ .*BTCUSDT buy/,
    );
    await alerted(dir, /SYSTEM_ERROR","severity":"EMERGENCY/);
    const outcome = (await auditLines(dir)).find(({ what }) => what === 'kill.outcome');
    expect(JSON.stringify(outcome)).toContain('"unconfirmed":[{');
    expect(outcomeOf(await ended(running)).state).toBe('HALTED');
  });

  it('that loses its venue opens its breaker (CONNECTIVITY, CONNECTIVITY_ISSUE), and comes back by way of the canary', async () => {
    const risk = { breaker: { disconnect: 0, cooldown: '5s', canary: '5s' } };
    const running = await session({ mode: 'quote' }, risk);
    const { dir, args, child } = running;
    child.kill('SIGKILL');
    await running.ended;
    const again = start(args);
    await alerted(dir, /CIRCUIT_BREAKER_CLOSED/);
    const { trips, alerts } = outcomeOf(await ended(again));
    expect(trips.map(({ trigger }) => trigger)).toContain('CONNECTIVITY');
    expect(alerts).toMatchObject({ CIRCUIT_BREAKER_OPEN: 1, CIRCUIT_BREAKER_HALF_OPEN: 1, CIRCUIT_BREAKER_CLOSED: 1 });
    expect(alerts['CONNECTIVITY_ISSUE']).toBeGreaterThan(0);
  });

  it('that is not what the venue says is HALTED (RECONCILIATION_DRIFT), with a table of the differences', async () => {
    const risk = { limits: { global: NO_LIMITS }, breaker: NO_BREAKERS };
    const running = await session({ mode: 'take', size: 0.001, away: -0.1, every: 0.2 }, risk);
    const { dir, args, child } = running;
    const log = join(dir, 'venue.log');
    // Room is made ahead, and is empty.
    const taken = (): number => readFileSync(log).findLastIndex((byte) => byte !== 0) / RECORD_BYTES;
    await vi.waitUntil(() => taken() > 500, LONG);
    child.kill('SIGKILL');
    await running.ended;
    // The venue forgets what it was asked after the hundredth request.
    const bytes = readFileSync(log);
    writeFileSync(log, bytes.fill(0, 100 * RECORD_BYTES));
    const again = start(args);
    await alerted(dir, /RECONCILIATION_DRIFT","severity":"EMERGENCY/);
    const { state, alerts } = outcomeOf(await ended(again));
    expect(state).toBe('HALTED');
    expect(alerts['RECONCILIATION_DRIFT']).toBeGreaterThan(0);
    expect(again.said.stderr).toMatch(/what +ours +venue's +difference/);
  });
});
