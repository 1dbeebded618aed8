import type { LevelEntry } from 'quotewright/server/protocol/stream';
import { describe, expect, test } from 'vitest';
import { cumulate, depthAt, depthReach } from './depth-geometry.ts';
import { type Print, joinSnapshot } from './print-log.ts';

const print = (timeMs: number, isOwn = false): Print => ({ timeMs, ticks: 1, lots: 1, side: 1, isOwn });

describe('prints', () => {
  test('before a snapshot stay, the rest comes from it, in order of time', () => {
    const joined = joinSnapshot([print(1), print(2, true), print(5), print(6)], [print(5), print(7)], false);
    expect(joined.map(({ timeMs, isOwn }) => [timeMs, isOwn])).toEqual([
      [1, false],
      [2, true],
      [5, false],
      [7, false],
    ]);
  });

  test('an empty snapshot takes nothing away', () => {
    expect(joinSnapshot([print(1)], [], false)).toEqual([print(1)]);
  });
});

describe('depth', () => {
  const asks: LevelEntry[] = [
    [101, 2],
    [103, 5],
    [110, 1],
  ];

  test('adds up from the best', () => {
    expect(cumulate(asks)).toEqual([
      [101, 2],
      [103, 7],
      [110, 8],
    ]);
  });

  test('up to a price is what stands at it or before', () => {
    const sums = cumulate(asks);
    expect([100, 101, 102, 103, 200].map((ticks) => depthAt(sums, ticks, 1))).toEqual([0, 2, 2, 7, 8]);
    const below = cumulate([
      [99, 1],
      [90, 4],
    ]);
    expect([100, 99, 95, 90].map((ticks) => depthAt(below, ticks, -1))).toEqual([0, 1, 1, 5]);
  });

  test('reaches a round distance even when a side is empty', () => {
    expect(depthReach([], asks, 100)).toBe(5);
    expect(depthReach([], [], 100)).toBe(2);
  });
});
