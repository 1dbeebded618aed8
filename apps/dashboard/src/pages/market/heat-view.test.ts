import type { HeatmapColumn } from 'quotewright/server/protocol/stream';
import { describe, expect, test } from 'vitest';
import {
  type HeatView,
  evenRuns,
  firstAt,
  fitMarket,
  frameOf,
  pan,
  priceY,
  shiftOf,
  timeLabels,
  timeX,
  xTime,
  yPrice,
  zoomPrice,
} from './heat-view.ts';

const box = { left: 0, top: 0, width: 600, height: 400 };
const following: HeatView = { rangeMs: 60_000, endMs: undefined, centreTicks: undefined, spanTicks: undefined };
const fit = { centreTicks: 1000, spanTicks: 100 };

const column = (timeMs: number, mid: number): HeatmapColumn => ({
  timeMs,
  bidTicks: mid - 1,
  askTicks: mid + 1,
  imbalance: 0,
  fromTicks: mid - 80,
  stepTicks: 1,
  lots: Array.from({ length: 160 }, () => 1),
});

describe('the frame', () => {
  const frame = frameOf(following, 100_000, fit);

  test('maps there and back', () => {
    for (const ms of [frame.fromMs, 70_123, frame.toMs])
      expect(xTime(timeX(ms, frame, box), frame, box)).toBeCloseTo(ms);
    for (const ticks of [955, 1000, 1049.5]) expect(yPrice(priceY(ticks, frame, box), frame, box)).toBeCloseTo(ticks);
  });

  test('has the newest inside and the higher price above', () => {
    expect(timeX(100_000, frame, box)).toBeLessThan(box.width);
    expect(timeX(100_000, frame, box)).toBeGreaterThan(box.width * 0.9);
    expect(priceY(1010, frame, box)).toBeLessThan(priceY(990, frame, box));
  });
});

describe('panning', () => {
  const frame = frameOf(following, 100_000, fit);

  test('to the right goes back in time, and to the newest follows again', () => {
    const back = pan(following, frame, box, 300, 0, 100_000);
    expect(back.endMs).toBeCloseTo(frame.toMs - 30_000);
    expect(back.centreTicks).toBeUndefined();
    expect(pan(back, frameOf(back, 100_000, fit), box, -900, 0, 100_000).endMs).toBeUndefined();
  });

  test('moves the price with the pointer', () => {
    const moved = pan(following, frame, box, 0, 40, 100_000);
    const after = frameOf(moved, 100_000, fit);
    expect(priceY(1000, after, box)).toBeCloseTo(priceY(1000, frame, box) + 40);
  });
});

test('zooming leaves the price under the pointer where it is', () => {
  const frame = frameOf(following, 100_000, fit);
  for (const ticks of [960, 1000, 1031]) {
    const zoomed = frameOf(zoomPrice(following, frame, ticks, 0.5), 100_000, fit);
    expect(zoomed.highTicks - zoomed.lowTicks).toBeCloseTo(50);
    expect(priceY(ticks, zoomed, box)).toBeCloseTo(priceY(ticks, frame, box));
  }
});

describe('following the market', () => {
  test('shows all of the way the mid went', () => {
    let held = undefined as ReturnType<typeof fitMarket> | undefined;
    let mid = 1000;
    for (let from = 0; from < 400; from += 7) {
      const columns = Array.from({ length: 40 }, (_, at) => column(at, (mid += ((at * 7919 + from) % 11) - 5)));
      held = fitMarket(columns, held);
      const mids = columns.map(({ bidTicks }) => (bidTicks ?? 0) + 1);
      expect(Math.min(...mids)).toBeGreaterThan(held.centreTicks - held.spanTicks / 2);
      expect(Math.max(...mids)).toBeLessThan(held.centreTicks + held.spanTicks / 2);
    }
  });

  test('does not move for a small move', () => {
    const first = fitMarket([column(0, 1000), column(1, 1002)], undefined);
    expect(fitMarket([column(0, 1001), column(1, 1003)], first)).toBe(first);
  });

  test('keeps what it had when there is no mid', () => {
    const empty = { ...column(0, 1000), bidTicks: null };
    expect(fitMarket([empty], fit)).toBe(fit);
  });
});

describe('columns', () => {
  test('are found by time', () => {
    const columns = [1, 3, 3, 7].map((timeMs) => ({ timeMs }));
    expect([0, 1, 2, 3, 4, 7, 8].map((ms) => firstAt(columns, ms))).toEqual([0, 0, 1, 1, 3, 3, 4]);
    expect(firstAt([], 5)).toBe(0);
  });

  test('at even distances are one run, a pause begins another', () => {
    const columns = [0, 250, 500, 5000, 5250].map((timeMs) => ({ timeMs }));
    expect(evenRuns(columns, 0, 5)).toEqual([
      { from: 0, to: 3, stepMs: 250 },
      { from: 3, to: 5, stepMs: 250 },
    ]);
    expect(evenRuns(columns, 0, 0)).toEqual([]);
  });

  test('belong to exactly one run each, whatever their distances', () => {
    let state = 12_345;
    for (let round = 0; round < 200; round++) {
      let timeMs = 0;
      const columns = Array.from({ length: 30 }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        timeMs += [1, 250, 250, 250, 900][state % 5] ?? 1;
        return { timeMs };
      });
      const runs = evenRuns(columns, 2, 30);
      expect(runs[0]?.from).toBe(2);
      expect(runs.at(-1)?.to).toBe(30);
      for (const [at, run] of runs.entries()) {
        expect(run.to).toBeGreaterThan(run.from);
        expect(run.stepMs).toBeGreaterThan(0);
        if (at > 0) expect(run.from).toBe(runs[at - 1]?.to);
      }
    }
  });
});

test('labels of time are round and within the frame', () => {
  const frame = { fromMs: 1_000_123, toMs: 1_060_123, lowTicks: 0, highTicks: 1 };
  const labels = timeLabels(frame, 6);
  expect(labels.length).toBeGreaterThan(3);
  for (const ms of labels) {
    expect(ms % 10_000).toBe(0);
    expect(ms).toBeGreaterThanOrEqual(frame.fromMs);
    expect(ms).toBeLessThanOrEqual(frame.toMs);
  }
});

describe('a picture of a frame', () => {
  const drawn = frameOf(following, 100_000, fit);

  test('is shifted as far as time went on', () => {
    const later = frameOf(following, 101_000, fit);
    const shift = shiftOf(drawn, later, box);
    expect(shift).toBeCloseTo(-10);
    expect(timeX(80_000, drawn, box) + (shift ?? 0)).toBeCloseTo(timeX(80_000, later, box));
    expect(shiftOf(drawn, drawn, box)).toBeCloseTo(0);
  });

  test('is no use for another price, another range, an earlier time or one far on', () => {
    const others = [
      frameOf(following, 100_000, { ...fit, centreTicks: 1001 }),
      frameOf({ ...following, rangeMs: 300_000 }, 100_000, fit),
      frameOf(following, 99_000, fit),
      frameOf(following, 130_000, fit),
    ];
    for (const other of others) expect(shiftOf(drawn, other, box)).toBeUndefined();
    expect(shiftOf(undefined, drawn, box)).toBeUndefined();
  });
});
