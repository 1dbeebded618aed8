/**
 * Takes liquidity until the position is where it shall be: one immediate-or-cancel order at the touch at a time, the next one
 * when that is finished and the interval is over.
 */
import { checkNumbers } from '../../base/state.ts';
import type { Context, Market, Order } from '../strategy.ts';
import { OrderFlag } from '../../trading/records.ts';
import { OrderState } from '../../trading/order-state.ts';
import { leastLots } from './sizing.ts';

export class TargetTaker {
  readonly #ctx: Context;
  readonly #market: Market;
  readonly #intervalNs: number;
  #orderId = 0;
  #nextNs = -Infinity;

  constructor(ctx: Context, market: Market, intervalSeconds: number) {
    this.#ctx = ctx;
    this.#market = market;
    this.#intervalNs = intervalSeconds * 1e9;
  }

  /**
   * Sends what brings the position nearer to the target, `mostLots` at most. `flags` are added to IOC. True when an order went
   * out; none does for a difference below the smallest order.
   */
  seek(targetLots: number, mostLots: number, flags = 0): boolean {
    const market = this.#market;
    const { nowNs } = this.#ctx;
    if (this.#orderId !== 0 || nowNs < this.#nextNs || !market.isReady) return false;
    const gap = targetLots - market.positionLots;
    const price = gap > 0 ? market.askTicks : market.bidTicks;
    const lots = Math.floor(Math.min(Math.abs(gap), mostLots, market.instrument.maxSizeLots));
    if (!(lots >= leastLots(market.instrument, price))) return false;
    const send = OrderFlag.IOC | flags;
    const id = gap > 0 ? this.#ctx.buy(market, price, lots, send) : this.#ctx.sell(market, price, lots, send);
    this.#nextNs = nowNs + this.#intervalNs;
    this.#orderId = id;
    return id !== 0;
  }

  save(): number[] {
    return [this.#orderId, this.#nextNs];
  }

  restore(state: readonly number[]): void {
    checkNumbers('a target taker', state, 2);
    [this.#orderId, this.#nextNs] = state;
  }

  /** Heeds the end of the order under way. */
  onOrder(order: Order): void {
    if (order.id !== this.#orderId) return;
    const { state } = order;
    if (state === OrderState.FILLED || state === OrderState.CANCELLED || state === OrderState.REJECTED)
      this.#orderId = 0;
  }
}
