import { describe, expect, test } from 'vitest';
import { Random } from './random.ts';

function draw(random: Random, n: number): number[] {
  return Array.from({ length: n }, () => random.nextUint32());
}

/** Pearson's statistic of counts against equal expectations. */
function chiSquare(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
}

describe('xoshiro128**', () => {
  test('gives the outputs of the reference implementation (version 1.1, state 1, 2, 3, 4)', () => {
    const random = new Random([1, 2, 3, 4]);
    // The vector that the Rust project's rand_xoshiro tests against, made with xoshiro128starstar.c.
    const published = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ];
    expect(published.map(() => random.nextUint32())).toEqual(published);
    // A hash of the outputs up to the millionth, by the same C code.
    let hash = 0;
    for (let i = 10; i < 1_000_000; i++) hash = (Math.imul(hash, 31) + random.nextUint32()) | 0;
    expect(hash >>> 0).toBe(4_265_751_594);
  });

  test('takes words with their top bit set', () => {
    const random = new Random([0xdeadbeef, 0x12345678, 0, 0xffffffff]);
    const expected = [2576977301, 2263960055, 3801082360, 2416413370, 786480307, 2603330348];
    expect(expected.map(() => random.nextUint32())).toEqual(expected);
  });

  test('a state of zeros, or of another length, is refused', () => {
    for (const state of [[0, 0, 0, 0], [1, 2, 3], [1, 2, 3, 4, 5], [], [NaN, NaN, NaN, NaN]]) {
      expect(() => new Random(state)).toThrow(RangeError);
    }
  });
});

describe('streams', () => {
  test('are the same for the same seed and name, on any machine', () => {
    expect(draw(Random.stream(42, 'latency'), 100)).toEqual(draw(Random.stream(42, 'latency'), 100));
    expect(Random.stream(42, 'latency').save()).toMatchInlineSnapshot(`
      [
        2751869523,
        858603974,
        2975887797,
        541283764,
      ]
    `);
  });

  test('differ by name and by every bit of the seed, and share no output', () => {
    const seeds = [0, 1, 2, -1, 42, 2 ** 31, 2 ** 32, 2 ** 32 + 42, -(2 ** 32), 2 ** 52, Number.MAX_SAFE_INTEGER];
    const names = ['', 'a', 'b', 'ab', 'ba', 'latency', 'latencz', 'é', '\u0000'];
    const starts = new Set<string>();
    for (const seed of seeds) for (const name of names) starts.add(Random.stream(seed, name).save().join());
    expect(starts.size).toBe(seeds.length * names.length);
    // Pairs of 32-bit outputs: among 99 streams of 500 a chance meeting is a matter of 1 in 10^10.
    const pairs = new Set<number>();
    for (const seed of seeds) {
      for (const name of names) {
        const random = Random.stream(seed, name);
        for (let i = 0; i < 500; i++) pairs.add(random.uniform());
      }
    }
    expect(pairs.size).toBe(seeds.length * names.length * 500);
  });

  test('are not correlated with each other', () => {
    const a = Random.stream(1, 'a');
    const b = Random.stream(1, 'b');
    const c = Random.stream(2, 'a');
    const n = 200_000;
    let ab = 0;
    let ac = 0;
    for (let i = 0; i < n; i++) {
      const x = a.normal();
      ab += x * b.normal();
      ac += x * c.normal();
    }
    // Five standard deviations of the sum of n products.
    expect(Math.abs(ab)).toBeLessThan(5 * Math.sqrt(n));
    expect(Math.abs(ac)).toBeLessThan(5 * Math.sqrt(n));
  });

  test('go on from a saved state as if nothing had happened', () => {
    const random = Random.stream(7, 'saved');
    for (let i = 0; i < 1000; i++) random.normal();
    const state = structuredClone(random.save());
    const rest = draw(random, 50);
    expect(draw(new Random(state), 50)).toEqual(rest);
    const other = Random.stream(8, 'other');
    other.restore(state);
    expect(draw(other, 50)).toEqual(rest);
  });
});

describe('distributions', () => {
  test('below(n) is uniform over every n, and stays below it', () => {
    const random = Random.stream(3, 'below');
    for (const n of [2, 3, 5, 7, 10, 24, 64, 100]) {
      const counts = Array.from({ length: n }, () => 0);
      for (let i = 0; i < 2000 * n; i++) counts[random.below(n)]!++;
      // n - 1 degrees of freedom: mean n - 1, standard deviation sqrt(2 (n - 1)).
      expect(chiSquare(counts)).toBeLessThan(n - 1 + 5 * Math.sqrt(2 * (n - 1)) + 5);
    }
    let highest = 0;
    for (let i = 0; i < 10_000; i++) highest = Math.max(highest, random.below(2 ** 32));
    expect(highest).toBeGreaterThan(2 ** 32 * 0.99);
    expect(highest).toBeLessThan(2 ** 32);
    for (const n of [1, 0, -5, Number.NaN]) expect(random.below(n)).toBe(0);
  });

  test('uniform() fills [0, 1) with 53 bits', () => {
    const random = Random.stream(4, 'uniform');
    const counts = Array.from({ length: 64 }, () => 0);
    let oddLast = 0;
    for (let i = 0; i < 200_000; i++) {
      const value = random.uniform();
      if (!(value >= 0 && value < 1)) expect(value).toBe('in [0, 1)');
      counts[Math.floor(value * 64)]!++;
      if ((value * 2 ** 53) % 2 === 1) oddLast++;
    }
    expect(chiSquare(counts)).toBeLessThan(63 + 5 * Math.sqrt(126));
    expect(Math.abs(oddLast - 100_000)).toBeLessThan(5 * Math.sqrt(50_000));
  });

  test('normal() and exponential() have their moments', () => {
    const random = Random.stream(5, 'moments');
    const n = 400_000;
    const normal = [0, 0, 0, 0];
    const exponential = [0, 0];
    for (let i = 0; i < n; i++) {
      const x = random.normal();
      const e = random.exponential();
      normal.forEach((_, k) => (normal[k]! += x ** (k + 1) / n));
      exponential.forEach((_, k) => (exponential[k]! += e ** (k + 1) / n));
      if (!(e >= 0 && e < 40)) expect(e).toBe('in range');
    }
    // Bounds: five standard errors of each sample moment (variances 1, 2, 15, 96; 1, 20).
    [0, 1, 0, 3].forEach((moment, k) => {
      expect(Math.abs(normal[k]! - moment)).toBeLessThan(5 * Math.sqrt([1, 2, 15, 96][k]! / n));
    });
    [1, 2].forEach((moment, k) => {
      expect(Math.abs(exponential[k]! - moment)).toBeLessThan(5 * Math.sqrt([1, 20][k]! / n));
    });
  });
});
