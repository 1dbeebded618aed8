import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Drawdown } from './drawdown.ts';
import { EquitySamples } from './equity-samples.ts';
import { FillQueue } from './fill-queue.ts';
import { FillField } from './fill-rows.ts';
import { LogHistogram } from './log-histogram.ts';
import { TradeStats } from './trade-stats.ts';

describe('log histogram', () => {
  test('whole numbers below 128 are exact', () => {
    for (let n = 0; n < 128; n++) {
      const histogram = new LogHistogram();
      histogram.add(0);
      histogram.add(n);
      histogram.add(1000);
      expect(histogram.quantile(0.6)).toBe(n);
    }
  });

  test('quantiles of a wide spread are within 0.8 % of the sorted list', () => {
    const random = Random.stream(1, 'histogram');
    const histogram = new LogHistogram();
    const values = Array.from({ length: 5000 }, () => Math.floor(Math.exp(random.uniform() * 40)));
    for (const value of values) histogram.add(value);
    values.sort((a, b) => a - b);
    for (const p of [0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1]) {
      const exact = values[Math.ceil(p * values.length) - 1]!;
      expect(Math.abs(histogram.quantile(p) / exact - 1)).toBeLessThanOrEqual(0.008);
    }
    expect([histogram.min, histogram.max]).toEqual([values[0], values[4999]]);
  });

  test('weights, what is negative, and nothing', () => {
    const histogram = new LogHistogram();
    expect(histogram.quantile(0.5)).toBeNaN();
    expect(histogram.mean).toBeNaN();
    histogram.add(10, 1);
    histogram.add(20, 3);
    histogram.add(99, 0);
    expect([histogram.mean, histogram.quantile(0.25), histogram.quantile(0.26)]).toEqual([17.5, 10, 20]);
    histogram.add(-5);
    expect(histogram.min).toBe(-5);
    expect(histogram.quantile(0.01)).toBe(0);
    histogram.add(2 ** 70);
    expect(histogram.quantile(1)).toBeGreaterThan(2 ** 62);
  });
});

describe('drawdown', () => {
  test('depth, amount and length to recovery', () => {
    const drawdown = new Drawdown();
    const series: [number, number][] = [
      [0, 100],
      [1, 120],
      [2, 120],
      [3, 90],
      [5, 119],
      [9, 120],
      [10, 130],
      [12, 129],
    ];
    for (const [time, equity] of series) drawdown.add(time, equity);
    expect(drawdown.worst).toBeCloseTo(-0.25, 15);
    expect(drawdown.worstAmount).toBe(-30);
    // From the last time at the peak (2) to its recovery (9).
    expect(drawdown.longest).toBe(7);
  });

  test('one that lasts counts until now, and rising equity has none', () => {
    const drawdown = new Drawdown();
    drawdown.add(0, 1);
    drawdown.add(3, 2);
    expect([drawdown.worst, drawdown.longest]).toEqual([0, 0]);
    drawdown.add(4, 1);
    drawdown.add(40, 1.5);
    expect([drawdown.worst, drawdown.longest]).toEqual([-0.5, 37]);
  });

  test('from zero there is an amount but no share; NaN is left out', () => {
    const drawdown = new Drawdown();
    expect(drawdown.worst).toBeNaN();
    for (const equity of [0, Number.NaN, 5, 2]) drawdown.add(0, equity);
    expect(drawdown.worst).toBeNaN();
    expect(drawdown.worstAmount).toBe(-3);
  });
});

