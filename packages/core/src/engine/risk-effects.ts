/** What risk does to working orders, and to whom it is told. */
import { EventFlag, Field, headFlags } from '../market/event.ts';
import { Side } from '../market/side.ts';
import type { Risk } from '../risk/risk.ts';
import type { OrderDesk } from '../trading/order-desk.ts';
import type { QuoteTargets } from '../trading/quote-targets.ts';
import { RiskState } from '../trading/risk-state.ts';
import type { StrategySeat } from './strategy-seat.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS, SEQ, AUX } = Field;
const { BUY } = EventFlag;

/** Cancels working orders that are not allowed any more. What cannot be asked for now is asked for when it is answered. */
export function sweepOrders(risk: Risk, desk: OrderDesk, seats: readonly StrategySeat[], nowNs: number): void {
  risk.mustSweep = false;
  for (const { index, markets } of seats) {
    for (let market = 0; market < markets.length; market++) {
      let next = -1;
      for (let slot = desk.firstSlot(index, market); slot >= 0; slot = next) {
        next = desk.nextSlot(slot);
        if (!risk.allows(desk, slot)) desk.cancel(desk.idAt(slot), nowNs);
      }
    }
  }
}

/** Tells observers what the gate refused. */
export function tellRefusals({ gate }: Risk, seats: readonly StrategySeat[], nowNs: number): void {
  const { refused } = gate;
  while (refused.length > 0) {
    const at = refused.peek();
    const { data } = refused;
    refused.shift();
    const head = data[at + HEAD] | 0;
    const seat = seats[data[at + SEQ]];
    seat.refused++;
    const side = (headFlags(head) & BUY) === 0 ? Side.SELL : Side.BUY;
    const market = seat.markets[head >>> 16];
    for (const observer of seat.observers) {
      observer.onRefused?.(market, side, data[at + PRICE_TICKS], data[at + SIZE_LOTS], data[at + AUX], nowNs);
    }
  }
}

/** Leaves of the wanted quotes what risk allows: nothing, one small level a side, what reduces the position. */
export function curbQuotes(
  risk: Risk,
  market: number,
  wanted: QuoteTargets,
  held: { portfolioLots(market: number): number },
): void {
  if (risk.isShut(market)) wanted.clear();
  else if (risk.isCanary(market)) wanted.clip(risk.breaker.canaryShare);
  if (risk.state === RiskState.REDUCING) wanted.reduce(held.portfolioLots(market));
}
