/** Marks and buckets: what is thinned out is counted, and nothing stands where it did not happen. */
import { Random } from '@quotewright/core/base/random';
import { describe, expect, it } from 'vitest';
import { Buckets } from './buckets.ts';
import { Marks } from './marks.ts';

describe('marks', () => {
  it('are all there, or counted as left out, and stand evenly', () => {
    for (const count of [0, 1, 9, 10, 11, 25, 1000, 12_345]) {
      const marks = new Marks(10);
      for (let event = 0; event < count; event++) marks.add('fill', event, event, () => `fill ${event}`);
      marks.add('trip', 3, 3, () => 'trip');
      const fills = marks.marks.filter(({ kind }) => kind === 'fill');
      expect(fills.length + (marks.leftOut.fill ?? 0)).toBe(count);
      expect(fills.length).toBeLessThanOrEqual(10);
      expect(marks.leftOut.trip).toBeUndefined();
      expect(marks.marks.map(({ event }) => event)).toEqual(
        marks.marks.map(({ event }) => event).toSorted((a, b) => a - b),
      );
      const gaps = new Set(fills.slice(1).map(({ event }, i) => event - fills[i]!.event));
      expect(gaps.size).toBeLessThanOrEqual(1);
      expect(fills.every(({ event, text }) => text === `fill ${event}`)).toBe(true);
    }
  });
});

describe('buckets', () => {
  it('hold what was last in each, however long it gets', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = Random.stream(seed, 'buckets');
      const most = 2 + random.below(30);
      const scale = 10 ** random.below(12);
      const times: number[] = [];
      let now = 0;
      const buckets = new Buckets(() => Float64Array.of(now), most);
      let ns = random.below(1e9);
      for (let event = 0; event < 3000; event++) {
        // Now and then a clock that stands, goes back, or tells nothing.
        const odd = random.below(50);
        ns += odd === 0 ? -random.below(scale) : random.below(scale);
        const seen = odd === 1 ? Number.NaN : odd === 2 ? Number.POSITIVE_INFINITY : ns;
        buckets.see(event, seen);
        times.push(seen);
        now = event;
      }
      buckets.end();
      const { timesNs, events, values } = buckets;
      expect(timesNs.length).toBeLessThanOrEqual(most);
      expect([events.length, values.length]).toEqual([timesNs.length, timesNs.length]);
      expect(events[0]).toBe(times.findIndex(Number.isFinite));
      expect(values.at(-1)![0]).toBe(2999);
      for (const [i, event] of events.entries()) {
        expect(times[event]).toBe(timesNs[i]);
        // A bucket's value is that of the last event before the next one's first.
        expect(values[i]![0]).toBe((events[i + 1] ?? 3000) - 1);
        if (i > 0) expect(timesNs[i]).toBeGreaterThan(timesNs[i - 1]!);
      }
    }
  });

  it('are none of nothing', () => {
    const buckets = new Buckets(() => Float64Array.of(1));
    buckets.see(0, Number.NaN);
    buckets.end();
    expect([buckets.timesNs, buckets.events, buckets.values]).toEqual([[], [], []]);
  });
});
