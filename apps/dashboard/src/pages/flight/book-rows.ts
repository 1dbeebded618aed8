/** The book of an instant as rows of a ladder, own orders beside their levels. Pure. */
import type { BookData, LevelEntry, QuotesData } from 'quotewright/server/protocol/stream';

export interface LadderRow {
  readonly side: 1 | -1;
  readonly ticks: number;
  readonly lots: number;
  /** Open lots of own orders at the price, and what stands before the first of them at most; null: none, or not known. */
  readonly ownLots: number;
  readonly aheadLots: number | null;
}

/** Best levels, asks from the highest down, then bids. A price at which only we stand has a row too. */
export function ladderRows(book: BookData, quotes: QuotesData, levels: number): LadderRow[] {
  return [...sideRows(book.asks, quotes, -1, levels).toReversed(), ...sideRows(book.bids, quotes, 1, levels)];
}

function sideRows(entries: readonly LevelEntry[], { orders }: QuotesData, side: 1 | -1, levels: number): LadderRow[] {
  const rows = new Map<number, LadderRow>();
  for (const [ticks, lots] of entries.slice(0, levels))
    rows.set(ticks, { side, ticks, lots, ownLots: 0, aheadLots: null });
  for (const { side: of, ticks, openLots, aheadLots } of orders) {
    if (of !== side) continue;
    const { lots, ownLots, aheadLots: ahead } = rows.get(ticks) ?? { lots: 0, ownLots: 0, aheadLots: null };
    const least = ahead === null || aheadLots === null ? (ahead ?? aheadLots) : Math.min(ahead, aheadLots);
    rows.set(ticks, { side, ticks, lots, ownLots: ownLots + openLots, aheadLots: least });
  }
  return [...rows.values()].toSorted((a, b) => side * (b.ticks - a.ticks));
}

/** Ask less bid in ticks; null when a side is empty. */
export function spreadTicks({ bids, asks }: BookData): number | null {
  const bid = bids[0];
  const ask = asks[0];
  return bid === undefined || ask === undefined ? null : ask[0] - bid[0];
}
