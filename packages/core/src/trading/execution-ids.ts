/**
 * The last 65,536 execution numbers of one venue, to know one that comes twice: an open-addressing table with linear probing,
 * at most half full, and the order of arrival in a ring. Memory is bounded (1.5 MiB), and begins small.
 */

const KEPT = 65_536;
const FIRST = 256;

export class ExecutionIds {
  /** Numbers in order of arrival; a power of two of them. */
  #ring = new Float64Array(FIRST);
  /** Twice as many places; 0 = free, as no execution has the number 0. */
  #table = new Float64Array(2 * FIRST);
  #count = 0;
  /** Ring index of the next number. */
  #next = 0;

  /** Remembers the number at `data[at]` (not 0, not NaN); false when it is among those remembered. */
  add(data: Float64Array, at: number): boolean {
    const id = data[at];
    let table = this.#table;
    let mask = table.length - 1;
    let place = home(id) & mask;
    while (table[place] !== 0) {
      if (table[place] === id) return false;
      place = (place + 1) & mask;
    }
    if (this.#count === this.#ring.length) {
      if (this.#count < KEPT) this.#grow();
      else this.#forget(this.#ring[this.#next]);
      table = this.#table;
      mask = table.length - 1;
      place = home(id) & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
    }
    table[place] = id;
    this.#ring[this.#next] = id;
    this.#next = (this.#next + 1) & (this.#ring.length - 1);
    this.#count++;
    return true;
  }

  /** Whether a number is among those remembered. */
  has(id: number): boolean {
    const table = this.#table;
    const mask = table.length - 1;
    let place = home(id) & mask;
    while (table[place] !== 0) {
      if (table[place] === id) return true;
      place = (place + 1) & mask;
    }
    return false;
  }

  /** The numbers in order of arrival. */
  save(): Float64Array {
    const ring = this.#ring;
    const ids = new Float64Array(this.#count);
    for (let i = 0; i < ids.length; i++) ids[i] = ring[(this.#next - this.#count + i) & (ring.length - 1)];
    return ids;
  }

  restore(ids: Float64Array): void {
    if (ids.length > KEPT) throw new RangeError(`state of execution numbers: found ${ids.length}, at most ${KEPT}`);
    this.#ring = new Float64Array(FIRST);
    this.#table = new Float64Array(2 * FIRST);
    this.#count = 0;
    this.#next = 0;
    for (let i = 0; i < ids.length; i++) this.add(ids, i);
  }

  #grow(): void {
    const old = this.#ring;
    const ring = new Float64Array(2 * old.length);
    // Full, so the oldest stands at `next`, which is 0: nothing was forgotten yet.
    ring.set(old);
    const table = new Float64Array(2 * ring.length);
    const mask = table.length - 1;
    for (const id of old) {
      let place = home(id) & mask;
      while (table[place] !== 0) place = (place + 1) & mask;
      table[place] = id;
    }
    this.#ring = ring;
    this.#table = table;
    this.#next = old.length;
  }

  /** Takes a number out and moves up those behind it that would no longer be found. */
  #forget(id: number): void {
    const table = this.#table;
    const mask = table.length - 1;
    let hole = home(id) & mask;
    while (table[hole] !== id) hole = (hole + 1) & mask;
    for (let place = (hole + 1) & mask; table[place] !== 0; place = (place + 1) & mask) {
      if (((place - home(table[place])) & mask) >= ((place - hole) & mask)) {
        table[hole] = table[place];
        hole = place;
      }
    }
    table[hole] = 0;
    this.#count--;
  }
}

/** MurmurHash3's last step over both halves of an integer below 2^53; other numbers only have to be equal to themselves. */
function home(id: number): number {
  let hash = (id | 0) ^ Math.imul((id / 0x1_0000_0000) | 0, 0x9e37_79b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return hash ^ (hash >>> 16);
}
