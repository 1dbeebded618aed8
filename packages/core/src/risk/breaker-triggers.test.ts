import { describe, expect, it } from 'vitest';
import { BreakerScene } from './testing/breaker-scene.ts';

/** Nothing is tightened but what the test is about. */
const WARM = { warmupNs: 30e9 };

describe('each trigger opens the breaker with the numbers that caused it', () => {
  it('a price move over a minute, up or down, and not one that takes longer', () => {
    const scene = new BreakerScene({ move1m: 0.01, move5m: null, volatilityRatio: null });
    scene.calm(0, 10);
    expect(scene.quote(11, 9_900)).toBe(true);
    expect(scene.trips).toEqual(['0 PRICE_MOVE_1M 0.0101/0.01']);
    expect(scene.state()).toBe('OPEN');
    const up = new BreakerScene({ move1m: 0.01, move5m: null });
    expect(up.quote(1, 10_000)).toBe(false);
    expect(up.quote(60, 10_100)).toBe(true);
    const slow = new BreakerScene({ move1m: 0.01, move5m: null, volatilityRatio: null });
    for (let i = 0; i < 40; i++) slow.quote(i * 20, 10_000 + i * 20);
    expect(slow.trips).toEqual([]);
  });

  it('a price move over five minutes', () => {
    const scene = new BreakerScene({ move1m: null, move5m: 0.02, volatilityRatio: null });
    for (let at = 0; at < 240; at += 5) scene.quote(at, 10_000 + at / 2);
    expect(scene.trips).toEqual([]);
    scene.quote(290, 10_200);
    expect(scene.trips).toEqual(['0 PRICE_MOVE_5M 0.02/0.02']);
  });

  it('a spread that widens, warned of before', () => {
    const scene = new BreakerScene({ ...WARM, spreadRatio: 10, spreadFloor: 0, volatilityRatio: null });
    scene.calm(0, 60);
    scene.said();
    for (let at = 60; at < 64; at += 0.25) scene.quote(at, 10_000, 14);
    expect(scene.said()).toEqual(['62 SPREAD_ANOMALY WARNING']);
    expect(scene.state()).toBe('CLOSED');
    for (let at = 64; at < 65; at += 0.25) scene.quote(at, 10_000, 2);
    for (let at = 65; at < 68; at += 0.25) scene.quote(at, 10_000, 24);
    expect(scene.said()).toEqual([
      '65 SPREAD_ANOMALY INFO',
      '67 SPREAD_ANOMALY WARNING',
      '67 CIRCUIT_BREAKER_OPEN CRITICAL',
    ]);
    expect(scene.trips[0]).toMatch(/^0 SPREAD 1[12](\.\d+)?\/10$/);
  });

  it('volume far above what a second brings', () => {
    const scene = new BreakerScene({ volumeRatio: 8 });
    scene.calm(0, 90);
    for (let i = 0; i < 3; i++) scene.print(90.1 + i / 10, 90);
    expect(scene.said()).toEqual(['90.3 VOLUME_ANOMALY WARNING']);
    expect(scene.state()).toBe('CLOSED');
    scene.print(90.5, 90);
    expect(scene.trips).toEqual(['0 VOLUME 8/8']);
  });

  it('answers that come late, against the norm and against the cap', () => {
    const scene = new BreakerScene({ latencyRatio: 10, latencyFloorNs: 0, latencyCapNs: 1e9 });
    for (let i = 0; i < 50; i++) scene.breaker.answered(0, 5e6, i * 1e9);
    expect(scene.breaker.answered(0, 60e6, 51e9)).toBe(false);
    expect(scene.said()).toEqual([]);
    scene.breaker.answered(0, 100e6, 52e9);
    expect(scene.said()).toEqual(['52 LATENCY_WARNING WARNING']);
    scene.breaker.answered(0, 200e6, 53e9);
    expect(scene.trips[0]).toMatch(/^0 LATENCY /);
    const capped = new BreakerScene({ latencyRatio: null, latencyCapNs: 1e9 });
    for (let i = 0; i < 4; i++) capped.breaker.answered(0, 1e9, i * 1e9);
    expect(capped.trips).toEqual(['0 LATENCY 1000/1000']);
  });

  it('market data that comes late', () => {
    const scene = new BreakerScene({ ...WARM, feedDelayNs: 500e6 });
    scene.calm(0, 60);
    scene.delay = 0.4;
    scene.calm(60, 63);
    expect(scene.said()).toEqual(['61 LATENCY_WARNING WARNING']);
    scene.delay = 0.9;
    scene.calm(63, 65);
    expect(scene.trips[0]).toMatch(/^0 FEED_DELAY /);
  });

  it('a connection that stays away, and not one that is back in time', () => {
    const scene = new BreakerScene({ disconnectNs: 5e9 });
    scene.calm(0, 10);
    scene.connect(10, false);
    scene.connect(14, true);
    expect(scene.said()).toEqual(['10 CONNECTIVITY_ISSUE WARNING', '14 CONNECTIVITY_ISSUE INFO']);
    scene.connect(20, false);
    scene.connect(20, false);
    scene.wake(30);
    expect(scene.trips).toEqual(['0 CONNECTIVITY 5000/5000']);
    expect(scene.said()).toEqual(['20 CONNECTIVITY_ISSUE WARNING', '25 CIRCUIT_BREAKER_OPEN CRITICAL']);
    // The price of before an outage did not stand through it.
    const moved = new BreakerScene({ disconnectNs: null, move1m: 0.01, move5m: 0.01 });
    moved.calm(0, 10);
    moved.connect(10, false);
    moved.connect(1000, true);
    moved.quote(1001, 20_000);
    expect(moved.trips).toEqual([]);
    const atOnce = new BreakerScene({ disconnectNs: 0 });
    expect(atOnce.connect(1, false)).toBe(true);
    expect(atOnce.state()).toBe('OPEN');
  });

  it('a crisis: volatility far above its long average; regimes on the way are told', () => {
    const scene = new BreakerScene({ volatilityRatio: 5, volatileRatio: 2.5, move1m: null, move5m: null, ...WARM });
    const step = (at: number, by: number): boolean => scene.quote(at, 100_000 + (at % 2 === 0 ? by : 0));
    for (let at = 0; at < 300; at++) step(at, 10);
    expect(scene.said()).toEqual([]);
    for (let at = 300; at < 400 && scene.trips.length === 0; at++) step(at, 100);
    const said = scene.said().map((line) => line.split(' ').slice(1).join(' '));
    expect(said).toEqual(['REGIME_CHANGE WARNING', 'REGIME_CHANGE CRITICAL', 'CIRCUIT_BREAKER_OPEN CRITICAL']);
    expect(scene.trips[0]).toMatch(/^0 VOLATILITY /);
    for (let at = 400; at < 1200; at++) step(at, 10);
    expect(scene.said().findLast((line) => line.includes('REGIME'))).toMatch(/REGIME_CHANGE INFO/);
  });

  it('drawdown from the peak and loss within a minute: the global one, and all instruments with it', () => {
    const scene = new BreakerScene({ drawdown: 0.04, lossPerMinute: null }, 2);
    expect(scene.breaker.equity(100_000, 100_000, 1e9)).toBe(false);
    scene.breaker.equity(105_000, 105_000, 100e9);
    scene.breaker.equity(Number.NaN, Number.NaN, 101e9);
    expect(scene.breaker.equity(100_801, 105_000, 300e9)).toBe(false);
    expect(scene.breaker.equity(100_800, 105_000, 301e9)).toBe(true);
    expect(scene.trips).toEqual(['-1 DRAWDOWN 0.04/0.04']);
    expect([scene.state(0), scene.state(1)]).toEqual(['OPEN', 'OPEN']);
    const fast = new BreakerScene({ drawdown: null, lossPerMinute: 1000 });
    fast.breaker.equity(-50, 0, 1e9);
    fast.breaker.equity(-600, 0, 40e9);
    fast.breaker.equity(-1000, 0, 102e9);
    expect(fast.trips).toEqual([]);
    fast.breaker.equity(-1600, 0, 110e9);
    expect(fast.trips).toEqual(['-1 LOSS_VELOCITY 1000/1000']);
  });

  it('a share of the instruments that is open', () => {
    const scene = new BreakerScene({ openShare: 0.5 }, 4);
    scene.breaker.trip(0, 1e9);
    expect([0, 1, 2, 3].map((market) => scene.state(market))).toEqual(['OPEN', 'CLOSED', 'CLOSED', 'CLOSED']);
    scene.breaker.trip(3, 2e9);
    expect(scene.trips).toEqual(['0 MANUAL', '3 MANUAL', '-1 OPEN_SHARE 0.5/0.5']);
    expect([0, 1, 2, 3].map((market) => scene.state(market))).toEqual(['OPEN', 'OPEN', 'OPEN', 'OPEN']);
    // One of one is no share.
    const alone = new BreakerScene({ openShare: 0.5 });
    alone.breaker.trip(0, 1e9);
    expect(alone.breaker.global).toBe(0);
  });

  it('none that is off', () => {
    const off = {
      move1m: null,
      move5m: null,
      spreadRatio: null,
      volumeRatio: null,
      latencyRatio: null,
      latencyCapNs: null,
      feedDelayNs: null,
      disconnectNs: null,
      volatilityRatio: null,
      drawdown: null,
      lossPerMinute: null,
    };
    const scene = new BreakerScene(off);
    scene.calm(0, 200);
    for (let at = 200; at < 300; at++) scene.quote(at, at % 2 === 0 ? 5_000 : 20_000, 2000);
    scene.print(300, 1e9);
    for (let i = 0; i < 50; i++) scene.breaker.answered(0, 60e9, 301e9);
    scene.delay = 100;
    scene.calm(301, 310);
    scene.connect(310, false);
    scene.wake(1000);
    scene.breaker.equity(1e6, 1e6, 1000e9);
    scene.breaker.equity(1, 1e6, 1001e9);
    expect(scene.trips).toEqual([]);
  });
});

