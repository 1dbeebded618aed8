/**
 * What L2 and L3 books have in common: the questions that either answers, and whether it may be trusted.
 *
 * Prices are integer ticks, sizes integer lots. Books take what the venue sends: sides may cross.
 */
import { checkState } from '../base/state.ts';
import { Side } from './side.ts';

/** What a book holds: of L2 the price and size of each level, best first; of L3 the id, price and size of each order, level by level, in the order of its queue. */
export interface BookState {
  readonly kind: 'l2' | 'l3';
  readonly bids: Float64Array;
  readonly asks: Float64Array;
  readonly stale: boolean;
  readonly hasSnapshot: boolean;
  readonly lastSeq: number;
  readonly checksumsMade: number;
  readonly checksumsFailed: number;
}

export abstract class Book {
  /**
   * True when the book is known to be wrong or unfinished: while a snapshot is being laid, after a gap, and after a
   * checksum that failed. The next complete snapshot makes it false.
   */
  stale = false;
  /** True once a snapshot has been complete. A recording that starts with an empty book may hold none. */
  hasSnapshot = false;
  /** Sequence number of the last numbered message that was applied; NaN before the first. */
  lastSeq = Number.NaN;
  /** Checksums of the venue that were compared since the book was made, and those that differed. */
  checksumsMade = 0;
  checksumsFailed = 0;

  /** NaN when the side is empty. */
  abstract bestPrice(side: Side): number;
  /** 0 when the side is empty. */
  abstract bestSize(side: Side): number;
  /** 0 when there is no level at the price. */
  abstract sizeAt(side: Side, priceTicks: number): number;
  abstract levelCount(side: Side): number;
  /** Writes up to n levels, best first, into the caller's arrays; answers how many. */
  abstract top(side: Side, n: number, pricesOut: Float64Array, sizesOut: Float64Array): number;
  /** Empties both sides. */
  abstract clear(): void;
  /** Which kind of book it is, in its state. */
  protected abstract readonly kind: BookState['kind'];
  /** A side as a state has it. */
  protected abstract saveSide(side: Side): Float64Array;
  /** Fills an empty side. */
  protected abstract restoreSide(side: Side, saved: Float64Array): void;

  save(): BookState {
    const { kind, stale, hasSnapshot, lastSeq, checksumsMade, checksumsFailed } = this;
    const sides = { bids: this.saveSide(Side.BUY), asks: this.saveSide(Side.SELL) };
    return { kind, ...sides, stale, hasSnapshot, lastSeq, checksumsMade, checksumsFailed };
  }

  restore(state: BookState): void {
    checkState('a book', state, this.save(), ['bids', 'asks']);
    if (state.kind !== this.kind) throw new RangeError(`state of a book: found ${state.kind}, expected ${this.kind}`);
    this.clear();
    this.restoreSide(Side.BUY, state.bids);
    this.restoreSide(Side.SELL, state.asks);
    this.stale = state.stale;
    this.hasSnapshot = state.hasSnapshot;
    this.lastSeq = state.lastSeq;
    this.checksumsMade = state.checksumsMade;
    this.checksumsFailed = state.checksumsFailed;
  }

  /** True when the best bid is at or above the best ask: crossed or locked. */
  get isCrossed(): boolean {
    return this.bestPrice(Side.BUY) >= this.bestPrice(Side.SELL);
  }

  /** True when the book is the venue's: built from a snapshot, with nothing missing since. Others are not quoted on. */
  get isWhole(): boolean {
    return this.hasSnapshot && !this.stale;
  }

  /** Empties the book, which is stale until `endSnapshot`: whoever heeds the flag sees the old book, then the whole new one. */
  beginSnapshot(): void {
    this.stale = true;
    this.clear();
  }

  /** The snapshot has been laid: the book is valid as of a sequence number, which is 0 when the venue gives none. */
  endSnapshot(seq: number): void {
    this.noteSeq(seq);
    this.stale = false;
    this.hasSnapshot = true;
  }

  /** Messages are missing: the book is stale. */
  noteGap(): void {
    this.stale = true;
  }

  /** Notes the number of a message that was applied; 0 = it has none. */
  noteSeq(seq: number): void {
    if (seq !== 0) this.lastSeq = seq;
  }

  /** Notes how a checksum of the venue compared with the book's; a book that differs is stale. */
  noteChecksum(matches: boolean): void {
    this.checksumsMade++;
    if (matches) return;
    this.checksumsFailed++;
    this.stale = true;
  }
}
