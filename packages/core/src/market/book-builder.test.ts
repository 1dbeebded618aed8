import { expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { BookBuilder } from './book-builder.ts';
import { EventBatch, EventFlag, EventKind, EVENT_STRIDE } from './event.ts';
import { L3Replica, ReplicaResult } from './l3-replica.ts';
import { Side } from './side.ts';

const ORDER_KINDS = [
  EventKind.ORDER_ADD,
  EventKind.ORDER_SET,
  EventKind.ORDER_REMOVE,
  EventKind.ORDER_EXEC,
  EventKind.ORDER_REDUCE,
] as const;

test('order events of a batch build the replica that the same calls build, and what cannot be is counted by kind', () => {
  const random = Random.stream(1, 'book builder');
  const builder = new BookBuilder(true);
  const replica = new L3Replica();
  const counts = new Map<number, number>();
  const batch = new EventBatch(512);
  for (let round = 0; round < 200; round++) {
    batch.clear();
    while (!batch.isFull) {
      const kind = ORDER_KINDS[random.below(3) === 0 ? random.below(5) : 0]!;
      const isBuy = random.below(2) === 0;
      const [price, size, id] = [100 + random.below(9), 1 + random.below(9), random.below(300)];
      batch.push(kind, isBuy ? EventFlag.BUY : 0, 0, round, Number.NaN, price, size, id, 0, 0);
      let result: ReplicaResult;
      if (kind === EventKind.ORDER_ADD) result = replica.add(id, isBuy ? Side.BUY : Side.SELL, price, size);
      else if (kind === EventKind.ORDER_SET) result = replica.setSize(id, size);
      else if (kind === EventKind.ORDER_REMOVE) result = replica.remove(id);
      else result = replica.execute(id, size);
      counts.set(result, (counts.get(result) ?? 0) + 1);
    }
    for (let i = 0; i < batch.length; i++) builder.apply(batch.data, i * EVENT_STRIDE);
    for (const side of [Side.BUY, Side.SELL]) {
      for (let price = 100; price < 109; price++) {
        expect(builder.book.sizeAt(side, price)).toBe(replica.sizeAt(side, price));
      }
    }
  }
  expect([builder.unknownIds, builder.duplicateIds, builder.overfills, builder.refused]).toEqual([
    counts.get(ReplicaResult.UNKNOWN_ID),
    counts.get(ReplicaResult.DUPLICATE_ID),
    counts.get(ReplicaResult.OVERFILL),
    0,
  ]);
});

/** Applies events of one field each: kind, and size at a bid of 10. */
function apply(builder: BookBuilder, ...events: readonly (readonly [EventKind, number?])[]): void {
  const batch = new EventBatch(events.length);
  for (const [kind, size = 0] of events) batch.push(kind, EventFlag.BUY, 0, 0, 0, 10, size, 1, 0, 0);
  for (let i = 0; i < batch.length; i++) builder.apply(batch.data, i * EVENT_STRIDE);
}

test.each([false, true])('a gap makes the book stale until a snapshot is complete (L3: %s)', (isL3) => {
  const builder = new BookBuilder(isL3);
  const add = isL3 ? EventKind.ORDER_ADD : EventKind.LEVEL;
  const { book } = builder;
  apply(builder, [EventKind.SNAPSHOT_BEGIN], [add, 5], [EventKind.SNAPSHOT_END]);
  expect([book.stale, book.isWhole, book.bestSize(Side.BUY)]).toEqual([false, true, 5]);
  apply(builder, [EventKind.GAP]);
  expect([book.stale, book.isWhole, book.bestSize(Side.BUY)]).toEqual([true, false, 5]);
  apply(builder, [EventKind.SNAPSHOT_BEGIN]);
  expect([book.stale, book.bestSize(Side.BUY)]).toEqual([true, 0]);
  apply(builder, [add, 7]);
  expect(book.stale).toBe(true);
  apply(builder, [EventKind.SNAPSHOT_END]);
  expect([book.stale, book.isWhole, book.bestSize(Side.BUY)]).toEqual([false, true, 7]);
});

test('a gap within a snapshot is healed only by its end', () => {
  const builder = new BookBuilder(false);
  apply(builder, [EventKind.SNAPSHOT_BEGIN], [EventKind.GAP], [EventKind.LEVEL, 1]);
  expect(builder.book.stale).toBe(true);
  apply(builder, [EventKind.SNAPSHOT_END]);
  expect(builder.book.stale).toBe(false);
});

test('what does not change a book leaves it as it is', () => {
  const builder = new BookBuilder(false);
  apply(builder, [EventKind.LEVEL, 5], [EventKind.TRADE, 3], [EventKind.QUOTE, 3], [EventKind.STATUS, 0]);
  apply(builder, [EventKind.CHECKSUM, 0], [EventKind.ORDER_ADD, 9], [EventKind.ORDER_REMOVE]);
  expect([builder.book.bestSize(Side.BUY), builder.book.stale, builder.unknownIds]).toEqual([5, false, 0]);
});
