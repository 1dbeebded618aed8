/**
 * Order queues by price level: the memory that the matching engine and the L3 replica share. Price-time priority is the
 * order of the queue. Nothing here matches or checks; it keeps queues, level totals and the best level of each side exact.
 *
 * All of it lies in one arena, seen as int32 (`words`) and as float64 (`doubles`): a header, the two dense price windows, and
 * 32-byte records, each an order or a level. Few arrays matter as much as few bytes: V8 fetches base and length of every typed
 * array anew in each function, and checks every access against it. For the same reason offsets in a record are `<<` and `|`
 * (no overflow check) and not `*` and `+`. Record number 0 is nothing.
 *
 * Open sizes, level totals and prices are float64, exact to 2^53. A record that is given back is used again with its generation
 * raised, so a handle (slot, generation) names one order for ever. New orders are refused once 2^25 records were ever in use.
 */
import { Double, Flag, Header, Word } from './l3-layout.ts';
import { PriceIndex } from './price-index.ts';
import { Side } from './side.ts';

const { NEXT, PREVIOUS, LEVEL, REF, OWNER, TAG, HEAD, TAIL, LEVEL_SIDE } = Word;
const { PRICE, OPEN } = Double;
const { LIVE, EXTENDED } = Flag;
const { BUY, SELL } = Side;
const { MASK: FLAGS, GENERATION_UNIT, LAST_GENERATION } = Flag;
const { FREE, FRESH, ORIGIN, WINDOWS_AT, WINDOW_BITS } = Header;
const WINDOW = 1 << WINDOW_BITS;
const FIRST_RECORD = (WINDOWS_AT + 2 * WINDOW) >> 3;
const LAST_FRESH_ORDER = 2 ** 25;

export class L3Book {
  /** The arena as int32. Replaced when it grows: do not keep it across `take` or `levelAt`. */
  words: Int32Array;
  /** The same memory as float64. */
  doubles: Float64Array;
  /** Price indexes: bids, asks, and whatever further queues the owner asked for. */
  readonly sides: readonly PriceIndex[];

