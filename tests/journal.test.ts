/** `quotewright journal` and what-if runs on the journal of a simulated session. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { runResult } from '../packages/quotewright/src/reports/run-result.ts';
import { CHILD_ENV, MAIN, SIMULATE, quotewright } from './support/command.ts';

const folder = tempFolder();
const dir = join(folder.path, 'session');

beforeAll(() => {
  const { status, stderr } = quotewright(
    ...SIMULATE,
    '--strategy',
    'basic-maker',
    '--duration',
    '1m',
    '--journal',
    dir,
  );
  expect([status, stderr]).toEqual([0, '']);
});

interface Stats {
  readonly records: number;
  readonly kinds: Readonly<Record<string, number>>;
}

const stats = (): Stats => JSON.parse(quotewright('journal', 'stats', dir, '--json').stdout);

/** Plays the session's market data again; answers the result as JSON. */
function playAgain(...args: readonly string[]): string {
  const { status, stdout, stderr } = quotewright('backtest', ...args, '--json', '--no-bounds');
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

describe('journal', () => {
  it('verifies, counts and exports what a session was told', () => {
    const verified = quotewright('journal', 'verify', dir);
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    expect(verified.stdout).toContain('1 session');
    expect(verified.stdout.trimEnd().endsWith('sound')).toBe(true);
    const { records, kinds } = stats();
    expect(kinds['fill']).toBeGreaterThan(0);
    expect(quotewright('journal', 'stats', dir).stdout).toContain('basic-maker');
    const out = join(folder.path, 'fills.csv');
    expect(quotewright('journal', 'export', dir, '--out', out, '--format', 'csv', '--kinds', 'fill').status).toBe(0);
    expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toHaveLength(1 + kinds['fill']!);
    expect(quotewright('journal', 'export', dir, '--out', out).stdout).toContain(records.toLocaleString('en-US'));
  });

  it('of which records are missing is identical as far as it goes, and its replay and a backup of it exit 1', () => {
    const damaged = folder.fresh();
    const bytes = readFileSync(join(dir, '00000001.qwj'));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(damaged, '00000001.qwj'), bytes);
    const replay = quotewright('journal', 'replay', damaged);
    expect(replay.status).toBe(1);
    expect(replay.stdout).toMatch(/records are missing after record [\d,]+: the replay ends there\n/);
    expect(replay.stdout).toMatch(/\nidentical as far as it goes: \d+ marks compared\n$/);
    const backup = quotewright('backup', 'create', damaged, '--label', 'x');
    expect([backup.status, backup.stdout.slice(0, 3)]).toEqual([1, 'x: ']);
    expect(backup.stderr).toMatch(/its journal is damaged in \d+ places, [\d,]+ records are missing/);
    const restored = quotewright('backup', 'restore', damaged, '--label', 'x');
    const deleted = quotewright('backup', 'delete', damaged, '--label', 'x');
    expect([restored.status, deleted.status]).toEqual([0, 0]);
    const audited = quotewright('audit', 'show', damaged).stdout;
    expect(audited).toMatch(/backup\.restore.* x/);
    expect(audited).toMatch(/backup\.delete.* x/);
  });

  it('is played again with other parameters and with another strategy', () => {
    const { kinds } = stats();
    const results = [
      playAgain('basic-maker', dir),
      playAgain('basic-maker', dir, '--param', 'levels=3'),
      playAgain('avellaneda-stoikov', dir),
    ];
    expect(new Set(results).size).toBe(3);
    for (const result of results) {
      const { data, runs } = runResult.parse(JSON.parse(result));
      expect(data).toMatchObject([{ format: 'journal' }]);
      for (const { metrics } of runs.modelled.markets) expect(metrics['fills']).toBeGreaterThan(0);
    }
    const inspected = quotewright('data', 'inspect', dir, '--json');
    expect(JSON.parse(inspected.stdout)).toMatchObject({
      format: 'journal',
      ignored: { fill: kinds['fill'] },
      ok: true,
    });
  });

  it('says where it is damaged, and exits 1', () => {
    const path = join(
      dir,
      readdirSync(dir).find((name) => name.endsWith('.qwj'))!,
    );
    const bytes = readFileSync(path);
    bytes[bytes.length - 100]! ^= 1;
    writeFileSync(path, bytes);
    const { status, stdout } = quotewright('journal', 'verify', dir);
    expect(status).toBe(1);
    expect(stdout).toMatch(new RegExp(`${path}: at byte \\d+, after record \\d+: damaged: the checksum of frame \\d+`));
    expect(quotewright('data', 'validate', dir).status).toBe(1);
  });

  it('that cannot be written halts its session; what was written is sound', () => {
    const full = join(folder.path, 'full');
    const args = [MAIN, ...SIMULATE, '--strategy', 'basic-maker', '--duration', '5m', '--journal', full];
    // No file may grow beyond half a MiB.
    const limited = spawnSync('sh', ['-c', 'ulimit -f 1024; exec "$@"', 'sh', process.execPath, ...args], {
      encoding: 'utf8',
      env: CHILD_ENV,
    });
    expect(limited.status).toBe(1);
    expect(limited.stderr).toContain('the journal cannot go on: EFBIG');
    expect(limited.stdout).toContain('risk: HALTED');
    const { status, stdout } = quotewright('journal', 'verify', full, '--json');
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { damages: [], missing: 0 }]);
  });

  it.each([
    [['verify', 'nowhere'], 'nowhere: expected the folder of a journal, found nothing'],
    [['stats', 'package.json'], 'package.json: expected the folder of a journal, found no folder'],
    [['export', 'docs', '--out', 'x'], 'docs: found no segment of a journal'],
    [['export', 'docs', '--out', 'x', '--kinds', 'fill,bill'], "there is no kind 'bill'"],
  ])('says in one line what is wrong with %j, and exits 2', (args, words) => {
    const { status, stdout, stderr } = quotewright('journal', ...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
