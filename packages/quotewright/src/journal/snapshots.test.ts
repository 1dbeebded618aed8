import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { open } from 'lmdb';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { decodeSnapshot, encodeSnapshot } from './snapshot-format.ts';
import { SNAPSHOTS, SnapshotStore, takeSnapshot } from './snapshots.ts';
import { idleEngine, sampleSnapshot } from './testing/sample-snapshot.ts';

const temp = tempFolder();
const CHILD = fileURLToPath(new URL('./testing/snapshot-child.ts', import.meta.url));

async function storeOf(folder: string, sequences: readonly number[]): Promise<SnapshotStore> {
  const store = new SnapshotStore(folder);
  for (const sequence of sequences) await store.put(sequence, encodeSnapshot(sampleSnapshot(sequence)));
  return store;
}

/** Writes other bytes in the place of a snapshot. */
async function replace(folder: string, sequence: number, change: (bytes: Buffer) => Buffer): Promise<void> {
  const database = open<Buffer, number>({ path: join(folder, SNAPSHOTS), encoding: 'binary' });
  await database.put(sequence, change(database.get(sequence)!));
  await database.close();
}

describe('the snapshots of a session', () => {
  it('are found by the inputs that are in them, and are what was put', async () => {
    const store = await storeOf(temp.fresh(), [30, 10, 20, 2 ** 40]);
    expect([5, 10, 19, 25, 2 ** 40, Infinity].map((at) => store.newestAtOrBefore(at)?.sequence)).toEqual([
      undefined,
      10,
      10,
      20,
      2 ** 40,
      2 ** 40,
    ]);
    expect(store.newestAtOrBefore(20)).toEqual(sampleSnapshot(20));
    expect(store.list().map(({ sequence, damage }) => [sequence, damage])).toEqual([
      [10, ''],
      [20, ''],
      [30, ''],
      [2 ** 40, ''],
    ]);
    expect([store.report, store.verify()]).toEqual([[], []]);
    await store.close();
  });

  it('are pruned from the oldest on, and set aside behind what the journal holds', async () => {
    const folder = temp.fresh();
    const store = await storeOf(folder, [1, 2, 3, 4, 5, 6]);
    expect(await store.prune(4)).toBe(2);
    await store.setAsideAfter(4);
    expect(store.report).toEqual([5, 6].map((ahead) => expect.stringContaining(`of ${ahead} inputs is ahead`)));
    const kept = readdirSync(folder).filter((name) => name.endsWith('.qwsn'));
    expect(kept.map((name) => decodeSnapshot(readFileSync(join(folder, name))).sequence)).toEqual([5, 6]);
    expect(await store.prune(9)).toBe(0);
    await store.setAsideAfter(4);
    expect(store.report).toHaveLength(2);
    expect([store.oldestFrom(0), store.oldestFrom(4), store.oldestFrom(5)].map((found) => found?.sequence)).toEqual([
      3,
      4,
      undefined,
    ]);
    // Who only reads does so while another has it open.
    const reader = new SnapshotStore(folder, true);
    expect(reader.list().map(({ sequence }) => sequence)).toEqual([3, 4]);
    await reader.close();
    await store.close();
    expect(() => new SnapshotStore(temp.fresh(), true)).toThrow('found no snapshots');
    const again = new SnapshotStore(folder);
    expect(again.list().map(({ sequence }) => sequence)).toEqual([3, 4]);
    await again.close();
  });

  it('that are damaged are left out with a word, and the one before is used', async () => {
    const folder = temp.fresh();
    await (await storeOf(folder, [1, 2, 3, 4, 5, 6])).close();
    await replace(folder, 6, (bytes) => {
      bytes[bytes.length >> 1]! ^= 1;
      return bytes;
    });
    await replace(folder, 5, (bytes) => bytes.subarray(0, bytes.length - 1));
    await replace(folder, 4, () => Buffer.alloc(3));
    await replace(folder, 3, (bytes) => {
      bytes[4] = 9;
      return bytes;
    });
    await replace(folder, 2, () => encodeSnapshot(sampleSnapshot(1)));
    const store = new SnapshotStore(folder);
    expect(store.newestAtOrBefore(6)?.sequence).toBe(1);
    expect(store.report.map((line) => /\((.*)\)/.exec(line)?.[1])).toEqual([
      'the checksum differs',
      expect.stringMatching(/^\d+ bytes, expected \d+$/),
      '3 bytes, expected at least 24',
      'version 9, expected 1',
      'it is of 1 inputs',
    ]);
    expect(store.verify()).toHaveLength(5);
    // A damaged one is never kept in the place of a sound one.
    expect(await store.prune(1)).toBe(0);
    expect(store.newestAtOrBefore(6)?.sequence).toBe(1);
    await store.close();
  });

  it.each([
    ['cut short', (file: string) => truncateSync(file, 300_000)],
    ['cut to a page', (file: string) => truncateSync(file, 5000)],
    ['something else', (file: string) => writeFileSync(file, Buffer.alloc(100_000, 7))],
    ['text', (file: string) => writeFileSync(file, 'no database')],
  ])('in a file that is %s are set aside, not lost', async (_what, spoil) => {
    const folder = temp.fresh();
    await (await storeOf(folder, [1, 2])).close();
    const file = join(folder, SNAPSHOTS, 'data.mdb');
    spoil(file);
    const spoilt = readFileSync(file);
    const store = await storeOf(folder, [3]);
    expect(store.report).toEqual([expect.stringMatching(/data\.mdb: .*; set aside as .*snapshots-damaged-1$/)]);
    expect(readFileSync(join(folder, `${SNAPSHOTS}-damaged-1`, 'data.mdb')).equals(spoilt)).toBe(true);
    expect(store.list().map(({ sequence }) => sequence)).toEqual([3]);
    await store.close();
  });

  it('are all there after kill -9 in the middle of puts', async () => {
    const folder = temp.fresh();
    let acknowledged = 0;
    for (const puts of [3, 17, 1, 26, 8]) {
      const before = acknowledged;
      // oxlint-disable-next-line no-await-in-loop -- one process after the other
      acknowledged = await killAfter(folder, acknowledged + 1, puts);
      expect(acknowledged).toBeGreaterThanOrEqual(before + puts);
      const store = new SnapshotStore(folder);
      const kept = store.list();
      // What came after the last word of the process may be there or not, but whole.
      expect([store.report, kept.filter(({ damage }) => damage !== '')]).toEqual([[], []]);
      const last = kept.at(-1)!.sequence;
      expect(last === acknowledged || last === acknowledged + 1).toBe(true);
      expect(kept.map(({ sequence }) => sequence)).toEqual(kept.map((_, i) => last - kept.length + 1 + i));
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(19, last));
      expect(store.newestAtOrBefore(last)).toEqual(sampleSnapshot(last));
      // oxlint-disable-next-line no-await-in-loop -- one process after the other
      await store.close();
    }
  });
});

