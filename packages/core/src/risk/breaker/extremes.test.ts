import { describe, expect, it } from 'vitest';
import { Random } from '../../base/random.ts';
import { Bound, WindowExtremes } from './extremes.ts';

describe('the extremes of a window', () => {
  it('are those of all buckets in reach, as a look at every one of them says', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = Random.stream(seed, 'extremes');
      const reach = 1 + random.below(40);
      let window = new WindowExtremes(reach);
      const seen: { bucket: number; low: number; high: number }[] = [];
      let bucket = random.below(1000);
      for (let step = 0; step < 400; step++) {
        const low = random.below(50);
        const high = low + random.below(10);
        window.push(Float64Array.of(low, high, bucket), 0);
        seen.push({ bucket, low, high });
        bucket += 1 + random.below(random.below(20) === 0 ? 3 * reach : 2);
        window.expire(Float64Array.of(bucket), 0);
        const inReach = seen.filter((each) => each.bucket >= bucket - reach);
        expect(window.bounds[Bound.MIN]).toBe(Math.min(...inReach.map((each) => each.low)));
        expect(window.bounds[Bound.MAX]).toBe(Math.max(...inReach.map((each) => each.high)));
        if (random.below(50) === 0) {
          // A copy goes on as the window would have.
          const copy = new WindowExtremes(reach);
          copy.restore(structuredClone(window.save()));
          window = copy;
        }
        if (random.below(100) === 0) {
          window.clear();
          seen.length = 0;
        }
      }
    }
  });

  it('are nothing when the window is empty, and a state that is too long is refused', () => {
    const window = new WindowExtremes(4);
    expect([...window.bounds]).toEqual([Infinity, -Infinity]);
    window.push(Float64Array.of(1, 2, 0), 0);
    window.expire(Float64Array.of(5), 0);
    expect([...window.bounds]).toEqual([Infinity, -Infinity]);
    const large = new WindowExtremes(400);
    for (let i = 0; i < 400; i++) large.push(Float64Array.of(i, i, i), 0);
    expect(() => window.restore(large.save())).toThrow('state of a window: found 400 entries, expected 8 at most');
  });
});
