/**
 * A set of small integers in which the next member at or after a number is found with a few `clz32`: a bitmap, a bitmap of its
 * words that are not zero, and one of the words of that.
 */
export class BitTree {
  readonly #words: Int32Array;
  readonly #groups: Int32Array;
  readonly #tops: Int32Array;

  /** For members from 0 to 2^bits - 1; bits from 5 to 20. Memory: an eighth of a byte per possible member, and 3 % more. */
  constructor(bits: number) {
    // Each bitmap has a zero word after its last one, where a search that found nothing ends.
    this.#words = new Int32Array((1 << (bits - 5)) + 1);
    this.#groups = new Int32Array((this.#words.length >> 5) + 1);
    this.#tops = new Int32Array((this.#groups.length >> 5) + 2);
  }

  add(member: number): void {
    this.#words[member >> 5] |= 1 << (member & 31);
    this.#groups[member >> 10] |= 1 << ((member >> 5) & 31);
    this.#tops[member >> 15] |= 1 << ((member >> 10) & 31);
  }

  remove(member: number): void {
    if ((this.#words[member >> 5] &= ~(1 << (member & 31))) !== 0) return;
    if ((this.#groups[member >> 10] &= ~(1 << ((member >> 5) & 31))) !== 0) return;
    this.#tops[member >> 15] &= ~(1 << ((member >> 10) & 31));
  }

  /** The smallest member at or above a number from 0 to 2^bits, or -1. */
  nextFrom(from: number): number {
    const word = from >> 5;
    let bits = this.#words[word] & (-1 << (from & 31));
    if (bits !== 0) return (word << 5) + lowestBit(bits);
    const group = (word + 1) >> 5;
    bits = this.#groups[group] & (-1 << ((word + 1) & 31));
    if (bits !== 0) return this.#firstOfWord((group << 5) + lowestBit(bits));
    let top = (group + 1) >> 5;
    bits = this.#tops[top] & (-1 << ((group + 1) & 31));
    while (bits === 0) {
      if (++top >= this.#tops.length) return -1;
      bits = this.#tops[top];
    }
    const occupied = (top << 5) + lowestBit(bits);
    return this.#firstOfWord((occupied << 5) + lowestBit(this.#groups[occupied]));
  }

  #firstOfWord(word: number): number {
    return (word << 5) + lowestBit(this.#words[word]);
  }
}

/** Number of the lowest set bit of a word that is not zero. */
function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
