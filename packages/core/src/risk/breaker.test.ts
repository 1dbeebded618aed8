import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { BreakerState } from '../trading/risk-state.ts';
import { BreakerScene } from './testing/breaker-scene.ts';

const SETTINGS = {
  move1m: 0.01,
  move5m: null,
  volatilityRatio: null,
  volumeRatio: null,
  cooldownNs: 30e9,
  cooldownGrowth: 2,
  maxCooldownNs: 100e9,
  canaryNs: 20e9,
  forgetNs: 1000e9,
} as const;

describe('the way of a breaker', () => {
  it('is CLOSED, OPEN for the cool-down, HALF_OPEN for the canary, CLOSED; each is told', () => {
    const scene = new BreakerScene(SETTINGS);
    scene.calm(0, 10);
    scene.quote(10, 9_800);
    expect(scene.state()).toBe('OPEN');
    expect(scene.breaker.worst).toBe(BreakerState.OPEN);
    scene.calm(10.25, 39.9, 9_800);
    expect(scene.state()).toBe('OPEN');
    scene.calm(40, 59.9, 9_800);
    expect(scene.state()).toBe('HALF_OPEN');
    expect(scene.breaker.worst).toBe(BreakerState.HALF_OPEN);
    scene.calm(60, 61, 9_800);
    expect(scene.state()).toBe('CLOSED');
    expect(scene.breaker.worst).toBe(BreakerState.CLOSED);
    expect(scene.said()).toEqual([
      '10 CIRCUIT_BREAKER_OPEN CRITICAL',
      '40 CIRCUIT_BREAKER_HALF_OPEN WARNING',
      '60 CIRCUIT_BREAKER_CLOSED INFO',
    ]);
    expect(scene.breaker.trips).toMatchObject([{ number: 1, ns: 10e9, market: 0, isRelapse: false, cooldownNs: 30e9 }]);
  });

  it('stays OPEN while what opened it goes on', () => {
    const scene = new BreakerScene({ ...SETTINGS, staleNs: null });
    scene.calm(0, 10);
    scene.quote(10, 9_800);
    // The price is not at rest when the cool-down is over: 0.6 % within a minute is above the release level.
    scene.quote(38, 9_740);
    scene.wake(90);
    expect(scene.state()).toBe('OPEN');
    scene.calm(90, 100, 9_740);
    expect(scene.said()).toEqual(['10 CIRCUIT_BREAKER_OPEN CRITICAL', '99 CIRCUIT_BREAKER_HALF_OPEN WARNING']);
  });

  it('trips again out of the canary at a tighter threshold, and its cool-downs lengthen up to a bound', () => {
    const scene = new BreakerScene(SETTINGS);
    scene.calm(0, 10);
    let mid = 9_800;
    scene.quote(10, mid);
    let at = 10;
    for (const cooldown of [30, 60, 100, 100]) {
      scene.calm(at + 0.25, at + cooldown, mid);
      expect(scene.state()).toBe('OPEN');
      scene.calm(at + cooldown, at + cooldown + 5, mid);
      expect(scene.state()).toBe('HALF_OPEN');
      at += cooldown + 5;
      // 0.8 %: below the threshold of a closed breaker, above that of a canary.
      mid = Math.round(mid * 0.992);
      expect(scene.quote(at, mid)).toBe(true);
    }
    expect(scene.breaker.trips.map(({ cooldownNs, isRelapse }) => [cooldownNs / 1e9, isRelapse])).toEqual([
      [30, false],
      [60, true],
      [100, true],
      [100, true],
      [100, true],
    ]);
    expect(scene.breaker.trips[1]!.limit).toBe(0.0075);
  });

  it('forgets its trips after a long time without one, and not before', () => {
    const scene = new BreakerScene({ ...SETTINGS, forgetNs: 200e9 });
    scene.calm(0, 10);
    scene.quote(10, 9_800);
    scene.calm(10.25, 250, 9_800);
    scene.quote(250, 10_000);
    scene.calm(250.25, 540, 10_000);
    scene.quote(540, 9_800);
    expect(scene.breaker.trips.map(({ cooldownNs }) => cooldownNs / 1e9)).toEqual([30, 60, 30]);
  });

  it('does not go on without a market: an outage is no proof', () => {
    const scene = new BreakerScene({ ...SETTINGS, disconnectNs: 5e9 });
    scene.calm(0, 10);
    scene.connect(10, false);
    scene.wake(200);
    expect(scene.state()).toBe('OPEN');
    scene.connect(200, true);
    scene.calm(200, 202);
    expect(scene.state()).toBe('HALF_OPEN');
    scene.lose(203);
    scene.wake(300);
    expect(scene.state()).toBe('HALF_OPEN');
    scene.calm(300, 302);
    expect(scene.state()).toBe('CLOSED');
  });

  it('by hand it opens until it is closed by hand; what is no instrument is nothing', () => {
    const scene = new BreakerScene(SETTINGS, 2);
    scene.calm(0, 10);
    expect(scene.breaker.trip(0, 10e9)).toBe(true);
    expect(scene.breaker.trip(0, 10e9)).toBe(false);
    scene.calm(10, 5000, 10_000);
    expect([scene.state(0), scene.state(1)]).toEqual(['OPEN', 'CLOSED']);
    expect(scene.breaker.reset(0, 5000e9)).toBe(true);
    expect(scene.breaker.reset(0, 5000e9)).toBe(false);
    expect(scene.state(0)).toBe('CLOSED');
    expect(scene.breaker.trip(-1, 5001e9)).toBe(true);
    expect([scene.state(0), scene.state(1)]).toEqual(['OPEN', 'OPEN']);
    // One instrument is closed by hand: that of all still holds.
    scene.breaker.reset(0, 5001e9);
    expect(scene.state(0)).toBe('OPEN');
    expect(scene.breaker.reset(-1, 5002e9)).toBe(true);
    expect([scene.state(0), scene.state(1)]).toEqual(['CLOSED', 'CLOSED']);
    expect(scene.breaker.trip(7, 5003e9)).toBe(false);
    expect(scene.breaker.reset(7, 5003e9)).toBe(false);
  });

  it('the global one has a canary too, and its instruments are half open with it', () => {
    const scene = new BreakerScene({ ...SETTINGS, lossPerMinute: 100, drawdown: null }, 2);
    for (const market of [0, 1]) scene.calm(0, 1, 10_000, 2, market);
    scene.breaker.equity(1000, 1000, 1e9);
    scene.breaker.equity(900, 1000, 2e9);
    expect([scene.state(0), scene.state(1)]).toEqual(['OPEN', 'OPEN']);
    scene.wake(33);
    expect([scene.state(0), scene.state(1)]).toEqual(['HALF_OPEN', 'HALF_OPEN']);
    scene.breaker.equity(824, 1000, 34e9);
    expect(scene.trips).toEqual(['-1 LOSS_VELOCITY 100/100', '-1 LOSS_VELOCITY 76/75']);
    scene.wake(200);
    expect([scene.state(0), scene.state(1)]).toEqual(['CLOSED', 'CLOSED']);
  });
});

