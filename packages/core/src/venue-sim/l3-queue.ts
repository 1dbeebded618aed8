/**
 * The recorded orders of one instrument, in their queues, with what a replay must know of each besides: its rank (the order
 * in which orders joined queues, the same count that own orders are ranked by) and how much of it own orders have taken.
 *
 * The open size follows the recording; what own orders took stays taken until the order goes.
 */
import { L3Book } from '../market/l3-book.ts';

/** Float64 fields of an order beside the book. */
const STRIDE = 4;
const ID = 0;
const RANK = 1;
const TAKEN = 2;

/** Rank and lots taken of an order that a snapshot may name again. */
interface Known {
  readonly side: number;
  readonly priceTicks: number;
  readonly rank: number;
  readonly takenLots: number;
}

export class RecordedQueues {
  readonly book: L3Book;
  readonly #slots = new Map<number, number>();
  #fields: Float64Array;
  #known = new Map<number, Known>();

  constructor(orderCapacity = 4096) {
    this.book = new L3Book(orderCapacity);
    this.#fields = new Float64Array(orderCapacity * STRIDE);
  }

  /** Slot of an order by the venue's number; 0 when it is not in the book. */
  find(id: number): number {
    return this.#slots.get(id) ?? 0;
  }

  /** A new order at the back of its queue; 0 when its number is in the book already or the book is full. */
  add(id: number, side: number, priceTicks: number, lots: number, rank: number): number {
    if (this.#slots.has(id)) return 0;
    const slot = this.book.take(0, 0, 0);
    if (slot === 0) return 0;
    const at = this.#at(slot);
    if (at >= this.#fields.length) this.#grow(at);
    this.#fields[at + ID] = id;
    this.#fields[at + RANK] = rank;
    this.#fields[at + TAKEN] = 0;
    this.#slots.set(id, slot);
    this.book.place(slot, side, priceTicks, lots);
    return slot;
  }

  remove(slot: number): void {
    this.#slots.delete(this.#fields[this.#at(slot) + ID]);
    this.book.unlink(slot);
    this.book.release(slot);
  }

  /** The order's open size changes in its place; it is gone when nothing is left. */
  resize(slot: number, lots: number): void {
    if (!(lots > 0)) return this.remove(slot);
    this.book.resize(slot, lots);
    const at = this.#at(slot);
    if (this.#fields[at + TAKEN] > lots) this.#fields[at + TAKEN] = lots;
  }

  /** The order goes to the back of its queue with a larger size. */
  requeue(slot: number, lots: number, rank: number): void {
    const book = this.book;
    const side = book.sideOf(slot);
    const price = book.priceOf(slot);
    book.unlink(slot);
    book.place(slot, side, price, lots);
    this.#fields[this.#at(slot) + RANK] = rank;
  }

  rankOf(slot: number): number {
    return this.#fields[this.#at(slot) + RANK];
  }

  /** Open lots that own orders have not taken. */
  freeLots(slot: number): number {
    return this.book.openLots(slot) - this.#fields[this.#at(slot) + TAKEN];
  }

  /** Own orders trade with so much of the order. */
  noteTaken(slot: number, lots: number): void {
    this.#fields[this.#at(slot) + TAKEN] += lots;
  }

  /** Empties the book before a snapshot, which may name the same orders again. */
  beginSnapshot(): void {
    const { book } = this;
    for (const [id, slot] of this.#slots) {
      const at = this.#at(slot);
      this.#known.set(id, {
        side: book.sideOf(slot),
        priceTicks: book.priceOf(slot),
        rank: this.#fields[at + RANK],
        takenLots: this.#fields[at + TAKEN],
      });
      book.unlink(slot);
      book.release(slot);
    }
    this.#slots.clear();
  }

  /**
   * An order of a snapshot. One that stood at this price before keeps its rank and what was taken of it; the age of any other
   * is not known, and it gets `unknownRank`.
   */
  restore(id: number, side: number, priceTicks: number, lots: number, unknownRank: number): void {
    const known = this.#known.get(id);
    const isSame = known !== undefined && known.side === side && known.priceTicks === priceTicks;
    const slot = this.add(id, side, priceTicks, lots, isSame ? known.rank : unknownRank);
    if (slot !== 0 && isSame) this.noteTaken(slot, Math.min(known.takenLots, lots));
  }

  endSnapshot(): void {
    this.#known = new Map();
  }

  #at(slot: number): number {
    return (slot - this.book.firstSlot) * STRIDE;
  }

  #grow(needed: number): void {
    const fields = new Float64Array(Math.max(this.#fields.length * 2, needed + STRIDE));
    fields.set(this.#fields);
    this.#fields = fields;
  }
}
