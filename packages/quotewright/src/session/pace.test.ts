/** Market time against a clock that the test turns. */
import { Random } from '@quotewright/core/base/random';
import { describe, expect, it, test } from 'vitest';
import { UNPACED, WallPace, parseSpeed } from './pace.ts';

/** Sleeps as long as it is asked to, and up to a millisecond longer. */
function clock(random: Random) {
  const state = { nowMs: 1000, slept: 0 };
  return {
    state,
    now: () => state.nowMs,
    sleep: (ms: number) => {
      state.slept += ms;
      state.nowMs += ms + random.uniform();
      return Promise.resolve();
    },
  };
}

describe.each([0.5, 1, 10, 1000])('at %f times the wall clock', (speed) => {
  it('goes as far as the time that has passed, within a few milliseconds, and sleeps meanwhile', async () => {
    const wall = clock(Random.stream(1, 'pace'));
    const pace = new WallPace(speed, wall);
    let nowNs = 5e9;
    for (let i = 0; i < 2000; i++) {
      // What runs takes a tenth of a millisecond.
      wall.state.nowMs += 0.1;
      const limitNs = (Math.floor(nowNs / 1e9) + 1) * 1e9;
      const untilNs = await pace.next(nowNs, limitNs);
      expect(untilNs).toBeGreaterThan(nowNs);
      expect(untilNs).toBeLessThanOrEqual(limitNs);
      nowNs = untilNs;
      const wallMs = wall.state.nowMs - 1000;
      expect(Math.abs((nowNs - 5e9) / 1e6 / speed - wallMs)).toBeLessThan(12);
    }
    expect(wall.state.slept).toBeGreaterThan(0.3 * (wall.state.nowMs - 1000));
  });

  it('does not jump after a stall, follows faster than the clock until it has caught up, and says how far behind it is', async () => {
    const wall = clock(Random.stream(2, 'pace'));
    const pace = new WallPace(speed, wall);
    let nowNs = await pace.next(0, Infinity);
    wall.state.nowMs += 5000;
    let slices = 0;
    let wasBehind = 0;
    do {
      wall.state.nowMs += 0.2;
      const untilNs = await pace.next(nowNs, Infinity);
      expect((untilNs - nowNs) / 1e6 / speed).toBeLessThanOrEqual(25.001);
      nowNs = untilNs;
      wasBehind = Math.max(wasBehind, pace.lagMs);
      slices++;
    } while (pace.lagMs > 5);
    expect(wasBehind).toBeGreaterThan(4900);
    expect(slices).toBeGreaterThan(190);
    expect(slices).toBeLessThan(400);
  });
});

test('unpaced it is the whole way at once', async () => {
  expect(await UNPACED.next(3, 7e9)).toBe(7e9);
});

test.each([
  ['max', 'max'],
  ['1x', 1],
  ['10', 10],
  ['0.5x', 0.5],
  ['0x', undefined],
  ['-1x', undefined],
  ['', undefined],
  ['x', undefined],
  ['1e3', undefined],
  ['NaN', undefined],
  ['10000001', undefined],
] as const)('the speed %j is %j', (text, speed) => {
  expect(parseSpeed(text)).toBe(speed);
});
