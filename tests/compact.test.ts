/** A session whose journal is compacted, while it runs (`--keep snapshots`) or after (`journal compact`): it goes on from its snapshots. */
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { runResult } from '../packages/quotewright/src/reports/run-result.ts';
import { SIMULATE, quotewright } from './support/command.ts';
import { start } from './support/session.ts';

const folder = tempFolder();
const LONG = { timeout: 60_000, interval: 5 };
const MEGABYTE = 1e6;

const argsOf = (dir: string, duration: string, ...more: readonly string[]): string[] => [
  ...`${SIMULATE.join(' ')} --strategy basic-maker --duration ${duration} --seed 7 --snapshot-every 5s --journal`.split(
    ' ',
  ),
  dir,
  ...more,
];

function segmentsOf(dir: string): string[] {
  return existsSync(dir) ? readdirSync(dir).filter((name) => name.endsWith('.qwj')) : [];
}

/** Starts a session and kills it when its journal's newest segment has grown to so much. */
async function killed(args: readonly string[], dir: string, bytes: number): Promise<void> {
  const before = segmentsOf(dir).at(-1) ?? '';
  const { child, ended } = start(args);
  const isLong = (): boolean => {
    const last = segmentsOf(dir).at(-1) ?? '';
    return last > before && statSync(join(dir, last)).size > bytes;
  };
  await vi.waitUntil(() => isLong() || child.exitCode !== null, LONG);
  expect(child.exitCode).toBe(null);
  child.kill('SIGKILL');
  await ended;
}

function expectSound(dir: string): void {
  const { status, stdout } = quotewright('journal', 'verify', dir);
  expect([status, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, 'sound']);
}

describe('a session that keeps what its snapshots need', () => {
  it('goes on after kill -9, and says of which part its figures and its replay are', async () => {
    const dir = join(folder.fresh(), 'session');
    const args = argsOf(dir, '4m', '--keep', 'snapshots');
    await killed(args, dir, 2 * MEGABYTE);
    await killed(args, dir, 2 * MEGABYTE);
    expect(segmentsOf(dir)[0]).not.toBe('00000001.qwj');
    const { status, stdout, stderr } = quotewright(...args, '--json');
    expect([status, stderr]).toEqual([0, expect.stringMatching(/recovered: .* the snapshot of record [\d,]+ and/)]);
    expect(stderr).toContain('positions and balances are as the venue says');
    expectSound(dir);
    const result = runResult.parse(JSON.parse(stdout));
    const note = /^the figures are from (\S+) on \(the records before ([\d,]+) are not there any more\)/;
    const [said] = result.warnings.flatMap((line) => note.exec(line)?.slice(1) ?? []);
    expect(said).toMatch(/T00:0[0-3]:/);
    expect(result.runs.modelled.durationSeconds).toBeLessThan(240);

    const replay = quotewright('journal', 'replay', dir);
    expect(replay.status).toBe(0);
    expect(replay.stdout).toMatch(
      /the records before [\d,]+ are not there any more: replayed from the snapshot of then/,
    );
    expect(replay.stdout).toMatch(/\nidentical: \d+ marks compared\n/);
    expect(replay.stdout).toContain(result.hashes.inputs);
    const early = quotewright('journal', 'replay', dir, '--until', '1s');
    expect([early.status, early.stderr]).toEqual([2, expect.stringContaining('and the replay was to end before')]);
    const whatIf = quotewright('journal', 'replay', dir, '--param', 'levels=1');
    expect([whatIf.status, whatIf.stderr]).toEqual([2, expect.stringContaining('a what-if begins with the session')]);
  });
});

