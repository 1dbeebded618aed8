import type { FlightOverview } from 'quotewright/server/protocol/research';
import { expect, test } from 'vitest';
import { bucketOf, eventAt, extentOf, follow, lastAtOrBefore, rangeAround, summed } from './timeline.ts';

const overview: FlightOverview = {
  timesMs: [0, 10, 20, 30],
  events: [0, 100, 100, 400],
  midTicks: [],
  pnl: [],
  positionLots: [],
  marks: [],
  leftOut: {},
};

test('an event and its bucket are each other', () => {
  for (const event of [0, 1, 50, 99, 100, 250, 399, 400, 499]) {
    expect(eventAt(overview, bucketOf(overview, event, 500), 500)).toBe(event);
  }
  expect(eventAt(overview, -3, 500)).toBe(0);
  expect(eventAt(overview, 99, 500)).toBe(499);
});

test('a zoom shows its share around the cursor, within the ends', () => {
  expect(rangeAround(1000, 500, 1)).toEqual({ from: 0, to: 1000 });
  expect(rangeAround(1000, 500, 1 / 4)).toEqual({ from: 375, to: 625 });
  expect(rangeAround(1000, 3, 1 / 4)).toEqual({ from: 0, to: 250 });
  expect(rangeAround(1000, 999, 1 / 4)).toEqual({ from: 750, to: 1000 });
});

test('the shown part stays until the cursor leaves it', () => {
  const range = { from: 100, to: 200 };
  expect(follow(range, 1000, 199)).toBe(range);
  expect(follow(range, 1000, 200)).toEqual({ from: 150, to: 250 });
});

test('extents leave out what is not known, and give a flat line room', () => {
  expect(extentOf([null, 3, 5, null, 100], { from: 0, to: 4 })).toEqual({ low: 3, high: 5 });
  expect(extentOf([null, null], { from: 0, to: 2 })).toBeUndefined();
  expect(extentOf([7, 7], { from: 0, to: 2 })).toEqual({ low: 6, high: 8 });
});

test('the last at or before', () => {
  expect([-1, 0, 5, 10, 99].map((value) => lastAtOrBefore([0, 10, 20], value))).toEqual([0, 0, 0, 1, 2]);
});

test('sums by bucket', () => {
  expect(
    summed([
      [1, 2],
      [10, 20],
    ]),
  ).toEqual([11, 22]);
  expect(summed([])).toEqual([]);
});
