/** A histogram that is taken apart and put together again. */
import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { LogHistogram } from './log-histogram.ts';

/** Values over many octaves, from below 1 on. */
function values(count: number, seed: number): number[] {
  const random = Random.stream(seed, 'histogram');
  return Array.from({ length: count }, () => 2 ** (random.uniform() * 40 - 1));
}

describe('a log histogram', () => {
  it('that has taken another is that of both', () => {
    const [a, b, both] = [new LogHistogram(), new LogHistogram(), new LogHistogram()];
    for (const value of values(3000, 1)) {
      a.add(value);
      both.add(value);
    }
    for (const value of values(2000, 2)) {
      b.add(value, 3);
      both.add(value, 3);
    }
    a.merge(b);
    a.merge(new LogHistogram());
    expect([a.weight, a.min, a.max]).toEqual([both.weight, both.min, both.max]);
    expect(a.sum).toBeCloseTo(both.sum, -3);
    for (const p of [0, 0.01, 0.5, 0.9, 0.999, 1]) expect(a.quantile(p)).toBe(both.quantile(p));
    expect(a.quarters()).toEqual(both.quarters());
  });

  it('knows how much lies between edges a fourth of an octave apart', () => {
    const histogram = new LogHistogram();
    expect(histogram.quarters()).toEqual([]);
    const all = [0, 0.5, ...values(3000, 3)];
    for (const value of all) histogram.add(value);
    const quarters = histogram.quarters();
    let before = Number.NEGATIVE_INFINITY;
    for (const [upTo, weight] of quarters) {
      const from = before;
      expect(weight, `${upTo}`).toBe(all.filter((value) => value >= from && value < upTo).length);
      before = upTo;
    }
    expect(quarters.slice(0, 6).map(([upTo]) => upTo)).toEqual([1, 1.25, 1.5, 1.75, 2, 2.5]);
    expect(quarters.reduce((sum, [, weight]) => sum + weight, 0)).toBe(all.length);
    const one = new LogHistogram();
    one.add(6.5);
    expect(one.quarters()).toEqual([[7, 1]]);
  });
});
