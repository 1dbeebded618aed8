/**
 * Whether we were resting when an order of ours traded at Bitstamp, which the venue does not tell. An order that takes does so in the
 * microsecond in which it was placed (as in events recorded in 2023); one that rested trades later.
 */
import { OrderFlag } from '@quotewright/core/trading/records';
import type { KnownOrder } from '../known-orders.ts';

/** @param order undefined: of an order that is not known, which is taken for one that rested, as quotes do */
export function wasMaker(order: KnownOrder | undefined, tradeNs: number): boolean {
  if (order === undefined || (order.flags & OrderFlag.POST_ONLY) !== 0) return true;
  if ((order.flags & (OrderFlag.IOC | OrderFlag.FOK)) !== 0) return false;
  // A trade that is told before its order took with it.
  return Number.isNaN(order.placedNs) ? order.isAcked : tradeNs > order.placedNs;
}
