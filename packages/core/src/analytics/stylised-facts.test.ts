import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { BookBuilder } from '../market/book-builder.ts';
import { LivingMarket } from '../venue-sim/living/living-market.ts';
import { DEFAULT_PARAMS, type MarketParams } from '../venue-sim/living/params.ts';
import type { RegimeName } from '../venue-sim/living/regimes.ts';
import { instrumentOf } from '../venue-sim/living/testing/driver.ts';
import { FactsRecorder, type LagValue } from './stylised-facts.ts';
import {
  autocorrelation,
  correlation,
  differences,
  excessKurtosis,
  hillIndex,
  logLogSlope,
  quantile,
} from './stylised-facts-statistics.ts';

/** Facts of some seconds of a market of one regime, and the mids of its instruments. */
function observe(regime: RegimeName, seconds: number, seed = 1, params: readonly MarketParams[] = [DEFAULT_PARAMS]) {
  const instruments = params.map((each, i) => ({ instrument: instrumentOf(`X${i}`), params: each }));
  const schedule = { spells: [{ regime, seconds: 1e6 }], isRandom: false };
  const market = new LivingMarket(instruments, seed, { schedule });
  const recorders = params.map(() => ({ facts: new FactsRecorder(), builder: new BookBuilder(false) }));
  while (market.nextNs < seconds * 1e9) {
    market.step();
    const { feed } = market;
    for (; feed.length > 0; feed.shift()) {
      const at = feed.peek();
      const { facts, builder } = recorders[feed.data[at]! >> 16]!;
      facts.see(feed.data, at, builder.book);
      builder.apply(feed.data, at);
    }
  }
  return { facts: recorders[0]!.facts.facts(), mids: recorders.map(({ facts }) => facts.midTicks()) };
}

/** Variance of the change in a minute over that in a second, both for the same time. */
function varianceRatio(regime: RegimeName): number {
  const mids = observe(regime, 3600).mids[0]!;
  const spread = (lag: number): number => differences(mids, lag).reduce((sum, change) => sum + change * change, 0);
  return spread(60) / spread(1);
}

function withLoading(loading: number): MarketParams {
  return { ...DEFAULT_PARAMS, value: { ...DEFAULT_PARAMS.value, loading, jumpsPerHour: 0 } };
}

const at = (values: readonly LagValue[], lag: number): number => values.find((each) => each.lag === lag)!.value;

