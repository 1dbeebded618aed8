/**
 * A copy of a venue's order-by-order book, kept by the venue's own messages. It does not match: it applies what it is told, answers
 * a code for what cannot be (an unknown or repeated id, more traded than was open), and may stand crossed when the
 * recording does. Venue order ids (any integer below 2^53) are hashed here, once, and nowhere behind.
 */
import { Book, type BookState } from './book.ts';
import { L3Book } from './l3-book.ts';
import type { Side } from './side.ts';

export const ReplicaResult = {
  OK: 0,
  UNKNOWN_ID: 1,
  DUPLICATE_ID: 2,
  /** More was executed or taken out than was open: the order is gone, the excess is ignored. */
  OVERFILL: 3,
  /** The book holds as many orders and levels as it can; the order was not added. */
  FULL: 4,
} as const;
export type ReplicaResult = (typeof ReplicaResult)[keyof typeof ReplicaResult];

export class L3Replica extends Book {
  protected override readonly kind: BookState['kind'] = 'l3';
  readonly #book: L3Book;
  readonly #slots = new Map<number, number>();
  /** Venue id by slot, counted from the book's first. */
  #ids: Float64Array;

  constructor(orderCapacity = 4096) {
    super();
    this.#book = new L3Book(orderCapacity);
    this.#ids = new Float64Array(orderCapacity);
  }

  /** A new order at the back of its level's queue. */
  add(id: number, side: number, priceTicks: number, sizeLots: number): ReplicaResult {
    if (this.#slots.has(id)) return ReplicaResult.DUPLICATE_ID;
    const slot = this.#book.take(0, 0, 0);
    if (slot === 0) return ReplicaResult.FULL;
    const at = slot - this.#book.firstSlot;
    if (at >= this.#ids.length) this.#growIds(at);
    this.#ids[at] = id;
    this.#slots.set(id, slot);
    this.#book.place(slot, side, priceTicks, sizeLots);
    return ReplicaResult.OK;
  }

  /** The order's open size becomes `sizeLots`: smaller keeps its place, larger goes to the back, 0 removes it. */
  setSize(id: number, sizeLots: number): ReplicaResult {
    const slot = this.#slots.get(id);
    if (slot === undefined) return ReplicaResult.UNKNOWN_ID;
    const book = this.#book;
    if (sizeLots <= 0) return this.remove(id);
    if (sizeLots <= book.openLots(slot)) book.resize(slot, sizeLots);
    else {
      const side = book.sideOf(slot);
      const price = book.priceOf(slot);
      book.unlink(slot);
      book.place(slot, side, price, sizeLots);
    }
    return ReplicaResult.OK;
  }

  remove(id: number): ReplicaResult {
    const slot = this.#slots.get(id);
    if (slot === undefined) return ReplicaResult.UNKNOWN_ID;
    this.#slots.delete(id);
    this.#book.unlink(slot);
    this.#book.release(slot);
    return ReplicaResult.OK;
  }

  /** `sizeLots` of the resting order traded; it is gone when nothing is left. */
  execute(id: number, sizeLots: number): ReplicaResult {
    return this.reduce(id, sizeLots);
  }

  /** `sizeLots` are taken out of the order, which keeps its place; it is gone when nothing is left. */
  reduce(id: number, sizeLots: number): ReplicaResult {
    const slot = this.#slots.get(id);
    if (slot === undefined) return ReplicaResult.UNKNOWN_ID;
    const open = this.#book.openLots(slot);
    if (sizeLots < open) {
      this.#book.resize(slot, open - sizeLots);
      return ReplicaResult.OK;
    }
    this.remove(id);
    return sizeLots > open ? ReplicaResult.OVERFILL : ReplicaResult.OK;
  }

  has(id: number): boolean {
    return this.#slots.has(id);
  }

  /** Open size, NaN for an unknown id. */
  sizeOf(id: number): number {
    const slot = this.#slots.get(id);
    return slot === undefined ? Number.NaN : this.#book.openLots(slot);
  }

  /** Price, NaN for an unknown id. */
  priceOf(id: number): number {
    const slot = this.#slots.get(id);
    return slot === undefined ? Number.NaN : this.#book.priceOf(slot);
  }

  /** Side, -1 for an unknown id. */
  sideOf(id: number): number {
    const slot = this.#slots.get(id);
    return slot === undefined ? -1 : this.#book.sideOf(slot);
  }

  override clear(): void {
    for (const slot of this.#slots.values()) {
      this.#book.unlink(slot);
      this.#book.release(slot);
    }
    this.#slots.clear();
  }

  get orderCount(): number {
    return this.#slots.size;
  }

  override bestPrice(side: Side): number {
    return this.#book.bestPrice(side);
  }

  override bestSize(side: Side): number {
    return this.#book.levelLots(this.#book.best(side));
  }

  override sizeAt(side: Side, priceTicks: number): number {
    return this.#book.levelLots(this.#book.findLevel(side, priceTicks));
  }

  override levelCount(side: Side): number {
    return this.#book.sides[side].size;
  }

  override top(side: Side, n: number, pricesOut: Float64Array, sizesOut: Float64Array): number {
    const book = this.#book;
    let written = 0;
    for (let level = book.best(side); level !== 0 && written < n; level = book.levelAfter(level)) {
      pricesOut[written] = book.levelPrice(level);
      sizesOut[written++] = book.levelLots(level);
    }
    return written;
  }

  /** Id of the oldest order at a price, NaN when there is none. */
  frontAt(side: number, priceTicks: number): number {
    const level = this.#book.findLevel(side, priceTicks);
    return level === 0 ? Number.NaN : this.#idOf(this.#book.front(level));
  }

  /** Id of the next younger order of the same level, NaN at the end of the queue. */
  behind(id: number): number {
    const slot = this.#slots.get(id);
    const next = slot === undefined ? 0 : this.#book.behind(slot);
    return next === 0 ? Number.NaN : this.#idOf(next);
  }

  protected override saveSide(side: Side): Float64Array {
    const book = this.#book;
    const orders = new Float64Array(3 * book.countOrders(side));
    let at = 0;
    for (let level = book.best(side); level !== 0; level = book.levelAfter(level)) {
      for (let slot = book.front(level); slot !== 0; slot = book.behind(slot)) {
        orders[at++] = this.#idOf(slot);
        orders[at++] = book.levelPrice(level);
        orders[at++] = book.openLots(slot);
      }
    }
    return orders;
  }

  protected override restoreSide(side: Side, saved: Float64Array): void {
    for (let at = 0; at + 2 < saved.length; at += 3) {
      const result = this.add(saved[at], side, saved[at + 1], saved[at + 2]);
      if (result !== ReplicaResult.OK) throw new RangeError(`state of a book: order ${saved[at]} cannot be added`);
    }
  }

  #idOf(slot: number): number {
    return this.#ids[slot - this.#book.firstSlot];
  }

  #growIds(needed: number): void {
    const ids = new Float64Array(Math.max(this.#ids.length * 2, needed + 1));
    ids.set(this.#ids);
    this.#ids = ids;
  }
}
