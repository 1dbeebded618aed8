/** The naive engine's questions to a whole book: where an auction clears, and whether an order could fill at once. */
import { Side } from '../../market/side.ts';
import { SelfTrade } from '../codes.ts';
import type { NaiveOrder } from './naive-order.ts';

const sum = (orders: readonly NaiveOrder[]): number => orders.reduce((lots, order) => lots + order.open, 0);

/** The clearing price by trying each price at which a crossing order stands; NaN when the book is not crossed. */
export function naiveClearingPrice(
  bids: readonly NaiveOrder[],
  asks: readonly NaiveOrder[],
  referenceTicks: number,
): number {
  const bestBid = bids[0]?.price ?? -Infinity;
  const bestAsk = asks[0]?.price ?? Infinity;
  if (bestBid < bestAsk) return Number.NaN;
  const reference = Number.isNaN(referenceTicks) ? (bestBid + bestAsk) / 2 : referenceTicks;
  const crossing = [...bids.filter((bid) => bid.price >= bestAsk), ...asks.filter((ask) => ask.price <= bestBid)];
  const candidates = crossing.map(({ price }) => {
    const demand = sum(bids.filter((bid) => bid.price >= price));
    const supply = sum(asks.filter((ask) => ask.price <= price));
    return {
      price,
      volume: Math.min(demand, supply),
      surplus: Math.abs(demand - supply),
      distance: Math.abs(price - reference),
    };
  });
  candidates.sort(
    (a, b) => b.volume - a.volume || a.surplus - b.surplus || a.distance - b.distance || a.price - b.price,
  );
  return candidates[0]!.price;
}

/** Whether the taker could trade all of its lots now, by playing it through on a copy of the other side's queue. */
export function naiveCanFill(taker: NaiveOrder, opposite: readonly NaiveOrder[]): boolean {
  let queue = opposite.map((order) => ({ order, shown: order.shown, hidden: order.open - order.shown }));
  let need = taker.open;
  while (need > 0) {
    const top = queue[0];
    if (top === undefined || !reaches(taker, top.order.price)) return false;
    const { order } = top;
    if (isSelfTrade(taker, order)) {
      if (taker.selfTrade !== SelfTrade.CANCEL_OLDEST) return false;
      queue = queue.filter((entry) => entry.order !== order && entry.order !== order.link);
      continue;
    }
    const fill = Math.min(need, top.shown);
    need -= fill;
    top.shown -= fill;
    queue = queue.filter((entry) => entry.order !== order.link);
    if (top.shown > 0) continue;
    queue.shift();
    if (top.hidden === 0) continue;
    const shown = Math.min(top.hidden, order.displayLots);
    const behind = queue.findIndex((entry) => entry.order.price !== order.price);
    queue.splice(behind < 0 ? queue.length : behind, 0, { order, shown, hidden: top.hidden - shown });
  }
  return true;
}

/** Whether a taker may trade at a price. */
export function reaches(taker: NaiveOrder, price: number): boolean {
  if (Number.isNaN(taker.price)) return true;
  return taker.side === Side.BUY ? price <= taker.price : price >= taker.price;
}

export function isSelfTrade(taker: NaiveOrder, maker: NaiveOrder): boolean {
  return taker.selfTrade !== SelfTrade.ALLOW && taker.owner !== 0 && taker.owner === maker.owner;
}
