/** A book as the stream, REST and the flight recorder tell it. */
import type { Engine } from '@quotewright/core/engine/engine';
import type { MarketView } from '@quotewright/core/engine/market-view';
import { Side } from '@quotewright/core/market/side';
import type { BookData, LevelEntry } from '../protocol/stream.ts';
import { finiteOrNull } from './finite.ts';

/** An instrument as the first strategy sees it: the book is everybody's. @throws RangeError when the engine has no strategy or no such market */
export function marketOf({ seats }: Pick<Engine, 'seats'>, market: number): MarketView {
  const view = seats[0]?.markets[market];
  if (view === undefined) throw new RangeError(`market ${market} of an engine of ${seats.length} strategies`);
  return view;
}

/** The best `levels` levels a side. @throws RangeError as `marketOf` */
export function bookData(engine: Pick<Engine, 'seats'>, market: number, levels: number): BookData {
  const view = marketOf(engine, market);
  return {
    bids: side(view, Side.BUY, levels),
    asks: side(view, Side.SELL, levels),
    isReady: view.isReady,
    lastTicks: finiteOrNull(view.lastTradeTicks),
  };
}

function side({ book }: MarketView, of: Side, levels: number): LevelEntry[] {
  const count = Math.min(levels, book.levelCount(of));
  const prices = new Float64Array(count);
  const sizes = new Float64Array(count);
  const found = book.top(of, count, prices, sizes);
  return Array.from({ length: found }, (_, i) => [prices[i]!, sizes[i]!] as const);
}
