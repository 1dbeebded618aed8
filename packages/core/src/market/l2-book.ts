/**
 * An L2 book: the size at each price, two sides, and whether it may be trusted.
 *
 * Prices are integer ticks of either sign, sizes integer lots. A book takes what the venue sends: sides may cross, and a
 * delete of a level that is not there is nothing. Empty sides answer NaN as best price and 0 as size. Measures of depth
 * are functions in `l2-measures.ts`. Memory is bounded by the number of levels, whatever prices they span: see
 * `L2Side`.
 */
import { Book, type BookState } from './book.ts';
import { L2Side } from './l2-side.ts';
import { Side } from './side.ts';

export class L2Book extends Book {
  readonly bids = new L2Side(Side.BUY);
  readonly asks = new L2Side(Side.SELL);
  protected override readonly kind: BookState['kind'] = 'l2';

  /** Makes the level at a price hold a size; a size of 0 deletes it. */
  set(side: Side, priceTicks: number, sizeLots: number): void {
    (side === Side.BUY ? this.bids : this.asks).set(priceTicks, sizeLots);
  }

  override clear(): void {
    this.bids.clear();
    this.asks.clear();
  }

  override bestPrice(side: Side): number {
    return side === Side.BUY ? this.bids.bestPrice() : this.asks.bestPrice();
  }

  override bestSize(side: Side): number {
    return side === Side.BUY ? this.bids.bestSize() : this.asks.bestSize();
  }

  override sizeAt(side: Side, priceTicks: number): number {
    return side === Side.BUY ? this.bids.sizeAt(priceTicks) : this.asks.sizeAt(priceTicks);
  }

  override levelCount(side: Side): number {
    return side === Side.BUY ? this.bids.count : this.asks.count;
  }

  override top(side: Side, n: number, pricesOut: Float64Array, sizesOut: Float64Array): number {
    const levels = side === Side.BUY ? this.bids : this.asks;
    let count = 0;
    for (let level = levels.best(); level >= 0 && count < n; level = levels.next(level)) {
      pricesOut[count] = levels.priceOf(level);
      sizesOut[count] = levels.sizeOf(level);
      count++;
    }
    return count;
  }

  protected override saveSide(side: Side): Float64Array {
    return (side === Side.BUY ? this.bids : this.asks).save();
  }

  protected override restoreSide(side: Side, saved: Float64Array): void {
    (side === Side.BUY ? this.bids : this.asks).restore(saved);
  }
}
