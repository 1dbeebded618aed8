import { expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { MessageBudget } from './message-budget.ts';

test('a burst, then one per interval; it says when', () => {
  const budget = new MessageBudget({ perSecond: 10, burst: 3, cancelReserve: 0 });
  expect([1, 2, 3, 4].map(() => budget.take(false, 0))).toEqual([true, true, true, false]);
  expect(budget.nextNs(false)).toBe(1e8);
  expect([budget.take(false, 1e8 - 1), budget.take(false, 1e8), budget.take(false, 1e8)]).toEqual([false, true, false]);
  expect([1, 2, 3, 4].map(() => budget.take(false, 1e9))).toEqual([true, true, true, false]);
});

test('others leave a reserve that cancels may use', () => {
  const budget = new MessageBudget({ perSecond: 1, burst: 4 });
  expect([1, 2, 3, 4].map(() => budget.take(false, 0))).toEqual([true, true, true, false]);
  expect([budget.take(true, 0), budget.take(true, 0)]).toEqual([true, false]);
  expect([budget.nextNs(true), budget.nextNs(false)]).toEqual([1e9, 2e9]);
});

test('no limit', () => {
  const budget = new MessageBudget({ perSecond: Infinity, burst: 1 });
  expect([1, 2, 3].map(() => budget.take(false, 5))).toEqual([true, true, true]);
});

test('equals a bucket of tokens counted in whole nanoseconds; what nextNs says holds', () => {
  const random = Random.stream(2, 'budget');
  const interval = 1000;
  const burst = 7;
  const reserve = 2;
  const budget = new MessageBudget({ perSecond: 1e9 / interval, burst, cancelReserve: reserve });
  let level = burst * interval;
  let now = 0;
  for (let i = 0; i < 20_000; i++) {
    const step = random.below(random.below(10) === 0 ? 9000 : 900);
    now += step;
    level = Math.min(burst * interval, level + step);
    const isCancel = random.below(3) === 0;
    const isFree = level >= (1 + (isCancel ? 0 : reserve)) * interval;
    expect(budget.nextNs(isCancel) <= now).toBe(isFree);
    expect(budget.take(isCancel, now)).toBe(isFree);
    if (isFree) level -= interval;
  }
});

test('options out of range are refused by name', () => {
  expect(() => new MessageBudget({ perSecond: 0, burst: 1 })).toThrow('perSecond 0');
  expect(() => new MessageBudget({ perSecond: Number.NaN, burst: 1 })).toThrow('perSecond NaN');
  expect(() => new MessageBudget({ perSecond: 1, burst: 0 })).toThrow('burst 0');
  expect(() => new MessageBudget({ perSecond: 1, burst: 2, cancelReserve: 2 })).toThrow('cancelReserve 2');
});
