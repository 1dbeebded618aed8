/** `quotewright simulate --journal`: killed, started again, replayed; and what it says to what it cannot go on with. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { runResult } from '../packages/quotewright/src/reports/run-result.ts';
import { CHILD_ENV, MAIN, SIMULATE, quotewright } from './support/command.ts';
import { start } from './support/session.ts';

const folder = tempFolder();
const LONG = { timeout: 60_000, interval: 5 };
const MEGABYTE = 1e6;

const argsOf = (dir: string, duration: string): string[] =>
  `${SIMULATE.join(' ')} --strategy basic-maker --symbols BTCUSDT@a,BTCUSDT-PERP@b --alongside hedger:threshold=0.01 --duration ${duration} --seed 7 --snapshot-every 20s --journal ${dir}`.split(
    ' ',
  );

/** Bytes of the journal. */
function sizeOf(dir: string): number {
  if (!existsSync(dir)) return 0;
  const segments = readdirSync(dir).filter((name) => name.endsWith('.qwj'));
  return segments.reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
}

/** Starts a session and kills it when its journal has grown by so much. */
async function killed(args: readonly string[], dir: string, bytes: number): Promise<void> {
  const before = sizeOf(dir);
  const { child, ended } = start(args);
  await vi.waitUntil(() => sizeOf(dir) > before + bytes || child.exitCode !== null, LONG);
  expect(child.exitCode).toBe(null);
  child.kill('SIGKILL');
  await ended;
}

