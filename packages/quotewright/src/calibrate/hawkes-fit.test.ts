import { Random } from '@quotewright/core/base/random';
import { Arrivals } from '@quotewright/core/venue-sim/living/arrivals';
import { FLOWS } from '@quotewright/core/venue-sim/living/params';
import { describe, expect, it } from 'vitest';
import { fitHawkes } from './hawkes-fit.ts';

/** Buyers and sellers of known excitation. */
function draw(base: number, same: number, other: number, decay: number, count: number, seed: number) {
  const children = Array.from({ length: FLOWS }, (_, kind) =>
    Array.from({ length: FLOWS }, (__, cause) => (kind > 1 || cause > 1 ? 0 : kind === cause ? same : other)),
  );
  const arrivals = new Arrivals({ decays: [{ perSecond: decay, share: 1 }], children }, Random.stream(seed, 'test'), 0);
  arrivals.base[0] = base * 1e-9;
  arrivals.base[1] = base * 1e-9;
  const seconds = new Float64Array(count);
  const sides = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    sides[i] = arrivals.next(Infinity);
    seconds[i] = arrivals.nowNs * 1e-9;
    arrivals.excite(sides[i]!);
  }
  return { seconds, sides };
}

describe('the likelihood of takers', () => {
  it.each([
    [0.5, 0.5, 0.1, 4],
    [2, 0.3, 0.3, 50],
    [0.05, 0.1, 0.05, 1],
  ])('finds rate %f, same %f, other %f, decay %f again', (base, same, other, decay) => {
    const { seconds, sides } = draw(base, same, other, decay, 20_000, 1);
    const fit = fitHawkes(seconds, sides)!;
    expect(fit.baseRate / base).toBeGreaterThan(0.85);
    expect(fit.baseRate / base).toBeLessThan(1.15);
    expect(Math.abs(fit.same - same)).toBeLessThan(0.05);
    expect(Math.abs(fit.other - other)).toBeLessThan(0.05);
    expect(fit.decay / decay).toBeGreaterThan(0.7);
    expect(fit.decay / decay).toBeLessThan(1.4);
    expect(fit.logLikelihood).toBeGreaterThan(fit.poissonLogLikelihood);
  });

  it('finds no excitation where there is none', () => {
    const { seconds, sides } = draw(1, 0, 0, 1, 20_000, 2);
    const fit = fitHawkes(seconds, sides)!;
    expect(fit.same + fit.other).toBeLessThan(0.1);
    expect(fit.logLikelihood - fit.poissonLogLikelihood).toBeLessThan(5);
  });

  it('does not guess from few events, or from events at one time', () => {
    expect(fitHawkes(new Float64Array(10), new Float64Array(10))).toBeUndefined();
    expect(fitHawkes(new Float64Array(100), new Float64Array(100))).toBeUndefined();
  });
});
