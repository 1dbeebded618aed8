/**
 * Open sizes of live orders by their number: open addressing in two typed arrays, backward-shift deletion. LOBSTER says
 * how much of an order is cancelled, and events say how much is left, so the reader has to remember.
 */
const EMPTY = -1;
const FIRST_CAPACITY = 1 << 15;

export class OrderSizes {
  #keys = new Float64Array(FIRST_CAPACITY).fill(EMPTY);
  #sizes = new Float64Array(FIRST_CAPACITY);
  #mask = FIRST_CAPACITY - 1;
  #count = 0;

  set(id: number, size: number): void {
    if (this.#count * 2 > this.#mask) this.#grow();
    const at = this.#find(id);
    if (this.#keys[at] === EMPTY) {
      this.#keys[at] = id;
      this.#count++;
    }
    this.#sizes[at] = size;
  }

  /** Takes an amount off an order and answers what is left; NaN when the order is not known. Forgets it at zero. */
  reduce(id: number, amount: number): number {
    const at = this.#find(id);
    if (this.#keys[at] === EMPTY) return Number.NaN;
    const left = Math.max(0, this.#sizes[at]! - amount);
    if (left === 0) this.#removeAt(at);
    else this.#sizes[at] = left;
    return left;
  }

  remove(id: number): void {
    const at = this.#find(id);
    if (this.#keys[at] !== EMPTY) this.#removeAt(at);
  }

  /** The slot that holds the order, or the empty one where it would go. */
  #find(id: number): number {
    const keys = this.#keys;
    const mask = this.#mask;
    let at = slotOf(id, mask);
    for (;;) {
      const key = keys[at]!;
      if (key === id || key === EMPTY) return at;
      at = (at + 1) & mask;
    }
  }

  #removeAt(slot: number): void {
    const keys = this.#keys;
    const sizes = this.#sizes;
    const mask = this.#mask;
    let hole = slot;
    for (let at = (hole + 1) & mask; keys[at] !== EMPTY; at = (at + 1) & mask) {
      // An entry may fill the hole when its own slot does not lie between the hole and where it stands.
      if (((at - slotOf(keys[at]!, mask)) & mask) >= ((at - hole) & mask)) {
        keys[hole] = keys[at]!;
        sizes[hole] = sizes[at]!;
        hole = at;
      }
    }
    keys[hole] = EMPTY;
    this.#count--;
  }

  #grow(): void {
    const keys = this.#keys;
    const sizes = this.#sizes;
    const capacity = keys.length * 2;
    this.#keys = new Float64Array(capacity).fill(EMPTY);
    this.#sizes = new Float64Array(capacity);
    this.#mask = capacity - 1;
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === EMPTY) continue;
      const at = this.#find(keys[i]!);
      this.#keys[at] = keys[i]!;
      this.#sizes[at] = sizes[i]!;
    }
  }
}

/** Fibonacci hashing of the low and the high half of an id below 2^53. */
function slotOf(id: number, mask: number): number {
  const folded = (id | 0) ^ (id / 4_294_967_296);
  const mixed = Math.imul(folded, 0x9e3779b1);
  return (mixed ^ (mixed >>> 15)) & mask;
}