describe('a session with a journal', () => {
  it('is not begun when a strategy refuses its markets, and begins in the same folder when it does not', () => {
    const dir = folder.fresh();
    const symbols = ['--symbols', 'BTCUSDT@a,ETHUSDT@b', '--param', 'markets=BTCUSDT'];
    const begin = (hedge: string) =>
      quotewright(
        ...SIMULATE,
        '--strategy',
        'basic-maker',
        ...symbols,
        '--alongside',
        `hedger:${hedge}`,
        '--duration',
        '1s',
        '--journal',
        dir,
      );
    const { status, stderr } = begin('hedge=ETHUSDT,hedged=BTCUSDT');
    expect([status, stderr.split('\n').length]).toEqual([2, 2]);
    expect(stderr).toContain('the hedge ETHUSDT of ETH');
    expect(sizeOf(dir)).toBe(0);
    expect(begin('hedge=ETHUSDT,hedged=BTCUSDT,ratio=fixed').stderr).toBe('');
    expect(sizeOf(dir)).toBeGreaterThan(0);
  });

  it('goes on after kill -9, twice, says what it reconciled, and its replay is identical', async () => {
    const dir = join(folder.fresh(), 'session');
    const args = argsOf(dir, '3m');
    await killed(args, dir, 3 * MEGABYTE);
    await killed(args, dir, 2 * MEGABYTE);
    // Torn in the middle of a write.
    const last = readdirSync(dir).findLast((name) => name.endsWith('.qwj'))!;
    appendFileSync(join(dir, last), readFileSync(join(dir, last)).subarray(0, 100));
    const { status, stdout, stderr } = quotewright(...args, '--json', '--out', join(dir, 'out'));
    expect(stderr).toMatch(/\d+ bytes from byte \d+ on are no whole record, kept in /);
    expect(stderr).toMatch(/recovered: [\d,]+ records, the snapshot of record [\d,]+ and [\d,]+ replayed in \d+ ms/);
    expect(stderr).toMatch(/reconciled with the venue: \d+ of \d+ executions were missed and are booked/);
    expect(stderr).toContain('positions and balances are as the venue says');
    expect(status).toBe(0);
    const result = runResult.parse(JSON.parse(stdout));
    expect(result.isPartial).toBe(false);
    // The figures are of the whole session, not of its last process.
    expect(result.runs.modelled.durationSeconds).toBeGreaterThan(170);

    const replay = quotewright('journal', 'replay', dir, '--json');
    const replayed = JSON.parse(replay.stdout);
    expect(replayed).toMatchObject({ isIdentical: true, parts: 3, missing: 0, hashes: result.hashes });
    expect(replayed.marks).toBeGreaterThan(5);
    expect(replayed.orders).toEqual([]);
    const early = quotewright('journal', 'replay', dir, '--until', '30s');
    expect([early.status, early.stdout.split('\n').at(-2)]).toEqual([0, 'identical: 2 marks compared']);
    expect(early.stdout).toContain('written by one process');

    const again = quotewright(...args);
    expect([again.status, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toMatch(/: the session ended at 00:03:00\.\d+Z \(over\); begin another in another folder\n$/);
  });

  it('goes on from what is left of a journal that has lost its end, and keeps the snapshots of what is lost', async () => {
    const dir = join(folder.fresh(), 'session');
    const args = argsOf(dir, '3m');
    await killed(args, dir, 2 * MEGABYTE);
    await killed(args, dir, 2 * MEGABYTE);
    const lost = readdirSync(dir).filter((name) => name.endsWith('.qwj') && name > '00000001.qwj');
    for (const name of lost) rmSync(join(dir, name));
    const { status, stderr } = quotewright(...args);
    expect(stderr).toMatch(
      /the snapshot of \d+ inputs is ahead of the journal, which ends at \d+; set aside as \S+\.qwsn\n/,
    );
    expect(stderr).toContain('positions and balances are as the venue says');
    expect(status).toBe(0);
    expect(readdirSync(dir).some((name) => /^snapshots-ahead-\d+-\d+\.qwsn$/.test(name))).toBe(true);
    expect(quotewright('journal', 'replay', dir).stdout).toMatch(/\nidentical: \d+ marks compared\n/);
  });

  it('takes its options from the journal, and refuses in one line what contradicts them', async () => {
    const dir = join(folder.fresh(), 'session');
    await killed(argsOf(dir, '4h'), dir, MEGABYTE);
    const before = sizeOf(dir);
    for (const [flags, words] of [
      [['--seed', '8'], 'seed: found 8, expected 7 that the session in'],
      [['--duration', '5m'], 'duration: found "300s", expected "14400s" that the session in'],
      [['--latency', '2ms'], 'latency: found "2ms", expected "1ms" that the session in'],
      [['--symbols', 'BTCUSDT'], 'symbols: found another, expected the one that the session in'],
      [['--param', 'levels=4'], 'param levels: found 4, expected 1 that the session in'],
      [['--alongside', 'grid'], 'alongside: found another, expected the one that the session in'],
      [['--scenario', 'trend'], 'scenario: found "trend", expected "none" that the session in'],
      [['--risk', 'none'], 'risk: found another, expected the one that the session in'],
      [['--strategy', 'glft'], 'strategy: found "glft", expected "basic-maker" that the session in'],
    ] as const) {
      const { status, stdout, stderr } = quotewright(...SIMULATE, ...flags, '--journal', dir);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain(words);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(sizeOf(dir)).toBe(before);
    // SIGINT ends it cleanly.
    const { child, ended, said } = start([...SIMULATE, '--journal', dir, '--seed', '7', '--json']);
    await vi.waitUntil(
      () => said.stderr.includes('reconciled with the venue') && sizeOf(dir) > before + MEGABYTE,
      LONG,
    );
    child.kill('SIGINT');
    const { status, stdout } = await ended;
    expect(status).toBe(130);
    expect(runResult.parse(JSON.parse(stdout)).isPartial).toBe(true);
    expect(quotewright('journal', 'replay', dir).stdout).toMatch(/identical: \d+ marks compared\n$/);
  });

  it('comes to the same with and without a journal, by each durability', () => {
    const plain = quotewright(...SIMULATE, '--strategy', 'basic-maker', '--duration', '20s', '--json');
    for (const durability of ['none', 'batch', 'sync']) {
      const dir = join(folder.fresh(), 'session');
      const flags = ['--duration', '20s', '--json', '--journal', dir, '--durability', durability];
      expect(quotewright(...SIMULATE, '--strategy', 'basic-maker', ...flags).stdout).toBe(plain.stdout);
    }
  });

  it('halts when its journal cannot be written, and loses nothing', () => {
    const dir = join(folder.fresh(), 'session');
    const args = [
      MAIN,
      ...SIMULATE,
      '--strategy',
      'basic-maker',
      '--param',
      'levels=3',
      '--duration',
      '5m',
      '--risk',
      'none',
      '--journal',
      dir,
    ];
    // No file may grow beyond some megabytes, as if the disk were full.
    const limited = spawnSync('sh', ['-c', 'ulimit -f 8000; exec "$@"', 'sh', process.execPath, ...args], {
      encoding: 'utf8',
      env: CHILD_ENV,
    });
    expect(limited.status).toBe(1);
    expect(limited.stderr).toMatch(/the journal cannot go on: EFBIG/);
    expect(limited.stdout).toContain('risk: HALTED');
    const { status, stderr } = quotewright(...SIMULATE, '--journal', dir);
    expect(status).toBe(0);
    expect(stderr).toContain('reconciled with the venue');
    expect(stderr).toContain('positions and balances are as the venue says');
    expect(quotewright('journal', 'replay', dir).stdout).toMatch(/identical: \d+ marks compared\n$/);
  });

  it('says what another strategy, or the same with another parameter, would have done', () => {
    const dir = join(folder.fresh(), 'session');
    const flags = [...SIMULATE, '--strategy', 'basic-maker', '--duration', '1m', '--journal', dir, '--json'];
    const session = runResult.parse(JSON.parse(quotewright(...flags).stdout));
    const whatIf = (...more: string[]) => quotewright('journal', 'replay', dir, '--json', ...more);
    const [deep, again, other] = [
      whatIf('--param', 'levels=3'),
      whatIf('--param', 'levels=3'),
      whatIf('--what-if', 'glft'),
    ];
    expect(again.stdout).toBe(deep.stdout);
    const results = [deep, other].map(({ stdout }) => runResult.parse(JSON.parse(stdout)));
    expect(results.map(({ strategy }) => strategy.name)).toEqual(['basic-maker', 'glft']);
    expect(results[0]!.strategy.params).toEqual({ ...session.strategy.params, levels: 3 });
    for (const { runs, hashes } of results) {
      expect(runs.modelled.markets[0]!.metrics['fills']).toBeGreaterThan(0);
      expect(hashes.outputs).not.toBe(session.hashes.outputs);
    }
    expect(whatIf('--param', 'level=3').stderr).toContain('parameter level: basic-maker has none of this name');
  });

  it('finds where a replay is another one', () => {
    const dir = join(folder.fresh(), 'session');
    const strategy = folder.write('changing.mjs', STRATEGY.replace('DEPTH', '1'));
    expect(quotewright(...SIMULATE, '--strategy', strategy, '--duration', '20s', '--journal', dir).status).toBe(0);
    expect(quotewright('journal', 'replay', dir).status).toBe(0);
    writeFileSync(strategy, STRATEGY.replace('DEPTH', '2'));
    const { status, stdout } = quotewright('journal', 'replay', dir);
    expect(status).toBe(1);
    expect(stdout).toMatch(/DIFFERENT from record [\d,]+ on: outputs [0-9a-f]{32}, the session had [0-9a-f]{32}\n$/);
  });

  it.each([
    [['journal', 'replay', '/nonexistent'], '/nonexistent: '],
    [['journal', 'replay', folder.path], 'holds no journal of a session'],
    [['journal', 'replay', folder.path, '--until', 'noon'], 'expected a number of records, or a duration such as 90s'],
    [[...SIMULATE, '--journal', '/dev/null/x'], '/dev/null: the folder cannot be made'],
    [[...SIMULATE, '--outage', '-1s', '--journal', '/nonexistent'], 'expected a duration such as 5s'],
    [[...SIMULATE, '--durability', 'some'], 'Allowed choices are none, batch, sync'],
  ] as const)('is asked wrongly by %j: one line, exit 2', (args, words) => {
    const { status, stdout, stderr } = quotewright(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('says that records are missing, and does not trade on', () => {
    const dir = join(folder.fresh(), 'session');
    mkdirSync(dir, { recursive: true });
    // Long enough for many frames: a quick machine writes half a minute in one or two.
    expect(quotewright(...SIMULATE, '--strategy', 'basic-maker', '--duration', '2m', '--journal', dir).status).toBe(0);
    const segment = readdirSync(dir).find((name) => name.endsWith('.qwj'))!;
    const path = join(dir, segment);
    // A hole behind the header, and the end cut off.
    const bytes = readFileSync(path);
    bytes.fill(0, 8192, 300_000);
    writeFileSync(path, bytes);
    truncateSync(path, bytes.length - 4096);
    const replay = quotewright('journal', 'replay', dir);
    expect(replay.status).toBe(1);
    expect(replay.stdout).toMatch(/records are missing after record/);
    const again = quotewright(...SIMULATE, '--journal', dir);
    expect([again.status, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toMatch(/records are missing after record \d+; restore a backup/);
  });
});

const STRATEGY = `
export default {
  name: 'changing', description: '', params: {},
  create: (ctx) => ({ onBook: (market) => market.isReady && ctx.quote(market).bid(market.bidTicks - DEPTH, 1) }),
};`;