describe('saved and restored', () => {
  it('a breaker goes on as if nothing had been, wherever it was cut', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const whole = story(seed, Number.POSITIVE_INFINITY);
      expect(whole.lines.length).toBeGreaterThan(3);
      for (const cut of [100, 900, 1700]) expect(story(seed, cut)).toEqual(whole);
    }
  });

  it('a state of other instruments is refused', () => {
    const state = new BreakerScene({}, 2).breaker.save();
    expect(() => new BreakerScene({}, 3).breaker.restore(state)).toThrow(RangeError);
  });
});

describe('numbers that no market has', () => {
  it('do not break it: it still measures, opens and closes afterwards, and never asks to be woken in the past', () => {
    const odd = [Number.NaN, Infinity, -Infinity, 0, -1, 1e300, -1e300, 5e-324, 2 ** 53];
    for (let seed = 1; seed <= 10; seed++) {
      const random = Random.stream(seed, 'odd');
      const any = (usual: number): number => (random.below(3) === 0 ? odd[random.below(odd.length)]! : usual);
      const scene = new BreakerScene({ ...SETTINGS, feedDelayNs: null });
      const market = scene.markets[0]!;
      for (let step = 0; step < 300; step++) {
        market.isReady = random.below(10) > 0;
        market.receivedNs = any(step * 1e8);
        market.venueNs = any(step * 1e8);
        market.bidTicks = any(9_999);
        market.askTicks = any(10_001);
        scene.breaker.book(market);
        const record = Float64Array.of(2, 0, market.receivedNs, any(10_000), any(10), 0, 0, 0);
        scene.breaker.trade(0, record, 0);
        scene.breaker.answered(0, any(1e6), step * 1e8);
        scene.breaker.equity(any(1000), any(1000), step * 1e8);
      }
      scene.breaker.reset(-1, 100e9);
      scene.calm(100, 110);
      expect(scene.breaker.nextNs).toBeGreaterThan(109e9);
      scene.breaker.reset(-1, 110e9);
      scene.calm(110, 900);
      expect(scene.state()).toBe('CLOSED');
      scene.quote(900, 9_800);
      expect(scene.trips.at(-1)).toMatch(/^0 PRICE_MOVE_1M/);
      scene.calm(900.25, 1100, 9_800);
      expect(scene.state()).toBe('CLOSED');
    }
  });
});

/** A session of random trouble; at a step the breaker and its alerts are replaced by restored ones. */
function story(seed: number, cut: number): { lines: string[]; trips: string[] } {
  const settings = {
    ...SETTINGS,
    warmupNs: 10e9,
    spreadFloor: 0,
    volumeRatio: 8,
    volatilityRatio: 8,
    cooldownNs: 8e9,
    canaryNs: 5e9,
  };
  const random = Random.stream(seed, 'story');
  let scene = new BreakerScene(settings, 2);
  const lines: string[] = [];
  let mid = 10_000;
  let at = 0;
  for (let step = 0; step < 2400; step++) {
    if (step === cut) {
      const next = new BreakerScene(settings, 2);
      next.breaker.restore(structuredClone(scene.breaker.save()));
      next.alerts.restore(structuredClone(scene.alerts.save()));
      scene.markets.forEach((market, index) => Object.assign(next.markets[index]!, market));
      scene = next;
    }
    at += (1 + random.below(200)) / 1000;
    const market = random.below(2);
    const what = random.below(1000);
    mid += random.below(5) - 2 + (what < 3 ? random.below(400) - 200 : 0);
    scene.delay = 0.001;
    if (what < 6) at += random.below(30);
    if (what < 8) scene.connect(at, what % 2 === 0, market);
    else if (what < 12) scene.lose(at, market);
    else if (what < 200) scene.print(at, 1 + random.below(20) + (what < 20 ? 400 : 0), market);
    else if (what < 300) scene.breaker.answered(market, (what < 204 ? 900 : 5) * 1e6, at * 1e9);
    else if (what < 320) scene.breaker.equity(mid, 10_000, at * 1e9);
    else scene.quote(at, mid, step % 700 > 650 ? 60 : 2, market);
    lines.push(...scene.said());
  }
  return { lines, trips: scene.trips };
}
