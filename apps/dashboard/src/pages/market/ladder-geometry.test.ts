import type { LevelEntry } from 'quotewright/server/protocol/stream';
import { describe, expect, test } from 'vitest';
import {
  ROW_HEIGHT,
  askRow,
  bidRow,
  chooseGroup,
  ease,
  midRow,
  recentre,
  rowY,
  rowsInSight,
  sizeDigits,
  sumRows,
} from './ladder-geometry.ts';

const bids: LevelEntry[] = [
  [100, 5],
  [99, 1],
  [95, 4],
];
const asks: LevelEntry[] = [
  [101, 2],
  [104, 3],
];

describe('rows', () => {
  test('never show a better price than there is', () => {
    for (const group of [1, 2, 5, 10]) {
      for (let ticks = 1; ticks < 60; ticks++) {
        expect(bidRow(ticks, group) * group).toBeLessThanOrEqual(ticks);
        expect(askRow(ticks, group) * group).toBeGreaterThanOrEqual(ticks);
      }
    }
  });

  test('of both sides never fall together while the book is not crossed', () => {
    for (const group of [1, 5, 20]) {
      for (let bid = 40; bid < 80; bid++) expect(askRow(bid + 1, group)).toBeGreaterThan(bidRow(bid, group));
    }
  });

  test('hold all that is in sight and nothing else', () => {
    const sums = new Float64Array(8);
    expect(sumRows(bids, -1, 1, 101, sums)).toBe(5);
    expect([...sums]).toEqual([0, 5, 1, 0, 0, 0, 4, 0]);
    expect(sumRows(bids, -1, 5, 21, sums)).toBe(5);
    expect([...sums.subarray(0, 4)]).toEqual([0, 5, 5, 0]);
    expect(sumRows(asks, 1, 5, 21, sums)).toBe(5);
    expect([...sums.subarray(0, 2)]).toEqual([5, 0]);
    expect(sumRows(asks, 1, 1, 50, sums)).toBe(0);
  });

  test('fill the height, the centre in its middle', () => {
    for (const centre of [1000, 1000.4]) {
      const height = 400;
      const { top, count } = rowsInSight(centre, height);
      expect(rowY(top, centre, height)).toBeLessThanOrEqual(0);
      expect(rowY(top - count + 1, centre, height) + ROW_HEIGHT).toBeGreaterThanOrEqual(height);
      expect(rowY(centre, centre, height)).toBe(height / 2 - ROW_HEIGHT / 2);
    }
  });
});

describe('the view', () => {
  test('stays while the market is in its middle half', () => {
    expect(recentre(100, 109, 40)).toBe(100);
    expect(recentre(100, 111.4, 40)).toBe(111);
    expect(recentre(100, 88, 40)).toBe(88);
  });

  test('comes nearer at every step and arrives', () => {
    let at = 0;
    let steps = 0;
    while (at !== 10 && steps < 100) {
      const next = ease(at, 10, 16);
      expect(next).toBeGreaterThan(at);
      expect(next).toBeLessThanOrEqual(10);
      at = next;
      steps++;
    }
    expect(at).toBe(10);
  });

  test('is where the only side is, when there is one', () => {
    expect(midRow(bids, asks, 1)).toBe(100.5);
    expect(midRow([], asks, 1)).toBe(101);
    expect(midRow([], [], 1)).toBeUndefined();
  });
});

const dense = (step: number, side: 1 | -1): LevelEntry[] =>
  Array.from({ length: 50 }, (_, at) => [1000 + side * (1 + at * step), 1]);

describe('groups', () => {
  test('are one tick for a dense book, wider for a sparse one', () => {
    expect(chooseGroup(dense(1, -1), dense(1, 1), 40)).toBe(1);
    // Ten levels a side, 722 ticks in all, on 38 rows.
    expect(chooseGroup(dense(40, -1), dense(40, 1), 40)).toBe(20);
    expect(chooseGroup([], [], 40)).toBe(1);
  });

  test('sizes get three figures of what is usual', () => {
    expect(sizeDigits([[1, 5]], 0.001, 6)).toBe(5);
    expect(sizeDigits([[1, 5]], 0.001, 3)).toBe(3);
    expect(sizeDigits([[1, 5000]], 1, 3)).toBe(0);
    expect(sizeDigits([], 1, 8)).toBe(3);
  });
});
