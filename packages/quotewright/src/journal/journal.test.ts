import { readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { segmentName } from './format.ts';
import { type JournalOptions, type JournalWriter, openJournal } from './journal.ts';
import { readJournal } from './reader.ts';
import { SAMPLE_HEADER, checkRecords, fillRecords, writeSample } from './testing/sample-journal.ts';
import { verifyJournal } from './verify.ts';

const temp = tempFolder();
const record = new Float64Array(EVENT_STRIDE);

const open = async (dir: string, options: Partial<JournalOptions> = {}): Promise<JournalWriter> =>
  openJournal({ dir, durability: 'none', header: SAMPLE_HEADER, ...options });

function append(journal: JournalWriter, count: number): void {
  for (let i = 0; i < count; i++) {
    fillRecords(record, 0, journal.appended, 1);
    journal.append(record, 0);
  }
}

/** Checks that the journal is sound and holds just the first `records` records; answers its marks and session headers with their places. */
function expectSound(dir: string, records: number): [string, number][] {
  const reader = readJournal(dir);
  const found = new Set<number>();
  const places: [string, number][] = [];
  let wrong = 0;
  for (const item of reader) {
    if (item.kind === 'records') wrong += checkRecords(item.data, item.sequence, item.count, found);
    else places.push([item.kind === 'mark' ? String(item.fields['name']) : item.kind, item.sequence]);
  }
  expect([wrong, found.size, reader.sequence, reader.damages]).toEqual([0, records, records, []]);
  return places;
}

describe('a journal that is written', () => {
  for (const durability of ['none', 'batch', 'sync'] as const) {
    test(`${durability}: holds what it was given, marks in their places, and is gone on with`, async () => {
      const dir = join(temp.fresh(), 'made', 'when missing');
      for (let part = 0; part < 3; part++) {
        const journal = await open(dir, { durability });
        expect([journal.appended, journal.committed, journal.failure]).toEqual([part * 1000, part * 1000, '']);
        append(journal, 300);
        journal.mark({ name: `a${part}` });
        journal.mark({ name: `b${part}` });
        append(journal, 700);
        journal.mark({ name: `end${part}` });
        await journal.flush();
        expect([journal.appended, journal.committed]).toEqual([(part + 1) * 1000, (part + 1) * 1000]);
        await journal.close();
        await journal.close();
        expect(journal.failure).toBe('');
      }
      expect(expectSound(dir, 3000)).toEqual(
        [0, 1000, 2000].flatMap((at, part) => [
          ['session', at],
          [`a${part}`, at + 300],
          [`b${part}`, at + 300],
          [`end${part}`, at + 1000],
        ]),
      );
      expect(readdirSync(dir)).toEqual([1, 2, 3].map(segmentName));
    });
  }

  test('waits for records to be safe, without the event loop', async () => {
    const dir = temp.fresh();
    const journal = await open(dir, { durability: 'sync' });
    for (let round = 0; round < 20; round++) {
      append(journal, 1 + round);
      expect(journal.waitCommitted(journal.appended)).toBe(true);
      expect(journal.committed).toBe(journal.appended);
    }
    expect(journal.waitCommitted(0)).toBe(true);
    expect(() => journal.waitCommitted(211)).toThrow('sequence 211 is not up to 210');
    expect(readJournal(dir).damages).toEqual([]);
    await journal.close();
    expectSound(dir, 210);
  });

  test('a full ring makes the producer wait, and loses nothing', async () => {
    const dir = temp.fresh();
    const journal = await open(dir, { ringRecords: 16 });
    append(journal, 20_000);
    expect([journal.appended, journal.lost]).toEqual([20_000, 0]);
    expect(journal.lags).toBeGreaterThan(10);
    expect(journal.lagMs).toBeGreaterThan(0);
    await journal.close();
    expectSound(dir, 20_000);
  });

  test('can be verified while it is written', async () => {
    const dir = temp.fresh();
    const journal = await open(dir, { segmentBytes: 1 << 20 });
    for (let round = 0; round < 30; round++) {
      append(journal, 3000);
      const { damages, records } = verifyJournal(dir);
      expect(damages).toEqual([]);
      expect(records).toBeLessThanOrEqual(journal.appended);
    }
    await journal.close();
    expectSound(dir, 90_000);
  });

  test('rolls to a new segment before one grows beyond its bound; each begins with the header', async () => {
    const dir = temp.fresh();
    const journal = await open(dir, { segmentBytes: 16_384, ringRecords: 64 });
    append(journal, 2000);
    await journal.close();
    const names = readdirSync(dir).toSorted();
    expect(names.length).toBeGreaterThan(8);
    expect(names).toEqual(names.map((_, index) => segmentName(index + 1)));
    for (const name of names) expect(readFileSync(join(dir, name)).length).toBeLessThanOrEqual(16_384);
    expect(expectSound(dir, 2000)).toEqual([['session', 0]]);
    expect([...readJournal(dir, { from: 1500 })][0]).toMatchObject({ kind: 'session', header: SAMPLE_HEADER });
  });

  test('carries every float64 bit by bit', async () => {
    const dir = temp.fresh();
    const journal = await open(dir);
    const values = Float64Array.of(Number.NaN, -0, Infinity, -Infinity, 5e-324, Number.MAX_SAFE_INTEGER, 0.1, -1e308);
    journal.append(values, 0);
    await journal.close();
    const read: Buffer[] = [];
    for (const item of readJournal(dir)) {
      if (item.kind === 'records') read.push(Buffer.from(item.data.slice(0, EVENT_STRIDE).buffer));
    }
    expect(read).toEqual([Buffer.from(values.buffer)]);
  });

  test('goes on after the last good record of a torn journal, and keeps what was cut', async () => {
    const dir = temp.fresh();
    const frames = writeSample(dir, { frames: 9, segmentBytes: 1e6 });
    const last = frames.at(-1)!;
    const bytes = readFileSync(last.file);
    writeFileSync(last.file, bytes.subarray(0, last.end - 1));
    const journal = await open(dir);
    expect(journal.appended).toBe(last.sequence);
    expect(journal.cut).toMatchObject([{ path: last.file, offset: last.offset, bytes: last.end - 1 - last.offset }]);
    append(journal, 10);
    await journal.close();
    expect(expectSound(dir, last.sequence + 10).at(-1)).toEqual(['session', last.sequence]);
    expect(readFileSync(journal.cut[0]!.kept)).toEqual(bytes.subarray(last.offset, last.end - 1));
  });
});

describe('retention', () => {
  test('removes whole segments before a record, keeps the header, and the reader knows that nothing is missing', async () => {
    const dir = temp.fresh();
    const journal = await open(dir, { segmentBytes: 8192, ringRecords: 64 });
    append(journal, 1000);
    await journal.flush();
    const before = readJournal(dir).segments;
    expect(await journal.retain(0)).toEqual([]);
    for (const at of [500, 800]) {
      const kept = before.findLastIndex(({ head }) => head!.sequence <= at);
      const removed = await journal.retain(at);
      expect(removed.at(-1)).toBe(join(dir, segmentName(kept)));
      expect(readJournal(dir).segments[0]!.segment).toBe(kept + 1);
      const items = [...readJournal(dir, { from: at })];
      expect(items[0]).toMatchObject({ kind: 'session', header: SAMPLE_HEADER });
      expect(items.find(({ kind }) => kind !== 'session')).toMatchObject({ kind: 'records', sequence: at });
    }
    append(journal, 10);
    // However far it is told to go, what is being written stays.
    await journal.retain(1e9);
    await journal.close();
    const { damages, records, sessions } = verifyJournal(dir);
    expect([damages, records > 0, sessions]).toEqual([[], true, 1]);
    const again = await open(dir);
    expect(again.appended).toBe(1010);
    await again.close();
  });
});

describe('a journal that cannot be written', () => {
  test('segments of a size that no reader would take are refused', async () => {
    await expect(open(temp.fresh(), { segmentBytes: 2 ** 31 })).rejects.toThrow('segmentBytes 2147483648');
    await expect(open(temp.fresh(), { ringRecords: 1000 })).rejects.toThrow('ring capacity 1000');
  });

  test('a folder that is a file is bad input', async () => {
    await expect(open(temp.write('file', ''))).rejects.toThrow();
  });

  test('another writer of the same folder is noticed at the next segment, and nothing of it is overwritten', async () => {
    const dir = temp.fresh();
    const first = await open(dir, { segmentBytes: 4096, ringRecords: 64 });
    append(first, 10);
    await first.flush();
    const second = await open(dir);
    append(second, 5);
    await second.close();
    const theirs = readFileSync(join(dir, segmentName(2)));
    append(first, 200);
    await first.flush();
    expect(first.failure).toContain('EEXIST');
    expect(first.waitCommitted(first.appended)).toBe(false);
    await first.close();
    expect(readFileSync(join(dir, segmentName(2)))).toEqual(theirs);
  });

  test('a folder that is taken away is noticed, at the next segment or at once', async () => {
    const dir = join(temp.fresh(), 'journal');
    const journal = await open(dir, { segmentBytes: 4096, ringRecords: 64 });
    append(journal, 10);
    await journal.flush();
    const away = `${dir}-away`;
    renameSync(dir, away);
    append(journal, 200);
    await journal.flush();
    expect(journal.failure).toContain('ENOENT');
    const { committed } = journal;
    await journal.close();
    expect(committed).toBeGreaterThanOrEqual(10);
    expectSound(away, committed);
  });

  test('a segment that is deleted under the writer is noticed at once', async () => {
    const dir = temp.fresh();
    const journal = await open(dir);
    append(journal, 10);
    await journal.flush();
    rmSync(join(dir, segmentName(1)));
    append(journal, 1);
    await journal.flush();
    expect(journal.failure).toContain('the file was removed while it was written');
    expect(journal.committed).toBe(10);
    await journal.close();
  });

  test('who has lost the right to write stops: nothing is written any more', async () => {
    const dir = temp.fresh();
    const journal = await open(dir);
    append(journal, 10);
    await journal.flush();
    journal.stop('another process has the lease');
    append(journal, 10);
    expect(journal.waitCommitted(journal.appended)).toBe(false);
    await journal.flush();
    expect([journal.failure, journal.committed]).toEqual(['another process has the lease', 10]);
    await journal.close();
    expect(journal.failure).toBe('another process has the lease');
    expectSound(dir, 10);
  });
});
