/**
 * Our standing orders of one side at a simulated venue: best price first, oldest first at a price. A few at a time: sorted arrays.
 *
 * A key is `direction × price`, so that on either side the best price has the smallest key.
 */
const FIRST_PLACES = 16;

export class OwnSide {
  count = 0;
  keys = new Float64Array(FIRST_PLACES);
  slots = new Int32Array(FIRST_PLACES);
  /** Infinity and -Infinity when there is no order, so that no key lies between them. */
  bestKey = Infinity;
  worstKey = -Infinity;

  /** Puts an order behind those of its key. */
  insert(key: number, slot: number): void {
    const count = this.count;
    if (count === this.slots.length) this.#grow();
    const { keys, slots } = this;
    let at = count;
    while (at > 0 && keys[at - 1] > key) {
      keys[at] = keys[at - 1];
      slots[at] = slots[at - 1];
      at--;
    }
    keys[at] = key;
    slots[at] = slot;
    this.count = count + 1;
    this.bestKey = keys[0];
    this.worstKey = keys[count];
  }

  /** Takes out an order that is in the list. */
  remove(key: number, slot: number): void {
    const { keys, slots } = this;
    let at = this.firstFrom(key);
    while (slots[at] !== slot) at++;
    const count = --this.count;
    for (let i = at; i < count; i++) {
      keys[i] = keys[i + 1];
      slots[i] = slots[i + 1];
    }
    this.bestKey = count === 0 ? Infinity : keys[0];
    this.worstKey = count === 0 ? -Infinity : keys[count - 1];
  }

  /** Place of the first order whose key is not below `key`. */
  firstFrom(key: number): number {
    const keys = this.keys;
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    const keys = new Float64Array(this.keys.length * 2);
    keys.set(this.keys);
    this.keys = keys;
    const slots = new Int32Array(this.slots.length * 2);
    slots.set(this.slots);
    this.slots = slots;
  }
}
