/**
 * What orders do to a recorded book near the touch: how often and how far from it sizes are added, how large they are, how fast
 * they are cancelled, and when takers come. From levels as well as from orders; a level that grows is an order added.
 */
import { Series } from '@quotewright/core/analytics/stylised-facts-series';
import type { Book } from '@quotewright/core/market/book';
import { EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';

const NS_PER_SECOND = 1e9;
/** Standing sizes are looked at every so many records, over so many levels. */
const LOOK_EVERY = 500;
const LEVELS = 400;
/** Levels whose mean distance from each other is the book's spacing. */
const NEAR_LEVELS = 6;
/** Adds of which size and distance are kept. */
const MAX_KEPT = 200_000;

export interface FlowFigures {
  readonly seconds: number;
  /** Within the window. */
  readonly addsPerSecond: number;
  /** Of the adds while the spread was wider than a tick. */
  readonly insideShare: number;
  /** Distances from the own side's touch of those not inside, and sizes of all. */
  readonly distances: Float64Array;
  readonly addLots: Float64Array;
  /** Standing lots ÷ lots cancelled in a second. */
  readonly lifeSeconds: number;
  readonly spacingTicks: number;
  /** Taker's orders: times in seconds from the first record, sides, sizes. */
  readonly takerSeconds: Float64Array;
  readonly takerSides: Float64Array;
  readonly takerLots: Float64Array;
}

export class FlowMeasure {
  readonly #window: number;
  readonly #isL3: boolean;
  readonly #distances = new Series();
  readonly #addLots = new Series();
  readonly #takerSeconds = new Series();
  readonly #takerSides = new Series();
  readonly #takerLots: number[] = [];
  readonly #prices = new Float64Array(LEVELS);
  readonly #sizes = new Float64Array(LEVELS);
  #adds = 0;
  #addedLots = 0;
  #inside = 0;
  #wide = 0;
  #lostLots = 0;
  #tradedLots = 0;
  #standing = 0;
  #looks = 0;
  #spacing = 0;
  #spacings = 0;
  #records = 0;
  #firstNs = Number.NaN;
  #lastNs = Number.NaN;
  #takerNs = Number.NaN;
  #takerSide = -1;

  /** @param windowTicks distance from the touch up to which orders count */
  constructor(windowTicks: number, isL3: boolean) {
    this.#window = windowTicks;
    this.#isL3 = isL3;
  }

  /** Looks at a record, with the book as it was before it. */
  see(data: Float64Array, offset: number, book: Book): void {
    const head = data[offset + Field.HEAD]!;
    const kind = headKind(head);
    const venueNs = data[offset + Field.VENUE_NS]!;
    const ns = Number.isNaN(venueNs) ? data[offset + Field.LOCAL_NS]! : venueNs;
    if (book.stale || (headFlags(head) & EventFlag.SNAPSHOT) !== 0) return;
    if (!Number.isNaN(ns)) {
      if (Number.isNaN(this.#firstNs)) this.#firstNs = ns;
      this.#lastNs = ns;
    }
    if (this.#records++ % LOOK_EVERY === 0) this.#look(book);
    const side: Side = (headFlags(head) & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
    const price = data[offset + Field.PRICE_TICKS]!;
    const lots = data[offset + Field.SIZE_LOTS]!;
    if (kind === EventKind.LEVEL) this.#changed(book, side, price, lots - book.sizeAt(side, price));
    else if (kind === EventKind.ORDER_ADD) this.#changed(book, side, price, lots);
    else if (kind === EventKind.ORDER_REDUCE) this.#changed(book, side, price, -lots);
    else if (kind === EventKind.ORDER_REMOVE) {
      const meanLots = this.#adds === 0 ? 1 : this.#addedLots / this.#adds;
      this.#changed(book, side, price, -(lots > 0 ? lots : meanLots));
    } else if (kind === EventKind.TRADE) this.#trade(ns, side, lots);
    else if (kind === EventKind.ORDER_EXEC) this.#trade(ns, side === Side.BUY ? Side.SELL : Side.BUY, lots);
  }

  figures(): FlowFigures {
    const seconds = (this.#lastNs - this.#firstNs) / NS_PER_SECOND;
    const cancelled = Math.max(this.#lostLots - this.#tradedLots, this.#lostLots * 0.05) / seconds;
    return {
      seconds,
      addsPerSecond: this.#adds / seconds,
      insideShare: this.#wide === 0 ? 0 : this.#inside / this.#wide,
      distances: this.#distances.values(),
      addLots: this.#addLots.values(),
      lifeSeconds: this.#standing / this.#looks / cancelled,
      spacingTicks: this.#spacing / this.#spacings,
      takerSeconds: this.#takerSeconds.values(),
      takerSides: this.#takerSides.values(),
      takerLots: Float64Array.from(this.#takerLots),
    };
  }

  /** Lots at a price became more or less. */
  #changed(book: Book, side: Side, price: number, change: number): void {
    const touch = book.bestPrice(side);
    const distance = side === Side.BUY ? touch - price : price - touch;
    if (!(distance <= this.#window)) return;
    if (change < 0) this.#lostLots -= change;
    if (!(change > 0)) return;
    this.#adds++;
    this.#addedLots += change;
    if (book.bestPrice(Side.SELL) - book.bestPrice(Side.BUY) > 1) this.#wide++;
    if (distance < 0) this.#inside++;
    else if (this.#distances.length < MAX_KEPT) this.#distances.push(distance);
    if (this.#addLots.length < MAX_KEPT) this.#addLots.push(change);
  }

  #trade(ns: number, side: Side, lots: number): void {
    // Where levels are published, what traded is lost at its level as well. Executions of orders are not counted as lost.
    if (!this.#isL3) this.#tradedLots += lots;
    if (ns === this.#takerNs && side === this.#takerSide) {
      this.#takerLots[this.#takerLots.length - 1]! += lots;
      return;
    }
    this.#takerNs = ns;
    this.#takerSide = side;
    this.#takerSeconds.push((ns - this.#firstNs) / NS_PER_SECOND);
    this.#takerSides.push(side);
    this.#takerLots.push(lots);
  }

  #look(book: Book): void {
    for (const side of [Side.BUY, Side.SELL]) {
      const count = book.top(side, LEVELS, this.#prices, this.#sizes);
      const best = this.#prices[0]!;
      for (let i = 0; i < count && Math.abs(this.#prices[i]! - best) <= this.#window; i++)
        this.#standing += this.#sizes[i]!;
      const near = Math.min(count, NEAR_LEVELS);
      if (near < 2) continue;
      this.#spacing += Math.abs(this.#prices[near - 1]! - best) / (near - 1);
      this.#spacings++;
    }
    this.#looks++;
  }
}
