/**
 * Compares top-of-book snapshots with a book that was rebuilt from an empty start. What rested before the recording is
 * unseen: its size at a price is what the first snapshot that shows the price holds beyond the known orders, and from
 * there on it is followed: it only shrinks, by messages that name such orders.
 */
import type { Book } from '@quotewright/core/market/book';
import { Side } from '@quotewright/core/market/side';

/** Levels of the book that are kept of a moment; a snapshot has twenty, and more ours in its range is a mismatch anyway. */
const VIEW_LEVELS = 48;

/** A snapshot's levels of both sides, by price in ticks, with the worst price that it shows. */
export interface TopSnapshot {
  readonly levels: readonly [ReadonlyMap<number, number>, ReadonlyMap<number, number>];
  /** ±Infinity when the snapshot shows the whole side. */
  readonly worst: readonly [number, number];
}

type Unseen = readonly [Map<number, number>, Map<number, number>];

/** The book of one moment. */
export interface View {
  readonly prices: readonly [Float64Array, Float64Array];
  readonly sizes: readonly [Float64Array, Float64Array];
  readonly unseen: Unseen;
}

export class SnapshotMatcher {
  /** Levels of a snapshot whose unseen size was taken from it and found above zero. */
  learnedLevels = 0;
  readonly #book: Book;
  /** Lots of unseen orders by side and price; NaN = to be learned again. Replaced, not changed, so that views keep theirs. */
  #unseen: Unseen = [new Map(), new Map()];
  /** Worst price that a snapshot has shown, by side: what is better and not in `#unseen` holds nothing unseen. */
  readonly #covered: [number, number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  constructor(book: Book) {
    this.#book = book;
  }

  view(): View {
    const side = (each: Side): [Float64Array, Float64Array] => {
      const prices = new Float64Array(VIEW_LEVELS);
      const sizes = new Float64Array(VIEW_LEVELS);
      const count = this.#book.top(each, VIEW_LEVELS, prices, sizes);
      return [prices.subarray(0, count), sizes.subarray(0, count)];
    };
    const [bidPrices, bidSizes] = side(Side.BUY);
    const [askPrices, askSizes] = side(Side.SELL);
    return { prices: [bidPrices, askPrices], sizes: [bidSizes, askSizes], unseen: this.#unseen };
  }

  /** An order from before the recording is gone with `lots` left to trade, or (NaN) what it held is not told. */
  unseenLeft(side: Side, price: number, lots: number): void {
    const before = this.#unseen[side].get(price);
    if (before === undefined && !this.#isCovered(side, price)) return;
    const left = (before ?? 0) - lots;
    const copy: Unseen = [new Map(this.#unseen[Side.BUY]), new Map(this.#unseen[Side.SELL])];
    copy[side].set(price, left >= 0 ? left : Number.NaN);
    this.#unseen = copy;
  }

  /** The first difference between a moment's book and a snapshot, in words of ticks and lots; undefined when equal. */
  difference(view: View, snapshot: TopSnapshot): string | undefined {
    return this.#sideDifference(view, snapshot, Side.BUY) ?? this.#sideDifference(view, snapshot, Side.SELL);
  }

  /** Learns the unseen sizes of the prices that a snapshot equal to the view shows. */
  learn(view: View, { levels, worst }: TopSnapshot): void {
    for (const side of [Side.BUY, Side.SELL]) {
      const known = knownSizes(view, side);
      for (const [price, size] of levels[side]) {
        const unseen = this.#unseenAt(this.#unseen, side, price);
        if (!Number.isNaN(unseen)) continue;
        const left = size - (known.get(price) ?? 0);
        if (left > 0) this.learnedLevels++;
        this.#unseen[side].set(price, left);
      }
      const isWider = side === Side.BUY ? worst[side] < this.#covered[side] : worst[side] > this.#covered[side];
      if (isWider) this.#covered[side] = worst[side];
    }
  }

  #sideDifference(view: View, { levels, worst }: TopSnapshot, side: Side): string | undefined {
    const known = knownSizes(view, side);
    const name = side === Side.BUY ? 'bid' : 'ask';
    for (const [price, size] of levels[side]) {
      const ours = known.get(price) ?? 0;
      const unseen = this.#unseenAt(view.unseen, side, price);
      const matches = Number.isNaN(unseen) ? ours <= size : ours + unseen === size;
      if (!matches) return `${name} ${price}: book ${ours}, unseen ${unseen}, snapshot ${size}`;
    }
    const isShown = (price: number): boolean => (side === Side.BUY ? price >= worst[side] : price <= worst[side]);
    for (const [price, size] of known) {
      if (isShown(price) && !levels[side].has(price)) return `${name} ${price}: book ${size}, not in the snapshot`;
    }
    for (const [price, size] of view.unseen[side]) {
      if (size > 0 && isShown(price) && !levels[side].has(price)) {
        return `${name} ${price}: unseen ${size}, not in the snapshot`;
      }
    }
    return undefined;
  }

  /** NaN when it is not known. */
  #unseenAt(unseen: Unseen, side: Side, price: number): number {
    return unseen[side].get(price) ?? (this.#isCovered(side, price) ? 0 : Number.NaN);
  }

  #isCovered(side: Side, price: number): boolean {
    return side === Side.BUY ? price >= this.#covered[side] : price <= this.#covered[side];
  }
}

function knownSizes(view: View, side: Side): Map<number, number> {
  const prices = view.prices[side];
  const sizes = view.sizes[side];
  const known = new Map<number, number>();
  for (let i = 0; i < prices.length; i++) known.set(prices[i]!, sizes[i]!);
  return known;
}
