import { EventFlag, EventKind, packHead } from '@quotewright/core/market/event';
import { describe, expect, it } from 'vitest';
import { duration, notesOf, problemsOf } from './findings.ts';
import { LatencySpread } from './latency.ts';
import { random, recordingOf, testInstrument } from './testing/recordings.ts';
import { Watch } from './watch.ts';

const { BUY, LAST } = EventFlag;
const event = (
  kind: number,
  flags: number,
  venueNs: number,
  localNs: number,
  price = 0,
  size = 0,
  id = 0,
  instrument = 0,
): Float64Array => Float64Array.of(packHead(kind, flags, instrument), venueNs, localNs, price, size, id, 0, 0);

async function watched(events: Float64Array[], isL3 = false) {
  const recording = recordingOf(events, [testInstrument('A'), testInstrument('B')], 0, isL3, 3);
  const watch = new Watch(isL3);
  for await (const batch of recording.batches()) watch.see(batch);
  return { recording, watch, problems: problemsOf(recording, watch), notes: notesOf(recording, watch) };
}

describe('watch', () => {
  it('counts crossed moments only where a message is complete and the book is not stale', async () => {
    const { watch } = await watched([
      event(EventKind.LEVEL, BUY | LAST, 1, 1, 10, 1),
      event(EventKind.LEVEL, LAST, 2, 2, 11, 1),
      event(EventKind.LEVEL, BUY, 3, 3, 11, 1),
      event(EventKind.LEVEL, LAST, 3, 3, 11, 0),
      event(EventKind.LEVEL, LAST, 4, 4, 9, 1),
      event(EventKind.LEVEL, LAST, 5, 5, 8, 1),
      event(EventKind.GAP, LAST, 6, 6),
      event(EventKind.LEVEL, LAST, 7, 7, 7, 1),
      event(EventKind.SNAPSHOT_BEGIN, 4, 8, 8),
      event(EventKind.SNAPSHOT_END, 4 | LAST, 8, 8),
    ]);
    const [first] = watch.instruments;
    expect([first!.crossings, first!.crossedMessages, first!.firstCrossed, first!.firstCrossedNs]).toEqual([
      1, 2, 5, 4,
    ]);
  });

  it('finds times that go back, by instrument and clock', async () => {
    const { problems } = await watched([
      event(EventKind.TRADE, LAST, 10, 100, 1, 1),
      event(EventKind.TRADE, LAST, 5, 99, 1, 1, 0, 1),
      event(EventKind.TRADE, LAST, 9, 101, 1, 1),
      event(EventKind.TRADE, LAST, Number.NaN, 102, 1, 1),
      event(EventKind.TRADE, LAST, 3, 101, 1, 1),
    ]);
    expect(problems.map(({ instrument, what, count, first }) => `${instrument} ${what} ${count} ${first}`)).toEqual([
      'A venue time goes back 2 event 3; at most 6 ns',
      'A local time goes back 1 event 5; at most 1 ns',
    ]);
  });

  it('reports orders that the book does not know, and clocks that differ', async () => {
    const { problems, notes, watch } = await watched(
      [
        event(EventKind.ORDER_ADD, BUY | LAST, 2e9, 1e9, 10, 5, 1),
        event(EventKind.ORDER_ADD, BUY | LAST, 3e9, 2e9, 10, 5, 1),
        event(EventKind.ORDER_EXEC, BUY | LAST, 4e9, 3e9, 10, 9, 1),
        event(EventKind.ORDER_REMOVE, BUY | LAST, 5e9, 4e9, 10, 0, 7),
      ],
      true,
    );
    expect(problems.map(({ what, count }) => `${what} ${count}`)).toEqual([
      'orders not in the book 1',
      'orders added twice 1',
      'more executed than was open 1',
    ]);
    expect(notes).toEqual(["A: clocks differ: received up to 1 s before the venue's time; shift one clock before use"]);
    const { priceTicks, sizeLots } = watch.instruments[0]!;
    expect([priceTicks.min, priceTicks.max, sizeLots.min, sizeLots.max]).toEqual([10, 10, 5, 9]);
  });

  it('says when a clock was not recorded', async () => {
    const { notes, problems } = await watched([event(EventKind.TRADE, LAST, Number.NaN, Number.NaN, 1, 1)]);
    expect(notes).toEqual(['A: the venue gave no times', 'A: times of receipt were not recorded']);
    expect(problems).toEqual([]);
  });
});

describe('latency', () => {
  it('has a median within 1.1 % of the sorted one, on either side of zero', () => {
    for (const [seed, shift] of [
      [1, 0],
      [2, -3e6],
      [3, -1e9],
      [4, 5e5],
    ] as const) {
      const next = random(seed);
      const spread = new LatencySpread();
      const all = Array.from({ length: 10_001 }, () => Math.round(Math.exp(next() * 16) + shift));
      for (const ns of all) spread.add(ns);
      const sorted = all.toSorted((a, b) => a - b);
      const truth = sorted[5000]!;
      expect(Math.abs(spread.median() - truth)).toBeLessThanOrEqual(Math.abs(truth) * 0.011 + 1);
      expect([spread.min, spread.max]).toEqual([sorted[0], sorted.at(-1)]);
    }
    expect(new LatencySpread().median()).toBeNaN();
  });

  it('is written in the unit that suits it', () => {
    expect([5, 1500, -2.5e6, 3e9, 600e9, 7.3e12 * 3, 86_400e9 * 400].map(duration)).toEqual([
      '5 ns',
      '1.5 µs',
      '-2.5 ms',
      '3 s',
      '10 min',
      '6.08 h',
      '400 days',
    ]);
  });
});