  /**
   * @param capacity records (an order or a level each) for which memory is held ready: 32 bytes each
   * @param more price indexes of further sides, numbered from 2
   */
  constructor(capacity: number, more: readonly PriceIndex[] = []) {
    const bytes = new ArrayBuffer((FIRST_RECORD + Math.max(capacity, 64)) * 32);
    this.words = new Int32Array(bytes);
    this.doubles = new Float64Array(bytes);
    // The first write to a page of fresh memory costs microseconds: those pages are written here, before any order comes.
    this.words.fill(0);
    this.words[FRESH] = FIRST_RECORD;
    this.words.fill(-1, WINDOWS_AT, WINDOWS_AT + 2 * WINDOW);
    this.sides = [this.#index(BUY), this.#index(SELL), ...more];
  }

  /** True while the handle's order is in the book. */
  isLive(slot: number, generation: number): boolean {
    if (slot < FIRST_RECORD || slot >= this.words[FRESH]) return false;
    const tag = this.words[(slot << 3) | TAG];
    return (tag & LIVE) !== 0 && tag >>> 8 === generation;
  }

  /** True while the slot holds the order that its owner numbered `ref` (an order without an extension). */
  holds(slot: number, ref: number): boolean {
    const words = this.words;
    const at = slot << 3;
    return words[at | REF] === ref && (words[at | TAG] & (LIVE | EXTENDED)) === LIVE;
  }

  generationOf(slot: number): number {
    return this.words[(slot << 3) | TAG] >>> 8;
  }

  /** Sees to it that there is a free record; false when the book is full. */
  reserve(): boolean {
    const words = this.words;
    if (words[FREE] !== 0) return true;
    if (words[FRESH] >= LAST_FRESH_ORDER) return false;
    const record = this.#takeRecord();
    this.words[(record << 3) | NEXT] = 0;
    this.words[FREE] = record;
    return true;
  }

  /** Takes a record for an order that stands in no queue yet; 0 when the book is full. */
  take(ref: number, owner: number, flags: number): number {
    if (this.words[FREE] === 0 && this.words[FRESH] >= LAST_FRESH_ORDER) return 0;
    const slot = this.#takeRecord();
    const words = this.words;
    const at = slot << 3;
    words[at | LEVEL] = 0;
    words[at | REF] = ref | 0;
    words[at | OWNER] = owner | 0;
    words[at | TAG] = (words[at | TAG] & ~FLAGS) | LIVE | flags;
    return slot;
  }

  /** Gives back an order's record that stands in no queue; its generation rises. */
  release(slot: number): void {
    const words = this.words;
    const at = slot << 3;
    const tag = words[at | TAG];
    if (tag >>> 8 === LAST_GENERATION) {
      words[at | TAG] = tag & ~FLAGS;
      return;
    }
    words[at | TAG] = (tag & ~FLAGS) + GENERATION_UNIT;
    words[at | NEXT] = words[FREE];
    words[FREE] = slot | 0;
  }

  /** Puts an order at the back of the queue at a price. */
  place(slot: number, side: number, priceTicks: number, lots: number): void {
    const level = this.levelAt(side, priceTicks);
    this.doubles[(slot << 2) | OPEN] = lots;
    this.append(slot, level);
  }

  /** Number of the level at a price, opened if there is none. */
  levelAt(side: number, priceTicks: number): number {
    if (side <= SELL) {
      const offset = (side === BUY ? -priceTicks : priceTicks) - this.doubles[ORIGIN + side];
      if (offset >= 0 && offset < WINDOW) {
        const level = this.words[WINDOWS_AT + ((side << WINDOW_BITS) | offset)];
        if (level > 0) return level;
      }
    }
    const level = this.sides[side].find(priceTicks);
    return level > 0 ? level : this.#openLevel(side, priceTicks);
  }

  /** Opens the level at a place in a side's dense window that has none. May replace the arena, as `take` may. */
  openInWindow(side: number, offset: number, priceTicks: number): number {
    const level = this.#takeRecord();
    this.#lay(level, side, priceTicks);
    this.sides[side].insertAt(offset, level);
    return level;
  }

  /** Puts an order whose open size is in its record at the back of a level's queue. */
  append(slot: number, level: number): void {
    const words = this.words;
    const doubles = this.doubles;
    const at = slot << 3;
    const levelAt = level << 3;
    const tail = words[levelAt | TAIL];
    words[at | NEXT] = 0;
    words[at | PREVIOUS] = tail;
    words[at | LEVEL] = level | 0;
    words[tail === 0 ? levelAt | HEAD : (tail << 3) | NEXT] = slot | 0;
    words[levelAt | TAIL] = slot | 0;
    doubles[(level << 2) | OPEN] += doubles[(slot << 2) | OPEN];
  }

  /** Takes an order out of its queue, wherever it stands; the record stays taken. */
  unlink(slot: number): void {
    const words = this.words;
    const doubles = this.doubles;
    const at = slot << 3;
    const next = words[at | NEXT];
    const previous = words[at | PREVIOUS];
    const level = words[at | LEVEL];
    const levelAt = level << 3;
    words[at | LEVEL] = 0;
    if ((next | previous) === 0) {
      this.closeLevel(level);
      return;
    }
    words[next === 0 ? levelAt | TAIL : (next << 3) | PREVIOUS] = previous;
    words[previous === 0 ? levelAt | HEAD : (previous << 3) | NEXT] = next;
    doubles[(level << 2) | OPEN] -= doubles[(slot << 2) | OPEN];
  }

  /** Changes the open size of a queued order in its place. */
  resize(slot: number, lots: number): void {
    const level = this.words[(slot << 3) | LEVEL];
    const doubles = this.doubles;
    doubles[(level << 2) | OPEN] += lots - doubles[(slot << 2) | OPEN];
    doubles[(slot << 2) | OPEN] = lots;
  }

  /** Forgets a level whose queue is empty, and finds the side's next best one if it was the best. */
  closeLevel(level: number): void {
    const words = this.words;
    const at = level << 3;
    const side = words[at | LEVEL_SIDE];
    const index = this.sides[side];
    const price = this.doubles[(level << 2) | PRICE];
    const offset = side <= SELL ? (side === BUY ? -price : price) - this.doubles[ORIGIN + side] : -1;
    if (words[side] === level && offset >= 0 && offset < WINDOW) {
      const next = index.removeBestAt(offset | 0);
      words[side] = next < 0 ? 0 : next;
    } else {
      index.remove(price);
      if (words[side] === level) words[side] = Math.max(0, index.first());
    }
    words[at | NEXT] = words[FREE];
    words[FREE] = level | 0;
  }

  /** Number of a side's best level, 0 when the side is empty. */
  best(side: number): number {
    return this.words[side];
  }

  /** Price of a side's best level, NaN when the side is empty. */
  bestPrice(side: number): number {
    const level = this.words[side];
    return level === 0 ? Number.NaN : this.doubles[(level << 2) | PRICE];
  }

  /** Number of the next worse level of the same side, 0 = none. */
  levelAfter(level: number): number {
    const side = this.words[(level << 3) | LEVEL_SIDE];
    return Math.max(0, this.sides[side].after(this.doubles[(level << 2) | PRICE]));
  }

  /** Number of the level at a price, 0 = none. */
  findLevel(side: number, priceTicks: number): number {
    return Math.max(0, this.sides[side].find(priceTicks));
  }

  /** Price of a level. */
  levelPrice(level: number): number {
    return this.doubles[(level << 2) | PRICE];
  }

  /** Open lots shown at a level; 0 for level 0. */
  levelLots(level: number): number {
    return level === 0 ? 0 : this.doubles[(level << 2) | OPEN];
  }

  /** Oldest order of a level. */
  front(level: number): number {
    return this.words[(level << 3) | HEAD];
  }

  /** Next younger order of the same level, 0 = none. */
  behind(slot: number): number {
    return this.words[(slot << 3) | NEXT];
  }

  priceOf(slot: number): number {
    return this.levelPrice(this.words[(slot << 3) | LEVEL]);
  }

  sideOf(slot: number): number {
    return this.words[(this.words[(slot << 3) | LEVEL] << 3) | LEVEL_SIDE];
  }

  openLots(slot: number): number {
    return this.doubles[(slot << 2) | OPEN];
  }

  /** Orders on a side, counted by walking its queues. */
  countOrders(side: number): number {
    let count = 0;
    for (let level = this.best(side); level !== 0; level = this.levelAfter(level)) {
      for (let slot = this.front(level); slot !== 0; slot = this.behind(slot)) count++;
    }
    return count;
  }

  /** Every order's slot lies in [firstSlot, slotLimit). */
  get firstSlot(): number {
    return FIRST_RECORD;
  }

  get slotLimit(): number {
    return this.words[FRESH];
  }

  #takeRecord(): number {
    const words = this.words;
    const free = words[FREE];
    if (free !== 0) {
      words[FREE] = words[(free << 3) | NEXT];
      return free;
    }
    const fresh = words[FRESH];
    if (fresh << 3 === words.length) this.#grow();
    this.words[FRESH] = fresh + 1;
    return fresh;
  }

