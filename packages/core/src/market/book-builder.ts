/**
 * Rebuilds one instrument's book from normalised events: an L2 book from level events, or an L3 replica from order events.
 * After a gap the book is stale until a snapshot is complete; what it holds meanwhile is applied but not to be believed.
 */
import { checkState } from '../base/state.ts';
import type { Book, BookState } from './book.ts';
import { EventFlag, EventKind, Field, headFlags, headKind } from './event.ts';
import { L2Book } from './l2-book.ts';
import { L3Replica, ReplicaResult } from './l3-replica.ts';
import { Side } from './side.ts';

export interface BookBuilderState {
  readonly book: BookState;
  readonly unknownIds: number;
  readonly duplicateIds: number;
  readonly overfills: number;
  readonly refused: number;
}

export class BookBuilder {
  /** The one book that the events build. */
  readonly book: Book;
  /** Events that named an order the book does not hold. */
  unknownIds = 0;
  /** Orders added under an id that is in the book. */
  duplicateIds = 0;
  /** Executions and reductions of more than was open. */
  overfills = 0;
  /** Orders that the book had no room for. */
  refused = 0;
  readonly #l2: L2Book | undefined;
  readonly #l3: L3Replica | undefined;

  constructor(isL3: boolean) {
    this.#l2 = isL3 ? undefined : new L2Book();
    this.#l3 = isL3 ? new L3Replica() : undefined;
    this.book = this.#l2 ?? this.#l3!;
  }

  /** Applies the record at `data[offset, offset + EVENT_STRIDE)`; levels are nothing to an L3 book, orders nothing to an L2 book. */
  apply(data: Float64Array, offset: number): void {
    const head = data[offset + Field.HEAD];
    const kind = headKind(head);
    switch (kind) {
      case EventKind.LEVEL:
        this.#level(data, offset, head);
        break;
      case EventKind.ORDER_ADD:
      case EventKind.ORDER_SET:
      case EventKind.ORDER_REMOVE:
      case EventKind.ORDER_EXEC:
      case EventKind.ORDER_REDUCE:
        this.#order(kind, data, offset, head);
        break;
      case EventKind.SNAPSHOT_BEGIN:
        this.book.beginSnapshot();
        break;
      case EventKind.SNAPSHOT_END:
        this.book.endSnapshot(data[offset + Field.SEQ]);
        break;
      case EventKind.GAP:
        this.book.noteGap();
        break;
      default:
        break;
    }
  }

  save(): BookBuilderState {
    const { unknownIds, duplicateIds, overfills, refused } = this;
    return { book: this.book.save(), unknownIds, duplicateIds, overfills, refused };
  }

  restore(state: BookBuilderState): void {
    checkState('a book builder', state, this.save());
    this.book.restore(state.book);
    this.unknownIds = state.unknownIds;
    this.duplicateIds = state.duplicateIds;
    this.overfills = state.overfills;
    this.refused = state.refused;
  }

  #level(data: Float64Array, offset: number, head: number): void {
    const l2 = this.#l2;
    if (l2 === undefined) return;
    l2.set(sideOf(head), data[offset + Field.PRICE_TICKS], data[offset + Field.SIZE_LOTS]);
    l2.noteSeq(data[offset + Field.SEQ]);
  }

  #order(kind: number, data: Float64Array, offset: number, head: number): void {
    const l3 = this.#l3;
    if (l3 === undefined) return;
    const id = data[offset + Field.ORDER_ID];
    const size = data[offset + Field.SIZE_LOTS];
    let result: ReplicaResult;
    if (kind === EventKind.ORDER_ADD) result = l3.add(id, sideOf(head), data[offset + Field.PRICE_TICKS], size);
    else if (kind === EventKind.ORDER_SET) result = l3.setSize(id, size);
    else if (kind === EventKind.ORDER_REMOVE) result = l3.remove(id);
    else if (kind === EventKind.ORDER_EXEC) result = l3.execute(id, size);
    else result = l3.reduce(id, size);
    if (result !== ReplicaResult.OK) this.#count(result);
    l3.noteSeq(data[offset + Field.SEQ]);
  }

  #count(result: ReplicaResult): void {
    if (result === ReplicaResult.UNKNOWN_ID) this.unknownIds++;
    else if (result === ReplicaResult.DUPLICATE_ID) this.duplicateIds++;
    else if (result === ReplicaResult.OVERFILL) this.overfills++;
    else this.refused++;
  }
}

function sideOf(head: number): Side {
  return (headFlags(head) & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
}
