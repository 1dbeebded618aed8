/**
 * Lists of levels that have been parsed. The venue changes ticks and lots of what is listed, and orders from before stay in the book: BTCUSDT
 * has sizes of 1e-6 at a lot of 1e-5 in 2024. A size between two lots is cut to the lower one, but not to nothing; a level whose price is
 * between two ticks cannot be in a book of ticks, and is left out. Such levels lie far from the touch; if one becomes the best, the
 * comparison with the best-quote stream says so.
 */
import { GridFault, Rounding } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Side } from '@quotewright/core/market/side';
import { asList, asText } from '../../data/json.ts';
import type { FeedBook } from '../feed-book.ts';

/** Stages `[["price","size"],…]`. @returns false when it is another list */
export function stageLevels({ price, size }: Instrument, book: FeedBook, side: Side, list: unknown): boolean {
  if (!Array.isArray(list)) return false;
  for (const pair of list) {
    const [priceText, sizeText] = asList(pair);
    const ticks = price.parse(asText(priceText));
    const isBetweenTicks = price.fault === GridFault.OFF_GRID;
    let lots = size.parse(asText(sizeText));
    if (size.fault === GridFault.OFF_GRID) lots = Math.max(1, size.parse(asText(sizeText), Rounding.DOWN));
    if (!(lots >= 0) || !(ticks >= 0 || isBetweenTicks)) return false;
    if (!isBetweenTicks) book.level(side, ticks, lots);
  }
  return true;
}
