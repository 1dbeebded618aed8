/** A context with a venue by hand: orders are sent, stand, trade and go as a test says, by the rules of `trading/order-transitions.ts`. */
import { Side } from '../../market/side.ts';
import { OrderState } from '../../trading/order-state.ts';
import type { Market, Order } from '../strategy.ts';
import { FakeContext } from './fake-context.ts';

const { PENDING_NEW, LIVE, PENDING_CANCEL, UNKNOWN, FILLED, CANCELLED, REJECTED } = OrderState;

/** An order as the test's venue and desk have it. */
export interface HandOrder extends Order {
  readonly market: number;
  readonly flags: number;
  filledLots: number;
  openLots: number;
  state: OrderState;
}

export class OrderContext extends FakeContext {
  readonly all: HandOrder[] = [];
  readonly cancels: number[] = [];
  /** The gate refuses what is sent. */
  isRefusing = false;
  /** Or what is larger than this. */
  mostLots = Infinity;

  override buy(market: Market, price: number, lots: number, flags = 0): number {
    return this.#place(market, Side.BUY, price, lots, flags);
  }

  override sell(market: Market, price: number, lots: number, flags = 0): number {
    return this.#place(market, Side.SELL, price, lots, flags);
  }

  override cancel(id: number): boolean {
    const order = this.all[id - 1]!;
    if (order.state !== LIVE && order.state !== UNKNOWN) return false;
    order.state = PENDING_CANCEL;
    this.cancels.push(id);
    return true;
  }

  get last(): HandOrder {
    return this.all.at(-1)!;
  }

  /** Orders that are not finished. */
  get open(): HandOrder[] {
    return this.all.filter(({ openLots }) => openLots > 0);
  }

  ack(order: HandOrder): void {
    if (order.state === PENDING_NEW || order.state === UNKNOWN) this.#become(order, LIVE);
  }

  /** No answer came in time. */
  lose(order: HandOrder): void {
    this.#become(order, UNKNOWN);
  }

  execute(order: HandOrder, lots: number): void {
    order.filledLots += lots;
    order.openLots -= lots;
    if (order.openLots === 0) order.state = FILLED;
    else if (order.state === PENDING_NEW) order.state = LIVE;
    this.#clean(order);
    this.fill(order.side, order.priceTicks, lots, true, order.market);
    this.handlers.onOrder?.(this.markets[order.market]!, order);
  }

  /** It is gone, by our wish or not. */
  end(order: HandOrder, state: OrderState = CANCELLED): void {
    order.openLots = 0;
    this.#become(order, state);
  }

  reject(order: HandOrder): void {
    this.end(order, REJECTED);
  }

  /** The venue refuses the cancel. */
  keep(order: HandOrder): void {
    this.#become(order, LIVE);
  }

  /** Time passes, and the strategy's timer comes. */
  wait(seconds: number, timer = 1): void {
    this.nowNs += seconds * 1e9;
    this.handlers.onTimer?.(timer);
  }

  #become(order: HandOrder, state: OrderState): void {
    order.state = state;
    this.#clean(order);
    this.handlers.onOrder?.(this.markets[order.market]!, order);
  }

  #clean(order: HandOrder): void {
    const market = this.markets[order.market]!;
    market.orders = this.all.filter((each) => each.market === order.market && each.openLots > 0);
  }

  #place(market: Market, side: Side, priceTicks: number, sizeLots: number, flags: number): number {
    if (this.isRefusing || sizeLots > this.mostLots) return 0;
    const id = this.all.length + 1;
    const order: HandOrder = {
      id,
      side,
      priceTicks,
      sizeLots,
      filledLots: 0,
      openLots: sizeLots,
      state: PENDING_NEW,
      reason: 0,
      sentNs: this.nowNs,
      market: market.index,
      flags,
    };
    this.all.push(order);
    this.#clean(order);
    return id;
  }
}