describe('taking a snapshot', () => {
  it('files the engine as it was at the call, and says when it cannot', async () => {
    const store = new SnapshotStore(temp.fresh());
    const engine = idleEngine();
    engine.start(5);
    const inputs = engine.inputs.digest();
    const stored = takeSnapshot(engine, store, 1, { day: 3 });
    engine.pause(6);
    expect(await stored).toBe('');
    const found = store.newestAtOrBefore(1)!;
    expect([found.inputs, found.host, found.engine.standing.nowNs]).toEqual([inputs, { day: 3 }, 5]);
    const restored = idleEngine();
    restored.restore(found.engine);
    restored.pause(6);
    expect(restored.save()).toEqual(engine.save());
    expect(await takeSnapshot(engine, store, 2, { close: () => {} })).toMatch(/could not be cloned/);
    expect(await takeSnapshot(engine, store, 3)).toBe('the engine has taken 2 inputs, and its journal 3');
    expect(store.list()).toHaveLength(1);
    await store.close();
  });
});

/** Runs a process that puts snapshots, kills it after so many, and answers the last one it spoke of. */
async function killAfter(folder: string, from: number, puts: number): Promise<number> {
  const child = spawn(process.execPath, ['-C', 'source', CHILD, folder, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.split('\n').length > puts && !child.killed) child.kill('SIGKILL');
  }
  return Number(said.trim().split('\n').at(-1));
}
