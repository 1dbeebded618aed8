/**
 * An ordered map from float64 keys to int32 values in typed arrays: a directory of sorted blocks. Finding, inserting and
 * removing cost two binary searches and a move of at most one block. Memory: at most 24 bytes per key plus a few blocks,
 * because neighbours that would fit into one block are merged.
 */

const BLOCK = 128;
/** Two neighbours are merged when together they hold no more than this, so that a merged block is not split at once. */
const MERGE_AT = 64;

export class SortedMap {
  /** Keys in the map. */
  size = 0;
  #keys = new Float64Array(BLOCK);
  #values = new Int32Array(BLOCK);
  /** Entries in use, by block. */
  #counts = new Int32Array(1);
  /** Block numbers in key order; the first `#blocks` entries are in use. */
  #directory = new Int32Array(1);
  #blocks = 0;
  #free: number[] = [0];

  /** The value at a key, or -1. */
  get(key: number): number {
    if (this.size === 0) return -1;
    const block = this.#directory[this.#blockOf(key)];
    const at = this.#positionIn(block, key);
    const index = block * BLOCK + at;
    return at < this.#counts[block] && this.#keys[index] === key ? this.#values[index] : -1;
  }

  /** Inserts a key that is not in the map. */
  insert(key: number, value: number): void {
    if (this.#blocks === 0) {
      this.#directory[0] = this.#take();
      this.#blocks = 1;
    }
    let entry = this.#blockOf(key);
    let block = this.#directory[entry];
    if (this.#counts[block] === BLOCK) {
      this.#split(entry);
      entry = this.#blockOf(key);
      block = this.#directory[entry];
    }
    const count = this.#counts[block];
    const start = block * BLOCK;
    const at = start + this.#positionIn(block, key);
    this.#keys.copyWithin(at + 1, at, start + count);
    this.#values.copyWithin(at + 1, at, start + count);
    this.#keys[at] = key;
    this.#values[at] = value;
    this.#counts[block] = count + 1;
    this.size++;
  }

  /** Removes a key that is in the map. */
  remove(key: number): void {
    const entry = this.#blockOf(key);
    const block = this.#directory[entry];
    const count = this.#counts[block];
    const start = block * BLOCK;
    const at = start + this.#positionIn(block, key);
    this.#keys.copyWithin(at, at + 1, start + count);
    this.#values.copyWithin(at, at + 1, start + count);
    this.#counts[block] = count - 1;
    this.size--;
    if (count === 1) this.#drop(entry);
    else if (entry + 1 < this.#blocks && count - 1 + this.#counts[this.#directory[entry + 1]] <= MERGE_AT) {
      this.#mergeWithNext(entry);
    } else if (entry > 0 && count - 1 + this.#counts[this.#directory[entry - 1]] <= MERGE_AT) {
      this.#mergeWithNext(entry - 1);
    }
  }

  /** The smallest key, or Infinity. */
  firstKey(): number {
    return this.size === 0 ? Infinity : this.#keys[this.#directory[0] * BLOCK];
  }

  /** The smallest key at or above a bound, or Infinity. */
  ceilingKey(bound: number): number {
    if (this.size === 0) return Infinity;
    const entry = this.#blockOf(bound);
    const block = this.#directory[entry];
    const at = this.#positionIn(block, bound);
    if (at < this.#counts[block]) return this.#keys[block * BLOCK + at];
    return entry + 1 < this.#blocks ? this.#keys[this.#directory[entry + 1] * BLOCK] : Infinity;
  }

  clear(): void {
    for (let i = 0; i < this.#blocks; i++) this.#free.push(this.#directory[i]);
    this.#blocks = 0;
    this.size = 0;
  }

  /** Directory entry of the last block whose first key is at or below the key; the first block when there is none. */
  #blockOf(key: number): number {
    const keys = this.#keys;
    const directory = this.#directory;
    let low = 0;
    let high = this.#blocks - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (keys[directory[middle] * BLOCK] <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Number of keys of the block that are below the key. */
  #positionIn(block: number, key: number): number {
    const keys = this.#keys;
    const start = block * BLOCK;
    let low = 0;
    let high = this.#counts[block];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[start + middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #split(entry: number): void {
    const block = this.#directory[entry];
    const fresh = this.#take();
    const half = BLOCK >> 1;
    const from = block * BLOCK;
    const to = fresh * BLOCK;
    this.#keys.copyWithin(to, from + half, from + BLOCK);
    this.#values.copyWithin(to, from + half, from + BLOCK);
    this.#counts[block] = half;
    this.#counts[fresh] = BLOCK - half;
    this.#directory.copyWithin(entry + 2, entry + 1, this.#blocks);
    this.#directory[entry + 1] = fresh;
    this.#blocks++;
  }

  #mergeWithNext(entry: number): void {
    const block = this.#directory[entry];
    const next = this.#directory[entry + 1];
    const count = this.#counts[block];
    const from = next * BLOCK;
    this.#keys.copyWithin(block * BLOCK + count, from, from + this.#counts[next]);
    this.#values.copyWithin(block * BLOCK + count, from, from + this.#counts[next]);
    this.#counts[block] = count + this.#counts[next];
    this.#drop(entry + 1);
  }

  #drop(entry: number): void {
    this.#free.push(this.#directory[entry]);
    this.#directory.copyWithin(entry, entry + 1, this.#blocks);
    this.#blocks--;
  }

  /** An empty block; every array doubles when none is left. */
  #take(): number {
    if (this.#free.length === 0) {
      const blocks = this.#counts.length;
      const keys = new Float64Array(2 * blocks * BLOCK);
      const values = new Int32Array(2 * blocks * BLOCK);
      const counts = new Int32Array(2 * blocks);
      const directory = new Int32Array(2 * blocks);
      keys.set(this.#keys);
      values.set(this.#values);
      counts.set(this.#counts);
      directory.set(this.#directory);
      this.#keys = keys;
      this.#values = values;
      this.#counts = counts;
      this.#directory = directory;
      for (let block = 2 * blocks - 1; block >= blocks; block--) this.#free.push(block);
    }
    const block = this.#free.pop()!;
    this.#counts[block] = 0;
    return block;
  }
}
