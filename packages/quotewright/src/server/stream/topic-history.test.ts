/** What is kept for those that come back: enough to be of use, and no more, however long a session lasts. */
import { describe, expect, test } from 'vitest';
import { LIST_LENGTH, type LevelEntry } from '../protocol/stream.ts';
import { TopicHistory } from './topic-history.ts';

/** How many of the last updates can be missed. */
function reachOf(history: TopicHistory, pushed: number): number {
  let missed = 0;
  while (missed < pushed && history.since(pushed - missed - 1) !== undefined) missed += 1;
  return missed;
}

function levelsFrom(first: number, count: number): LevelEntry[] {
  return Array.from({ length: count }, (_, index) => [first + index, index]);
}

describe('a book', () => {
  test('2,048 updates, however small', () => {
    const history = new TopicHistory('book:x:A', 'book');
    for (let n = 0; n < 5000; n++) history.push({ bids: [[n % 7, n]], asks: [], isReady: true, lastTicks: n });
    expect(reachOf(history, 5000)).toBe(2048);
    expect(history.since(4998)).toEqual({
      bids: [
        [4998 % 7, 4998],
        [4999 % 7, 4999],
      ],
      asks: [],
      isReady: true,
      lastTicks: 4999,
    });
  });

  test('20,000 levels and updates', () => {
    const history = new TopicHistory('book:x:A', 'book');
    for (let n = 0; n < 1000; n++) history.push({ bids: levelsFrom(0, 99), asks: [] });
    expect(reachOf(history, 1000)).toBe(200);
  });

  test('no delta that is longer than the whole', () => {
    const history = new TopicHistory('book:x:A', 'book');
    for (let n = 0; n < 9; n++) history.push({ bids: levelsFrom(100 * n, 100), asks: [] });
    expect(reachOf(history, 9)).toBe(4);
  });
});

test('a list: no more items than it holds', () => {
  const history = new TopicHistory('trades:x:A', 'list');
  for (let n = 0; n < 1000; n++) history.push({ items: [n, n, n] });
  expect(reachOf(history, 1000)).toBe(Math.floor(LIST_LENGTH.trades / 3));
  history.push({ items: Array.from({ length: 2000 }, () => 0) });
  expect(reachOf(history, 1001)).toBe(0);
});

test('a state: the newest is all of them, as far back as it was numbered', () => {
  const history = new TopicHistory('pnl', 'state');
  history.restart(10);
  expect(history.since(10)).toBeUndefined();
  for (let n = 0; n < 5000; n++) history.push({ n });
  expect(history.since(10)).toEqual({ n: 4999 });
  expect(history.since(9)).toBeUndefined();
});
