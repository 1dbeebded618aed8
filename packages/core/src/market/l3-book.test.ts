import { describe, expect, test } from 'vitest';
import { L3Book } from './l3-book.ts';
import { Flag, Header, Word } from './l3-layout.ts';
import { Side } from './side.ts';

/** Takes a record and places it. */
function add(book: L3Book, side: Side, price: number, lots: number, ref = 0): number {
  const slot = book.take(ref, 0, 0);
  book.place(slot, side, price, lots);
  return slot;
}

function queue(book: L3Book, level: number): number[] {
  const slots: number[] = [];
  for (let slot = book.front(level); slot !== 0; slot = book.behind(slot)) slots.push(slot);
  return slots;
}

describe('the queues of a book', () => {
  test('a level keeps its orders by arrival and their total, from wherever one leaves', () => {
    const book = new L3Book(64);
    const slots = [1, 2, 3, 4, 5].map((lots) => add(book, Side.BUY, 10, lots));
    const level = book.findLevel(Side.BUY, 10);
    const steps: [number, number[]][] = [
      [2, [0, 1, 3, 4]],
      [0, [1, 3, 4]],
      [4, [1, 3]],
      [1, [3]],
    ];
    for (const [leaves, left] of steps) {
      book.unlink(slots[leaves]!);
      book.release(slots[leaves]!);
      expect(queue(book, level)).toEqual(left.map((at) => slots[at]!));
      expect(book.levelLots(level)).toBe(left.reduce((sum, at) => sum + at + 1, 0));
    }
    book.unlink(slots[3]!);
    expect([book.best(Side.BUY), book.findLevel(Side.BUY, 10), book.levelLots(0)]).toEqual([0, 0, 0]);
  });

  test('the best level follows as levels open and close, far apart too', () => {
    const book = new L3Book(64);
    const far = [10, 2 ** 45, -(2 ** 45), 200_000, 11];
    const slots = far.map((price) => add(book, Side.SELL, price, 1));
    const prices: number[] = [];
    for (let level = book.best(Side.SELL); level !== 0; level = book.levelAfter(level))
      prices.push(book.levelPrice(level));
    expect(prices).toEqual(far.toSorted((a, b) => a - b));
    for (const price of prices) {
      expect(book.bestPrice(Side.SELL)).toBe(price);
      const slot = slots[far.indexOf(price)]!;
      book.unlink(slot);
      book.release(slot);
    }
    expect(book.bestPrice(Side.SELL)).toBeNaN();
  });

  test('memory grows past the capacity, and nothing that stood in it changes', () => {
    const book = new L3Book(64);
    const slots: number[] = [];
    for (let i = 0; i < 10_000; i++) slots.push(add(book, i % 2 === 0 ? Side.BUY : Side.SELL, i % 977, i + 1, i));
    for (const [i, slot] of slots.entries()) {
      const isSame =
        book.openLots(slot) === i + 1 &&
        book.priceOf(slot) === i % 977 &&
        book.sideOf(slot) === i % 2 &&
        book.holds(slot, i);
      if (!isSame) expect([i, book.openLots(slot), book.priceOf(slot)]).toEqual([i, i + 1, i % 977]);
    }
    expect([book.countOrders(Side.BUY), book.countOrders(Side.SELL)]).toEqual([5000, 5000]);
    expect(queue(book, book.best(Side.SELL))).toEqual(slots.filter((_, i) => i % 2 === 1 && i % 977 === 0));
  });
});

describe('a handle', () => {
  test('names one order: its slot comes again with another generation', () => {
    const book = new L3Book(64);
    const seen = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      const slot = add(book, Side.BUY, 5, 1);
      const handle = `${slot} ${book.generationOf(slot)}`;
      expect(seen.has(handle)).toBe(false);
      seen.add(handle);
      const generation = book.generationOf(slot);
      expect(book.isLive(slot, generation)).toBe(true);
      book.unlink(slot);
      book.release(slot);
      expect(book.isLive(slot, generation)).toBe(false);
    }
  });

  test('does not live while its record is a level, nor outside the records', () => {
    const book = new L3Book(64);
    const slot = add(book, Side.BUY, 5, 1);
    const level = book.findLevel(Side.BUY, 5);
    expect(book.isLive(level, book.generationOf(level))).toBe(false);
    for (const nowhere of [0, -1, 1, book.firstSlot - 1, book.slotLimit, 2 ** 26]) {
      expect(book.isLive(nowhere, 0)).toBe(false);
    }
    expect([book.holds(slot, 1), book.holds(level, 0)]).toEqual([false, false]);
  });

  test('a record whose generations are used up is never given out again', () => {
    const book = new L3Book(64);
    const keeper = add(book, Side.BUY, 5, 1);
    const slot = add(book, Side.BUY, 5, 1);
    // As if it had been used 16,777,215 times.
    book.words[(slot << 3) | Word.TAG]! |= Flag.LAST_GENERATION << 8;
    expect(book.isLive(slot, Flag.LAST_GENERATION)).toBe(true);
    book.unlink(slot);
    book.release(slot);
    expect(book.isLive(slot, Flag.LAST_GENERATION)).toBe(false);
    for (let i = 0; i < 300; i++) expect(add(book, Side.BUY, 5, 1)).not.toBe(slot);
    expect(book.isLive(slot, Flag.LAST_GENERATION)).toBe(false);
    expect(book.isLive(keeper, 0)).toBe(true);
  });

  test('generations rise without a break where the tag turns negative', () => {
    const book = new L3Book(64);
    const slot = add(book, Side.BUY, 5, 1);
    book.words[(slot << 3) | Word.TAG]! |= 0x7fffff << 8;
    book.unlink(slot);
    book.release(slot);
    // The freed level's record lies on the free list before it.
    const slots = [book.take(0, 0, 0), book.take(0, 0, 0)];
    expect(slots).toContain(slot);
    expect(book.isLive(slot, 0x800000)).toBe(true);
  });

  test('there is none when 2^25 records were in use', () => {
    const book = new L3Book(64);
    book.words[Header.FRESH] = 2 ** 25;
    expect(book.take(0, 0, 0)).toBe(0);
  });
});
