/** The feed against a model: what is handed out goes on without a hole from the start, or from the last state; marks stand where they were made. */
import { createRing } from '@quotewright/core/base/ring';
import { Random } from '@quotewright/core/base/random';
import { EVENT_STRIDE, EventKind, Field } from '@quotewright/core/market/event';
import { expect, test } from 'vitest';
import { FeedReader } from './feed-reader.ts';
import { FeedWriter } from './feed-writer.ts';

const { HEAD, SEQ } = Field;

/** The input of a number. */
function input(number: number): Float64Array {
  const record = new Float64Array(EVENT_STRIDE).fill(number);
  record[HEAD] = EventKind.TRADE;
  record[SEQ] = number;
  return record;
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'hands out every input once and in order, or says where some are missing (seed %i)',
  (seed) => {
    const random = Random.stream(seed, 'feed');
    const began = random.below(1000);
    const ring = createRing(2 ** (2 + random.below(5)), EVENT_STRIDE);
    const writer = new FeedWriter(ring, began);
    const reader = new FeedReader(ring, began);
    const states: number[] = [];
    const checks: number[] = [];
    const told: number[] = [];
    let next = began;
    let found = began;
    for (let step = 0; step < 4000; step++) {
      const what = random.below(10);
      if (what < 5) for (let i = random.below(12); i > 0; i--) writer.append(input(++next), 0);
      else if (what === 5 && random.below(2) === 0) writer.flush();
      else if (what === 5 && writer.check()) checks.push(next);
      else if (what === 6 && writer.canResume) {
        states.push(next);
        writer.resume();
      } else if (what === 7 && reader.awaited >= 0) {
        // The state came by another way, and the reader waits for no other.
        expect(states).toContain(reader.awaited);
        found = reader.awaited;
        expect(reader.resume(reader.awaited)).toBe(true);
      } else {
        const count = reader.drain(1 + random.below(20));
        for (let i = 0; i < count; i++) expect(reader.batch[i * EVENT_STRIDE + SEQ]).toBe(++found);
        expect(reader.sequence).toBe(found);
        if (reader.checkSequence >= 0) {
          expect(reader.checkSequence).toBe(found);
          told.push(found);
        }
      }
      expect(writer.sequence).toBe(next);
    }
    expect(reader.losses).toBeGreaterThan(0);
    expect(found).toBeGreaterThan(began + 100);
    // What was promised and lost with the rest is missing, but none is made up or turned round.
    expect(told).toEqual(told.toSorted((a, b) => a - b));
    expect(told.every((sequence) => checks.includes(sequence))).toBe(true);
  },
);

test('tells who comes first before the feed, and nobody when the other end is gone', () => {
  const seen: number[] = [];
  const writer = new FeedWriter(createRing(4, EVENT_STRIDE)).behind({
    append: (data, offset) => void seen.push(data[offset + SEQ]!),
  });
  for (let number = 1; number <= 3; number++) writer.append(input(number), 0);
  writer.flush();
  writer.stop();
  writer.append(input(4), 0);
  expect(seen).toEqual([1, 2, 3, 4]);
  expect([writer.pending, writer.isLost, writer.canResume, writer.check()]).toEqual([3, true, false, false]);
});

test('a state that nobody waits for changes nothing', () => {
  const ring = createRing(4, EVENT_STRIDE);
  const reader = new FeedReader(ring, 7);
  expect(reader.resume(7)).toBe(false);
  expect([reader.sequence, reader.drain(), reader.awaited]).toEqual([7, 0, -1]);
});
