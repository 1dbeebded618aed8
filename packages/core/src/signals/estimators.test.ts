import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import { decay } from './decay.ts';
import { Ewma } from './ewma.ts';
import { FlowImbalance } from './flow-imbalance.ts';
import { Markouts } from './markouts.ts';
import { MicropriceDrift } from './microprice-drift.ts';
import { OrderFlowImbalance } from './order-flow-imbalance.ts';
import { SpreadNorm } from './spread-norm.ts';
import { VolatilityGate } from './volatility-gate.ts';
import { Volatility } from './volatility.ts';

/** Weight that is left of something so many seconds old, by the definition. */
const left = (seconds: number, halfLife: number): number => 2 ** (-seconds / halfLife);

test('decay follows the exponential, from 1 down to 0', () => {
  expect(decay(0)).toBe(1);
  let before = 1;
  for (let x = 0.01; x < 1e6; x *= 1.1) {
    const now = decay(x);
    expect(now).toBeLessThan(before);
    if (x <= 1) expect(Math.abs(now / Math.exp(-x) - 1)).toBeLessThan(0.004);
    before = now;
  }
  expect(decay(Infinity)).toBe(0);
});

describe('an average over time', () => {
  test('is the sum over all values by what is left of their time', () => {
    const random = Random.stream(1, 'ewma');
    for (let run = 0; run < 50; run++) {
      const halfLife = 1 + random.uniform() * 100;
      const average = new Ewma(halfLife);
      const values: number[] = [];
      const times: number[] = [];
      let now = random.uniform() * 1e5;
      for (let i = 0; i < 200; i++) {
        const value = random.normal() * 10;
        average.update(value, now * 1e9);
        values.push(value);
        times.push(now);
        if (i < 199) now += random.uniform() * halfLife * 0.3;
      }
      // The first value stands for all the time before it.
      let slow = values[0]! * left(now - times[0]!, halfLife);
      for (let i = 0; i < 199; i++) {
        slow += values[i]! * (left(now - times[i + 1]!, halfLife) - left(now - times[i]!, halfLife));
      }
      expect(Math.abs(average.value - slow)).toBeLessThan(1e-3);
    }
  });

  test('leaves out what is not finite, and takes a time that runs back as no time', () => {
    const average = new Ewma(10);
    expect(average.value).toBeNaN();
    average.update(Number.NaN, 0);
    expect(average.value).toBeNaN();
    average.update(5, 1e9);
    average.update(Infinity, 2e9);
    average.update(7, 1e9);
    average.update(9, 0);
    expect(average.value).toBe(5);
    average.update(9, 1e12);
    expect(average.value).toBeCloseTo(9, 4);
  });

  for (const halfLife of [0, -1, Number.NaN]) {
    test(`a half-life of ${halfLife} is refused`, () => {
      for (const make of [Ewma, FlowImbalance, OrderFlowImbalance, SpreadNorm]) {
        expect(() => new make(halfLife)).toThrow(/halfLifeSeconds: found/);
      }
    });
  }
});

describe('volatility', () => {
  test('is squared changes over time, by what is left of each', () => {
    const random = Random.stream(2, 'volatility');
    for (let run = 0; run < 50; run++) {
      const halfLife = 20 + random.uniform() * 100;
      const volatility = new Volatility(halfLife, 1);
      let now = 0;
      let mid = 1000;
      const samples: (readonly [number, number])[] = [];
      for (let i = 0; i < 300; i++) {
        volatility.update(mid, now * 1e9);
        const last = samples.at(-1);
        if (last === undefined || now - last[0] >= 1) samples.push([now, mid]);
        now += random.uniform();
        mid += random.below(7) - 3;
      }
      let squares = 0;
      let seconds = 0;
      const end = samples.at(-1)![0];
      for (let i = 1; i < samples.length; i++) {
        const weight = left(end - samples[i]![0], halfLife);
        squares += weight * (samples[i]![1] - samples[i - 1]![1]) ** 2;
        seconds += weight * (samples[i]![0] - samples[i - 1]![0]);
      }
      expect(Math.abs(volatility.variance / (squares / seconds) - 1)).toBeLessThan(1e-3);
      expect(volatility.samples).toBe(samples.length - 1);
    }
  });

  test('finds the variance of a random walk, and none of a mid that is NaN', () => {
    const random = Random.stream(3, 'walk');
    const volatility = new Volatility(2000, 1);
    let mid = 0;
    for (let ms = 0; ms < 4e6; ms += 100) {
      mid += random.normal() * 0.4;
      volatility.update(ms % 700 === 0 ? Number.NaN : mid, ms * 1e6);
    }
    // 0.16 each tenth of a second; of some 2,900 changes within the memory, to 3 %.
    expect(volatility.variance).toBeGreaterThan(1.6 * 0.9);
    expect(volatility.variance).toBeLessThan(1.6 * 1.1);
    expect(volatility.sigma).toBe(Math.sqrt(volatility.variance));
  });

  test('a gate without a limit never shuts, nor does one in a market that stands', () => {
    for (const [limit, move] of [
      [0, 100],
      [2, 0],
    ] as const) {
      const gate = new VolatilityGate(5, 600, 1, limit);
      for (let i = 0; i < 200; i++) gate.update(1000 + (i > 150 ? i * move : 0), i * 1e9);
      expect(gate.isShut).toBe(false);
    }
  });
});

