/** Wherever among the diffs a snapshot arrives, the book at the end is the venue's. */
import { Side } from '@quotewright/core/market/side';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binanceOf, endBooks, levelsOf } from '../wire/testing/frames.ts';

type Level = [price: string, size: string];
interface Diff {
  first: number;
  last: number;
  previous: number;
  bids: Level[];
}

/** Changes of single levels, one update id each: price 1…9, size 0…3. */
const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 3 })), {
  minLength: 2,
  maxLength: 60,
});

describe.each([false, true])('futures: %s', (futures) => {
  it('gives the same book', async () => {
    const cases = fc.tuple(changes, fc.integer({ min: 1, max: 5 }), fc.nat(1000), fc.nat(1000));
    await fc.assert(
      fc.asyncProperty(cases, async ([updates, perDiff, seenAt, placedAt]) => {
        const diffs = diffsOf(updates, perDiff, futures);
        // The snapshot is the book after some of the updates, taken at any time since; it arrives at any place.
        const seen = 1 + (seenAt % updates.length);
        const id = idOf(seen, futures);
        const snapshot = line({
          lastUpdateId: id,
          ...(futures ? { E: 1, T: 1 } : {}),
          bids: levels(bookAfter(updates, seen)),
          asks: [],
        });
        const lines = diffs.map((diff) => message(diff, futures));
        lines.splice(placedAt % (lines.length + 1), 0, snapshot);

        const recording = await binanceOf(lines);
        const [book] = await endBooks(recording);
        const found = levelsOf(book!, recording.instruments[0]!, Side.BUY);
        expect(found).toEqual(levels(bookAfter(updates, updates.length)).toReversed());
        expect([book!.stale, recording.report.gaps, recording.report.duplicates]).toEqual([false, 0, 0]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Spot ids are contiguous; those of futures skip, because other symbols take numbers in between. */
function idOf(update: number, futures: boolean): number {
  return futures ? 100 + update * 7 : 100 + update;
}

function diffsOf(updates: readonly [number, number][], perDiff: number, futures: boolean): Diff[] {
  const diffs: Diff[] = [];
  for (let at = 0; at < updates.length; at += perDiff) {
    const part = updates.slice(at, at + perDiff);
    diffs.push({
      first: idOf(at + 1, futures),
      last: idOf(at + part.length, futures),
      previous: idOf(at, futures),
      bids: levels(bookAfter(part, part.length, true)),
    });
  }
  return diffs;
}

/** The last size named at each price; sizes of 0 only when the removals count as well. */
function bookAfter(updates: readonly [number, number][], count: number, removals = false): Map<number, number> {
  const book = new Map<number, number>();
  for (const [price, size] of updates.slice(0, count)) {
    if (size > 0 || removals) book.set(price, size);
    else book.delete(price);
  }
  return book;
}

function levels(book: Map<number, number>): Level[] {
  return [...book].toSorted(([a], [b]) => a - b).map(([price, size]) => [String(price), String(size)]);
}

function message({ first, last, previous, bids }: Diff, futures: boolean): string {
  const data = {
    e: 'depthUpdate',
    E: 1,
    s: 'BTCUSDT',
    U: first,
    u: last,
    ...(futures ? { pu: previous, T: 1 } : {}),
    b: bids,
    a: [],
  };
  return line({ stream: 'btcusdt@depth', data });
}

function line(body: unknown): string {
  return `1723161600000000000 ${JSON.stringify(body)}`;
}
