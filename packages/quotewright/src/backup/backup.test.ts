import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import { InputKind } from '@quotewright/core/trading/records';
import { open } from 'lmdb';
import { expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { type JournalWriter, openJournal } from '../journal/journal.ts';
import { Lease } from '../journal/lease.ts';
import { sessionIn } from '../journal/recovery.ts';
import { SAMPLE_HEADER } from '../journal/testing/sample-journal.ts';
import { verifyJournal } from '../journal/verify.ts';
import { createBackup } from './create.ts';
import { deleteBackup } from './delete.ts';
import { checkLabel, labels, readManifest, verifyBackup } from './manifest.ts';
import { restoreBackup } from './restore.ts';
import { RESTORING } from './session-files.ts';

const temp = tempFolder();

/** A session's folder with a journal of so many inputs that is still being written. */
async function session(records: number): Promise<{ dir: string; journal: JournalWriter }> {
  const dir = temp.fresh();
  const journal = await openJournal({ dir, durability: 'batch', header: SAMPLE_HEADER });
  await write(journal, records);
  return { dir, journal };
}

async function write(journal: JournalWriter, records: number): Promise<void> {
  const record = new Float64Array(EVENT_STRIDE);
  record[Field.HEAD] = InputKind.WAKE;
  for (let i = 0; i < records; i++) {
    record[Field.LOCAL_NS] = journal.appended;
    journal.append(record, 0);
  }
  await journal.flush();
}

const recordsOf = (dir: string): number => verifyJournal(dir).records;

test('a backup of a running session is whole, and a restore brings the session back to it and deletes nothing', async () => {
  const { dir, journal } = await session(1000);
  const store = join(dir, 'backups');
  writeFileSync(join(dir, 'venue.log'), 'before');
  writeFileSync(join(dir, 'audit.jsonl'), 'one\n');
  const { manifest: first } = await createBackup(dir, store, 'früh');
  await write(journal, 500);
  const { manifest: second } = await createBackup(dir, store, 'later');
  await write(journal, 250);
  await journal.close();
  writeFileSync(join(dir, 'venue.log'), 'after');
  appendFileSync(join(dir, 'audit.jsonl'), 'two\n');
  expect([first.sequence, second.sequence]).toEqual([1000, 1500]);
  expect(await labels(store)).toEqual(['früh', 'later']);
  expect(await verifyBackup(store, 'later')).toEqual([]);
  expect(verifyJournal(join(store, 'later')).damages).toEqual([]);

  const { replaced } = await restoreBackup(dir, store, 'früh');
  expect(recordsOf(dir)).toBe(1000);
  expect(recordsOf(replaced)).toBe(1750);
  // A venue's time and what was audited cannot be turned back.
  expect(readFileSync(join(dir, 'venue.log'), 'utf8')).toBe('after');
  expect(readFileSync(join(dir, 'audit.jsonl'), 'utf8')).toBe('one\ntwo\n');
  // The session goes on from there, and the other backup is still good.
  const again = await openJournal({ dir, durability: 'batch', header: SAMPLE_HEADER });
  expect(again.appended).toBe(1000);
  await again.close();
  expect((await restoreBackup(dir, store, 'later')).manifest.sequence).toBe(1500);
  expect(recordsOf(dir)).toBe(1500);
});

test('an audit log in a folder of its own stays when the session has one, and is restored when it has none', async () => {
  const { dir, journal } = await session(10);
  await journal.close();
  const line = join('audit', 'audit-000001.jsonl');
  mkdirSync(join(dir, 'audit'));
  writeFileSync(join(dir, line), 'one\n');
  const store = temp.fresh();
  await createBackup(dir, store, 'x');
  appendFileSync(join(dir, line), 'two\n');
  await restoreBackup(dir, store, 'x');
  expect(readFileSync(join(dir, line), 'utf8')).toBe('one\ntwo\n');
  expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([]);
  rmSync(join(dir, 'audit'), { recursive: true });
  await restoreBackup(dir, store, 'x');
  expect(readFileSync(join(dir, line), 'utf8')).toBe('one\n');
});

test('no session starts where a restore was killed, until it is run again', async () => {
  const { dir, journal } = await session(10);
  await journal.close();
  const store = temp.fresh();
  await createBackup(dir, store, 'x');
  const segment = readdirSync(dir).find((name) => name.endsWith('.qwj'))!;
  mkdirSync(join(dir, RESTORING));
  renameSync(join(dir, segment), join(dir, RESTORING, segment));
  mkdirSync(join(dir, '.restored-abc'));
  expect(() => sessionIn(dir)).toThrow('run quotewright backup restore again');
  await restoreBackup(dir, store, 'x');
  expect(sessionIn(dir)?.seed).toBe(SAMPLE_HEADER.seed);
  expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('no session starts where one has lost its journal', async () => {
  const { dir, journal } = await session(10);
  await journal.close();
  writeFileSync(join(dir, 'venue.log'), 'venue');
  const store = temp.fresh();
  await createBackup(dir, store, 'x');
  for (const name of readdirSync(dir)) if (name.endsWith('.qwj')) rmSync(join(dir, name));
  expect(() => sessionIn(dir)).toThrow('its journal is gone; restore a backup');
  await restoreBackup(dir, store, 'x');
  expect(sessionIn(dir)?.seed).toBe(SAMPLE_HEADER.seed);
});

test('into an empty folder everything is restored, the simulated venue too', async () => {
  const { dir, journal } = await session(10);
  await journal.close();
  writeFileSync(join(dir, 'venue.log'), 'venue');
  const store = temp.fresh();
  await createBackup(dir, store, 'all');
  const empty = join(temp.fresh(), 'new');
  const { replaced } = await restoreBackup(empty, store, 'all');
  expect(replaced).toBe('');
  expect(recordsOf(empty)).toBe(10);
  expect(readFileSync(join(empty, 'venue.log'), 'utf8')).toBe('venue');
});

test('snapshots are copied while their database is open, consistent', async () => {
  const { dir, journal } = await session(10);
  const database = open({ path: join(dir, 'snapshots'), encoding: 'binary' });
  await database.put('10', Buffer.from('state'));
  const store = temp.fresh();
  await createBackup(dir, store, 'with-snapshots');
  await database.put('11', Buffer.from('later'));
  await database.close();
  await journal.close();
  await restoreBackup(dir, store, 'with-snapshots');
  const restored = open({ path: join(dir, 'snapshots'), encoding: 'binary' });
  expect([...restored.getKeys()]).toEqual(['10']);
  await restored.close();
});

test('a frame that was half written when it was copied is left out', async () => {
  const { dir, journal } = await session(100);
  await journal.close();
  const segment = readdirSync(dir).find((name) => name.endsWith('.qwj'));
  appendFileSync(join(dir, segment!), Buffer.alloc(100, 1));
  const store = temp.fresh();
  const { manifest, damage } = await createBackup(dir, store, 'torn');
  expect([manifest.sequence, damage]).toEqual([100, '']);
  expect(verifyJournal(join(store, 'torn')).damages).toEqual([]);
  expect(readdirSync(join(store, 'torn')).some((name) => name.includes('.cut-'))).toBe(false);
});

test('of a damaged journal what is sound is backed up, and the damage told; of one with nothing in it no backup is made', async () => {
  const { dir, journal } = await session(100);
  await write(journal, 100);
  await write(journal, 100);
  await journal.close();
  const path = join(dir, '00000001.qwj');
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(path, bytes);
  const store = join(temp.fresh(), 'store');
  const { damage } = await createBackup(dir, store, 'x');
  expect(damage).toMatch(/its journal is damaged in \d+ places, \d+ records are missing, and so is the backup/);
  expect(verifyJournal(join(store, 'x'))).toMatchObject({ records: recordsOf(dir) });
  writeFileSync(path, bytes.fill(7));
  await expect(createBackup(dir, store, 'y')).rejects.toThrow('nothing of its journal can be read');
  expect(readdirSync(store)).toEqual(['x']);
});

test('a damaged backup is found, and not restored', async () => {
  const { dir, journal } = await session(100);
  await journal.close();
  const store = temp.fresh();
  const { manifest } = await createBackup(dir, store, 'x');
  const path = join(store, 'x', manifest.files.find((file) => file.path.endsWith('.qwj'))!.path);
  const bytes = readFileSync(path);
  bytes[bytes.length - 5]! ^= 1;
  writeFileSync(path, bytes);
  expect(await verifyBackup(store, 'x')).toEqual([`${path}: its checksum is not that of the manifest`]);
  await expect(restoreBackup(dir, store, 'x')).rejects.toThrow('its checksum is not');
  writeFileSync(path, bytes.subarray(1));
  expect(await verifyBackup(store, 'x')).toEqual([
    `${path}: ${bytes.length - 1} bytes, the manifest says ${bytes.length}`,
  ]);
  writeFileSync(join(store, 'x', 'manifest.json'), '{"version":1');
  await expect(verifyBackup(store, 'x')).rejects.toThrow('manifest.json');
  expect(recordsOf(dir)).toBe(100);
});

test('a session that a living process trades is not restored, labels are checked, what is deleted is gone', async () => {
  const { dir, journal } = await session(1);
  await journal.close();
  const store = temp.fresh();
  await createBackup(dir, store, 'x');
  await expect(createBackup(dir, store, 'x')).rejects.toThrow('there is a backup of this label');
  const lease = Lease.acquire(dir);
  await expect(restoreBackup(dir, store, 'x')).rejects.toThrow('only one may');
  lease.release();
  for (const label of ['', '.', '..', '../x', 'a/b', '-x', ' ', 'x'.repeat(101), 'a\u0000b']) {
    expect(() => checkLabel(label)).toThrow('label: found');
  }
  await deleteBackup(store, 'x');
  expect(existsSync(join(store, 'x'))).toBe(false);
  expect(readdirSync(store)).toEqual([]);
  await expect(readManifest(store, 'x')).rejects.toThrow('no such backup (there are none)');
  await expect(createBackup(temp.fresh(), store, 'y')).rejects.toThrow('found no journal');
});
