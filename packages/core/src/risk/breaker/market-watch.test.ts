import { describe, expect, it } from 'vitest';
import { Random } from '../../base/random.ts';
import { EVENT_STRIDE, Field } from '../../market/event.ts';
import { FakeMarket } from '../testing/breaker-scene.ts';
import { NaiveMoves } from '../testing/naive-window.ts';
import { BUCKET_NS, MarketWatch } from './market-watch.ts';
import { type BreakerSettings, breakerConfig } from './settings.ts';
import { Trigger } from './trigger.ts';

const { PRICE_MOVE_1M, PRICE_MOVE_5M, SPREAD, VOLUME, FEED_DELAY, LATENCY, VOLATILITY } = Trigger;

/** A watch and a market that a test moves; times in seconds. */
function watchOf(settings: BreakerSettings = {}) {
  const watch = new MarketWatch(breakerConfig({ spreadFloor: 0, ...settings }));
  const market = new FakeMarket(0);
  return {
    watch,
    quote: (seconds: number, mid: number, spread = 2, delay = 0.001): void => {
      market.receivedNs = seconds * 1e9;
      market.venueNs = (seconds - delay) * 1e9;
      market.isReady = true;
      market.bidTicks = mid - spread / 2;
      market.askTicks = mid + spread / 2;
      watch.book(market);
    },
    lose: (seconds: number): void => {
      market.receivedNs = seconds * 1e9;
      market.isReady = false;
      watch.book(market);
    },
    print: (seconds: number, lots: number): void => {
      const record = new Float64Array(EVENT_STRIDE);
      record[Field.LOCAL_NS] = seconds * 1e9;
      record[Field.SIZE_LOTS] = lots;
      watch.trade(record, 0);
    },
  };
}

describe('moves', () => {
  it('are those against every price that stood within one and five minutes, and none that matters is kept quiet', () => {
    const config = breakerConfig({ move1m: 0.01, move5m: 0.02 });
    const small1m = config.move1m * config.canaryTightness;
    const small5m = config.move5m * config.canaryTightness;
    let told = 0;
    for (let seed = 1; seed <= 10; seed++) {
      const random = Random.stream(seed, 'market watch');
      let watch = new MarketWatch(config);
      const market = new FakeMarket(0);
      const naive = new NaiveMoves();
      let nowNs = random.below(1_000_000) * 1e6;
      let mid = 20_000;
      let bucket = -1;
      let lastMoves: [number, number] = [0, 0];
      /** The farthest moves that were told within the bucket, or held at its start. */
      let told1m = 0;
      let told5m = 0;
      for (let step = 0; step < 1200; step++) {
        const what = random.below(200);
        // Mostly some hundred milliseconds; silences of up to ten minutes; the same time again.
        nowNs += what === 0 ? random.below(600_000) * 1e6 : what < 20 ? 0 : random.below(400) * 1e6;
        mid += random.below(41) - 20 + (what === 1 ? 300 : what === 6 ? -300 : 0);
        market.receivedNs = nowNs;
        market.isReady = what !== 2 && what !== 3;
        market.bidTicks = mid - 1;
        market.askTicks = mid + 1;
        naive.set(nowNs, market.isReady ? mid : Number.NaN);
        if (Math.floor(nowNs / BUCKET_NS) !== bucket) [told1m, told5m] = lastMoves;
        bucket = Math.floor(nowNs / BUCKET_NS);
        const isTold = watch.book(market);
        if (market.isReady) {
          const move1m = naive.move(BUCKET_NS, 240);
          const move5m = naive.move(BUCKET_NS, 1200);
          if (isTold) {
            expect(watch.values[PRICE_MOVE_1M]).toBe(move1m);
            expect(watch.values[PRICE_MOVE_5M]).toBe(move5m);
            told1m = Math.max(told1m, move1m);
            told5m = Math.max(told5m, move5m);
            told++;
          } else {
            expect(move1m < small1m || move1m <= told1m).toBe(true);
            expect(move5m < small5m || move5m <= told5m).toBe(true);
          }
          lastMoves = [move1m, move5m];
        }
        if (what === 4) {
          watch.restart();
          naive.restart();
          told1m = told5m = 0;
          lastMoves = [0, 0];
        }
        if (what === 5) {
          const copy = new MarketWatch(config);
          copy.restore(structuredClone(watch.save()));
          watch = copy;
        }
      }
    }
    expect(told).toBeGreaterThan(4000);
  });

  it('are over when their window is, and a price that was not known does not count', () => {
    const { watch, quote, lose } = watchOf();
    quote(10, 10_000);
    quote(12, 9_900);
    expect(watch.values[PRICE_MOVE_1M]).toBe(0.01);
    // The old price stood until 12 s, so it is in the window until 72 s, to the bucket.
    quote(72.2, 9_900);
    expect(watch.values[PRICE_MOVE_1M]).toBe(0.01);
    quote(72.3, 9_900);
    expect(watch.values[PRICE_MOVE_1M]).toBe(0);
    expect(watch.values[PRICE_MOVE_5M]).toBe(0.01);
    lose(73);
    expect(watch.isBlind).toBe(true);
    quote(400, 20_000);
    expect(watch.values[PRICE_MOVE_5M]).toBe(0);
  });

  it('begin anew when the clock is set back', () => {
    const { watch, quote } = watchOf();
    quote(5000, 10_000);
    quote(5001, 10_500);
    quote(100, 10_500);
    quote(101, 10_600);
    expect(watch.values[PRICE_MOVE_5M]).toBeCloseTo(100 / 10_500, 12);
    quote(500, 10_600);
    expect(watch.values[PRICE_MOVE_5M]).toBe(0);
  });
});

