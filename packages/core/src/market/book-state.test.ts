import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import type { Book, BookState } from './book.ts';
import { L2Book } from './l2-book.ts';
import { L3Replica } from './l3-replica.ts';
import { Side } from './side.ts';

const ROUNDS = 30;
const STEPS = 300;

/** All that a book answers. */
function answers(book: Book): unknown {
  const prices = new Float64Array(2000);
  const sizes = new Float64Array(2000);
  return {
    sides: [Side.BUY, Side.SELL].map((side) => {
      const count = book.top(side, 2000, prices, sizes);
      const walked = [Array.from(prices.subarray(0, count)), Array.from(sizes.subarray(0, count))];
      return [book.bestPrice(side), book.bestSize(side), book.levelCount(side), walked];
    }),
    marks: [book.stale, book.hasSnapshot, book.lastSeq, book.checksumsMade, book.checksumsFailed, book.isCrossed],
  };
}

/** Marks that a venue's messages leave. */
function mark(book: Book, what: number, seq: number): void {
  if (what === 0) book.noteGap();
  else if (what === 1) book.beginSnapshot();
  else if (what === 2) book.endSnapshot(seq);
  else if (what === 3) book.noteChecksum(seq % 3 !== 0);
  else book.noteSeq(seq);
}

describe('a book that is saved and restored', () => {
  it('is the same L2 book from there on: crossed, stale, levels far away, prices of either sign', () => {
    const random = Random.stream(1, 'l2 states');
    for (let round = 0; round < ROUNDS; round++) {
      const book = new L2Book();
      const spread = [50, 5000, 200_000][round % 3]!;
      let middle = random.below(3) === 0 ? 0 : 10_000;
      const step = (books: readonly L2Book[], seq: number): void => {
        middle += random.below(2 * spread) === 0 ? 100_000 : 0;
        const side = random.below(2) === 0 ? Side.BUY : Side.SELL;
        const price = middle + (side === Side.BUY ? -1 : 1) * (random.below(spread) - (spread >> 3));
        const size = random.below(3) === 0 ? 0 : 1 + random.below(1000);
        const what = random.below(100);
        for (const each of books) {
          if (what < 4) mark(each, what, seq);
          else each.set(side, price, size);
          mark(each, 4, seq);
        }
      };
      for (let seq = 1; seq < 1 + random.below(STEPS); seq++) step([book], seq);
      const state: BookState = structuredClone(book.save());
      const restored = new L2Book();
      restored.set(Side.BUY, 5, 5);
      restored.restore(state);
      expect(restored.save()).toEqual(state);
      for (let seq = STEPS; seq < 2 * STEPS; seq++) {
        step([book, restored], seq);
        if (seq % 20 === 0) expect(answers(restored)).toEqual(answers(book));
      }
      expect(restored.save()).toEqual(book.save());
    }
  });

  it('is the same L3 book from there on, order by order', () => {
    const random = Random.stream(2, 'l3 states');
    for (let round = 0; round < ROUNDS; round++) {
      const book = new L3Replica();
      const ids = 40;
      const step = (books: readonly L3Replica[], seq: number): unknown[] => {
        const id = 2 ** 40 + random.below(ids);
        const side = random.below(2);
        const price = 100 + random.below(15) * (random.below(30) === 0 ? 10_000 : 1);
        const size = random.below(20);
        const what = random.below(100);
        return books.map((each) => {
          if (what < 4) mark(each, what, seq);
          else if (what < 50) return each.add(id, side, price, size + 1);
          else if (what < 65) return each.setSize(id, size);
          else if (what < 75) return each.remove(id);
          else if (what < 90) return each.execute(id, size);
          return [each.frontAt(side, price), each.behind(id), each.sizeOf(id), each.priceOf(id), each.sideOf(id)];
        });
      };
      for (let seq = 1; seq < 1 + random.below(STEPS); seq++) step([book], seq);
      const state = structuredClone(book.save());
      const restored = new L3Replica(64);
      restored.restore(state);
      expect(restored.save()).toEqual(state);
      for (let seq = STEPS; seq < 2 * STEPS; seq++) {
        const [of, again] = step([book, restored], seq);
        expect(again).toEqual(of);
        if (seq % 20 === 0) expect(answers(restored)).toEqual(answers(book));
      }
      expect([restored.orderCount, restored.save()]).toEqual([book.orderCount, book.save()]);
    }
  });

  it('refuses what is no book of its kind', () => {
    const l2 = new L2Book();
    l2.set(Side.BUY, 100, 5);
    const l3 = new L3Replica();
    l3.add(7, Side.BUY, 100, 5);
    expect(() => new L3Replica().restore(l2.save())).toThrow(/found l2, expected l3/);
    expect(() => new L2Book().restore(l3.save())).toThrow(/found l3, expected l2/);
    const twice = Float64Array.of(100, 5, 100, 6);
    expect(() => new L2Book().restore({ ...l2.save(), bids: twice })).toThrow(/4 numbers are not price and size of 1/);
    const same = Float64Array.of(7, 100, 5, 7, 101, 5);
    expect(() => new L3Replica().restore({ ...l3.save(), asks: same })).toThrow(/order 7 cannot be added/);
  });
});