  #openLevel(side: number, priceTicks: number): number {
    if (side <= SELL) {
      const offset = (side === BUY ? -priceTicks : priceTicks) - this.doubles[ORIGIN + side];
      if (offset >= 0 && offset < WINDOW) return this.openInWindow(side, offset | 0, priceTicks);
    }
    const level = this.#takeRecord();
    this.#lay(level, side, priceTicks);
    this.sides[side].insert(priceTicks, level);
    return level;
  }

  /** Makes a fresh record a level, the side's best one if it is. */
  #lay(level: number, side: number, priceTicks: number): void {
    const words = this.words;
    const doubles = this.doubles;
    const at = level << 3;
    words[at | HEAD] = 0;
    words[at | TAIL] = 0;
    words[at | LEVEL_SIDE] = side | 0;
    doubles[(level << 2) | PRICE] = priceTicks;
    doubles[(level << 2) | OPEN] = 0;
    const best = words[side];
    if (best === 0 || this.sides[side].isBetter(priceTicks, doubles[(best << 2) | PRICE])) words[side] = level | 0;
  }

  /** A price index that keeps its window in the arena. */
  #index(side: Side): PriceIndex {
    return new PriceIndex(side, WINDOW_BITS, this.#windowOf(side), this.#originOf(side));
  }

  #windowOf(side: number): Int32Array {
    const at = WINDOWS_AT + side * WINDOW;
    return this.words.subarray(at, at + WINDOW);
  }

  #originOf(side: number): Float64Array {
    return this.doubles.subarray(ORIGIN + side, ORIGIN + side + 1);
  }

  #grow(): void {
    const bytes = new ArrayBuffer(this.words.byteLength * 2);
    const words = new Int32Array(bytes);
    words.set(this.words);
    this.words = words;
    this.doubles = new Float64Array(bytes);
    for (const side of [BUY, SELL]) this.sides[side].move(this.#windowOf(side), this.#originOf(side));
  }
}
