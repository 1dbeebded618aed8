/**
 * One side of a book, by price: which level stands at a price, which is best, which comes next.
 *
 * Levels around the touch stand in a dense window of ticks with a tree of bits of occupied ones, so that the next
 * best level is found in a few instructions; levels outside the window stand in a sorted map. The window follows the market: once
 * the touch has left its middle and enough accesses have missed it, it is laid anew around the touch, so its cost
 * is spread over those accesses. A quarter of the window lies on the better side of the touch, the rest on the worse.
 *
 * Memory is bounded by the number of levels, whatever prices they span: 4 bytes per tick of the window (256 KiB for the
 * usual 65,536 ticks), 8.3 KiB of bitmap, and 12 to 24 bytes for each level outside.
 */
import { BitTree } from '../base/bit-tree.ts';
import { SortedMap } from '../base/sorted-map.ts';
import { Side } from './side.ts';

/** Accesses outside the window, while the touch is off its middle, that are taken before it is moved. */
const MISSES_BEFORE_MOVE = 64;
const DEFAULT_WINDOW_BITS = 16;

export class PriceIndex {
  /** Levels on this side. */
  size = 0;
  /** +1 for asks, -1 for bids: a key is `direction * price`, so the best level is the one of the smallest key. */
  readonly #direction: number;
  readonly #window: number;
  /** Key of the window's first tick, in one float64 of memory that a book may lend. */
  #origin: Float64Array;
  /** Level number at each tick of the window, -1 where there is none. */
  #levels: Int32Array;
  readonly #occupied: BitTree;
  readonly #outside = new SortedMap();
  #misses = 0;

  /**
   * @param windowBits log2 of the window's ticks, 10 to 20
   * @param levels memory for the window, all -1, of a book that reads it directly
   * @param origin memory for the key of the window's first tick, of the same book
   */
  constructor(
    side: Side,
    windowBits = DEFAULT_WINDOW_BITS,
    levels: Int32Array = new Int32Array(1 << windowBits).fill(-1),
    origin: Float64Array = new Float64Array(1),
  ) {
    this.#direction = side === Side.BUY ? -1 : 1;
    this.#window = 1 << windowBits;
    this.#levels = levels;
    this.#origin = origin;
    this.#occupied = new BitTree(windowBits);
  }

  /** The book's memory has moved: what was lent is there now. */
  move(levels: Int32Array, origin: Float64Array): void {
    this.#levels = levels;
    this.#origin = origin;
  }

  /** True when the first price is nearer to the touch than the second. */
  isBetter(priceTicks: number, thanTicks: number): boolean {
    return this.#direction * priceTicks < this.#direction * thanTicks;
  }

  /** Level number at a price, or -1. */
  find(priceTicks: number): number {
    const offset = this.#direction * priceTicks - this.#origin[0];
    if (offset >= 0 && offset < this.#window) return this.#levels[offset | 0];
    return this.#findOutside(this.#direction * priceTicks);
  }

  /** Puts a level at a price that has none. */
  insert(priceTicks: number, level: number): void {
    const key = this.#direction * priceTicks;
    if (this.size === 0) this.#origin[0] = key - (this.#window >> 2);
    this.size++;
    const offset = key - this.#origin[0];
    if (offset >= 0 && offset < this.#window) this.#set(offset | 0, level);
    else {
      this.#outside.insert(key, level);
      this.#miss();
    }
  }

  /** Removes the level at a price that has one. */
  remove(priceTicks: number): void {
    const key = this.#direction * priceTicks;
    this.size--;
    const offset = key - this.#origin[0];
    if (offset >= 0 && offset < this.#window) this.#unset(offset | 0);
    else this.#outside.remove(key);
  }

  /** `insert` for a book that knows the price to lie in the window, and where: no float64 crosses the call. */
  insertAt(offset: number, level: number): void {
    this.size++;
    this.#set(offset, level);
  }

  /** `remove` and then `first`, for a book that knows the best level to lie in the window, and where. */
  removeBestAt(offset: number): number {
    this.size--;
    this.#unset(offset);
    const next = this.#occupied.nextFrom(offset);
    return next >= 0 && this.#outside.size === 0 ? this.#levels[next] : this.first();
  }

  /** Number of the best level, or -1. */
  first(): number {
    if (this.size === 0) return -1;
    const offset = this.#occupied.nextFrom(0);
    if (this.#outside.size === 0) return this.#levels[offset];
    const key = this.#outside.firstKey();
    if (offset < 0 || key < this.#origin[0]) return this.#outside.get(key);
    return this.#levels[offset];
  }

  /** Number of the best level that is worse than a price, or -1. */
  after(priceTicks: number): number {
    const key = this.#direction * priceTicks + 1;
    const offset = key - this.#origin[0];
    if (offset >= 0 && offset < this.#window) {
      const next = this.#occupied.nextFrom(offset | 0);
      if (next >= 0) return this.#levels[next];
    }
    return this.#outside.size === 0 && offset >= 0 ? -1 : this.#afterOutside(key);
  }

  clear(): void {
    for (let offset = this.#occupied.nextFrom(0); offset >= 0; offset = this.#occupied.nextFrom(offset + 1))
      this.#unset(offset);
    this.#outside.clear();
    this.size = 0;
    this.#misses = 0;
  }

  #findOutside(key: number): number {
    if (this.#outside.size === 0) return -1;
    const level = this.#outside.get(key);
    if (level >= 0) this.#miss();
    return level;
  }

  /** The search of `after` when the window holds nothing at or beyond the key's place. */
  #afterOutside(key: number): number {
    const outside = this.#outside.ceilingKey(key);
    if (key < this.#origin[0] && outside >= this.#origin[0]) {
      const offset = this.#occupied.nextFrom(0);
      if (offset >= 0) return this.#levels[offset];
    }
    return outside === Infinity ? -1 : this.#outside.get(outside);
  }

  #set(offset: number, level: number): void {
    this.#levels[offset] = level;
    this.#occupied.add(offset);
  }

  #unset(offset: number): void {
    this.#levels[offset] = -1;
    this.#occupied.remove(offset);
  }

  #miss(): void {
    if (++this.#misses < MISSES_BEFORE_MOVE) return;
    this.#misses = 0;
    const inside = this.#occupied.nextFrom(0);
    const best = Math.min(inside < 0 ? Infinity : this.#origin[0] + inside, this.#outside.firstKey());
    const offset = best - this.#origin[0];
    if (offset < 0 || offset >= this.#window >> 1) this.#moveTo(best - (this.#window >> 2));
  }

  /** Lays the window anew: what falls out of it goes to the sorted map, what it now covers comes in. */
  #moveTo(base: number): void {
    const keys: number[] = [];
    const levels: number[] = [];
    for (let offset = this.#occupied.nextFrom(0); offset >= 0; offset = this.#occupied.nextFrom(offset + 1)) {
      keys.push(this.#origin[0] + offset);
      levels.push(this.#levels[offset]);
      this.#unset(offset);
    }
    this.#origin[0] = base;
    for (let i = 0; i < keys.length; i++) {
      const offset = keys[i] - base;
      if (offset >= 0 && offset < this.#window) this.#set(offset, levels[i]);
      else this.#outside.insert(keys[i], levels[i]);
    }
    for (let key = this.#outside.ceilingKey(base); key < base + this.#window; key = this.#outside.ceilingKey(key)) {
      this.#set(key - base, this.#outside.get(key));
      this.#outside.remove(key);
    }
  }
}
