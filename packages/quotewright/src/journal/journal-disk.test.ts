import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Random } from '@quotewright/core/base/random';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import type { Durability } from './journal.ts';
import { readJournal } from './reader.ts';
import { endJournal } from './tail.ts';
import { checkRecords } from './testing/sample-journal.ts';

const temp = tempFolder();
const CHILD = fileURLToPath(new URL('./testing/journal-child.ts', import.meta.url));
const FULL_SNAPSHOTS_CHILD = fileURLToPath(new URL('./testing/full-snapshots-child.ts', import.meta.url));
const FULL_DISK_CHILD = fileURLToPath(new URL('./testing/full-disk-child.ts', import.meta.url));

/** A program and its arguments that write a journal until they fail or are killed. */
function command(dir: string, durability: Durability, burst: number): [string, ...string[]] {
  return [process.execPath, '--conditions', 'source', CHILD, dir, durability, String(burst)];
}

interface End {
  readonly failure: string;
  readonly committed: number;
}

/** Lets a shell run the writer under some limit, and answers how it ended. It waits for each burst: frames are small at any pace. */
function runLimited(script: string, dir: string): End {
  const output = execFileSync('sh', ['-c', script, 'sh', ...command(dir, 'sync', 200)], { encoding: 'utf8' });
  const end: End = JSON.parse(output.trim().split('\n').at(-1)!);
  return end;
}

/** What the journal holds: checks each record, and that they go from 0 on without a hole. */
function expectRecords(dir: string): { records: number; damages: string[] } {
  const reader = readJournal(dir);
  const found = new Set<number>();
  let wrong = 0;
  for (const item of reader) {
    if (item.kind === 'gap') wrong++;
    if (item.kind === 'records') wrong += checkRecords(item.data, item.sequence, item.count, found);
  }
  expect([wrong, found.size]).toEqual([0, reader.sequence]);
  return { records: found.size, damages: reader.damages.map(({ kind }) => kind) };
}

/** Whether a script of the shell succeeds here. */
function works(script: string): boolean {
  try {
    execFileSync('sh', ['-c', script], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a disk that refuses', () => {
  // A file may not grow beyond 100 blocks of 512 bytes: the write that would is cut short, the next fails with EFBIG.
  test('a limit on the size of files: the failure is told, what was committed is readable, no half frame is left', () => {
    const dir = temp.fresh();
    const { failure, committed } = runLimited('ulimit -f 100; exec "$@"', dir);
    expect(failure).toContain('EFBIG');
    const { records, damages } = expectRecords(dir);
    expect(records).toBeGreaterThanOrEqual(committed);
    expect(committed).toBeGreaterThan(0);
    expect(damages).toEqual([]);
    expect(endJournal(dir)).toMatchObject({ sequence: records, cut: [] });
  });

  // A file system of 768 KiB in a name space of its own; the journal is copied out of it when the writer has ended.
  test('a full disk: the failure is told, what was committed is readable, no half frame is left', ({ skip }) => {
    const disk = temp.fresh();
    const mount = `mount -t tmpfs -o size=768k none '${disk}'`;
    if (!works(`unshare -rm sh -c "${mount}"`)) skip('a user may not mount a file system here');
    const copy = temp.fresh();
    const script = `unshare -rm sh -c '${mount.replaceAll("'", '"')} && "$@"; cp ${disk}/* ${copy}' sh "$@"`;
    const { failure, committed } = runLimited(script, disk);
    expect(failure).toContain('ENOSPC');
    const { records, damages } = expectRecords(copy);
    expect(records).toBeGreaterThanOrEqual(committed);
    expect(committed).toBeGreaterThan(5000);
    expect(damages).toEqual([]);
  });

  test('a disk that is full for a while: nothing is lost, and the journal goes on', ({ skip }) => {
    const disk = temp.fresh();
    const mount = `mount -t tmpfs -o size=512k none "${disk}"`;
    if (!works(`unshare -rm sh -c '${mount}'`)) skip('a user may not mount a file system here');
    const copy = temp.fresh();
    const script = `unshare -rm sh -c '${mount} && "$@"; cp ${disk}/journal/* ${copy}' sh "$@"`;
    const program = [process.execPath, '--conditions', 'source', FULL_DISK_CHILD, disk];
    const said: unknown = JSON.parse(execFileSync('sh', ['-c', script, 'sh', ...program], { encoding: 'utf8' }));
    expect(said).toMatchObject({ committed: 100, after: '', safe: 5200, given: 5200 });
    expect(said).toHaveProperty('failure', expect.stringContaining('ENOSPC'));
    expect(expectRecords(copy)).toEqual({ records: 5200, damages: [] });
  });

  test('a disk that snapshots fill: each that finds no room is told, and the process lives on', ({ skip }) => {
    const disk = temp.fresh();
    const mount = `mount -t tmpfs -o size=1m none "${disk}"`;
    if (!works(`unshare -rm sh -c '${mount}'`)) skip('a user may not mount a file system here');
    const program = [process.execPath, '--conditions', 'source', FULL_SNAPSHOTS_CHILD, disk];
    const script = `unshare -rm sh -c '${mount} && "$@"' sh "$@"`;
    const out = execFileSync('sh', ['-c', script, 'sh', ...program], { encoding: 'utf8', stdio: 'pipe' });
    const { failures, kept }: { failures: string[]; kept: number } = JSON.parse(out);
    expect(kept).toBeGreaterThan(0);
    expect(failures).toHaveLength(20 - kept);
    expect(new Set(failures)).toEqual(new Set(['Input/output error']));
  });

  test('a folder that may only be read is bad input that names it', ({ skip }) => {
    const dir = temp.fresh();
    const mount = `mount -t tmpfs -o ro none "${dir}"`;
    if (!works(`unshare -rm sh -c '${mount}'`)) skip('a user may not mount a file system here');
    const { failure } = runLimited(`unshare -rm sh -c '${mount} && "$@"' sh "$@"`, dir);
    expect(failure).toMatch(/InputError.*the journal cannot be written: EROFS/);
    expect(failure).toContain(dir);
  });
});

describe('a process that is killed', () => {
  for (const durability of ['none', 'batch', 'sync'] as const) {
    test(`${durability}: at random moments, again and again: nothing that was said to be safe is lost, and the journal goes on`, async () => {
      const dir = temp.fresh();
      const random = Random.stream(3, durability);
      let safe = 0;
      for (let round = 0; round < 4; round++) {
        const [program, ...args] = command(dir, durability, 1 + random.below(2000));
        const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
        const lines = await killAfter(child, 2 + random.below(30));
        expect(lines[0]).toBe(`open ${round === 0 ? 0 : safe}`);
        const said = Number(lines.findLast((line) => line.startsWith('safe '))!.slice(5));
        const { sequence } = endJournal(dir);
        const { records, damages } = expectRecords(dir);
        expect([records, damages]).toEqual([sequence, []]);
        expect(records).toBeGreaterThanOrEqual(said);
        safe = records;
      }
    });
  }
});

/** Kills the process when it has written so many lines; answers its whole lines. */
async function killAfter(child: ChildProcessByStdio<null, Readable, null>, lines: number): Promise<string[]> {
  let text = '';
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  }
  return text.split('\n').slice(0, -1);
}
