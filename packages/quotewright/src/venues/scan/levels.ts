/** Lists of levels in bytes, straight to the levels that a book has staged: see `bytes.ts`. */
import type { Instrument } from '@quotewright/core/market/instrument';
import type { FeedBook } from '../feed-book.ts';
import { LEFT_BRACKET, QUOTE, RIGHT_BRACKET } from './bytes.ts';
import { DecimalScan } from './decimals.ts';
import type { FrameView } from './frame-view.ts';
import { word } from './literal.ts';

/** Fields of a staged level: price, size, 1 = bid. */
const STRIDE = 3;
const THREE_BYTES = 0xffffff;
/** Between price and size; between levels, but for a quote; at the end of the list. */
const BETWEEN = word('","_') & THREE_BYTES;
const NEXT = word('"],[');
const LAST = word('"]]_') & THREE_BYTES;

export class LevelScan {
  readonly price: DecimalScan;
  readonly size: DecimalScan;

  constructor(instrument: Instrument) {
    this.price = new DecimalScan(instrument.price);
    this.size = new DecimalScan(instrument.size);
  }

  /**
   * Stages the levels of `[["price","size"],…]`, which begins at `from`, behind those that are staged; no blanks between.
   * @returns the place behind the list; -1 when it is another, or a number is off its grid: levels may have been staged then
   */
  pairs(frame: FrameView, from: number, book: FeedBook, isBid: 0 | 1): number {
    const { bytes, view } = frame;
    if (bytes[from] !== LEFT_BRACKET) return -1;
    let at = from + 1;
    if (bytes[at] === RIGHT_BRACKET) return at + 1;
    if (bytes[at] !== LEFT_BRACKET || bytes[at + 1] !== QUOTE) return -1;
    at = (at + 2) | 0;
    const { price, size } = this;
    let { staged, count } = book;
    for (;;) {
      const slot = count * STRIDE;
      if (slot === staged.length) {
        book.grow();
        staged = book.staged;
      }
      at = price.scanFrame(frame, at, staged, slot);
      if (at < 0 || (view.getInt32(at, true) & THREE_BYTES) !== BETWEEN) return -1;
      at = size.scanFrame(frame, at + 3, staged, slot + 1);
      if (at < 0) return -1;
      staged[slot + 2] = isBid;
      count = (count + 1) | 0;
      if (view.getInt32(at, true) === NEXT && bytes[at + 4] === QUOTE) at = (at + 5) | 0;
      else if ((view.getInt32(at, true) & THREE_BYTES) === LAST) {
        book.count = count;
        return at + 3;
      } else return -1;
    }
  }
}