describe('equity samples', () => {
  test('the interval doubles when there are too many, and times stay those of the samples', () => {
    const samples = new EquitySamples(1, 0, 10, 8);
    samples.startNs = 1000;
    for (let i = 0; i < 100; i++) {
      const ns = samples.nextNs;
      const at = samples.push();
      samples.rows[at] = ns;
    }
    expect(samples.count).toBeLessThanOrEqual(8);
    for (let i = 0; i < samples.count; i++) expect(samples.equity(i)).toBe(samples.timeNs(i));
    expect(samples.timeNs(0)).toBe(1000);
    expect(Math.log2(samples.intervalNs / 10) % 1).toBe(0);
  });

  test('an odd limit keeps the rhythm too', () => {
    const samples = new EquitySamples(1, 1, 1, 5);
    samples.startNs = 0;
    for (let i = 0; i < 50; i++) {
      const ns = samples.nextNs;
      const at = samples.push();
      samples.rows[at] = ns;
    }
    for (let i = 0; i < samples.count; i++) expect(samples.equity(i)).toBe(samples.timeNs(i));
  });

  test('refuses nonsense', () => {
    expect(() => new EquitySamples(1, 1, 0, 8)).toThrow('sampleNs 0');
    expect(() => new EquitySamples(1, 1, Number.NaN, 8)).toThrow('sampleNs NaN');
    expect(() => new EquitySamples(1, 1, 1, 2)).toThrow('maxSamples 2');
  });
});

describe('fill queue', () => {
  test('against a list: every markout once, at its time, rows out in order', () => {
    const random = Random.stream(3, 'queue');
    const horizons = [5, 20, 100];
    const queue = new FillQueue(horizons, 2);
    const pending: { ns: number; left: Set<number> }[] = [];
    let now = 0;
    let out = 0;
    for (let step = 0; step < 3000; step++) {
      now += random.below(12);
      const next = Math.min(...pending.flatMap(({ ns, left }) => [...left].map((h) => ns + horizons[h]!)));
      expect(queue.nextNs).toBe(next);
      for (let h = 0; h < horizons.length; h++) {
        for (let at = queue.due(h, now); at >= 0; at = queue.due(h, now)) {
          const row = pending.find(({ ns, left }) => left.has(h) && ns === queue.data[at + FillField.LOCAL_NS])!;
          expect(row.ns + horizons[h]!).toBeLessThanOrEqual(now);
          row.left.delete(h);
        }
      }
      expect(pending.every(({ ns, left }) => [...left].every((h) => ns + horizons[h]! > now))).toBe(true);
      for (let at = queue.shift(false); at >= 0; at = queue.shift(false)) {
        expect(queue.data[at + FillField.LOCAL_NS]).toBe(pending[0]!.ns);
        expect(pending.shift()!.left.size).toBe(0);
        out++;
      }
      if (random.below(3) === 0) {
        const at = queue.push();
        queue.data[at + FillField.LOCAL_NS] = now;
        pending.push({ ns: now, left: new Set([0, 1, 2]) });
      }
      queue.arm();
      expect(queue.length).toBe(pending.length);
    }
    expect(out).toBeGreaterThan(500);
    for (const { ns } of pending) expect(queue.data[queue.shift(true) + FillField.LOCAL_NS]).toBe(ns);
    expect(queue.shift(true)).toBe(-1);
    queue.arm();
    expect(queue.nextNs).toBe(Number.POSITIVE_INFINITY);
  });

  test('refuses horizons that do not rise', () => {
    for (const bad of [[], [0], [2, 1], [1, 1], [Number.NaN], [Number.POSITIVE_INFINITY]]) {
      expect(() => new FillQueue(bad)).toThrow('horizonsNs');
    }
  });
});

test('trade statistics', () => {
  const stats = new TradeStats();
  expect([stats.winRate, stats.expectancy, stats.profitFactor, stats.averageWin]).toEqual(
    Array.from({ length: 4 }, () => Number.NaN),
  );
  const other = new TradeStats();
  for (const pnl of [3, -1, 0]) stats.add(pnl);
  for (const pnl of [5, -3]) other.add(pnl);
  stats.merge(other);
  expect([stats.count, stats.winRate, stats.averageWin, stats.averageLoss]).toEqual([5, 0.4, 4, -2]);
  expect([stats.largestWin, stats.largestLoss, stats.profitFactor, stats.expectancy]).toEqual([5, -3, 2, 0.8]);
});
