import { Random } from '@quotewright/core/base/random';
import { EventBatch, EventFlag, EventKind } from '@quotewright/core/market/event';
import { describe, expect, it } from 'vitest';
import { DepthIntervals } from './depth-interval.ts';

/** The interval found when depth comes at these times, two rows a message, in milliseconds. */
function found(times: readonly number[], flags = 0): number {
  const batch = new EventBatch(times.length * 2);
  for (const ms of times) {
    for (let row = 0; row < 2; row++) batch.push(EventKind.LEVEL, flags, 0, ms * 1e6, Number.NaN, 1, 1, 0, 0, 0);
  }
  const intervals = new DepthIntervals();
  intervals.see(batch.data, batch.length);
  return intervals.of(0) / 1e6;
}

const steps = (count: number, next: () => number): number[] => {
  let now = 0;
  return Array.from({ length: count }, () => (now += next()));
};

describe('depth interval', () => {
  it('is the usual gap of a feed that publishes evenly, also with some jitter and silences', () => {
    const random = Random.stream(1, 'gaps');
    expect(found(steps(500, () => 100))).toBe(100);
    expect(found(steps(500, () => (random.below(20) === 0 ? 400 : 100)))).toBe(100);
    expect(found(steps(500, () => 48 + random.below(9)))).toBeGreaterThanOrEqual(50);
  });

  it('is none for a feed that tells each change, for a fast one, for few messages, and for a snapshot', () => {
    const random = Random.stream(2, 'gaps');
    expect(found(steps(500, () => 40 * random.exponential()))).toBe(0);
    expect(found(steps(500, () => 1))).toBe(0);
    expect(found(steps(50, () => 100))).toBe(0);
    expect(
      found(
        steps(500, () => 100),
        EventFlag.SNAPSHOT,
      ),
    ).toBe(0);
    expect(new DepthIntervals().of(3)).toBe(0);
  });
});
