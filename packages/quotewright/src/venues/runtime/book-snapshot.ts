/** A whole book as records, for who is to go on from it. */
import { EVENT_STRIDE, EventFlag, EventKind, Field, packHead } from '@quotewright/core/market/event';
import type { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, SEQ } = Field;
const { BUY, LAST, SNAPSHOT } = EventFlag;

/** SNAPSHOT_BEGIN, the levels from the best on, SNAPSHOT_END. */
export function putSnapshot(
  out: RecordQueue,
  market: number,
  book: L2Book,
  venueNs: number,
  localNs: number,
  seq: number,
): void {
  const put = (kind: number, flags: number, priceTicks: number, sizeLots: number): void => {
    const at = out.reserve();
    const { data } = out;
    data.fill(0, at, at + EVENT_STRIDE);
    data[at + HEAD] = packHead(kind, SNAPSHOT | flags, market);
    data[at + VENUE_NS] = venueNs;
    data[at + LOCAL_NS] = localNs;
    data[at + PRICE_TICKS] = priceTicks;
    data[at + SIZE_LOTS] = sizeLots;
    data[at + SEQ] = seq;
  };
  put(EventKind.SNAPSHOT_BEGIN, 0, 0, 0);
  for (const side of [Side.BUY, Side.SELL]) {
    const levels = side === Side.BUY ? book.bids : book.asks;
    for (let level = levels.best(); level >= 0; level = levels.next(level)) {
      put(EventKind.LEVEL, side === Side.BUY ? BUY : 0, levels.priceOf(level), levels.sizeOf(level));
    }
  }
  put(EventKind.SNAPSHOT_END, LAST, 0, 0);
}
