/** What pages are told of circuit breakers and of a market's mood. */
import { expect, test } from 'vitest';
import { BreakerState } from '../trading/risk-state.ts';
import { Trigger } from './breaker/trigger.ts';
import { BreakerScene } from './testing/breaker-scene.ts';

const { CLOSED, HALF_OPEN, OPEN } = BreakerState;
const SETTINGS = { move1m: 0.01, move5m: null, cooldownNs: 30e9, canaryNs: 20e9 } as const;

test('a breaker tells its own state, until when it holds, and how often it opened', () => {
  const scene = new BreakerScene(SETTINGS, 2);
  const { breaker } = scene;
  const rows = () =>
    [0, 1, -1].map((market) => [breaker.own(market), breaker.untilNs(market), breaker.tripCount(market)]);
  for (const market of [0, 1]) scene.calm(0, 10, 10_000, 2, market);
  expect(rows()).toEqual([
    [CLOSED, Infinity, 0],
    [CLOSED, Infinity, 0],
    [CLOSED, Infinity, 0],
  ]);
  scene.quote(10, 9800);
  expect(rows()[0]).toEqual([OPEN, 40e9, 1]);
  scene.calm(10.25, 40.25, 9800);
  expect(rows()[0]).toEqual([HALF_OPEN, 60e9, 1]);
  breaker.trip(-1, 41e9);
  // What holds for an instrument is the stricter; its own is its own.
  expect(breaker.states[0]).toBe(OPEN);
  expect(rows()).toEqual([
    [HALF_OPEN, 60e9, 1],
    [CLOSED, Infinity, 0],
    [OPEN, Infinity, 1],
  ]);
  const again = new BreakerScene(SETTINGS, 2).breaker;
  again.restore(structuredClone(breaker.save()));
  expect([0, 1, -1].map((market) => again.tripCount(market))).toEqual([1, 0, 1]);
  expect(breaker.measure(0, Trigger.PRICE_MOVE_1M).limit).toBe(0.01);
});

test('what is measured stands beside its threshold', () => {
  const scene = new BreakerScene({ ...SETTINGS, move1m: 0.5, move5m: 0.5 }, 1);
  scene.calm(0, 10);
  scene.quote(10, 11_000);
  const { value, limit } = scene.breaker.measure(0, Trigger.PRICE_MOVE_1M);
  expect(value).toBeCloseTo(0.1, 3);
  expect(limit).toBe(0.5);
});

test('the mood of a market is not known, then usual, then wild', () => {
  const scene = new BreakerScene({
    move1m: null,
    move5m: null,
    spreadRatio: null,
    volumeRatio: null,
    volatilityRatio: 4,
    volatileRatio: 2,
  });
  const { breaker } = scene;
  expect(breaker.mood(0)).toEqual({
    regime: 'NORMAL',
    volatility: Number.NaN,
    volatilityRatio: Number.NaN,
    spreadRatio: Number.NaN,
  });
  for (let at = 0; at < 2000; at++) scene.quote(at, 10_000 + (at % 2));
  const calm = breaker.mood(0);
  // A tick of ten thousand, every second.
  expect(calm.volatility).toBeCloseTo(1e-4, 6);
  expect(calm.volatilityRatio).toBeCloseTo(1, 1);
  expect(calm.spreadRatio).toBe(1);
  expect(calm.regime).toBe('NORMAL');
  for (let at = 2000; at < 2060; at++) scene.quote(at, 10_000 + (at % 2) * 40, 6);
  const wild = breaker.mood(0);
  expect(wild.volatilityRatio).toBeGreaterThan(3);
  expect(wild.volatility).toBeGreaterThan(calm.volatility * 3);
  expect(wild.spreadRatio).toBeGreaterThan(2);
  expect(wild.regime).toBe('CRISIS');
});
