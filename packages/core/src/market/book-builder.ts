/**
 * Rebuilds one instrument's book from normalised events: the L2 book from level events, or the L3 replica from order events.
 * After a gap the book is stale until a snapshot is complete; what it holds meanwhile is applied but not to be believed.
 */
import { EventFlag, EventKind, Field, headFlags, headKind } from './event.ts';
import { L2Book } from './l2-book.ts';
import { L3Replica, ReplicaResult } from './l3-replica.ts';
import { Side } from './side.ts';

export class BookBuilder {
  readonly isL3: boolean;
  readonly l2 = new L2Book();
  readonly l3 = new L3Replica();
  /** True from a gap, or from the beginning of a snapshot, until the snapshot's end. */
  stale = false;
  /** True once a snapshot has been complete. */
  hasSnapshot = false;
  /** Events that named an order the book does not hold. */
  unknownIds = 0;
  /** Orders added under an id that is in the book. */
  duplicateIds = 0;
  /** Executions of more than was open. */
  overfills = 0;

  constructor(isL3: boolean) {
    this.isL3 = isL3;
  }

  /** Best price of a side, NaN when it is empty. */
  bestPrice(side: Side): number {
    return this.isL3 ? this.l3.bestPrice(side) : this.l2.bestPrice(side);
  }

  /** True when best bid and best ask exist and stand at or through each other. */
  get isCrossed(): boolean {
    return this.bestPrice(Side.BUY) >= this.bestPrice(Side.SELL);
  }

  /** Applies the record at `data[offset, offset + EVENT_STRIDE)`. */
  apply(data: Float64Array, offset: number): void {
    const head = data[offset + Field.HEAD];
    const side: Side = (headFlags(head) & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    const price = data[offset + Field.PRICE_TICKS];
    const size = data[offset + Field.SIZE_LOTS];
    const id = data[offset + Field.ORDER_ID];
    switch (headKind(head)) {
      case EventKind.LEVEL:
        this.l2.set(side, price, size);
        break;
      case EventKind.ORDER_ADD:
        this.#count(this.l3.add(id, side, price, size));
        break;
      case EventKind.ORDER_SET:
        this.#count(this.l3.setSize(id, size));
        break;
      case EventKind.ORDER_REMOVE:
        this.#count(this.l3.remove(id));
        break;
      case EventKind.ORDER_EXEC:
        this.#count(this.l3.execute(id, size));
        break;
      case EventKind.SNAPSHOT_BEGIN:
        this.l2.clear();
        this.l3.clear();
        this.stale = true;
        break;
      case EventKind.SNAPSHOT_END:
        this.stale = false;
        this.hasSnapshot = true;
        break;
      case EventKind.GAP:
        this.stale = true;
        break;
      default:
        break;
    }
  }

  #count(result: ReplicaResult): void {
    if (result === ReplicaResult.OK) return;
    if (result === ReplicaResult.UNKNOWN_ID) this.unknownIds++;
    else if (result === ReplicaResult.DUPLICATE_ID) this.duplicateIds++;
    else this.overfills++;
  }
}
