/**
 * An L2 book: the size at each price, two sides, and whether it may be trusted.
 *
 * Prices are integer ticks of either sign, sizes integer lots. A book takes what the venue sends: sides may cross, and a
 * delete of a level that is not there is nothing. Empty sides answer NaN as best price and 0 as size. Measures of depth
 * are functions in `l2-measures.ts`. Memory is bounded by the number of levels, whatever prices they span: see
 * `L2Side`.
 */
import { L2Side } from './l2-side.ts';
import { Side } from './side.ts';

export class L2Book {
  readonly bids = new L2Side(Side.BUY);
  readonly asks = new L2Side(Side.SELL);
  /**
   * True when the book must not be quoted on: before its first snapshot, while a snapshot is being laid, after a gap, and
   * after a checksum that failed. The next complete snapshot makes it false.
   */
  stale = true;
  /** Sequence number of the last message that was applied, as its owner notes it; NaN before the first. */
  lastSeq = Number.NaN;
  /** Checksums of the venue that were compared since the book was made, and those that differed. */
  checksumsMade = 0;
  checksumsFailed = 0;

  /** Makes the level at a price hold a size; a size of 0 deletes it. */
  set(side: Side, priceTicks: number, sizeLots: number): void {
    (side === Side.BUY ? this.bids : this.asks).set(priceTicks, sizeLots);
  }

  /** Empties both sides. */
  clear(): void {
    this.bids.clear();
    this.asks.clear();
  }

  /** Empties the book, which is stale until `endSnapshot`: whoever heeds the flag sees the old book, then the whole new one. */
  beginSnapshot(): void {
    this.stale = true;
    this.clear();
  }

  /** The levels of the snapshot have been set: the book is valid as of a sequence number. */
  endSnapshot(seq: number): void {
    this.lastSeq = seq;
    this.stale = false;
  }

  /** Notes how a checksum of the venue compared with the book's; a book that differs is stale. */
  noteChecksum(matches: boolean): void {
    this.checksumsMade++;
    if (matches) return;
    this.checksumsFailed++;
    this.stale = true;
  }

  /** NaN when the side is empty. */
  bestPrice(side: Side): number {
    return side === Side.BUY ? this.bids.bestPrice() : this.asks.bestPrice();
  }

  /** 0 when the side is empty. */
  bestSize(side: Side): number {
    return side === Side.BUY ? this.bids.bestSize() : this.asks.bestSize();
  }

  /** 0 when there is no level at the price. */
  sizeAt(side: Side, priceTicks: number): number {
    return side === Side.BUY ? this.bids.sizeAt(priceTicks) : this.asks.sizeAt(priceTicks);
  }

  levelCount(side: Side): number {
    return side === Side.BUY ? this.bids.count : this.asks.count;
  }

  /** True when the best bid is at or above the best ask: crossed or locked. */
  get isCrossed(): boolean {
    return this.bids.bestPrice() >= this.asks.bestPrice();
  }

  /** Writes up to n levels, best first, into the caller's arrays; answers how many. */
  top(side: Side, n: number, pricesOut: Float64Array, sizesOut: Float64Array): number {
    const levels = side === Side.BUY ? this.bids : this.asks;
    let count = 0;
    for (let level = levels.best(); level >= 0 && count < n; level = levels.next(level)) {
      pricesOut[count] = levels.priceOf(level);
      sizesOut[count] = levels.sizeOf(level);
      count++;
    }
    return count;
  }
}
