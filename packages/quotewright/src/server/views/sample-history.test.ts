import { Random } from '@quotewright/core/base/random';
import { describe, expect, it } from 'vitest';
import { SampleHistory } from './sample-history.ts';
import { SampleTier } from './sample-tier.ts';

const SECOND = 1e9;

describe('a tier of samples', () => {
  it('keeps the last row of each interval, as many as it holds', () => {
    const random = Random.stream(2, 'tier');
    const tier = new SampleTier(10, 300, 2);
    /** All that was ever added, and of that the rows that should be kept. */
    const rows: [ns: number, value: number][] = [];
    let ns = 0;
    for (let i = 0; i < 5000; i++) {
      ns += 1 + random.below(random.below(20) === 0 ? 200 : 6);
      rows.push([ns, i]);
      tier.add(ns, Float64Array.of(i, -i));
    }
    const last = new Map(rows.map((row) => [Math.ceil(row[0] / 10), row]));
    const kept = [...last.values()].slice(-300);
    const found = Array.from({ length: tier.count - tier.first }, (_, i) => [
      tier.timeNs(tier.first + i),
      tier.value(tier.first + i, 0),
    ]);
    expect(found).toEqual(kept);
    for (let i = 0; i < 500; i++) {
      const at = random.below(ns + 20);
      const row = tier.at(at);
      const is = kept.findLast(([time]) => time <= at);
      expect(row < 0 ? undefined : [tier.timeNs(row), tier.value(row, 1)]).toEqual(is && [is[0], -is[1]]);
    }
  });
});

describe('the history of samples', () => {
  it('knows the last value at or before a time, in steps that grow with its age', () => {
    const history = new SampleHistory(1);
    const hours = 30;
    for (let second = 1; second <= hours * 3600; second++) history.add(second * SECOND, Float64Array.of(second));
    const end = hours * 3600;
    for (const [ago, step] of [
      [10, 1],
      [3500, 1],
      [3700, 10],
      [86_000, 10],
      [90_000, 60],
      [107_000, 60],
    ] as const) {
      const at = end - ago;
      const found = history.value(at * SECOND, 0);
      expect(found).toBe(Math.floor(at / step) * step);
    }
    expect(history.value((end + 1) * SECOND, 0)).toBeNaN();
    expect(history.value(0.5 * SECOND, 0)).toBeNaN();
    expect([history.firstNs, history.lastNs]).toEqual([60 * SECOND, end * SECOND]);
  });

  it('has nothing before its first sample and where a gap was marked', () => {
    const history = new SampleHistory(1);
    expect(history.value(1, 0)).toBeNaN();
    history.add(SECOND, Float64Array.of(5));
    history.add(2 * SECOND, Float64Array.of(Number.NaN));
    history.add(20 * SECOND, Float64Array.of(6));
    const values = [0, 1, 1.5, 2, 10, 19, 20].map((second) => history.value(second * SECOND, 0));
    expect(values).toEqual([NaN, 5, 5, NaN, NaN, NaN, 6]);
  });
});
