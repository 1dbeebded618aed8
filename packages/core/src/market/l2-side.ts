/**
 * One side of an L2 book: the size at each price, best first.
 *
 * Sizes around the touch stand in a dense window of ticks, one float64 each, with a `BitTree` of those that are not zero; an
 * update is one store. (A `PriceIndex` with a record per level, as orders need it, costs half as much again here.) Levels
 * outside the window stand in a sorted map. The window follows the market: when changes have missed it often enough while
 * the touch is off its middle, it is laid anew with a quarter of it on the better side of the touch.
 *
 * Memory is bounded by the number of levels, whatever prices below 2^53 ticks they span: 512 KiB for the window of 65,536
 * ticks, 8.3 KiB for its bitmaps, and up to 60 bytes for each of the most levels that were ever outside it at once.
 * Nothing is allocated by a change or a look-up, except when more levels than ever before are outside.
 */
import { BitTree } from '../base/bit-tree.ts';
import { SortedMap } from '../base/sorted-map.ts';
import { Side } from './side.ts';

const WINDOW_BITS = 16;
const WINDOW = 1 << WINDOW_BITS;
/** Ticks of the window on the better side of the touch when it is laid. */
const AHEAD = WINDOW >> 2;
/** Changes outside the window, while the touch is off its middle, that are taken before it is laid anew. */
const MISSES_BEFORE_MOVE = 64;
const FIRST_FAR = 64;

/** What the measures of depth need to know of a side; levels are walked best first. */
export interface LevelWalk {
  /** Number of the best level, or -1. */
  best(): number;
  /** Number of the next worse level, or -1. */
  next(level: number): number;
  priceOf(level: number): number;
  sizeOf(level: number): number;
}

/** The number of a level is its place in the window, or WINDOW plus its place among the far ones; a change voids it. */
export class L2Side implements LevelWalk {
  /** Levels on this side. */
  count = 0;
  /** +1 for asks, -1 for bids: a key is `direction * price`, so the best level is the one of the smallest key. */
  readonly #direction: number;
  /** Key of the window's first tick; NaN, which lets every price miss the window, until there is a level. */
  #base = Number.NaN;
  /** Size at each tick of the window, 0 where there is no level. */
  readonly #sizes = new Float64Array(WINDOW);
  readonly #occupied = new BitTree(WINDOW_BITS);
  /** Place among the far levels by key. */
  readonly #outside = new SortedMap();
  /** Price and size of each far level. In a free place the price is the next free place. */
  #far = new Float64Array(2 * FIRST_FAR);
  #farUsed = 0;
  #farFree = -1;
  #misses = 0;
  #best = -1;
  #bestPrice = Number.NaN;

  constructor(side: Side) {
    this.#direction = side === Side.BUY ? -1 : 1;
  }

