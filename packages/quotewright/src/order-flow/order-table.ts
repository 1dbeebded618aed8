/**
 * Slots of orders by their ids from outside: the one place where ids are looked up. Ids that count up from 0 stand in a dense array
 * (4 bytes each, doubling); others, negative or beyond 2^26, in a Map. Entries are not removed: the book itself tells
 * whether the slot still holds the order.
 */
const MAX_DENSE = 2 ** 26;

export class OrderTable {
  #dense: Int32Array;
  readonly #sparse = new Map<number, number>();

  /** @param ids ids from 0 for which memory is held ready, written to so that no order pays for its first touch; it doubles */
  constructor(ids: number) {
    this.#dense = new Int32Array(Math.min(ids, MAX_DENSE)).fill(0);
  }

  /** Slot last set for an id, 0 if none. */
  get(id: number): number {
    const dense = this.#dense;
    if (id >= 0 && id < dense.length) return dense[id]!;
    return this.#sparse.get(id) ?? 0;
  }

  set(id: number, slot: number): void {
    if (id >= 0 && id < this.#dense.length) this.#dense[id] = slot;
    else this.#setOutside(id, slot);
  }

  #setOutside(id: number, slot: number): void {
    if (id < 0 || id >= MAX_DENSE) {
      if (slot === 0) this.#sparse.delete(id);
      else this.#sparse.set(id, slot);
      return;
    }
    let length = Math.max(this.#dense.length, 1024);
    while (length <= id) length *= 2;
    const dense = new Int32Array(length);
    dense.set(this.#dense);
    this.#dense = dense;
    dense[id] = slot;
  }
}
