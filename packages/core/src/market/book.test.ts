import { describe, expect, test } from 'vitest';
import { BookBuilder } from './book-builder.ts';
import { EventBatch, EventFlag, EventKind } from './event.ts';
import { L2Book } from './l2-book.ts';
import { L3Replica, ReplicaResult } from './l3-replica.ts';
import { Side } from './side.ts';

const batch = new EventBatch();
function apply(
  builder: BookBuilder,
  kind: EventKind,
  {
    flags = 0,
    price = 0,
    size = 0,
    id = 0,
    seq = 0,
  }: Partial<Record<'flags' | 'price' | 'size' | 'id' | 'seq', number>> = {},
): void {
  batch.clear();
  batch.push(kind, flags, 0, Number.NaN, Number.NaN, price, size, id, seq, 0);
  builder.apply(batch.data, 0);
}

const bid = (price: number, id: number, seq = 0) => ({ flags: EventFlag.BUY, price, size: 1, id, seq });

describe.each([
  ['L2', false, EventKind.LEVEL],
  ['L3', true, EventKind.ORDER_ADD],
] as const)('an %s book from events', (_, isL3, kind) => {
  test('may be trusted from the end of a snapshot to the next break', () => {
    const builder = new BookBuilder(isL3);
    const { book } = builder;
    const state = (): unknown[] => [book.isWhole, book.stale, book.lastSeq, book.levelCount(Side.BUY)];
    expect(state()).toEqual([false, false, Number.NaN, 0]);
    apply(builder, kind, bid(90, 1));
    expect(state()).toEqual([false, false, Number.NaN, 1]);
    apply(builder, EventKind.SNAPSHOT_BEGIN, { seq: 41 });
    expect(state()).toEqual([false, true, Number.NaN, 0]);
    apply(builder, kind, bid(100, 1));
    apply(builder, kind, bid(90, 2));
    apply(builder, EventKind.SNAPSHOT_END, { seq: 41 });
    expect(state()).toEqual([true, false, 41, 2]);
    apply(builder, kind, bid(95, 3, 42));
    expect(state()).toEqual([true, false, 42, 3]);
    apply(builder, EventKind.GAP, { seq: 44 });
    expect(state()).toEqual([false, true, 42, 3]);
    // What comes after a gap is applied, and still not to be believed.
    apply(builder, kind, bid(96, 4, 44));
    expect(state()).toEqual([false, true, 44, 4]);
    apply(builder, EventKind.SNAPSHOT_BEGIN, { seq: 57 });
    apply(builder, EventKind.SNAPSHOT_END, { seq: 57 });
    expect(state()).toEqual([true, false, 57, 0]);
  });

  test('numbers of prints and quotes, and checksums, are not numbers of the book', () => {
    const builder = new BookBuilder(isL3);
    apply(builder, EventKind.SNAPSHOT_END, { seq: 5 });
    for (const other of [EventKind.TRADE, EventKind.QUOTE, EventKind.CHECKSUM, EventKind.STATUS]) {
      apply(builder, other, { seq: 99, price: 1, size: 1 });
    }
    expect([builder.book.lastSeq, builder.book.levelCount(Side.SELL)]).toEqual([5, 0]);
  });

  test('a checksum that fails makes it stale, until a snapshot', () => {
    const builder = new BookBuilder(isL3);
    const { book } = builder;
    apply(builder, EventKind.SNAPSHOT_END);
    book.noteChecksum(true);
    expect([book.stale, book.checksumsMade, book.checksumsFailed]).toEqual([false, 1, 0]);
    book.noteChecksum(false);
    book.noteChecksum(true);
    expect([book.stale, book.checksumsMade, book.checksumsFailed]).toEqual([true, 3, 1]);
    apply(builder, EventKind.SNAPSHOT_BEGIN);
    apply(builder, EventKind.SNAPSHOT_END);
    expect(book.isWhole).toBe(true);
  });

  test('knows when it is crossed', () => {
    const builder = new BookBuilder(isL3);
    apply(builder, kind, bid(100, 1));
    expect(builder.book.isCrossed).toBe(false);
    apply(builder, kind, { price: 101, size: 1, id: 2 });
    expect(builder.book.isCrossed).toBe(false);
    apply(builder, kind, { price: 100, size: 1, id: 3 });
    expect(builder.book.isCrossed).toBe(true);
  });
});

test('a builder makes the book that is asked for; events of the other kind are nothing to it', () => {
  const l2 = new BookBuilder(false);
  const l3 = new BookBuilder(true);
  expect([l2.book, l3.book]).toEqual([expect.any(L2Book), expect.any(L3Replica)]);
  apply(l2, EventKind.ORDER_ADD, { price: 1, size: 1, id: 1 });
  apply(l2, EventKind.ORDER_REDUCE, { size: 1, id: 7 });
  apply(l3, EventKind.LEVEL, { price: 1, size: 1 });
  expect([l2.book.levelCount(Side.SELL), l2.unknownIds, l3.book.levelCount(Side.SELL)]).toEqual([0, 0, 0]);
});

describe('taking lots out of an order', () => {
  test.each(['reduce', 'execute'] as const)('%s keeps its place, and removes it when nothing is left', (method) => {
    const book = new L3Replica();
    book.add(1, Side.BUY, 100, 10);
    book.add(2, Side.BUY, 100, 5);
    expect(book[method](1, 4)).toBe(ReplicaResult.OK);
    expect([book.sizeOf(1), book.frontAt(Side.BUY, 100), book.sizeAt(Side.BUY, 100)]).toEqual([6, 1, 11]);
    expect(book[method](1, 6)).toBe(ReplicaResult.OK);
    expect([book.has(1), book.frontAt(Side.BUY, 100)]).toEqual([false, 2]);
    expect(book[method](1, 1)).toBe(ReplicaResult.UNKNOWN_ID);
    expect(book[method](2, 6)).toBe(ReplicaResult.OVERFILL);
    expect([book.orderCount, book.bestPrice(Side.BUY)]).toEqual([0, Number.NaN]);
  });

  test('by events is counted when it cannot be', () => {
    const builder = new BookBuilder(true);
    apply(builder, EventKind.ORDER_ADD, { price: 100, size: 10, id: 1 });
    apply(builder, EventKind.ORDER_ADD, { price: 100, size: 10, id: 1 });
    apply(builder, EventKind.ORDER_REDUCE, { size: 3, id: 1 });
    expect(builder.book.bestSize(Side.SELL)).toBe(7);
    apply(builder, EventKind.ORDER_SET, { size: 5, id: 1 });
    apply(builder, EventKind.ORDER_EXEC, { size: 1, id: 1 });
    expect(builder.book.bestSize(Side.SELL)).toBe(4);
    apply(builder, EventKind.ORDER_REDUCE, { size: 5, id: 1 });
    apply(builder, EventKind.ORDER_REDUCE, { size: 1, id: 1 });
    apply(builder, EventKind.ORDER_REMOVE, { id: 1 });
    expect(builder).toMatchObject({ unknownIds: 2, duplicateIds: 1, overfills: 1 });
    expect(builder.book.levelCount(Side.SELL)).toBe(0);
  });
});