describe('journal compact', () => {
  it('of a killed session removes what its oldest snapshot stands for, and the session goes on from there', async () => {
    const dir = join(folder.fresh(), 'session');
    await killed(argsOf(dir, '4m'), dir, MEGABYTE);
    const { child, ended } = start(argsOf(dir, '4m'));
    await vi.waitUntil(() => segmentsOf(dir).length > 1 || child.exitCode !== null, LONG);
    // It holds the lease, and is not over before the other command has begun.
    child.kill('SIGSTOP');
    const running = quotewright('journal', 'compact', dir);
    child.kill('SIGCONT');
    expect([running.status, running.stdout]).toEqual([2, '']);
    expect(running.stderr).toMatch(/process \d+ on .* trades this session/);
    await vi.waitUntil(() => statSync(join(dir, segmentsOf(dir).at(-1)!)).size > 2 * MEGABYTE, LONG);
    child.kill('SIGKILL');
    await ended;
    expect(segmentsOf(dir)[0]).toBe('00000001.qwj');

    const compacted = quotewright('journal', 'compact', dir);
    expect([compacted.status, compacted.stderr]).toEqual([0, '']);
    expect(compacted.stdout).toMatch(/: 1 segment removed, .* it goes on from the snapshot of record [\d,]+ and/);
    expect(segmentsOf(dir)[0]).toBe('00000002.qwj');
    expectSound(dir);
    const audited = quotewright('audit', 'verify', dir);
    expect(audited.status).toBe(0);
    const log = readFileSync(join(dir, 'audit', 'audit-000001.jsonl'), 'utf8');
    expect(log).toMatch(/"what":"journal\.compact".*"subject":"segments before 2"/);
    expect(quotewright('journal', 'compact', dir).stdout).toContain('nothing was removed');

    const spoilt = join(folder.fresh(), 'session');
    cpSync(dir, spoilt, { recursive: true });
    rmSync(join(spoilt, 'snapshots'), { recursive: true });
    const lost = quotewright(...argsOf(spoilt, '4m'));
    expect([lost.status, lost.stdout]).toEqual([2, '']);
    expect(lost.stderr).toMatch(
      /the records before [\d,]+ are not there any more, and no snapshot .*; restore a backup\n/,
    );
    rmSync(join(spoilt, 'snapshots'), { recursive: true });
    const blind = quotewright('journal', 'replay', spoilt);
    expect([blind.status, blind.stderr]).toEqual([2, expect.stringContaining('found no snapshots')]);

    const { status, stderr } = quotewright(...argsOf(dir, '4m'));
    expect([status, stderr]).toEqual([0, expect.stringContaining('positions and balances are as the venue says')]);
    // A session that has ended is known to have, when it is compacted again.
    expect(quotewright('journal', 'compact', dir).status).toBe(0);
    expect(quotewright(...argsOf(dir, '4m')).stderr).toContain('the session ended at 00:04:00');
    expect(quotewright('journal', 'replay', dir).stdout).toMatch(/\nidentical: \d+ marks compared\n/);
    expectSound(dir);
  });

  it('removes nothing of a session whose strategy cannot be saved; it trades on, and says so once', () => {
    const dir = join(folder.fresh(), 'session');
    const file = folder.write(
      'unsaved.ts',
      "let books = 0;\nexport default { name: 'unsaved', description: '', params: {}, create: () => ({ onBook: () => void books++ }) };",
    );
    const args = [
      ...SIMULATE,
      '--strategy',
      file,
      '--duration',
      '30s',
      '--snapshot-every',
      '5s',
      '--keep',
      'snapshots',
    ];
    const { status, stderr } = quotewright(...args, '--journal', dir);
    expect([status, stderr]).toEqual([0, 'no snapshot could be taken: unsaved cannot be saved: no save and restore\n']);
    const { status: refused, stderr: why } = quotewright('journal', 'compact', dir);
    expect([refused, why]).toEqual([2, expect.stringContaining('found no sound snapshot')]);
    expectSound(dir);
  });

  it('removes nothing without a snapshot, or of a journal that is damaged', async () => {
    const dir = join(folder.fresh(), 'session');
    const none = quotewright('journal', 'compact', dir);
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('holds no journal of a session')]);
    await killed(argsOf(dir, '8m', '--snapshot-every', '1h'), dir, MEGABYTE / 2);
    const bare = quotewright('journal', 'compact', dir);
    expect([bare.status, bare.stdout]).toEqual([2, '']);
    expect(bare.stderr).toContain('found no sound snapshot');
    await killed(argsOf(dir, '8m'), dir, 2 * MEGABYTE);
    const before = segmentsOf(dir);
    const last = join(dir, before.at(-1)!);
    const bytes = readFileSync(last);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(last, bytes);
    const damaged = quotewright('journal', 'compact', dir);
    expect([damaged.status, damaged.stderr]).toEqual([
      2,
      expect.stringMatching(/is damaged \(.*\): nothing was removed/),
    ]);
    expect(segmentsOf(dir)).toEqual(before);
  });
});
