/** What `book show` says of one book: its best levels and the measures of its depth, as exact decimals. */
import type { Grid } from '@quotewright/core/base/grid';
import { nsToIso } from '@quotewright/core/base/time';
import type { Book } from '@quotewright/core/market/book';
import type { Instrument } from '@quotewright/core/market/instrument';
import { L2Book } from '@quotewright/core/market/l2-book';
import {
  distanceToFill,
  FILL_COST_WORDS,
  FillCost,
  fillCost,
  imbalance,
  lotsWithin,
  micropriceTicks,
  midTicks,
  vwapTicks,
} from '@quotewright/core/market/l2-measures';
import type { L2Side } from '@quotewright/core/market/l2-side';
import { L3Replica } from '@quotewright/core/market/l3-replica';
import { Side } from '@quotewright/core/market/side';

/** Distances from the touch within which depth is summed. */
const DEPTH_TICKS = [10, 100, 1000] as const;
/** Without a size to fill, the best ask (the best bid, when there is none) times this. */
const DEFAULT_FILL = 10;
const MAX_DECIMALS = 100;

/** Printed as it is with `--json`. Prices and sizes are decimals; null is a figure that does not exist, or a sum beyond 2^53 lots. */
export type BookView = ReturnType<typeof bookView>;
export interface LevelView {
  readonly price: string | null;
  readonly size: string | null;
  readonly cumulative: string | null;
  /** L3: orders at the price, and the number of the oldest. */
  readonly queue?: { readonly orders: number; readonly front: number };
}
export type FillView = ReturnType<typeof fillView>;

export interface ViewOptions {
  /** Levels a side that are shown, and that the imbalance is over. */
  readonly levels: number;
  /** NaN: a size that suits the book. */
  readonly fillLots: number;
  /** Times of the last record of the instrument that bears one, NaN when none did. */
  readonly venueNs: number;
  readonly localNs: number;
  readonly epochDay: number;
}

export function bookView(instrument: Instrument, book: Book, options: ViewOptions) {
  const { price, size } = instrument;
  // The measures walk L2 sides; an L3 book's levels are laid into one. It is done once, at the end of a recording.
  const flat = book instanceof L2Book ? book : levelsOf(book);
  const fillLots = Number.isNaN(options.fillLots)
    ? DEFAULT_FILL * (flat.asks.bestSize() || flat.bids.bestSize())
    : options.fillLots;
  const spreadTicks = flat.asks.bestPrice() - flat.bids.bestPrice();
  return {
    venue: instrument.venue,
    symbol: instrument.symbol,
    book: book instanceof L2Book ? 'L2' : 'L3',
    tick: instrument.spec.tick,
    lot: instrument.spec.lot,
    venueTime: isoOf(options.venueNs, options.epochDay),
    localTime: isoOf(options.localNs, options.epochDay),
    whole: book.isWhole,
    stale: book.stale,
    hasSnapshot: book.hasSnapshot,
    crossed: book.isCrossed,
    sequence: finite(book.lastSeq),
    checksums: { made: book.checksumsMade, failed: book.checksumsFailed },
    levels: { bids: flat.bids.count, asks: flat.asks.count },
    orders: book instanceof L3Replica ? book.orderCount : null,
    asks: sideView(instrument, book, Side.SELL, options.levels),
    bids: sideView(instrument, book, Side.BUY, options.levels),
    spreadTicks: finite(spreadTicks),
    spread: exact(price, spreadTicks),
    mid: rounded(price, midTicks(flat), 1),
    microprice: rounded(price, micropriceTicks(flat), 2),
    imbalance: finite(imbalance(flat, options.levels)),
    imbalanceLevels: options.levels,
    depth: DEPTH_TICKS.map((ticks) => ({
      ticks,
      bids: exact(size, lotsWithin(flat.bids, ticks)),
      asks: exact(size, lotsWithin(flat.asks, ticks)),
    })),
    fill: {
      size: exact(size, fillLots),
      buy: fillView(instrument, flat.asks, fillLots),
      sell: fillView(instrument, flat.bids, fillLots),
    },
  };
}

/** The same levels as an L2 book. */
function levelsOf(book: Book): L2Book {
  const flat = new L2Book();
  for (const side of [Side.BUY, Side.SELL]) {
    const { count, prices, sizes } = bestOf(book, side, book.levelCount(side));
    for (let i = 0; i < count; i++) flat.set(side, prices[i]!, sizes[i]!);
  }
  return flat;
}

function bestOf(book: Book, side: Side, n: number) {
  const prices = new Float64Array(n);
  const sizes = new Float64Array(n);
  return { count: book.top(side, n, prices, sizes), prices, sizes };
}

/** Best first. */
function sideView({ price, size }: Instrument, book: Book, side: Side, n: number): LevelView[] {
  const { count, prices, sizes } = bestOf(book, side, Math.min(n, book.levelCount(side)));
  let sum = 0;
  return Array.from({ length: count }, (_, i) => {
    sum += sizes[i]!;
    const level = { price: exact(price, prices[i]!), size: exact(size, sizes[i]!), cumulative: exact(size, sum) };
    return book instanceof L3Replica ? { ...level, queue: queueOf(book, side, prices[i]!) } : level;
  });
}

function queueOf(book: L3Replica, side: Side, priceTicks: number) {
  const front = book.frontAt(side, priceTicks);
  let orders = 0;
  for (let id = front; !Number.isNaN(id); id = book.behind(id)) orders++;
  return { orders, front };
}

/** What taking so many lots from a side comes to. */
function fillView({ price, size }: Instrument, side: L2Side, lots: number) {
  const cost = new Float64Array(FILL_COST_WORDS);
  const filled = fillCost(side, lots, cost);
  return {
    filled: exact(size, filled),
    complete: lots > 0 && filled === lots,
    distanceTicks: finite(distanceToFill(side, lots)),
    worst: exact(price, cost[FillCost.WORST_TICKS]!),
    vwap: rounded(price, vwapTicks(cost), 2),
  };
}

/** Null also beyond 2^53, where a sum is no longer exact. */
function exact(grid: Grid, steps: number): string | null {
  return Number.isSafeInteger(steps) ? grid.format(steps) : null;
}

/** A price between ticks, with more decimals than those of the grid. */
function rounded(grid: Grid, ticks: number, moreDecimals: number): string | null {
  if (!Number.isFinite(ticks)) return null;
  return grid.toNumber(ticks).toFixed(Math.min(grid.decimals + moreDecimals, MAX_DECIMALS));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function isoOf(ns: number, epochDay: number): string | null {
  return Number.isFinite(ns) ? nsToIso(ns, epochDay) : null;
}
