/** Puts prints and best quotes of a feed out as records. */
import { EventFlag, EventKind, Field, packHead } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import type { RecordQueue } from '@quotewright/core/trading/record-queue';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS, ORDER_ID, SEQ, AUX } = Field;
const { BUY, LAST } = EventFlag;

/** A print, a message of its own. `side` is the aggressor's; orders' numbers are 0 when the venue does not tell them. */
export function putTrade(
  out: RecordQueue,
  market: number,
  side: Side,
  venueNs: number,
  localNs: number,
  priceTicks: number,
  sizeLots: number,
  seq: number,
  maker = 0,
  taker = 0,
): void {
  const at = out.reserve();
  const { data } = out;
  data[at + HEAD] = packHead(EventKind.TRADE, (side === Side.BUY ? BUY : 0) | LAST, market);
  data[at + VENUE_NS] = venueNs;
  data[at + LOCAL_NS] = localNs;
  data[at + PRICE_TICKS] = priceTicks;
  data[at + SIZE_LOTS] = sizeLots;
  data[at + ORDER_ID] = maker;
  data[at + SEQ] = seq;
  data[at + AUX] = taker;
}

/** One side of the best quote as the venue publishes it; the ask comes second and ends the message. An empty side: NaN ticks of 0 lots. */
export function putQuoteSide(
  out: RecordQueue,
  market: number,
  side: Side,
  venueNs: number,
  localNs: number,
  priceTicks: number,
  sizeLots: number,
  seq: number,
): void {
  const at = out.reserve();
  const { data } = out;
  data[at + HEAD] = packHead(EventKind.QUOTE, side === Side.BUY ? BUY : LAST, market);
  data[at + VENUE_NS] = venueNs;
  data[at + LOCAL_NS] = localNs;
  data[at + PRICE_TICKS] = priceTicks;
  data[at + SIZE_LOTS] = sizeLots;
  data[at + ORDER_ID] = 0;
  data[at + SEQ] = seq;
  data[at + AUX] = 0;
}
