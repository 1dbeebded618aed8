import { copyFileSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { crc32c } from './crc32c.ts';
import { HEADER_BYTES, RECORD_BYTES, segmentName } from './format.ts';
import { type JournalItem, readJournal } from './reader.ts';
import { SegmentWriter } from './segment-writer.ts';
import { endJournal } from './tail.ts';
import { SAMPLE_HEADER, type SampleFrame, checkRecords, fillRecords, writeSample } from './testing/sample-journal.ts';
import { verifyJournal } from './verify.ts';

const temp = tempFolder();

/** Everything that a reading gives, its records checked against what was written. */
function readAll(dir: string, from = 0) {
  const reader = readJournal(dir, { from });
  const found = new Set<number>();
  const items: JournalItem['kind'][] = [];
  let wrong = 0;
  let missing = 0;
  for (const item of reader) {
    items.push(item.kind);
    if (item.kind === 'records') wrong += checkRecords(item.data, item.sequence, item.count, found);
    if (item.kind === 'gap') missing += item.missing;
  }
  return {
    found,
    items,
    wrong,
    missing,
    damages: reader.damages,
    kinds: reader.damages.map(({ kind }) => kind),
    reader,
  };
}

/** A process that goes on with a journal. */
function writerOf(dir: string, segment: number, sequence: number): SegmentWriter {
  const header = JSON.stringify(SAMPLE_HEADER);
  const journal = '0123456789abcdef';
  const writer = new SegmentWriter({ dir, journal, segment, sequence, header, segmentBytes: 1e6, isDurable: false });
  writer.open();
  return writer;
}

function writeRecords(writer: SegmentWriter, count: number): void {
  const frame = new Uint8Array(HEADER_BYTES + count * RECORD_BYTES);
  fillRecords(new Float64Array(frame.buffer), EVENT_STRIDE, writer.sequence, count);
  writer.records(frame, count);
}

const total = (frames: readonly SampleFrame[]): number => frames.reduce((sum, { count }) => sum + count, 0);

describe('a sound journal', () => {
  const dir = temp.fresh();
  const frames = writeSample(dir, { frames: 100 });

  test('is read whole, in order, its session header once', () => {
    const { found, items, wrong, damages, reader } = readAll(dir);
    expect(damages).toEqual([]);
    expect([wrong, found.size, reader.sequence]).toEqual([0, total(frames), total(frames)]);
    expect(items.filter((kind) => kind === 'session')).toHaveLength(1);
    expect(items.filter((kind) => kind === 'mark')).toHaveLength(20);
    expect(readdirSync(dir).length).toBeGreaterThan(5);
  });

  test('is read from any record on, and only the files that hold some of it', () => {
    for (let from = 0; from <= total(frames); from++) {
      const { found, items, wrong, damages } = readAll(dir, from);
      expect([wrong, found.size, damages]).toEqual([0, total(frames) - from, []]);
      expect(Math.min(...found)).toBe(from === total(frames) ? Infinity : from);
      expect(items[0]).toBe('session');
    }
    expect(readAll(dir, total(frames)).reader.segments.length).toBeLessThanOrEqual(2);
  });

  test('a record that the journal begins after is a gap', () => {
    const copy = temp.fresh();
    for (const name of readdirSync(dir).slice(3)) copyFileSync(join(dir, name), join(copy, name));
    const [first] = readJournal(copy).segments;
    const { missing, items } = readAll(copy, 1);
    expect(missing).toBe(first!.head!.sequence - 1);
    expect(items.indexOf('gap')).toBeLessThan(items.indexOf('records'));
  });
});

describe('a damaged journal', () => {
  test('cut at every byte of its last frame: the tail is torn, all else is there, and the cut bytes are kept', () => {
    const dir = temp.fresh();
    const frames = writeSample(dir, { frames: 8 });
    const last = frames.findLast(({ count }) => count > 0)!;
    const whole = readFileSync(last.file).subarray(0, last.end);
    for (let length = last.offset; length < last.end; length++) {
      const copy = temp.fresh();
      for (const name of readdirSync(dir)) copyFileSync(join(dir, name), join(copy, name));
      writeFileSync(join(copy, basename(last.file)), whole.subarray(0, length));
      const before = readAll(copy);
      expect([before.wrong, before.found.size]).toEqual([0, last.sequence]);
      expect(before.kinds).toEqual(length === last.offset ? [] : ['torn-tail']);
      if (length === last.offset) continue;
      expect(before.damages[0]).toMatchObject({
        offset: last.offset,
        bytes: length - last.offset,
        sequence: last.sequence,
      });
      const { cut, sequence } = endJournal(copy);
      expect(sequence).toBe(last.sequence);
      expect(cut).toHaveLength(1);
      expect(readFileSync(cut[0]!.kept)).toEqual(whole.subarray(last.offset, length));
      const after = verifyJournal(copy);
      expect([after.damages, after.records, after.cuts]).toEqual([[], last.sequence, [cut[0]!.kept]]);
    }
  });

  test('a flipped bit is found wherever it is (every bit of one frame, many elsewhere), in the frame that it is in, and costs no other frame', () => {
    const dir = temp.fresh();
    const frames = writeSample(dir, { frames: 6, maxRecords: 2, segmentBytes: 1e6 });
    const file = frames[0]!.file;
    const sound = readFileSync(file);
    const every = frames[0]!;
    for (let bit = 0; bit < sound.length * 8; bit++) {
      const at = bit >> 3;
      // Of the header a bit of every third byte.
      const step = at < every.offset ? 24 : 8;
      if ((at < every.offset || at >= every.end) && bit % step !== at % step) continue;
      const bytes = Buffer.from(sound);
      bytes[at]! ^= 1 << (bit & 7);
      writeFileSync(file, bytes);
      const { wrong, found, damages, items } = readAll(dir);
      const hit = frames.find(({ offset, end }) => offset <= at && at < end);
      const place = [damages[0]!.offset, found.size, items.filter((kind) => kind === 'mark').length, wrong];
      const isMark = hit?.count === 0;
      // Before the frames lies the session's header, twice.
      const head = at < frames[0]!.offset / 2 ? 0 : frames[0]!.offset / 2;
      expect(place).toEqual([hit?.offset ?? head, total(frames) - (hit?.count ?? 0), isMark ? 0 : 1, 0]);
    }
  });

  test('what a suspended writer still writes after another has gone on is no part of the journal', () => {
    const dir = temp.fresh();
    const suspended = writerOf(dir, 1, 0);
    writeRecords(suspended, 3);
    const next = writerOf(dir, endJournal(dir).segment, 3);
    writeRecords(next, 2);
    writeRecords(suspended, 4);
    suspended.mark(JSON.stringify({ type: 'late' }));
    writeRecords(next, 1);
    for (const from of [0, 2, 3, 4]) {
      const { found, wrong, damages, items, reader } = readAll(dir, from);
      expect([found.size, wrong, damages, reader.sequence]).toEqual([6 - from, 0, [], 6]);
      expect(items.includes('mark')).toBe(false);
    }
    suspended.close();
    next.close();
  });

  test('a missing segment is named, and its records are a gap', () => {
    const dir = temp.fresh();
    const frames = writeSample(dir, { frames: 60 });
    const gone = frames.filter(({ file }) => file.endsWith(segmentName(2)));
    rmSync(join(dir, segmentName(2)));
    const { kinds, missing, found, wrong, damages } = readAll(dir);
    expect(kinds).toEqual(['missing-segment', 'missing-records']);
    expect(damages[0]!.text).toContain(segmentName(2));
    expect([missing, found.size, wrong]).toEqual([total(gone), total(frames) - total(gone), 0]);
  });

  test('a missing first segment is named', () => {
    const dir = temp.fresh();
    writeSample(dir, { frames: 60 });
    rmSync(join(dir, segmentName(1)));
    expect(readAll(dir).kinds).toEqual(['missing-segment']);
  });

  test('a segment that is there twice counts once', () => {
    const dir = temp.fresh();
    const frames = writeSample(dir, { frames: 60 });
    copyFileSync(join(dir, segmentName(2)), join(dir, segmentName(99)));
    copyFileSync(join(dir, segmentName(2)), join(dir, 'copy of 2.qwj'));
    const { kinds, found, wrong, damages } = readAll(dir);
    expect([kinds, found.size, wrong]).toEqual([['duplicate', 'duplicate'], total(frames), 0]);
    expect(damages.map(({ file }) => basename(file)).toSorted()).toEqual([segmentName(99), 'copy of 2.qwj']);
  });

  test('a segment under another name is read by what it says', () => {
    const dir = temp.fresh();
    const frames = writeSample(dir, { frames: 60 });
    renameSync(join(dir, segmentName(2)), join(dir, 'moved.qwj'));
    const { kinds, found, wrong } = readAll(dir);
    expect([kinds, found.size, wrong]).toEqual([[], total(frames), 0]);
  });

  test('files of another journal and of another kind are named and left out', () => {
    const dir = temp.fresh();
    const other = temp.fresh();
    const frames = writeSample(dir, { frames: 60 });
    writeSample(other, { frames: 10, journal: 'fedcba9876543210' });
    copyFileSync(join(other, segmentName(1)), join(dir, segmentName(77)));
    writeFileSync(join(dir, 'notes.qwj'), 'this is no journal\n');
    writeFileSync(join(dir, 'notes.txt'), 'nor is this, and its name does not say so\n');
    const { kinds, found, wrong } = readAll(dir);
    expect([kinds, found.size, wrong]).toEqual([['foreign', 'foreign'], total(frames), 0]);
  });

  test('zeros behind the last frame are told from damage', () => {
    const dir = temp.fresh();
    const frames = writeSample(dir, { frames: 10 });
    const file = frames.at(-1)!.file;
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(4096)]));
    const { damages, found } = readAll(dir);
    expect(damages).toMatchObject([{ kind: 'zero-tail', offset: frames.at(-1)!.end, bytes: 4096 }]);
    expect(found.size).toBe(total(frames));
  });

  test('a file that a later version wrote is not guessed at', () => {
    const dir = temp.fresh();
    const frames = writeSample(dir, { frames: 10, segmentBytes: 1e6 });
    const { file, offset } = frames[4]!;
    const bytes = readFileSync(file);
    bytes.writeUInt16LE(2, offset + 4);
    bytes.writeUInt32LE(crc32c(bytes, offset, offset + 60), offset + 60);
    writeFileSync(file, bytes);
    const { kinds, found, damages } = readAll(dir);
    expect([kinds, found.size]).toEqual([['newer-version'], frames[4]!.sequence]);
    expect(damages[0]!.offset).toBe(offset);
    expect(() => endJournal(dir)).toThrow('found journal format 2, expected 1');
    expect(readFileSync(file)).toEqual(bytes);
  });

  test('a journal whose every frame a later version wrote, in another layout, is neither read nor gone on with', () => {
    const dir = temp.fresh();
    writeSample(dir, { frames: 3, segmentBytes: 1e6 });
    const file = join(dir, segmentName(1));
    const bytes = readFileSync(file);
    bytes.writeUInt16LE(9, 4);
    bytes.fill(0xaa, 6, 56);
    bytes.writeUInt32LE(crc32c(bytes, 0, 60), 60);
    writeFileSync(file, bytes);
    expect(readAll(dir).kinds).toEqual(['newer-version']);
    expect(() => endJournal(dir)).toThrow('found journal format 9, expected 1');
  });

  test('an empty folder holds nothing, and no folder is bad input', () => {
    const dir = temp.fresh();
    expect([...readJournal(dir)]).toEqual([]);
    expect(() => verifyJournal(dir)).toThrow(`${dir}: found no segment of a journal`);
    expect(() => readJournal(join(dir, 'nowhere'))).toThrow('expected the folder of a journal, found nothing');
    expect(() => readJournal(temp.write('a-file', 'x'))).toThrow('expected the folder of a journal, found no folder');
  });

  test('a segment that was only just created is put aside when the journal is gone on with', () => {
    const dir = temp.fresh();
    const frames = writeSample(dir, { frames: 10, segmentBytes: 1e6 });
    writeFileSync(join(dir, segmentName(2)), '');
    expect(readAll(dir).kinds).toEqual(['torn-tail']);
    const end = endJournal(dir);
    expect([end.segment, end.sequence, end.cut.length]).toEqual([2, total(frames), 1]);
    expect(verifyJournal(dir).damages).toEqual([]);
  });

  test('a session header that says nonsense is damage, not a crash', () => {
    const dir = temp.fresh();
    writeSample(dir, { frames: 3, segmentBytes: 1e6 });
    const file = join(dir, segmentName(1));
    const bytes = readFileSync(file);
    const length = bytes.readUInt32LE(20);
    const text = JSON.stringify({ ...SAMPLE_HEADER, seed: 'x' });
    bytes.fill(' ', 64, 64 + length);
    bytes.write(text.slice(0, length), 64);
    const end = 64 + Math.ceil(length / 64) * 64;
    bytes.writeUInt32LE(crc32c(bytes, 64, end), 56);
    bytes.writeUInt32LE(crc32c(bytes, 0, 60), 60);
    writeFileSync(file, bytes);
    expect(readAll(dir).kinds).toEqual(['damaged']);
  });
});