describe('data that does not come, or not in its time', () => {
  it('a silent book is stale, and it is said when it is back', () => {
    const scene = new BreakerScene({ staleNs: 10e9 });
    scene.calm(0, 5);
    scene.wake(20);
    expect(scene.said()).toEqual(['14.75 BOOK_STALE WARNING']);
    scene.print(21, 1);
    expect(scene.said()).toEqual([]);
    scene.quote(22, 10_000);
    expect(scene.said()).toEqual(['22 BOOK_STALE INFO']);
    scene.wake(40);
    expect(scene.said()).toEqual(['32 BOOK_STALE WARNING']);
  });

  it('a book that is not fit for long is stale, and not one that is fit again at once', () => {
    const scene = new BreakerScene({ notReadyNs: 1e9 });
    scene.calm(0, 5);
    scene.lose(5);
    scene.quote(5.5, 10_000);
    scene.quote(6.5, 10_000);
    expect(scene.said()).toEqual([]);
    scene.lose(7);
    scene.wake(9);
    expect(scene.said()).toEqual(['8 BOOK_STALE WARNING']);
    scene.quote(9, 10_000);
    expect(scene.said()).toEqual(['9 BOOK_STALE INFO']);
  });

  it('a connection that is away has no stale book, and its silence begins when it is back', () => {
    const scene = new BreakerScene({ disconnectNs: null, staleNs: 10e9 });
    scene.calm(0, 5);
    scene.connect(5, false);
    scene.wake(100);
    scene.connect(100, true);
    scene.wake(109);
    expect(scene.said()).toEqual(['5 CONNECTIVITY_ISSUE WARNING', '100 CONNECTIVITY_ISSUE INFO']);
    scene.wake(111);
    expect(scene.said()).toEqual(['110 BOOK_STALE WARNING']);
  });

  it('messages that were received before they were sent', () => {
    const scene = new BreakerScene({ clockSkewNs: 500e6 });
    scene.delay = -0.6;
    scene.calm(0, 5);
    expect(scene.said()).toEqual(['1 CLOCK_SKEW WARNING']);
    scene.delay = -0.2;
    scene.calm(5, 8);
    expect(scene.said()).toEqual(['6 CLOCK_SKEW INFO']);
  });
});
