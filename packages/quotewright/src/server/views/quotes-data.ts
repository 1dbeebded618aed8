/** Own orders that are not finished, of all strategies in one market. */
import type { Engine } from '@quotewright/core/engine/engine';
import { Side } from '@quotewright/core/market/side';
import { OrderState } from '@quotewright/core/trading/order-state';
import type { QuoteOrder, QuotesData } from '../protocol/stream.ts';
import { finiteOrNull } from './finite.ts';
import { marketMs } from './market-time.ts';

/** Who knows how many lots stand before an order; NaN = not known. See `QueueTracker`. */
export interface QueueAhead {
  aheadLots(market: number, orderId: number): number;
}

export const ORDER_STATE_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(OrderState).map(([name, state]) => [state, name]),
);

/** @param queues by strategy; absent: no place in a queue is told */
export function quotesData(
  engine: Pick<Engine, 'desk' | 'seats'>,
  epochDay: number,
  market: number,
  queues: readonly QueueAhead[] = [],
): QuotesData {
  const { desk, seats } = engine;
  const orders: QuoteOrder[] = [];
  for (const { index: strategy } of seats) {
    const queue = queues[strategy];
    for (let slot = desk.firstSlot(strategy, market); slot >= 0; slot = desk.nextSlot(slot)) {
      const id = desk.idAt(slot);
      orders.push({
        id,
        strategy,
        side: desk.sideAt(slot) === Side.BUY ? 1 : -1,
        ticks: desk.priceTicksAt(slot),
        openLots: desk.openLotsAt(slot),
        sizeLots: desk.sizeLotsAt(slot),
        state: ORDER_STATE_NAMES[desk.stateAt(slot)] ?? 'UNKNOWN',
        aheadLots: finiteOrNull(queue?.aheadLots(market, id)),
        sentMs: marketMs(epochDay, desk.sentNsAt(slot)),
      });
    }
  }
  return { orders };
}