test('flow: what was bought less what was sold, forgotten, over what was or usually is traded', () => {
  const random = Random.stream(4, 'flow');
  for (let run = 0; run < 20; run++) {
    const flow = new FlowImbalance(10);
    expect(flow.imbalance).toBe(0);
    const trades: (readonly [number, number])[] = [];
    let now = 0;
    for (let i = 0; i < 500; i++) {
      const side = random.uniform() < 0.7 ? Side.BUY : Side.SELL;
      const lots = 1 + random.below(20);
      flow.trade(side, lots, now * 1e9);
      trades.push([now, side === Side.BUY ? lots : -lots]);
      now += random.uniform() * 0.5;
    }
    // A silence, on some runs.
    now += random.below(2) * random.uniform() * 10;
    flow.advance(now * 1e9);
    const sum = (halfLife: number, of: (lots: number) => number): number =>
      trades.reduce((total, [at, lots]) => total + of(lots) * left(now - at, halfLife), 0);
    const memory = (halfLife: number): number => ((1 - left(now, halfLife)) * halfLife) / Math.LN2;
    const usual = (sum(100, Math.abs) / memory(100)) * memory(10);
    const expected = sum(10, (lots) => lots) / Math.max(sum(10, Math.abs), usual);
    expect(Math.abs(flow.imbalance - expected)).toBeLessThan(0.01);
  }
});

test('order flow imbalance counts what the paper does', () => {
  // With a long memory the sum is plain: (bid, size, ask, size) and what each step adds.
  const flow = new OrderFlowImbalance(1e9);
  const steps = [
    [100, 10, 102, 10, 0],
    [100, 15, 102, 10, 5],
    [101, 3, 102, 10, 3],
    [100, 8, 102, 10, -3],
    [100, 8, 101, 4, -4],
    [100, 8, 103, 9, 4],
    [100, 8, 103, 6, 3],
  ] as const;
  let total = 0;
  for (const [i, [bid, bidLots, ask, askLots, adds]] of steps.entries()) {
    flow.update(bid, bidLots, ask, askLots, i);
    total += adds;
    expect(flow.value).toBeCloseTo(total / 10, 6);
  }
  // An empty side is a break.
  flow.update(Number.NaN, 0, 103, 6, 10);
  flow.update(90, 50, 103, 6, 11);
  expect(flow.value).toBeCloseTo(total / 10, 6);
});

test('the spread: usual and present, crossed books left out', () => {
  const spread = new SpreadNorm(10);
  expect([spread.usual, spread.ratio]).toEqual([Number.NaN, Number.NaN]);
  spread.update(100, 104, 0);
  spread.update(105, 104, 1e9);
  spread.update(Number.NaN, 104, 2e9);
  spread.update(100, 108, 1000e9);
  expect([spread.usual, spread.ratio]).toEqual([4, 2]);
});

describe('markouts', () => {
  test('are the mean adverse move at the horizon, forgotten by fills', () => {
    const random = Random.stream(6, 'markouts');
    const halfLife = 5;
    const markouts = new Markouts(2, halfLife);
    const fills: { at: number; sign: number; mid: number }[] = [];
    const adverse: number[] = [];
    let mid = 1000;
    for (let second = 0; second < 400; second++) {
      mid += random.below(9) - 4;
      while (fills.length > 0 && fills[0]!.at + 2 <= second) {
        const fill = fills.shift()!;
        adverse.push(-(mid - fill.mid) * fill.sign);
      }
      markouts.update(mid, second * 1e9);
      if (random.below(2) === 0) {
        const side = random.below(2) === 0 ? Side.BUY : Side.SELL;
        markouts.fill(side, mid, second * 1e9);
        fills.push({ at: second, sign: side === Side.BUY ? 1 : -1, mid });
      }
    }
    const weight = 1 - 2 ** (-1 / halfLife);
    const slow = adverse.reduce((mean, move, i) => mean + (move - mean) * Math.max(weight, 1 / (i + 1)), 0);
    expect(markouts.seen).toBe(adverse.length);
    expect(markouts.adverseTicks).toBeCloseTo(slow, 9);
    markouts.forget();
    expect([markouts.seen, markouts.adverseTicks]).toEqual([0, 0]);
  });

  test('without a mid they wait; more than it has room for are left out', () => {
    const markouts = new Markouts(1, 10);
    markouts.fill(Side.BUY, Number.NaN, 0);
    for (let i = 0; i < 300; i++) markouts.fill(Side.BUY, 100, 0);
    expect(markouts.update(Number.NaN, 2e9)).toBe(false);
    expect(markouts.update(99, 2e9)).toBe(true);
    expect([markouts.seen, markouts.adverseTicks]).toEqual([256, 1]);
  });
});

test('drift learns what follows an imbalance, alike on both sides', () => {
  const random = Random.stream(7, 'drift');
  const drift = new MicropriceDrift(1);
  let mid = 1000;
  for (let i = 0; i < 20_000; i++) {
    const imbalance = 2 * random.uniform() - 1;
    drift.update(imbalance, mid, i * 2e9);
    // Within the second the mid goes by three ticks times the imbalance, and noise.
    mid += 3 * imbalance + random.normal();
    drift.update(Number.NaN, mid, i * 2e9 + 1e9);
    drift.update(imbalance, mid, i * 2e9 + 1e9);
    drift.update(0, mid, i * 2e9 + 1.9e9);
  }
  expect(drift.expected(0.9)).toBeGreaterThan(drift.expected(0.5));
  expect(drift.expected(-0.9)).toBe(-drift.expected(0.9));
  expect([drift.expected(0), drift.expected(Number.NaN)]).toEqual([0, 0]);
});