  /** Makes the level at a price hold a size; no level is left where the size is not above zero. */
  set(priceTicks: number, sizeLots: number): void {
    const offset = this.#direction * priceTicks - this.#base;
    if (offset >= 0 && offset < WINDOW) {
      const at = offset | 0;
      const held = this.#sizes[at];
      if (sizeLots > 0) {
        this.#sizes[at] = sizeLots;
        if (held !== 0) return;
        this.count++;
        this.#occupied.add(at);
        if (!(this.#direction * priceTicks >= this.#direction * this.#bestPrice)) {
          this.#best = at;
          this.#bestPrice = priceTicks;
        }
      } else if (held !== 0) {
        this.#sizes[at] = 0;
        this.count--;
        this.#occupied.remove(at);
        if (at === this.#best) this.#setBest(this.next(at));
      }
    } else this.#setOutside(priceTicks, sizeLots);
  }

  clear(): void {
    for (let at = this.#occupied.nextFrom(0); at >= 0; at = this.#occupied.nextFrom(at + 1)) {
      this.#sizes[at] = 0;
      this.#occupied.remove(at);
    }
    this.#outside.clear();
    this.#farUsed = 0;
    this.#farFree = -1;
    this.#misses = 0;
    this.#base = Number.NaN;
    this.count = 0;
    this.#setBest(-1);
  }

  best(): number {
    return this.#best;
  }

  next(level: number): number {
    if (level < WINDOW) {
      const at = this.#occupied.nextFrom(level + 1);
      if (at >= 0 || this.#outside.size === 0) return at;
      return this.#farLevel(this.#outside.ceilingKey(this.#base + WINDOW));
    }
    return this.#firstFrom(this.#direction * this.priceOf(level) + 1);
  }

  priceOf(level: number): number {
    // `+ 0` turns the -0 of a bid at 0 into 0.
    return level < WINDOW ? this.#direction * (this.#base + level) + 0 : this.#far[2 * (level - WINDOW)];
  }

  sizeOf(level: number): number {
    return level < WINDOW ? this.#sizes[level] : this.#far[2 * (level - WINDOW) + 1];
  }

  /** NaN when the side is empty. */
  bestPrice(): number {
    return this.#bestPrice;
  }

  /** 0 when the side is empty. */
  bestSize(): number {
    return this.#best < 0 ? 0 : this.sizeOf(this.#best);
  }

  /** 0 when there is no level. */
  sizeAt(priceTicks: number): number {
    const offset = this.#direction * priceTicks - this.#base;
    if (offset >= 0 && offset < WINDOW) return this.#sizes[offset | 0];
    const far = this.#outside.get(this.#direction * priceTicks);
    return far < 0 ? 0 : this.#far[2 * far + 1];
  }

  /** Price and size of each level, best first. */
  save(): Float64Array {
    const levels = new Float64Array(2 * this.count);
    let at = 0;
    for (let level = this.#best; level >= 0; level = this.next(level)) {
      levels[at++] = this.priceOf(level);
      levels[at++] = this.sizeOf(level);
    }
    return levels;
  }

  /** The same levels; where the window lies is not part of the state, as nothing but speed depends on it. */
  restore(levels: Float64Array): void {
    this.clear();
    for (let at = 0; at + 1 < levels.length; at += 2) this.set(levels[at], levels[at + 1]);
    if (2 * this.count !== levels.length) {
      throw new RangeError(`state of a side: ${levels.length} numbers are not price and size of ${this.count} levels`);
    }
  }

  #setBest(level: number): void {
    this.#best = level;
    this.#bestPrice = level < 0 ? Number.NaN : this.priceOf(level);
  }

  #setOutside(priceTicks: number, sizeLots: number): void {
    const key = this.#direction * priceTicks;
    const far = this.#outside.get(key);
    if (sizeLots > 0) {
      if (far >= 0) this.#far[2 * far + 1] = sizeLots;
      else if (!Number.isSafeInteger(priceTicks)) return;
      else if (this.count === 0) {
        this.#base = key - AHEAD;
        this.set(priceTicks, sizeLots);
        return;
      } else this.#addFar(key, sizeLots);
    } else if (far >= 0) {
      this.#removeFar(key, far);
      this.count--;
      if (this.#best === WINDOW + far) this.#setBest(this.#firstFrom(key));
    } else return;
    this.#miss();
  }

  #addFar(key: number, sizeLots: number): void {
    this.count++;
    const far = this.#putFar(key, sizeLots);
    if (key < this.#direction * this.#bestPrice) this.#setBest(WINDOW + far);
  }

  /** Stores a level in a free place and in the map. */
  #putFar(key: number, sizeLots: number): number {
    let far = this.#farFree;
    if (far >= 0) this.#farFree = this.#far[2 * far];
    else {
      far = this.#farUsed++;
      if (2 * far === this.#far.length) {
        const grown = new Float64Array(2 * this.#far.length);
        grown.set(this.#far);
        this.#far = grown;
      }
    }
    this.#far[2 * far] = this.#direction * key + 0;
    this.#far[2 * far + 1] = sizeLots;
    this.#outside.insert(key, far);
    return far;
  }

  #removeFar(key: number, far: number): void {
    this.#outside.remove(key);
    this.#far[2 * far] = this.#farFree;
    this.#farFree = far;
  }

  /** Number of the level of a far key, -1 for Infinity. */
  #farLevel(key: number): number {
    return key === Infinity ? -1 : WINDOW + this.#outside.get(key);
  }

  /** Number of the best level at or worse than a key outside the window. */
  #firstFrom(key: number): number {
    const outside = this.#outside.ceilingKey(key);
    if (key < this.#base + WINDOW && outside >= this.#base) {
      const at = this.#occupied.nextFrom(0);
      if (at >= 0) return at;
    }
    return this.#farLevel(outside);
  }

  #miss(): void {
    if (++this.#misses < MISSES_BEFORE_MOVE || this.count === 0) return;
    this.#misses = 0;
    const best = this.#direction * this.#bestPrice;
    const offset = best - this.#base;
    if (offset < 0 || offset >= WINDOW >> 1) this.#moveTo(best - AHEAD);
  }

  /** Lays the window anew: all levels go outside, and those that it now covers come in again. */
  #moveTo(base: number): void {
    for (let at = this.#occupied.nextFrom(0); at >= 0; at = this.#occupied.nextFrom(at + 1)) {
      this.#putFar(this.#base + at, this.#sizes[at]);
      this.#sizes[at] = 0;
      this.#occupied.remove(at);
    }
    this.#base = base;
    for (let key = this.#outside.ceilingKey(base); key < base + WINDOW; key = this.#outside.ceilingKey(key)) {
      const far = this.#outside.get(key);
      this.#sizes[key - base] = this.#far[2 * far + 1];
      this.#occupied.add(key - base);
      this.#removeFar(key, far);
    }
    this.#setBest(this.#firstFrom(-Infinity));
  }
}
