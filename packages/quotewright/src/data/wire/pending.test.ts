import { Side } from '@quotewright/core/market/side';
import { expect, it } from 'vitest';
import { LevelList } from './levels.ts';
import { PendingDiffs } from './pending.ts';

function levels(count: number): LevelList {
  const list = new LevelList(0);
  for (let i = 0; i < count; i++) list.addTicks(Side.BUY, i + 1, 1, Number.NaN);
  return list.clone();
}

it('lets go of the oldest diffs when there are too many levels', () => {
  const pending = new PendingDiffs(10);
  for (let i = 0; i < 5000; i++) pending.push({ levels: levels(3), first: i, last: i, previous: 0 });
  expect(pending.take().map(({ last }) => last)).toEqual([4997, 4998, 4999]);
  expect(pending.take()).toEqual([]);
});

it('lets go even of the newest when it alone is too large', () => {
  const pending = new PendingDiffs(2);
  pending.push({ levels: levels(3), first: 1, last: 1, previous: 0 });
  expect(pending.take()).toEqual([]);
});
