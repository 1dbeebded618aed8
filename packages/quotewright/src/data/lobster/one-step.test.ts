import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OneStep } from './one-step.ts';

const LEVELS = 3;
const NO_PRICE = 9_999_999_999;

/** Rows of a whole book, as LOBSTER writes them. */
function rowOf(book: ReadonlyMap<number, number>[]): Float64Array {
  const [asks, bids] = book.map((side, i) => [...side].toSorted((a, b) => (i === 0 ? a[0] - b[0] : b[0] - a[0])));
  const row: number[] = [];
  for (let level = 0; level < LEVELS; level++) {
    row.push(...(asks![level] ?? [NO_PRICE, 0]), ...(bids![level] ?? [-NO_PRICE, 0]));
  }
  return Float64Array.from(row);
}

describe('OneStep', () => {
  it('agrees with the visible part of a whole book, step by step, and with nothing else', () => {
    // A message: an add or a take, of some size, on one of few prices of a side.
    const message = fc.record({
      add: fc.boolean(),
      buy: fc.boolean(),
      price: fc.integer({ min: 1, max: 6 }),
      size: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), (messages) => {
        const book = [new Map<number, number>(), new Map<number, number>()];
        const step = new OneStep(LEVELS);
        step.load(rowOf(book));
        for (const { add, buy, price: offset, size } of messages) {
          const side = book[buy ? 1 : 0]!;
          const price = buy ? 100 - offset : 100 + offset;
          const open = side.get(price) ?? 0;
          const before = rowOf(book);
          const isVisible = before.some((each, i) => i % 2 === 0 && each === price);
          // Cancels outside the window are not published.
          if (!add && (open === 0 || !isVisible)) continue;
          const amount = add ? size : Math.min(size, open);
          if (add) side.set(price, open + amount);
          else if (open === amount) side.delete(price);
          else side.set(price, open - amount);
          const after = rowOf(book);
          step.apply(add ? 1 : 3, amount, price, buy ? 1 : -1);
          expect(step.equals(after)).toBe(true);
          const wrong = Float64Array.from(after);
          wrong[1]! += 1;
          expect(step.equals(wrong)).toBe(false);
          step.load(after);
        }
      }),
    );
  });
});
