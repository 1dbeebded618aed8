/** The views that handlers are given: one object of each kind per engine, filled anew for each call. */
import { Side } from '../market/side.ts';
import type { Fill, Order, Trade } from '../strategies/strategy.ts';
import type { OrderDesk } from '../trading/order-desk.ts';
import type { OrderState } from '../trading/order-state.ts';

export class TradeView implements Trade {
  side: Side = Side.BUY;
  priceTicks = Number.NaN;
  sizeLots = Number.NaN;
  venueNs = Number.NaN;
}

export class FillView implements Fill {
  orderId = Number.NaN;
  side: Side = Side.BUY;
  priceTicks = Number.NaN;
  sizeLots = Number.NaN;
  isMaker = false;
  venueNs = Number.NaN;
}

/** Looks through to the desk's record. */
export class OrderView implements Order {
  readonly #desk: OrderDesk;
  #slot = 0;

  constructor(desk: OrderDesk) {
    this.#desk = desk;
  }

  /** Points the view at an order. */
  of(slot: number): this {
    this.#slot = slot;
    return this;
  }

  get id(): number {
    return this.#desk.idAt(this.#slot);
  }

  get side(): Side {
    return this.#desk.sideAt(this.#slot);
  }

  get priceTicks(): number {
    return this.#desk.priceTicksAt(this.#slot);
  }

  get sizeLots(): number {
    return this.#desk.sizeLotsAt(this.#slot);
  }

  get filledLots(): number {
    return this.#desk.filledLotsAt(this.#slot);
  }

  get openLots(): number {
    return this.#desk.openLotsAt(this.#slot);
  }

  get state(): OrderState {
    return this.#desk.stateAt(this.#slot);
  }

  get reason(): number {
    return this.#desk.reasonAt(this.#slot);
  }

  get sentNs(): number {
    return this.#desk.sentNsAt(this.#slot);
  }
}
