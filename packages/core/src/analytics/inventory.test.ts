import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { Ledger } from '../trading/ledger.ts';
import { Inventory, halfLife } from './inventory.ts';
import { RoundTrips } from './round-trips.ts';
import { SettlementValue } from './settlement-value.ts';
import { INVERSE, LINEAR } from './testing/scripted-session.ts';

describe('inventory', () => {
  test('against a list of single lots: holding times and time-weighted moments', () => {
    const random = Random.stream(1, 'inventory');
    const inventory = new Inventory();
    inventory.start(0);
    const open: number[] = [];
    const held: number[] = [];
    const perNs: number[] = [];
    let position = 0;
    let now = 0;
    for (let step = 0; step < 500; step++) {
      const wait = random.below(5);
      for (let i = 0; i < wait; i++) perNs.push(position);
      now += wait;
      const lots = (random.below(2) === 0 ? 1 : -1) * (1 + random.below(9));
      for (let i = 0; i < Math.abs(lots); i++) {
        if (position * lots < 0) held.push(now - open.shift()!);
        else open.push(now);
        position += Math.sign(lots);
      }
      inventory.fill(lots, now);
    }
    expect(inventory.positionLots).toBe(position);
    expect(inventory.holding.weight).toBe(held.length);
    expect(inventory.holding.sum).toBe(held.reduce((sum, ns) => sum + ns, 0));
    const mean = perNs.reduce((sum, p) => sum + p, 0) / perNs.length;
    expect(inventory.mean).toBeCloseTo(mean, 10);
    expect(inventory.absMean).toBeCloseTo(perNs.reduce((sum, p) => sum + Math.abs(p), 0) / perNs.length, 10);
    expect(inventory.sd).toBeCloseTo(Math.sqrt(perNs.reduce((sum, p) => sum + (p - mean) ** 2, 0) / perNs.length), 8);
    perNs.sort((a, b) => a - b);
    for (const p of [0.05, 0.25, 0.5, 0.75, 0.95]) {
      // Within one place of the sorted list, where either side of a step may be taken.
      const at = p * perNs.length;
      const near = [perNs[Math.max(0, Math.ceil(at) - 1)], perNs[Math.min(perNs.length - 1, Math.floor(at))]];
      expect(near).toContain(inventory.quantile(p));
    }
  });

  test('one sign only, and no time', () => {
    const short = new Inventory();
    short.start(0);
    short.fill(-3, 0);
    expect(short.mean).toBeNaN();
    expect(short.quantile(0.5)).toBeNaN();
    short.settle(10);
    expect([0, 0.5, 1].map((p) => short.quantile(p))).toEqual([-3, -3, -3]);
  });

  test('half-life of an AR(1) series', () => {
    // x(t+1) = 3 + 0.5·x(t) exactly: half of the way to 6 in each step.
    const series = [100];
    for (let i = 0; i < 30; i++) series.push(3 + 0.5 * series[i]!);
    expect(halfLife(series)).toBeCloseTo(1, 9);
    const random = Random.stream(5, 'ar');
    const noisy = [0];
    for (let i = 0; i < 50_000; i++) noisy.push(0.98 * noisy[i]! + random.normal());
    expect(halfLife(noisy)).toBeCloseTo(-Math.LN2 / Math.log(0.98), -1);
  });

  test('what does not revert has none', () => {
    expect(halfLife([1, 2, 4, 8, 16])).toBeNaN();
    expect(halfLife([1, -1, 1, -1, 1])).toBeNaN();
    expect(halfLife([3, 3, 3, 3])).toBeNaN();
    expect(halfLife([1, 2])).toBeNaN();
  });
});

describe('round trips', () => {
  test('through zero: one trip ends, the next begins, the fee is shared', () => {
    const trips = new RoundTrips(new SettlementValue(new Instrument(LINEAR)), false);
    trips.fill(4, 1000, 0.4);
    trips.fill(4, 1010, 0.4);
    trips.fill(-2, 1015, 0.1);
    expect(trips.stats.count).toBe(0);
    // Six of ten close: average entry 1005. (2 × 10 + 6 × 5) ticks × lots × 0.005 − 0.4 − 0.4 − 0.1 − 0.6.
    trips.fill(-10, 1010, 1);
    expect(trips.stats.count).toBe(1);
    expect(trips.stats.lost).toBeCloseTo(0.25 - 1.5, 12);
    // Four short at 1010 with 0.4 of that fee.
    trips.fill(4, 910, 0.1);
    expect(trips.stats.count).toBe(2);
    expect(trips.stats.won).toBeCloseTo(2 - 0.5, 12);
  });

  test.each([
    ['linear', LINEAR, false],
    ['inverse', INVERSE, true],
  ] as const)('%s: whenever flat, the trips add up to what the ledger realised less fees', (_, spec, isInverse) => {
    const instrument = new Instrument(spec);
    const trips = new RoundTrips(new SettlementValue(instrument), isInverse);
    const ledger = new Ledger([instrument]);
    const value = new SettlementValue(instrument);
    const random = Random.stream(9, 'trips');
    let position = 0;
    for (let step = 0; step < 2000; step++) {
      const lots =
        position !== 0 && random.below(3) === 0 ? -position : (1 + random.below(9)) * (random.below(2) * 2 - 1);
      const ticks = 900 + random.below(200);
      trips.fill(lots, ticks, value.notional(Math.abs(lots), ticks) * 3e-4);
      ledger.fill(0, lots > 0 ? Side.BUY : Side.SELL, ticks, Math.abs(lots), 300_000);
      position += lots;
      if (position !== 0) continue;
      expect(trips.stats.won + trips.stats.lost).toBeCloseTo(ledger.realised(0) - ledger.fees(0), 9);
    }
    expect(trips.stats.count).toBeGreaterThan(500);
  });
});