describe('stylised facts of the living market', () => {
  const { facts } = observe('calm', 7200);

  it('has fat tails: excess kurtosis at one and ten seconds, a tail exponent between 2 and 5', () => {
    expect(facts.excessKurtosis1s).toBeGreaterThan(3);
    expect(facts.excessKurtosis10s).toBeGreaterThan(1);
    expect(facts.tailIndex).toBeGreaterThan(2);
    expect(facts.tailIndex).toBeLessThan(5);
  });

  it('has returns without memory, and volatility with it', () => {
    expect(Math.abs(facts.returnMemory)).toBeLessThan(0.1);
    for (const { value } of facts.volatilityMemory) expect(value).toBeGreaterThan(0.1);
    expect(at(facts.volatilityMemory, 60)).toBeLessThan(at(facts.volatilityMemory, 1));
    // The bounce between bid and ask is small beside what moves the price.
    expect(facts.volatility10s / facts.volatility1s).toBeGreaterThan(0.85);
    expect(facts.volatility10s / facts.volatility1s).toBeLessThan(1.15);
  });

  it('has signs of trades with a long, decaying memory', () => {
    expect(at(facts.signMemory, 1)).toBeGreaterThan(0.06);
    expect(at(facts.signMemory, 5)).toBeGreaterThan(0.03);
    expect(at(facts.signMemory, 10)).toBeGreaterThan(0.01);
    expect(at(facts.signMemory, 50)).toBeLessThan(at(facts.signMemory, 1));
  });

  it('has a spread of a tick or two that widens at times, a touch that thins at times, and imbalance that reverts', () => {
    expect(facts.medianSpreadTicks).toBe(1);
    expect(facts.highSpreadTicks).toBeGreaterThanOrEqual(2);
    expect(facts.highTouchLots).toBeGreaterThan(1.4 * facts.medianTouchLots);
    expect(facts.imbalanceHalfLifeSeconds).toBeGreaterThan(0.1);
    expect(facts.imbalanceHalfLifeSeconds).toBeLessThan(5);
  });

  it('has impact that grows less than in proportion to size', () => {
    expect(facts.impactExponent).toBeGreaterThan(0.1);
    expect(facts.impactExponent).toBeLessThan(1);
  });

  it('orders regimes by volatility, spread and depth', () => {
    const of = {
      calm: facts,
      volatile: observe('volatile', 1800).facts,
      crisis: observe('crisis', 1800).facts,
      thin: observe('thin', 1800).facts,
    };
    expect(of.volatile.volatility1s).toBeGreaterThan(1.8 * of.calm.volatility1s);
    expect(of.crisis.volatility1s).toBeGreaterThan(1.8 * of.volatile.volatility1s);
    expect(of.volatile.meanSpreadTicks).toBeGreaterThan(of.calm.meanSpreadTicks);
    expect(of.crisis.meanSpreadTicks).toBeGreaterThan(of.volatile.meanSpreadTicks);
    expect(of.thin.meanSpreadTicks).toBeGreaterThan(of.calm.meanSpreadTicks);
    expect(of.volatile.medianTouchLots).toBeLessThan(of.calm.medianTouchLots);
    expect(of.thin.medianTouchLots).toBeLessThan(0.5 * of.calm.medianTouchLots);
    expect(of.crisis.medianTouchLots).toBeLessThan(0.5 * of.calm.medianTouchLots);
    expect(of.thin.messagesPerSecond).toBeLessThan(of.calm.messagesPerSecond);
    expect(of.crisis.takersPerSecond).toBeGreaterThan(of.calm.takersPerSecond);
  });

  it('drifts in a trend and returns when mean-reverting, over a minute', () => {
    // The ratio of variances is near 1 for a walk (Lo and MacKinlay 1988).
    expect(varianceRatio('trend')).toBeGreaterThan(1.5);
    expect(varianceRatio('mean-reverting')).toBeLessThan(0.6);
  });

  it('correlates two instruments by the product of their loadings', () => {
    for (const [loading, other, expected] of [
      [0.9, 0.9, 0.81],
      [0.8, -0.5, -0.4],
      [0, 0.9, 0],
    ] as const) {
      const params = [withLoading(loading), withLoading(other)];
      const { mids } = observe('calm', 3600, 11, params);
      const found = correlation(differences(mids[0]!, 10), differences(mids[1]!, 10));
      expect(Math.abs(found - expected)).toBeLessThan(0.12);
    }
  });
});

describe('the statistics', () => {
  it('know a normal law, a power law and a walk with memory', () => {
    const random = Random.stream(1, 'test');
    const normal = Float64Array.from({ length: 50_000 }, () => random.normal());
    expect(Math.abs(excessKurtosis(normal))).toBeLessThan(0.1);
    expect(Math.abs(autocorrelation(normal, 3))).toBeLessThan(0.02);
    const power = Float64Array.from({ length: 50_000 }, () => (1 - random.uniform()) ** (-1 / 3));
    expect(Math.abs(hillIndex(power, 0.05) - 3)).toBeLessThan(0.2);
    let last = 0;
    const memory = normal.map((shock) => (last = 0.7 * last + shock));
    expect(autocorrelation(memory, 1)).toBeCloseTo(0.7, 1);
    expect(autocorrelation(memory, 4)).toBeCloseTo(0.7 ** 4, 1);
    expect(
      correlation(
        normal,
        normal.map((value) => -2 * value),
      ),
    ).toBeCloseTo(-1, 12);
  });

  it('are exact on small samples', () => {
    expect(differences([1, 4, 9, 16, 25], 2)).toEqual(Float64Array.of(8, 16));
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    // A fair coin of ±1 has kurtosis 1.
    expect(excessKurtosis([1, -1, 1, -1])).toBe(-2);
    expect(autocorrelation([1, -1, 1, -1], 1)).toBe(-0.75);
    expect(logLogSlope([1, 4, 16], [3, 6, 12], [1, 5, 2])).toBeCloseTo(0.5, 12);
  });

  it('answer NaN to too little', () => {
    const facts = new FactsRecorder().facts();
    expect(facts.volatility1s).toBeNaN();
    expect(facts.tailIndex).toBeNaN();
    expect(facts.impactExponent).toBeNaN();
    expect(autocorrelation([1], 1)).toBeNaN();
    expect(differences([1], 10)).toHaveLength(0);
  });
});
