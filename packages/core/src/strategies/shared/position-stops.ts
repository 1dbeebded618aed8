/** Stop-loss, take-profit and trailing stop of a position, by the price at which it could be left now, in basis points of the entry. */

import { checkNumbers } from '../../base/state.ts';

export const StopReason = { NONE: 0, STOP_LOSS: 1, TAKE_PROFIT: 2, TRAILING: 3 } as const;
export type StopReason = (typeof StopReason)[keyof typeof StopReason];

export class PositionStops {
  readonly #stopLoss: number;
  readonly #takeProfit: number;
  readonly #trailing: number;
  #sign = 0;
  #bestBps = 0;

  /** Basis points; 0 = without. */
  constructor(stopLossBps: number, takeProfitBps: number, trailingBps: number) {
    this.#stopLoss = stopLossBps > 0 ? stopLossBps : Infinity;
    this.#takeProfit = takeProfitBps > 0 ? takeProfitBps : Infinity;
    this.#trailing = trailingBps > 0 ? trailingBps : Infinity;
  }

  save(): number[] {
    return [this.#sign, this.#bestBps];
  }

  restore(state: readonly number[]): void {
    checkNumbers('position stops', state, 2);
    [this.#sign, this.#bestBps] = state;
  }

  /** `exitTicks`: the touch that the position would be sold or bought back at. The best result starts anew with each position. */
  check(positionLots: number, entryTicks: number, exitTicks: number): StopReason {
    const sign = Math.sign(positionLots);
    if (sign !== this.#sign) {
      this.#sign = sign;
      this.#bestBps = -Infinity;
    }
    const gain = ((exitTicks - entryTicks) * sign * 1e4) / entryTicks;
    // Flat, or without a price.
    if (sign === 0 || gain !== gain) return StopReason.NONE;
    this.#bestBps = Math.max(this.#bestBps, gain);
    if (gain <= -this.#stopLoss) return StopReason.STOP_LOSS;
    if (gain >= this.#takeProfit) return StopReason.TAKE_PROFIT;
    return this.#bestBps - gain >= this.#trailing ? StopReason.TRAILING : StopReason.NONE;
  }
}
