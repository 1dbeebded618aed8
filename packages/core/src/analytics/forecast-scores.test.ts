import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { blockBootstrap } from './forecast-scores-bootstrap.ts';
import { areaUnderRoc, brierScore, calibration, logLoss } from './forecast-scores.ts';

/** The definition: over all pairs of one that happened and one that did not. */
function slowAuc(probabilities: readonly number[], outcomes: readonly number[]): number {
  let sum = 0;
  let pairs = 0;
  probabilities.forEach((p, i) => {
    probabilities.forEach((q, j) => {
      if (outcomes[i] !== 1 || outcomes[j] !== 0) return;
      pairs++;
      sum += p > q ? 1 : p === q ? 0.5 : 0;
    });
  });
  return sum / pairs;
}

describe('scores of forecasts', () => {
  it('scores hand-computed forecasts', () => {
    const p = [0.9, 0.2, 0.5, 0];
    const y = [1, 0, 1, 0];
    expect(brierScore(p, y)).toBeCloseTo((0.01 + 0.04 + 0.25 + 0) / 4, 15);
    expect(logLoss(p, y, 1e-3)).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8) + Math.log(0.5) + Math.log(0.999)) / 4, 15);
    expect(areaUnderRoc(p, y)).toBe(1);
  });

  it('clips a wrong certainty in the log loss', () => {
    expect(logLoss([0], [1], 1e-3)).toBeCloseTo(Math.log(1000), 12);
    expect(logLoss([1], [0], 1e-3)).toBeCloseTo(Math.log(1000), 12);
  });

  it('has no score for nothing, and no area without both outcomes', () => {
    expect(brierScore([], [])).toBeNaN();
    expect(logLoss([], [])).toBeNaN();
    expect(areaUnderRoc([0.3, 0.4], [1, 1])).toBeNaN();
    expect(areaUnderRoc([0.3, 0.4], [0, 0])).toBeNaN();
  });

  it('equals the area by its definition, ties included', () => {
    const random = Random.stream(7, 'auc');
    for (let round = 0; round < 200; round++) {
      const n = 2 + random.below(30);
      const p = Array.from({ length: n }, () => random.below(6) / 5);
      const y = Array.from({ length: n }, (_, i) => (i < 2 ? i : random.below(2)));
      expect(areaUnderRoc(p, y)).toBeCloseTo(slowAuc(p, y), 12);
    }
  });

  it('sorts forecasts into deciles, 1 into the last', () => {
    const bins = calibration([0, 0.05, 0.1, 0.95, 1], [0, 1, 0, 1, 1]);
    expect(bins.map((bin) => bin.count)).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect(bins[0]).toMatchObject({ from: 0, to: 0.1, forecast: 0.025, observed: 0.5 });
    expect(bins[9]).toMatchObject({ forecast: 0.975, observed: 1 });
    expect(bins[5]?.observed).toBeNaN();
  });
});

describe('block bootstrap', () => {
  const options = { seed: 3, resamples: 400, blocks: 50 };

  it('draws the same blocks for the same seed', () => {
    const values = Array.from({ length: 200 }, (_, i) => (i * 7919) % 101);
    const mean = (indexes: Uint32Array): number[] => {
      let sum = 0;
      for (const i of indexes) sum += values[i]!;
      return [sum / indexes.length];
    };
    const once = blockBootstrap(200, mean, options);
    expect(blockBootstrap(200, mean, options)).toEqual(once);
    expect(blockBootstrap(200, mean, { ...options, seed: 4 })).not.toEqual(once);
    const { low, high } = once[0]!;
    const whole = mean(Uint32Array.from(values, (_, i) => i))[0]!;
    expect(low).toBeLessThan(whole);
    expect(high).toBeGreaterThan(whole);
  });

  it('keeps neighbours together: blocks of one value each vary more than their entries would', () => {
    const values = Array.from({ length: 1000 }, (_, i) => Math.floor(i / 100) % 2);
    const mean = (indexes: Uint32Array): number[] => {
      let sum = 0;
      for (const i of indexes) sum += values[i]!;
      return [sum / indexes.length];
    };
    const width = (blocks: number): number => {
      const { low, high } = blockBootstrap(1000, mean, { ...options, blocks })[0]!;
      return high - low;
    };
    // Ten independent halves: sd 0.158; a thousand: 0.0158.
    expect(width(10)).toBeGreaterThan(0.4);
    expect(width(1000)).toBeLessThan(0.08);
  });

  it('draws whole blocks, the last of which may differ in length', () => {
    const seen = new Set<number>();
    blockBootstrap(
      10,
      (indexes) => {
        for (const i of indexes) seen.add(i);
        expect([9, 10, 11, 12]).toContain(indexes.length);
        return [0];
      },
      { seed: 1, resamples: 50, blocks: 3 },
    );
    expect([...seen].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('leaves out what is NaN, and has no bounds for a statistic that never was a number', () => {
    const [always, never] = blockBootstrap(5, () => [2, Number.NaN], { ...options, blocks: 5 });
    expect(always).toEqual({ low: 2, high: 2 });
    expect(never).toBeUndefined();
  });
});