describe('spread, delay, volume, volatility and answers', () => {
  it('a spread counts when it stood wide for a whole second, against its median, once that is known', () => {
    const { watch, quote } = watchOf({ warmupNs: 30e9 });
    for (let at = 0; at < 20; at += 0.1) quote(at, 10_000, 2);
    quote(20, 10_000, 40);
    quote(22, 10_000, 40);
    expect(watch.values[SPREAD]).toBe(0);
    for (let at = 23; at < 60; at += 0.1) quote(at, 10_000, Math.round(at * 10) % 10 === 0 ? 60 : 2);
    expect(watch.values[SPREAD]).toBeCloseTo(1, 1);
    quote(60.5, 10_000, 20);
    quote(61.5, 10_000, 20);
    expect(watch.values[SPREAD]).toBeCloseTo(1, 1);
    quote(62, 10_000, 20);
    expect(watch.values[SPREAD]).toBeCloseTo(10, 0);
  });

  it('a spread below the floor is not wide', () => {
    const { watch, quote } = watchOf({ warmupNs: 0, spreadFloor: 0.01 });
    for (let at = 0; at < 60; at++) quote(at, 10_000, 2);
    for (let at = 60; at < 65; at++) quote(at, 10_000, 98);
    expect(watch.values[SPREAD]).toBe(0);
    for (let at = 65; at < 68; at++) quote(at, 10_000, 100);
    expect(watch.values[SPREAD]).toBeGreaterThan(20);
  });

  it('market data is late by what its fastest message of a second is above the usual', () => {
    const { watch, quote } = watchOf({ warmupNs: 10e9 });
    for (let at = 0; at < 60; at += 0.25) quote(at, 10_000, 2, 0.02);
    expect(watch.values[FEED_DELAY]).toBeCloseTo(0, 6);
    for (let at = 60; at < 62; at += 0.25) quote(at, 10_000, 2, Math.round(at * 4) % 4 === 0 ? 0.03 : 0.52);
    expect(watch.values[FEED_DELAY]).toBeCloseTo(10, 0);
    for (let at = 62; at < 64; at += 0.25) quote(at, 10_000, 2, 0.52);
    expect(watch.values[FEED_DELAY]).toBeCloseTo(500, -1);
    for (let at = 64; at < 66; at += 0.25) quote(at, 10_000, 2, -0.3);
    expect(watch.skewNs).toBeCloseTo(0.3e9, -3);
  });

  it('volume is that of five seconds, against seconds that had any', () => {
    const { watch, print } = watchOf();
    // Prints in every tenth second only: a burst after a silence is no spike.
    for (let at = 0; at < 700; at += 10) for (let i = 0; i < 4; i++) print(at + i / 10, 5);
    expect(watch.values[VOLUME]).toBeLessThanOrEqual(1);
    print(700, 300);
    print(701, 300);
    print(702.5, 400);
    watch.advance(703e9);
    expect(watch.values[VOLUME]).toBeGreaterThan(6);
    watch.advance(712e9);
    expect(watch.values[VOLUME]).toBe(0);
  });

  it('volatility is that of the last minute over that of long before, and one jump is no crisis', () => {
    const { watch, quote } = watchOf();
    const random = Random.stream(7, 'volatility');
    let mid = 1_000_000;
    const go = (from: number, to: number, step: number): number => {
      let most = 0;
      for (let at = from; at < to; at++) {
        quote(at, (mid += step * (random.below(2) * 2 - 1)));
        most = Math.max(most, watch.values[VOLATILITY]!);
      }
      return most;
    };
    expect(go(0, 100, 10)).toBe(0);
    expect(go(100, 900, 10)).toBeCloseTo(1, 1);
    mid += 5000;
    expect(go(900, 1000, 10)).toBeLessThan(2);
    expect(go(1000, 1200, 80)).toBeGreaterThan(4);
  });

  it('answers are late against their own norm, a floor and a cap', () => {
    const { watch } = watchOf({ latencyRatio: 10, latencyFloorNs: 50e6, latencyCapNs: 1e9 });
    watch.answered(5e9);
    watch.answered(Number.NaN);
    expect(watch.values[LATENCY]).toBeNaN();
    watch.restart();
    for (let i = 0; i < 400; i++) watch.answered(2e6);
    expect(watch.values[LATENCY]).toBeCloseTo(2, 0);
    expect(watch.limits[LATENCY]).toBeCloseTo(50, 6);
    for (let i = 0; i < 2000; i++) watch.answered(20e6);
    expect(watch.limits[LATENCY]).toBeCloseTo(200, -1);
    for (let i = 0; i < 9000; i++) watch.answered(900e6);
    expect(watch.limits[LATENCY]).toBe(1000);
  });
});
