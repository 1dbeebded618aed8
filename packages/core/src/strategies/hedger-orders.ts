/**
 * The hedger's orders: one at a time, resting at the touch or immediate with a bound on its price. What is unfinished counts in full as
 * long as the venue has not said that it is gone, whatever was asked; positions come from executions only. So nothing is sent twice,
 * and an order that trades while it is being cancelled is counted like any other.
 */
import { checkState } from '../base/state.ts';
import { Side } from '../market/side.ts';
import { OrderFlag } from '../trading/records.ts';
import { OrderState } from '../trading/order-state.ts';
import type { HedgerParams } from './hedger-params.ts';
import { leastLots } from './shared/sizing.ts';
import type { Context, Market, Order } from './strategy.ts';

const BPS = 1e-4;
/** An order of which nobody knows is asked for again after this long, by a cancel. */
const INQUIRY_NS = 5e9;

export interface OrdersState {
  readonly immediate: number;
  readonly nextNs: number;
  readonly cancelNs: number;
  readonly inquiryNs: number;
  readonly halvings: number;
}

/** What is wanted of the hedge now. */
export interface HedgeWish {
  side: Side;
  /** 0 = nothing is to be traded. */
  lots: number;
  /** An order of more than this would turn the exposure round. */
  mostLots: number;
  /** Take, if the price allows. */
  isTaking: boolean;
  slippageBps: number;
}

export class HedgeOrders {
  readonly #ctx: Context;
  readonly #market: Market;
  readonly #intervalNs: number;
  readonly #repriceNs: number;
  /** The immediate order that was sent last: no cancel is sent for it. */
  #immediate = 0;
  #nextNs = Number.NEGATIVE_INFINITY;
  #cancelNs = Number.NEGATIVE_INFINITY;
  #inquiryNs = Number.NEGATIVE_INFINITY;
  /** The gate refused so many in a row, each half of the one before: a limit may leave room for less. */
  #halvings = 0;

  constructor(ctx: Context, market: Market, params: HedgerParams) {
    this.#ctx = ctx;
    this.#market = market;
    this.#intervalNs = params.interval * 1e9;
    this.#repriceNs = params.reprice * 1e9;
  }

  /** Does the next thing there is to do. @param mostOrderLots largest order */
  work(wish: HedgeWish, mostOrderLots: number): void {
    const market = this.#market;
    const { nowNs } = this.#ctx;
    const limit = this.#takeLimit(wish);
    const { orderCount } = market;
    if (orderCount > 0) {
      for (let i = 0; i < orderCount; i++) this.#review(market.order(i), wish, limit === limit, nowNs);
      return;
    }
    if (wish.lots === 0 || nowNs < this.#nextNs || !market.isReady) return;
    const isTaking = limit === limit;
    const isBuy = wish.side === Side.BUY;
    const price = isTaking ? limit : isBuy ? market.bidTicks : market.askTicks;
    const least = leastLots(market.instrument, price);
    const most = Math.min(wish.lots, mostOrderLots, market.instrument.maxSizeLots);
    if (!(most >= least)) return;
    const lots = Math.max(least, Math.floor(most * 0.5 ** this.#halvings));
    const flags = isTaking ? OrderFlag.IOC : OrderFlag.POST_ONLY;
    const id = isBuy ? this.#ctx.buy(market, price, lots, flags) : this.#ctx.sell(market, price, lots, flags);
    this.#nextNs = nowNs + this.#intervalNs;
    // One that is let through is tried at twice the size next; the smallest that is refused, at its whole size.
    if (id !== 0) this.#halvings = Math.max(0, this.#halvings - 1);
    else this.#halvings = lots > least ? this.#halvings + 1 : 0;
    if (isTaking) this.#immediate = id;
  }

  /** Price of an immediate order; NaN when none is to be sent or the touch is beyond the bound. */
  #takeLimit({ isTaking, side, slippageBps }: HedgeWish): number {
    const { midTicks, bidTicks, askTicks, isReady } = this.#market;
    if (!isTaking || !isReady) return Number.NaN;
    const room = midTicks * slippageBps * BPS;
    if (side === Side.BUY) {
      const limit = Math.floor(midTicks + room);
      return limit >= askTicks ? limit : Number.NaN;
    }
    const limit = Math.max(1, Math.ceil(midTicks - room));
    return limit <= bidTicks ? limit : Number.NaN;
  }

  /** Asks for the cancel of an order that is not wanted as it stands. */
  #review(order: Order, wish: HedgeWish, mayTake: boolean, nowNs: number): void {
    const { id, state } = order;
    if (state === OrderState.UNKNOWN) {
      if (nowNs < this.#inquiryNs) return;
      this.#inquiryNs = nowNs + INQUIRY_NS;
      this.#ctx.cancel(id);
      return;
    }
    if (state !== OrderState.LIVE || id === this.#immediate || nowNs < this.#cancelNs) return;
    if (!mayTake && this.#isWanted(order, wish, nowNs)) return;
    if (this.#ctx.cancel(id)) this.#cancelNs = nowNs + this.#intervalNs;
  }

  #isWanted(order: Order, wish: HedgeWish, nowNs: number): boolean {
    const market = this.#market;
    if (!market.isReady || wish.lots === 0 || order.side !== wish.side || order.openLots > wish.mostLots) return false;
    const isBehind = order.side === Side.BUY ? market.bidTicks > order.priceTicks : market.askTicks < order.priceTicks;
    return !isBehind || nowNs - order.sentNs < this.#repriceNs;
  }

  save(): OrdersState {
    return {
      immediate: this.#immediate,
      nextNs: this.#nextNs,
      cancelNs: this.#cancelNs,
      inquiryNs: this.#inquiryNs,
      halvings: this.#halvings,
    };
  }

  restore(state: OrdersState): void {
    checkState('orders of a hedger', state, this.save());
    const { immediate, nextNs, cancelNs, inquiryNs, halvings } = state;
    this.#immediate = immediate;
    this.#nextNs = nextNs;
    this.#cancelNs = cancelNs;
    this.#inquiryNs = inquiryNs;
    this.#halvings = halvings;
  }
}
