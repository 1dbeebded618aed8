/** The naive engine's conditional orders: which fires next, and how trailing stops follow. */
import { Side } from '../../market/side.ts';
import { OrderType } from '../codes.ts';
import type { NaiveOrder } from './naive-order.ts';

/** The next order whose trigger the last trade has reached: rising triggers from the lowest up, then falling ones from the highest down. */
export function nextDue(waiting: NaiveOrder[], lastTicks: number): NaiveOrder | undefined {
  if (waiting.length === 0 || Number.isNaN(lastTicks)) return undefined;
  trail(waiting, lastTicks);
  const rising = waiting.filter((order) => isRising(order) && order.trigger <= lastTicks);
  const falling = waiting.filter((order) => !isRising(order) && order.trigger >= lastTicks);
  // Sorting is stable: equal triggers stay by arrival.
  rising.sort((a, b) => a.trigger - b.trigger);
  falling.sort((a, b) => b.trigger - a.trigger);
  return rising[0] ?? falling[0];
}

/** Whether a rising price reaches the trigger: a stop to buy, or a profit to take by selling. */
function isRising(order: NaiveOrder): boolean {
  const isProfit = order.type === OrderType.TAKE_PROFIT || order.type === OrderType.TAKE_PROFIT_LIMIT;
  return isProfit === (order.side === Side.SELL);
}

function trail(waiting: NaiveOrder[], lastTicks: number): void {
  const trailing = waiting.filter((order) => order.trail > 0);
  trailing.sort((a, b) => a.sequence - b.sequence);
  for (const order of trailing) {
    const trigger = order.side === Side.BUY ? lastTicks + order.trail : lastTicks - order.trail;
    const isNearer = order.side === Side.BUY ? trigger < order.trigger : trigger > order.trigger;
    if (!isNearer) continue;
    // It arrives anew at the trigger that it moved to.
    waiting.splice(waiting.indexOf(order), 1);
    waiting.push(order);
    order.trigger = trigger;
  }
}
