import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import { Intensity } from './intensity.ts';

/** Seconds of orders on both sides that reach beyond δ at a rate of a·e^(-kδ) each; prints at every tick on the way. */
function feed(intensity: Intensity, a: number, k: number, seconds: number, random: Random): number {
  let now = 0;
  const mid = 1000.5;
  while (now < seconds) {
    now += random.exponential() / (2 * a);
    const reach = Math.floor(random.exponential() / k - 0.5);
    const side = random.below(2) === 0 ? Side.BUY : Side.SELL;
    for (let tick = 0; tick <= reach; tick++) {
      intensity.trade(side, side === Side.BUY ? 1001 + tick : 1000 - tick, mid, now * 1e9, now * 1e9 + 5e6);
    }
  }
  return now * 1e9;
}

describe('A and k', () => {
  for (const [a, k] of [
    [5, 0.05],
    [2, 0.3],
    [1, 1.2],
  ] as const) {
    test(`are found again: ${a} a second, ${k} a tick`, () => {
      const intensity = new Intensity(2000);
      const end = feed(intensity, a, k, 6000, Random.stream(1, `${a} ${k}`));
      expect(intensity.fit(end)).toBe(true);
      expect(Math.abs(intensity.k / k - 1)).toBeLessThan(0.15);
      expect(Math.abs(intensity.a / a - 1)).toBeLessThan(0.25);
    });
  }

  test('follow a market that changes', () => {
    const intensity = new Intensity(60);
    const random = Random.stream(2, 'change');
    feed(intensity, 5, 0.1, 1000, random);
    const other = new Intensity(60);
    const end = feed(other, 5, 0.5, 2000, random);
    expect(other.fit(end)).toBe(true);
    expect(Math.abs(other.k / 0.5 - 1)).toBeLessThan(0.3);
  });

  test('are not stated on too little, nor changed by it', () => {
    const intensity = new Intensity(100);
    expect(intensity.fit(0)).toBe(false);
    for (let i = 0; i < 19; i++) intensity.trade(Side.BUY, 1001 + (i % 3), 1000.5, i * 1e9, i * 1e9);
    expect(intensity.fit(20e9)).toBe(false);
    expect([intensity.a, intensity.k]).toEqual([Number.NaN, Number.NaN]);
    // All at one distance: no slope.
    const flat = new Intensity(100);
    for (let i = 0; i < 100; i++) flat.trade(Side.BUY, 1001, 1000.5, i * 1e9, i * 1e9);
    expect(flat.fit(100e9)).toBe(false);
  });

  test('prints without a mid, within it, or at absurd distances do no harm', () => {
    const intensity = new Intensity(2000);
    const random = Random.stream(3, 'noise');
    const end = feed(intensity, 2, 0.3, 6000, random);
    for (let i = 1; i <= 30; i++) {
      intensity.trade(Side.BUY, 1001, Number.NaN, end + i, end + i);
      intensity.trade(Side.SELL, 1001, 1000.5, end + i, end + i);
      if (i % 10 === 0) intensity.trade(Side.BUY, 1e15, 1000.5, end + i, end + i);
    }
    expect(intensity.fit(end + 31)).toBe(true);
    expect(Math.abs(intensity.k / 0.3 - 1)).toBeLessThan(0.15);
  });
});
