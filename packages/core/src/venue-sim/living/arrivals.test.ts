import { describe, expect, it } from 'vitest';
import { Random } from '../../base/random.ts';
import { Arrivals, spectralRadius } from './arrivals.ts';
import { FLOWS, type HawkesParams } from './params.ts';

const NS = 1e-9;
const zeros = (length: number): number[] => Array.from({ length }, () => 0);
const NONE = Array.from({ length: FLOWS }, () => zeros(FLOWS));

/** Times and kinds of the events of some seconds. */
function draw(
  params: HawkesParams,
  rates: readonly number[],
  seconds: number,
  seed: number,
): { ns: number; kind: number }[] {
  const arrivals = new Arrivals(params, Random.stream(seed, 'test'), 0);
  rates.forEach((rate, kind) => (arrivals.base[kind] = rate * NS));
  const events: { ns: number; kind: number }[] = [];
  for (;;) {
    const kind = arrivals.next(seconds * 1e9);
    if (kind < 0) return events;
    events.push({ ns: arrivals.atNs, kind });
    if (kind < FLOWS) arrivals.excite(kind);
  }
}

/** The same process by its clusters: immigrants, and children of each event one by one. */
function cluster(params: HawkesParams, rates: readonly number[], seconds: number, seed: number): number[] {
  const random = Random.stream(seed, 'cluster');
  const poisson = (mean: number): number => {
    let count = 0;
    for (let left = mean - random.exponential(); left > 0; left -= random.exponential()) count++;
    return count;
  };
  const counts = zeros(FLOWS);
  const open: { at: number; kind: number }[] = [];
  rates.forEach((rate, kind) => {
    for (let n = poisson(rate * seconds); n > 0; n--) open.push({ at: random.uniform() * seconds, kind });
  });
  for (let event = open.pop(); event !== undefined; event = open.pop()) {
    counts[event.kind]!++;
    for (let kind = 0; kind < FLOWS; kind++) {
      for (const { perSecond, share } of params.decays) {
        for (let n = poisson(params.children[kind]![event.kind]! * share); n > 0; n--) {
          const at = event.at + random.exponential() / perSecond;
          if (at < seconds) open.push({ at, kind });
        }
      }
    }
  }
  return counts;
}

describe('arrivals', () => {
  it('are Poisson without excitation: counts, kinds and gaps', () => {
    const rates = [1, 2, 0, 0, 3, 0, 0, 4, 0];
    const events = draw({ decays: [{ perSecond: 1, share: 1 }], children: NONE }, rates, 10_000, 1);
    expect(Math.abs(events.length - 100_000)).toBeLessThan(4 * Math.sqrt(100_000));
    rates.forEach((rate, kind) => {
      const count = events.filter((event) => event.kind === kind).length;
      expect(Math.abs(count - rate * 10_000)).toBeLessThanOrEqual(4 * Math.sqrt(rate * 10_000));
    });
    // The share of gaps longer than the mean is 1/e.
    const long = events.filter(({ ns }, i) => i > 0 && ns - events[i - 1]!.ns > 1e8).length;
    expect(long / events.length).toBeCloseTo(Math.exp(-1), 2);
  });

  it('have the rates and the variance of the cluster process', () => {
    const children = NONE.map((row) => [...row]);
    children[0]![0] = 0.5;
    children[1]![0] = 0.3;
    children[0]![1] = 0.1;
    children[2]![1] = 0.6;
    const params = {
      decays: [
        { perSecond: 10, share: 0.7 },
        { perSecond: 0.5, share: 0.3 },
      ],
      children,
    };
    const rates = [0.5, 0.2, 0.1, 0, 0, 0];
    const sums = { thinned: zeros(3), clusters: zeros(3) };
    const squares = { thinned: 0, clusters: 0 };
    const runs = 400;
    for (let seed = 0; seed < runs; seed++) {
      const events = draw(params, rates, 50, seed);
      const counts = cluster(params, rates, 50, seed);
      for (let kind = 0; kind < 3; kind++) {
        sums.thinned[kind]! += events.filter((event) => event.kind === kind).length;
        sums.clusters[kind]! += counts[kind]!;
      }
      squares.thinned += events.length ** 2;
      squares.clusters += counts.reduce((sum, count) => sum + count, 0) ** 2;
    }
    const variance = (of: 'thinned' | 'clusters'): number =>
      squares[of] / runs - (sums[of].reduce((sum, count) => sum + count, 0) / runs) ** 2;
    // In the long run (I - children)^-1 × rates; the first children of the start are missing.
    const longRun = [1.1064, 0.5319, 0.4191];
    for (let kind = 0; kind < 3; kind++) {
      expect(sums.thinned[kind]! / runs / 50 / longRun[kind]!).toBeCloseTo(1, 1);
      expect(sums.clusters[kind]! / runs / 50 / longRun[kind]!).toBeCloseTo(1, 1);
    }
    expect(variance('thinned') / variance('clusters')).toBeGreaterThan(0.75);
    expect(variance('thinned') / variance('clusters')).toBeLessThan(1.33);
    // Far from Poisson, whose variance is its mean.
    expect(variance('thinned')).toBeGreaterThan(2 * (sums.thinned.reduce((sum, count) => sum + count, 0) / runs));
  });

  it('decays to nothing over any time, and counts on from there', () => {
    const children = NONE.map((row) => [...row]);
    children[0]![0] = 0.9;
    const arrivals = new Arrivals({ decays: [{ perSecond: 2, share: 1 }], children }, Random.stream(1, 'test'), 0);
    arrivals.excite(0);
    expect(arrivals.intensity(0)).toBeCloseTo(1.8, 12);
    arrivals.advance(1e9);
    expect(arrivals.intensity(0)).toBeCloseTo(1.8 * Math.exp(-2), 12);
    arrivals.advance(1e9);
    expect(arrivals.intensity(0)).toBeCloseTo(1.8 * Math.exp(-2), 12);
    arrivals.advance(1e15);
    expect(arrivals.intensity(0)).toBe(0);
    arrivals.excite(0);
    expect(arrivals.intensity(0)).toBeCloseTo(1.8, 12);
    arrivals.base[3] = 0;
    expect(arrivals.next(1e15)).toBe(-1);
  });

  it('forgets a draw that is taken back', () => {
    const children = NONE.map((row) => [...row]);
    children[0]![0] = 0.9;
    const params = { decays: [{ perSecond: 2, share: 1 }], children };
    const drawn = new Arrivals(params, Random.stream(1, 'test'), 0);
    const plain = new Arrivals(params, Random.stream(1, 'test'), 0);
    for (const arrivals of [drawn, plain]) arrivals.excite(0);
    drawn.base[1] = 0.01 * NS;
    expect(drawn.next(1e15)).toBeGreaterThanOrEqual(0);
    expect(drawn.nowNs).toBeGreaterThan(1e6);
    drawn.takeBack(1e6);
    plain.advance(1e6);
    expect(drawn.nowNs).toBe(1e6);
    expect(drawn.intensity(0)).toBe(plain.intensity(0));
  });

  it('knows the spectral radius of a matrix', () => {
    expect(
      spectralRadius([
        [0.5, 0.3],
        [0.2, 0.4],
      ]),
    ).toBeCloseTo(0.7, 9);
    expect(
      spectralRadius([
        [0, 1],
        [0, 0],
      ]),
    ).toBeLessThan(0.01);
    expect(spectralRadius(NONE)).toBeLessThan(0.01);
  });
});
