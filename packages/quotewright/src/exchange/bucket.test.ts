import { expect, test } from 'vitest';
import { Bucket, Buckets } from './bucket.ts';

test('it gives its limit at once, then evenly, and never holds more', () => {
  let nowMs = 1000;
  const bucket = new Bucket(10, 1000, () => nowMs);
  const taken = (tries: number) => Array.from({ length: tries }, () => bucket.take()).filter(Boolean).length;
  expect(taken(20)).toBe(10);
  expect(bucket.left).toBe(0);
  nowMs += 99;
  expect(taken(1)).toBe(0);
  nowMs += 1;
  expect(taken(2)).toBe(1);
  nowMs += 1e9;
  expect(taken(20)).toBe(10);
});

test('customers do not take from each other', () => {
  const buckets = new Buckets(1, 1000, () => 0);
  expect([buckets.of('a').take(), buckets.of('b').take(), buckets.of('a').take()]).toEqual([true, true, false]);
});
