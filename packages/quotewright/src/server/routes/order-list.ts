/** Own orders as REST tells them: those that are not finished, and those that the engine still remembers. */
import type { Engine } from '@quotewright/core/engine/engine';
import { Side } from '@quotewright/core/market/side';
import { OrderState } from '@quotewright/core/trading/order-state';
import { REJECT_TEXT } from '@quotewright/core/trading/records';
import type { z } from 'zod';
import { instrumentName } from '../../risk/operable.ts';
import type { orderInfo } from '../protocol/trading.ts';
import { marketMs } from '../views/market-time.ts';
import { ORDER_STATE_NAMES } from '../views/quotes-data.ts';

export type OrderInfo = z.output<typeof orderInfo>;

export interface OrderFilter {
  readonly isOpenOnly: boolean;
  /** -1: all. */
  readonly market: number;
  readonly limit: number;
}

/** Newest first. */
export function orderList(engine: Engine, epochDay: number, { isOpenOnly, market, limit }: OrderFilter): OrderInfo[] {
  const { desk } = engine;
  const slots: number[] = [];
  for (let slot = 0; slot < desk.table.doubles.length >> 4; slot++) {
    // A slot that was never used has no number.
    if (desk.idAt(slot) === 0 || (isOpenOnly && isFinished(desk.stateAt(slot)))) continue;
    if (market < 0 || desk.marketAt(slot) === market) slots.push(slot);
  }
  slots.sort((a, b) => desk.sentNsAt(b) - desk.sentNsAt(a) || desk.idAt(b) - desk.idAt(a));
  return slots.slice(0, limit).map((slot) => orderAt(engine, epochDay, slot));
}

function isFinished(state: OrderState): boolean {
  return state >= OrderState.FILLED;
}

function orderAt({ desk, instruments }: Engine, epochDay: number, slot: number): OrderInfo {
  const instrument = instruments[desk.marketAt(slot)]!;
  const reason = desk.reasonAt(slot);
  return {
    id: desk.idAt(slot),
    strategy: desk.strategyAt(slot),
    instrument: instrumentName(instrument),
    side: desk.sideAt(slot) === Side.BUY ? 'buy' : 'sell',
    price: instrument.price.format(desk.priceTicksAt(slot)),
    size: instrument.size.format(desk.sizeLotsAt(slot)),
    filled: instrument.size.format(desk.filledLotsAt(slot)),
    state: ORDER_STATE_NAMES[desk.stateAt(slot)] ?? 'UNKNOWN',
    reason: reason === 0 ? null : (REJECT_TEXT[reason] ?? null),
    sentMs: marketMs(epochDay, desk.sentNsAt(slot)),
  };
}
