import { rmSync } from 'node:fs';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../data/testing/files.ts';
import { checkRecords, writeSample } from '../../journal/testing/sample-journal.ts';
import { journalInputs } from './journal-inputs.ts';

const folder = tempFolder();

/** Reads a part and answers where it ended and what was given. */
async function read(dir: string, from: number, to: number): Promise<{ next: number; count: number; wrong: number }> {
  const found = new Set<number>();
  let count = 0;
  let wrong = 0;
  const next = await journalInputs(dir, from, to, (data, offset) => {
    wrong += checkRecords(data.slice(offset, offset + EVENT_STRIDE), from + count, 1, found);
    count++;
  });
  return { next, count, wrong };
}

describe('inputs of a journal', () => {
  it('are those that were asked for, in their order', async () => {
    const dir = folder.fresh();
    const total = writeSample(dir, { frames: 200, maxRecords: 7 }).reduce((sum, { count }) => sum + count, 0);
    for (const [from, to] of [
      [0, total],
      [0, 1],
      [17, 18],
      [33, total - 5],
      [total, total],
      [5, 5],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await read(dir, from, to)).toEqual({ next: to, count: to - from, wrong: 0 });
    }
    // It may be on its way to the disk.
    expect(await read(dir, 10, total + 100)).toEqual({ next: total, count: total - 10, wrong: 0 });
  });

  it('end at a hole', async () => {
    const dir = folder.fresh();
    const frames = writeSample(dir, { frames: 200, maxRecords: 7 });
    const files = [...new Set(frames.map(({ file }) => file))];
    const lost = files[3]!;
    const hole = frames.find(({ file, count }) => file === lost && count > 0)!.sequence;
    rmSync(lost);
    expect(await read(dir, 0, 1e9)).toEqual({ next: hole, count: hole, wrong: 0 });
    expect(await read(dir, hole, 1e9)).toEqual({ next: hole, count: 0, wrong: 0 });
  });

  it('need a journal', async () => {
    await expect(read(`${folder.path}/nothing`, 0, 10)).rejects.toThrow('nothing');
  });
});
