import { expect, test } from 'vitest';
import type { BreakerInfo } from 'quotewright/server/protocol/risk';
import { secondsLeft, triggerWords } from './breakers.ts';

const breaker = (state: BreakerInfo['state'], untilMs: number | null): BreakerInfo => ({
  instrument: 'a:b',
  state,
  untilMs,
  trips: 1,
});

test('how long a breaker stays open', () => {
  expect(secondsLeft(breaker('OPEN', 61_000), 1000)).toBe(60);
  expect(secondsLeft(breaker('OPEN', 500), 1000)).toBe(0);
  expect(secondsLeft(breaker('HALF_OPEN', 2000), 1000)).toBe(1);
  // By hand: until it is reset.
  expect(secondsLeft(breaker('OPEN', null), 1000)).toBeUndefined();
  expect(secondsLeft(breaker('CLOSED', 5000), 1000)).toBeUndefined();
});

test('a trigger that is not known here is shown by its name', () => {
  expect(triggerWords('SPREAD').unit).toBe('×');
  expect(triggerWords('NEW_ONE')).toEqual({ label: 'NEW_ONE', unit: '' });
});
