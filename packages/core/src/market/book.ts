/**
 * What L2 and L3 books have in common: the questions that either answers, and whether it may be trusted.
 *
 * Prices are integer ticks, sizes integer lots. Books take what the venue sends: sides may cross.
 */
import { Side } from './side.ts';

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
