/**
 * What only some orders carry (hidden size, trigger, link), in a pool of its own so that the ordinary order stays at 32 bytes.
 * An order with an extension has EXTENDED, and its REF field is the extension's number.
 */
import type { L3Book } from '../market/l3-book.ts';
import { Flag, Word } from '../market/l3-layout.ts';

const { REF, TAG } = Word;
const { CONDITIONAL, EXTENDED } = Flag;

/** Float64 fields of an extension. */
export const Ext = {
  /** The caller's number for the order, which the order record has no room for now. */
  REF: 0,
  /** Iceberg: lots not shown. */
  HIDDEN: 1,
  /** Iceberg: lots shown after a refill; 0 = not an iceberg. */
  DISPLAY: 2,
  /** Conditional: limit price; NaN = market. */
  LIMIT: 3,
  /** Trailing stop: distance in ticks; 0 = the trigger stands still. */
  TRAIL: 4,
  /** Conditional: side of the order that it becomes. */
  SIDE: 5,
  /** Other leg of an OCO pair: its slot, 0 = none. Legs always go together, so no generation is needed. */
  LINK: 6,
  /** In a free extension: the next free one. */
  NEXT_FREE: 7,
} as const;
export const EXT_STRIDE = 8;

export class Extensions {
  readonly #book: L3Book;
  /** Records; replaced when the pool grows. */
  data = new Float64Array(EXT_STRIDE * 64);
  #free = -1;
  #fresh = 0;

  constructor(book: L3Book) {
    this.#book = book;
  }

  /** A fresh record with the caller's number in it. */
  take(ref: number): number {
    let extension = this.#free;
    if (extension >= 0) this.#free = this.data[extension * EXT_STRIDE + Ext.NEXT_FREE];
    else {
      extension = this.#fresh++;
      if (extension * EXT_STRIDE === this.data.length) {
        const data = new Float64Array(this.data.length * 2);
        data.set(this.data);
        this.data = data;
      }
    }
    const at = extension * EXT_STRIDE;
    this.data.fill(0, at, at + EXT_STRIDE);
    this.data[at + Ext.REF] = ref;
    return extension;
  }

  release(extension: number): void {
    this.data[extension * EXT_STRIDE + Ext.NEXT_FREE] = this.#free;
    this.#free = extension;
  }

  /** Offset of an order's extension in `data`, -1 when it has none. */
  offsetOf(slot: number): number {
    const { words } = this.#book;
    const at = slot << 3;
    return (words[at | TAG] & EXTENDED) === 0 ? -1 : words[at | REF] * EXT_STRIDE;
  }

  /** The caller's number for an order. */
  refOf(slot: number): number {
    const at = this.offsetOf(slot);
    return at < 0 ? this.#book.words[(slot << 3) | REF] : this.data[at + Ext.REF];
  }

  /** Side of an order; of a conditional one, the side that it will have. */
  sideOf(slot: number): number {
    const tag = this.#book.words[(slot << 3) | TAG];
    return (tag & CONDITIONAL) === 0 ? this.#book.sideOf(slot) : this.data[this.offsetOf(slot) + Ext.SIDE];
  }

  /** Lots that an iceberg shows after a refill, 0 = the order is none. */
  displayOf(slot: number): number {
    const at = this.offsetOf(slot);
    return at < 0 ? 0 : this.data[at + Ext.DISPLAY];
  }

  /** Open lots of a queued order, hidden ones included. */
  openOf(slot: number): number {
    const at = this.offsetOf(slot);
    return this.#book.openLots(slot) + (at < 0 ? 0 : this.data[at + Ext.HIDDEN]);
  }

  /** Open lots at a level, hidden ones included. */
  volumeOf(level: number): number {
    let sum = 0;
    for (let slot = this.#book.front(level); slot !== 0; slot = this.#book.behind(slot)) sum += this.openOf(slot);
    return sum;
  }

  /** Lowers the open size of a queued order in its place, hidden lots first. */
  shrink(slot: number, lots: number): void {
    const at = this.offsetOf(slot);
    const fromHidden = at < 0 ? 0 : Math.min(lots, this.data[at + Ext.HIDDEN]);
    if (fromHidden > 0) this.data[at + Ext.HIDDEN] -= fromHidden;
    if (lots > fromHidden) this.#book.resize(slot, this.#book.openLots(slot) - (lots - fromHidden));
  }

  /** Pairs two orders; a pair that either belonged to is dissolved first. */
  link(slot: number, other: number): void {
    this.unlink(slot);
    this.unlink(other);
    const at = this.extend(slot);
    const otherAt = this.extend(other);
    // Both first: either may replace `data`.
    this.data[at + Ext.LINK] = other;
    this.data[otherAt + Ext.LINK] = slot;
  }

  /** Slot of the other leg of an order's pair, 0 = none. */
  linkOf(slot: number): number {
    const at = this.offsetOf(slot);
    return at < 0 ? 0 : this.data[at + Ext.LINK];
  }

  /** Dissolves the pair that an order belongs to; answers the other leg, 0 = there was none. */
  unlink(slot: number): number {
    const other = this.linkOf(slot);
    if (other === 0) return 0;
    this.data[this.offsetOf(slot) + Ext.LINK] = 0;
    this.data[this.offsetOf(other) + Ext.LINK] = 0;
    return other;
  }

  /** Offset of the order's extension, which it gets if it had none. */
  extend(slot: number): number {
    const { words } = this.#book;
    const at = slot << 3;
    if ((words[at | TAG] & EXTENDED) === 0) {
      words[at | REF] = this.take(words[at | REF]);
      words[at | TAG] |= EXTENDED;
    }
    return words[at | REF] * EXT_STRIDE;
  }
}
