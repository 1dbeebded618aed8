import { unixMsToNs } from '@quotewright/core/base/time';
import { Random } from '@quotewright/core/base/random';
import { expect, it } from 'vitest';
import { LiveClock } from './live-clock.ts';

const START_MS = 1_790_000_000_000;
const DAY = Math.floor(START_MS / 86_400_000);

/** A machine whose two clocks a test moves. */
function machine(): { clock: LiveClock; pass: (ms: number, wallMs?: number) => void; wallMs: () => number } {
  let monotonic = 5000.25;
  let wall = START_MS;
  const clock = new LiveClock(DAY, { monotonicMs: () => monotonic, wallMs: () => Math.floor(wall) });
  return {
    clock,
    pass: (ms, wallMs = ms) => {
      monotonic += ms;
      wall += wallMs;
    },
    wallMs: () => wall,
  };
}

it('begins at the wall clock and goes with the monotonic one', () => {
  const { clock, pass } = machine();
  expect(clock.nowNs()).toBe(unixMsToNs(START_MS, DAY));
  pass(0.123_456, 0);
  expect(clock.nowNs()).toBeCloseTo(unixMsToNs(START_MS, DAY) + 123_456, -1);
  expect(clock.nowMs()).toBeCloseTo(START_MS + 0.123_456, 3);
  expect(Number.isInteger(clock.nowNs())).toBe(true);
});

it('comes to the wall clock when that is 400 ms off, without a step', () => {
  for (const offMs of [400, -400]) {
    const { clock, pass, wallMs } = machine();
    pass(0, offMs);
    let last = clock.nowNs();
    for (let i = 0; i < 2000; i++) {
      pass(50);
      const now = clock.nowNs();
      // Slewed by at most one part in twenty.
      expect(now - last).toBeGreaterThan(0.9499 * 50e6);
      expect(now - last).toBeLessThan(1.0501 * 50e6);
      last = now;
    }
    expect(Math.abs(clock.nowMs() - wallMs())).toBeLessThan(1.5);
  }
});

it('follows a wall clock that is far ahead at once, and one that is far behind slowly', () => {
  const ahead = machine();
  ahead.pass(1001, 61_001);
  expect(Math.abs(ahead.clock.nowMs() - ahead.wallMs())).toBeLessThan(1.5);
  const behind = machine();
  const before = behind.clock.nowNs();
  behind.pass(1001, -59_000);
  expect(behind.clock.nowNs() - before).toBeCloseTo(1001e6, -2);
  behind.pass(1001, 1001);
  expect(behind.clock.nowNs() - before).toBeGreaterThan(1900e6);
});

it('never goes back, whatever the clocks do', () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = Random.stream(seed, 'clock');
    const { clock, pass } = machine();
    let last = clock.nowNs();
    for (let i = 0; i < 300; i++) {
      pass(random.uniform() * 3000 * (random.below(3) === 0 ? 0 : 1), (random.uniform() - 0.4) * 4000);
      const now = clock.nowNs();
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
    }
  }
});

it('tells a venue its own time', () => {
  const { clock } = machine();
  expect(clock.venueMs('kraken')).toBe(START_MS);
  clock.setOffset('kraken', { offsetMs: -120, errorMs: 4, roundTripMs: 8, measuredNs: clock.nowNs() });
  expect(clock.venueMs('kraken')).toBe(START_MS - 120);
  expect(clock.venueMs('binance')).toBe(START_MS);
});
