/** Whether a request makes sense at all, before it meets the book. */
import { MarketState, OrderType, PostOnly, Reason, TimeInForce } from './codes.ts';
import type { OrderRequest } from './request.ts';

const MAX_LOTS = 2 ** 46;
const MAX_TICKS = 2 ** 46;
/** An iceberg trades in at most so many slices, so that one order cannot make a sweep endless. */
export const MAX_SLICES = 10_000;

export function isWholeLots(lots: number): boolean {
  return lots >= 1 && lots <= MAX_LOTS && lots === Math.floor(lots);
}

export function isTicks(price: number): boolean {
  return price >= -MAX_TICKS && price <= MAX_TICKS && price === Math.floor(price);
}

/** @returns Reason.NONE, or why the request is refused */
export function validate(r: OrderRequest, state: MarketState, nowNs: number, lastTradeTicks: number): Reason {
  const { timeInForce, type } = r;
  if (state === MarketState.HALTED) return Reason.HALTED;
  if (r.owner !== (r.owner & 0x7fff_ffff)) return Reason.BAD_OWNER;
  if (!isWholeLots(r.sizeLots)) return Reason.BAD_SIZE;
  const isMarket = !r.hasLimit;
  if (!isMarket && !isTicks(r.priceTicks)) return Reason.BAD_PRICE;
  const isImmediate = timeInForce === TimeInForce.IOC || timeInForce === TimeInForce.FOK;
  const isTimed = timeInForce === TimeInForce.GTD || timeInForce === TimeInForce.DAY;
  if (r.displayLots !== 0) {
    const isDisplay = isWholeLots(r.displayLots) && r.displayLots < r.sizeLots;
    if (!isDisplay || r.sizeLots > r.displayLots * MAX_SLICES) return Reason.BAD_DISPLAY;
    if (isMarket || isImmediate) return Reason.BAD_COMBINATION;
  }
  if (timeInForce === TimeInForce.GTD && !(r.expiryNs > nowNs)) return Reason.BAD_EXPIRY;
  if (r.postOnly !== PostOnly.NO && (isMarket || isImmediate || r.isConditional)) return Reason.BAD_COMBINATION;
  if (r.isConditional) {
    if (isImmediate) return Reason.BAD_COMBINATION;
    if (!isTicks(r.triggerTicks)) return Reason.BAD_TRIGGER;
    // A trailing stop keeps a distance from the last trade, so there must be one.
    if (type === OrderType.TRAILING_STOP && !(r.triggerTicks > 0 && isTicks(lastTradeTicks))) return Reason.BAD_TRIGGER;
    return Reason.NONE;
  }
  if (isMarket && isTimed) return Reason.BAD_COMBINATION;
  if ((isMarket || isImmediate) && r.linkSlot !== 0) return Reason.BAD_COMBINATION;
  if (state === MarketState.AUCTION && (isMarket || isImmediate || r.postOnly !== PostOnly.NO)) {
    return Reason.NOT_IN_AUCTION;
  }
  return Reason.NONE;
}
