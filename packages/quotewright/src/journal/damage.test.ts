import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Random } from '@quotewright/core/base/random';
import { expect, test } from 'vitest';
import { tempFolder } from '../data/testing/files.ts';
import { readJournal } from './reader.ts';
import { endJournal } from './tail.ts';
import { type SampleFrame, checkRecords, writeSample } from './testing/sample-journal.ts';

const temp = tempFolder();

const FRAMES = 40;
const ROUNDS = 150;

/** What random damage did to a copy of a journal: which frames are still there as they were. */
interface Harm {
  readonly intact: ReadonlySet<SampleFrame>;
  /** The journal merely ends earlier, at the end of a frame: nothing tells that there was more. */
  readonly isQuiet: boolean;
}

/** Does one random harm to one file. */
function harm(dir: string, frames: readonly SampleFrame[], random: Random): Harm {
  const names = readdirSync(dir).toSorted();
  const name = names[random.below(names.length)]!;
  const path = join(dir, name);
  const bytes = readFileSync(path);
  const at = random.below(bytes.length);
  const length = 1 + random.below(Math.min(300, bytes.length - at));
  const noise = Buffer.from(Array.from({ length }, () => random.below(256)));
  const own = frames.filter(({ file }) => basename(file) === name);
  const others = frames.filter(({ file }) => basename(file) !== name);
  const spared = (isSpared: (frame: SampleFrame) => boolean): Harm => ({
    intact: new Set([...others, ...own.filter(isSpared)]),
    isQuiet: false,
  });
  const outside = ({ offset, end }: SampleFrame): boolean => end <= at || offset >= at + length;
  const before = ({ end }: SampleFrame): boolean => end <= at;
  const isLast = name === names.at(-1);
  switch (random.below(8)) {
    case 0:
      bytes[at]! ^= 1 << random.below(8);
      writeFileSync(path, bytes);
      return spared(({ offset, end }) => end <= at || offset > at);
    case 1:
      noise.copy(bytes, at);
      if (bytes.equals(readFileSync(path))) return { intact: new Set(frames), isQuiet: true };
      writeFileSync(path, bytes);
      return spared(outside);
    case 2:
      bytes.fill(0, at, at + length);
      if (bytes.equals(readFileSync(path))) return { intact: new Set(frames), isQuiet: true };
      writeFileSync(path, bytes);
      return spared(outside);
    case 3: {
      writeFileSync(path, bytes.subarray(0, at));
      return { ...spared(before), isQuiet: isLast && own.some(({ offset }) => offset === at) };
    }
    case 4:
      // Bytes are gone, and what follows has moved.
      writeFileSync(path, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]));
      return spared(outside);
    case 5:
      writeFileSync(path, Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]));
      return spared(({ offset, end }) => end <= at || offset >= at);
    case 6:
      rmSync(path);
      return { ...spared(() => false), isQuiet: isLast };
    default:
      copyFileSync(path, join(dir, `${random.below(1000)} copy.qwj`));
      return spared(() => true);
  }
}

function read(dir: string) {
  const reader = readJournal(dir);
  const found = new Set<number>();
  let wrong = 0;
  let last = -1;
  for (const item of reader) {
    if (item.kind !== 'records') continue;
    if (item.sequence <= last) wrong++;
    wrong += checkRecords(item.data, item.sequence, item.count, found);
    last = item.sequence + item.count - 1;
  }
  return { found, wrong, damages: reader.damages, next: reader.sequence };
}

function contents(dir: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(dir).toSorted()) hash.update(name).update(readFileSync(join(dir, name)));
  return hash.digest('hex');
}

test(`random damage, ${ROUNDS} times: no wrong record is accepted, none outside the damaged frames is lost, nothing is changed`, () => {
  const sound = temp.fresh();
  const frames = writeSample(sound, { frames: FRAMES });
  const random = Random.stream(1, 'damage');
  for (let round = 0; round < ROUNDS; round++) {
    const dir = temp.fresh();
    for (const name of readdirSync(sound)) copyFileSync(join(sound, name), join(dir, name));
    const { intact, isQuiet } = harm(dir, frames, random);
    const before = contents(dir);
    const { found, wrong, damages, next } = read(dir);
    const lost: number[] = [];
    for (const { sequence, count } of intact) {
      for (let i = 0; i < count; i++) if (!found.has(sequence + i)) lost.push(sequence + i);
    }
    expect({ round, wrong, lost, isTold: isQuiet || damages.length > 0 }).toEqual({
      round,
      wrong: 0,
      lost: [],
      isTold: true,
    });
    expect(contents(dir)).toBe(before);
    // Whoever goes on writing finds the same end and the same records, and every byte that was cut is in a file beside it.
    const bytes = totalBytes(dir);
    const end = endJournal(dir);
    expect([end.sequence, totalBytes(dir)]).toEqual([next, bytes]);
    expect(read(dir).found).toEqual(found);
    rmSync(dir, { recursive: true });
  }
});

function totalBytes(dir: string): number {
  return readdirSync(dir).reduce((sum, name) => sum + readFileSync(join(dir, name)).length, 0);
}

test('segments in any order of names give the same records', () => {
  const dir = temp.fresh();
  const frames = writeSample(dir, { frames: FRAMES });
  const names = readdirSync(dir);
  for (const [index, name] of names.entries()) renameSync(join(dir, name), join(dir, `${names.length - index}.qwj`));
  const { found, wrong, damages } = read(dir);
  expect([found.size, wrong, damages]).toEqual([frames.reduce((sum, { count }) => sum + count, 0), 0, []]);
});
