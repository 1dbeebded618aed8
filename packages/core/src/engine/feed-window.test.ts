import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { EVENT_STRIDE, EventKind, Field, packHead } from '../market/event.ts';
import { FeedWindow } from './feed-window.ts';

const { HEAD, VENUE_NS, LOCAL_NS, SEQ } = Field;

/** Rows given as [venue, local] times; SEQ numbers them from 1. */
function rowsOf(times: readonly (readonly [number, number])[], firstSeq = 1): Float64Array {
  const data = new Float64Array(times.length * EVENT_STRIDE);
  for (const [row, [venueNs, localNs]] of times.entries()) {
    const at = row * EVENT_STRIDE;
    data[at + HEAD] = packHead(EventKind.LEVEL, 0, 0);
    data[at + VENUE_NS] = venueNs;
    data[at + LOCAL_NS] = localNs;
    data[at + SEQ] = firstSeq + row;
  }
  return data;
}

const venueSeqs = (window: FeedWindow): number[] =>
  Array.from(window.venueOrder.subarray(window.venueNext, window.length), (at) => window.data[at + SEQ]!);

describe('feed window', () => {
  it('keeps the order of receipt, and beside it the order of happening', () => {
    const window = new FeedWindow({ shiftNs: 0, assumedLatencyNs: 0 });
    const times = [
      [10, 20],
      [12, 21],
      [11, 22],
      [11, 23],
      [5, 24],
    ] as const;
    window.append(rowsOf(times), times.length);
    expect(venueSeqs(window)).toEqual([5, 1, 3, 4, 2]);
    expect([window.receivedEarly, window.lateRows, window.missingTimes]).toEqual([0, 0, 0]);
  });

  it('shifts the local clock, makes a missing time from the other, and lets nothing be received before it happened', () => {
    const window = new FeedWindow({ shiftNs: 100, assumedLatencyNs: 7 });
    const times = [
      [50, 10],
      [60, Number.NaN],
      [Number.NaN, 20],
      [Number.NaN, Number.NaN],
      [500, 30],
      [130, 25],
    ] as const;
    window.append(rowsOf(times), times.length);
    const column = (field: number): number[] =>
      Array.from({ length: times.length }, (_, row) => window.data[row * EVENT_STRIDE + field]!);
    expect(column(LOCAL_NS)).toEqual([110, 110, 120, 120, 500, 500]);
    expect(column(VENUE_NS)).toEqual([50, 60, 113, 120, 500, 130]);
    expect(window.missingTimes).toBe(3);
    expect(window.receivedEarly).toBe(3);
  });

  it('lets a row happen late that the replay has passed, and counts it', () => {
    const window = new FeedWindow({ shiftNs: 0, assumedLatencyNs: 0 });
    window.append(
      rowsOf([
        [10, 10],
        [20, 20],
      ]),
      2,
    );
    window.venueNext = 2;
    window.append(rowsOf([[15, 30]], 3), 1);
    expect(window.lateRows).toBe(1);
    expect(venueSeqs(window)).toEqual([3]);
    expect(window.data[2 * EVENT_STRIDE + VENUE_NS]).toBe(20);
  });

  it('hands out every row once on both clocks, whatever the batches, and holds no more than is waiting', () => {
    const random = Random.stream(3, 'feed window');
    const times: [number, number][] = [];
    for (let i = 0, localNs = 0; i < 60_000; i++) {
      localNs += random.below(3);
      times.push([localNs - random.below(200), localNs]);
    }
    const expected = times.map((_, i) => i + 1).toSorted((a, b) => times[a - 1]![0] - times[b - 1]![0] || a - b);
    const rows = rowsOf(times);
    const window = new FeedWindow({ shiftNs: 0, assumedLatencyNs: 0 });
    const received: number[] = [];
    const happened: number[] = [];
    const run = (limitNs: number): void => {
      while (window.localNext < window.length && window.data[window.localNext * EVENT_STRIDE + LOCAL_NS]! < limitNs) {
        received.push(window.data[window.localNext++ * EVENT_STRIDE + SEQ]!);
      }
      while (window.venueNext < window.length) {
        const at = window.venueOrder[window.venueNext]!;
        if (window.data[at + VENUE_NS]! >= limitNs) break;
        window.venueNext++;
        happened.push(window.data[at + SEQ]!);
      }
    };
    for (let from = 0; from < times.length;) {
      const count = Math.min(1 + random.below(900), times.length - from);
      window.append(rows.subarray(from * EVENT_STRIDE, (from + count) * EVENT_STRIDE), count);
      from += count;
      run(window.lastLocalNs - 300);
    }
    run(Infinity);
    expect(received).toEqual(times.map((_, i) => i + 1));
    expect(happened).toEqual(expected);
    expect(window.lateRows).toBe(0);
    expect(window.venueOrder.length).toBe(16_384);
  });
});
