import type { LevelEntry, TopicUpdate } from 'quotewright/server/protocol/stream';
import { describe, expect, test } from 'vitest';
import { applyUpdate, mergeLevels } from './topic-data.ts';

const update = (topic: string, type: 'snapshot' | 'delta', data: unknown): TopicUpdate => ({
  op: 'update',
  topic,
  type,
  seq: 1,
  timeMs: 0,
  wallMs: 0,
  data,
});

/** Slow and obvious: a map, sorted at the end. */
function modelMerge(held: readonly LevelEntry[], changes: readonly LevelEntry[], direction: 1 | -1): LevelEntry[] {
  const levels = new Map(held);
  for (const [ticks, lots] of changes) levels.set(ticks, lots);
  return [...levels].filter(([, lots]) => lots > 0).toSorted((a, b) => (a[0] - b[0]) * direction);
}

/** A small generator of its own, so that a failure can be run again. */
function stream(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe('levels', () => {
  test.each([1, -1] as const)('merge as a sorted map does (direction %i)', (direction) => {
    for (let seed = 1; seed <= 300; seed++) {
      const next = stream(seed);
      let held: readonly LevelEntry[] = [];
      for (let round = 0; round < 6; round++) {
        const changes = Array.from({ length: next(12) }, (): LevelEntry => [next(30), next(3)]);
        const wanted = modelMerge(held, changes, direction);
        held = mergeLevels(held, changes, direction);
        expect(held, `seed ${seed}, round ${round}`).toEqual(wanted);
      }
    }
  });

  test('are no more than the protocol keeps, the best of them', () => {
    const held = Array.from({ length: 200 }, (_, at): LevelEntry => [at + 10, 1]);
    const merged = mergeLevels(held, [[1, 5]], 1);
    expect(merged.length).toBe(200);
    expect(merged[0]).toEqual([1, 5]);
    expect(merged.at(-1)).toEqual([208, 1]);
  });

  test('leave what was held as it was', () => {
    const held: LevelEntry[] = [[1, 1]];
    mergeLevels(held, [[1, 0]], 1);
    expect(held).toEqual([[1, 1]]);
  });
});

describe('updates', () => {
  test('a book delta keeps what it does not name', () => {
    const held = { bids: [[10, 1]], asks: [[11, 2]], isReady: true, lastTicks: 10 };
    const data = {
      bids: [
        [10, 0],
        [9, 4],
      ],
      asks: [],
      isReady: false,
      lastTicks: 11,
    };
    expect(applyUpdate(held, update('book:x:Y', 'delta', data))).toEqual({
      bids: [[9, 4]],
      asks: [[11, 2]],
      isReady: false,
      lastTicks: 11,
    });
  });

  test('lists append and keep the newest of the length agreed', () => {
    const held = { items: Array.from({ length: 499 }, (_, at) => at) };
    const items = Array.from({ length: 500 }, (_, at) => at + 1);
    expect(applyUpdate(held, update('trades:x:Y', 'delta', { items: [499, 500] }))).toEqual({ items });
  });

  test('an alert that comes again takes the place of the old one', () => {
    const held = {
      items: [
        { key: 'a', isAcknowledged: false },
        { key: 'b', isAcknowledged: false },
      ],
    };
    const delta = {
      items: [
        { key: 'a', isAcknowledged: true },
        { key: 'c', isAcknowledged: false },
      ],
    };
    expect(applyUpdate(held, update('alerts', 'delta', delta))).toEqual({
      items: [
        { key: 'a', isAcknowledged: true },
        { key: 'b', isAcknowledged: false },
        { key: 'c', isAcknowledged: false },
      ],
    });
  });

  test('of everything else the newest is all, and a snapshot always is', () => {
    expect(applyUpdate({ a: 1 }, update('pnl', 'delta', { b: 2 }))).toEqual({ b: 2 });
    expect(applyUpdate({ items: [1] }, update('fills', 'snapshot', { items: [2] }))).toEqual({ items: [2] });
  });
});
