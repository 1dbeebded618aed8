/**
 * Lists of levels that have been parsed. The venue changes ticks and lots of what is listed, and orders from before stay in the book: BTCUSDT
 * has sizes of 1e-6 at a lot of 1e-5 in 2024. A size between two lots is cut to the lower one, but not to nothing; a level whose price is
 * between two ticks cannot be in a book of ticks, and is left out, and counted. Such levels lie far from the touch; a snapshot whose best level is
 * one is none, and a best quote that is one takes the book away, as the listing has changed then.
 */
import { type Grid, GridFault, Rounding } from '@quotewright/core/base/grid';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Side } from '@quotewright/core/market/side';
import { asList, asText } from '../../data/json.ts';
import type { FeedBook } from '../feed-book.ts';

/** Stages `[["price","size"],…]`. @returns how many were left out; -1 when it is another list */
export function stageLevels({ price, size }: Instrument, book: FeedBook, side: Side, list: unknown): number {
  if (!Array.isArray(list)) return -1;
  let leftOut = 0;
  for (const pair of list) {
    const [priceText, sizeText] = asList(pair);
    const ticks = price.parse(asText(priceText));
    const isBetweenTicks = price.fault === GridFault.OFF_GRID;
    const lots = lotsOf(size, asText(sizeText));
    if (!(lots >= 0) || !(ticks >= 0 || isBetweenTicks)) return -1;
    if (isBetweenTicks) leftOut++;
    else book.level(side, ticks, lots);
  }
  return leftOut;
}

/** A size in lots, cut to whole ones, but not to nothing; NaN when it is none. */
export function lotsOf(size: Grid, text: string): number {
  const lots = size.parse(text);
  return size.fault === GridFault.OFF_GRID ? Math.max(1, size.parse(text, Rounding.DOWN)) : lots;
}
