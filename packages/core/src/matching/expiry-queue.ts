/**
 * Handles of orders by the time at which they expire: a binary heap in typed arrays. An order that goes earlier leaves its entry
 * behind; dead entries are swept out whenever the heap is full, so it never holds more than twice the live ones (plus 64).
 */
import type { L3Book } from '../market/l3-book.ts';

export class ExpiryQueue {
  readonly #book: L3Book;
  #times = new Float64Array(64);
  #slots = new Int32Array(64);
  #generations = new Int32Array(64);
  #length = 0;

  constructor(book: L3Book) {
    this.#book = book;
  }

  push(timeNs: number, slot: number, generation: number): void {
    if (this.#length === this.#times.length) this.#sweep();
    let at = this.#length++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(timeNs, slot, parent)) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#put(at, timeNs, slot, generation);
  }

  /** Slot of a live order that is due at `nowNs`, taken out of the queue; 0 when none is. Earliest first, then by slot. */
  popDue(nowNs: number): number {
    while (this.#length > 0 && this.#times[0] <= nowNs) {
      const slot = this.#slots[0];
      const generation = this.#generations[0];
      this.#removeFirst();
      if (this.#book.isLive(slot, generation)) return slot;
    }
    return 0;
  }

  #removeFirst(): void {
    const last = --this.#length;
    const time = this.#times[last];
    const slot = this.#slots[last];
    const generation = this.#generations[last];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#isBefore(this.#times[child + 1], this.#slots[child + 1], child)) child++;
      if (this.#isBefore(time, slot, child)) break;
      this.#copy(child, at);
      at = child;
    }
    if (last > 0) this.#put(at, time, slot, generation);
  }

  #isBefore(time: number, slot: number, at: number): boolean {
    return time < this.#times[at] || (time === this.#times[at] && slot < this.#slots[at]);
  }

  #copy(from: number, to: number): void {
    this.#times[to] = this.#times[from];
    this.#slots[to] = this.#slots[from];
    this.#generations[to] = this.#generations[from];
  }

  #put(at: number, time: number, slot: number, generation: number): void {
    this.#times[at] = time;
    this.#slots[at] = slot;
    this.#generations[at] = generation;
  }

  /** Drops the dead entries; doubles the arrays when more than half of them are alive. */
  #sweep(): void {
    const times = this.#times;
    const slots = this.#slots;
    const generations = this.#generations;
    const alive: number[] = [];
    for (let i = 0; i < this.#length; i++) if (this.#book.isLive(slots[i], generations[i])) alive.push(i);
    const capacity = alive.length * 2 > times.length ? times.length * 2 : times.length;
    this.#times = new Float64Array(capacity);
    this.#slots = new Int32Array(capacity);
    this.#generations = new Int32Array(capacity);
    this.#length = 0;
    for (const i of alive) this.push(times[i], slots[i], generations[i]);
  }
}
