/**
 * The orders of one market from request to end: which stand, how long answers take, how long orders wait, what fraction
 * trades, and what taking cost against the price when the order was sent. In memory that grows with open orders only.
 */
import { Side } from '../market/side.ts';
import type { Fill, Market, Order } from '../strategies/strategy.ts';
import { OrderState } from '../trading/order-state.ts';
import { Reject, RequestKind } from '../trading/records.ts';
import { LogHistogram } from './log-histogram.ts';
import { ORDER_STRIDE, OrderField, type OrderSink } from './order-rows.ts';
import type { SettlementValue } from './settlement-value.ts';

const {
  ORDER_ID,
  MARKET,
  SIDE,
  PRICE_TICKS,
  SIZE_LOTS,
  FILLED_LOTS,
  SENT_NS,
  ACK_NS,
  FIRST_FILL_NS,
  END_NS,
  STATE,
  REASON,
  DECISION_MID_TICKS,
  DECISION_TOUCH_TICKS,
  FILL_PRICE_TICKS,
} = OrderField;
// Private fields of a row: when the cancel or amendment that waits for its answer was sent, Σ lots × price of its fills, lots
// that took, fees in the settlement currency, and lots of the executions that were seen (a list of the venue may tell of more).
const ASKED_NS = 15;
const FILL_VALUE = 16;
const TAKEN_LOTS = 17;
const FEES = 18;
const SEEN_LOTS = 19;

export class OrderTracker {
  placed = 0;
  /** Sizes of new orders, and what amendments added to them. */
  placedLots = 0;
  /** Orders with a fill. */
  filled = 0;
  newRequests = 0;
  cancelRequests = 0;
  amendRequests = 0;
  /** New orders refused, by `Reject`. */
  readonly rejects = new Float64Array(Reject.OTHER + 1);
  /** Request until its answer is here, and venue to us; nanoseconds. */
  readonly newLatency = new LogHistogram();
  readonly cancelLatency = new LogHistogram();
  readonly amendLatency = new LogHistogram();
  readonly reportLatency = new LogHistogram();
  /** From the acknowledgement to the first fill, and to the end; nanoseconds. */
  readonly timeToFill = new LogHistogram();
  readonly timeInQueue = new LogHistogram();
  /** Lots that took with a known decision price, and Σ lots × slippage to mid and touch, ticks. */
  takenLots = 0;
  slippageMid = 0;
  slippageTouch = 0;
  /** Of orders that took: cost in the settlement currency, and value at the decision mid of what they meant to trade. */
  shortfall = 0;
  shortfallBase = 0;

  readonly #market: number;
  readonly #value: SettlementValue;
  readonly #sink: OrderSink | undefined;
  /** Open orders, dense, in no order. */
  #rows = new Float64Array(16 * ORDER_STRIDE);
  #count = 0;

  constructor(market: number, value: SettlementValue, sink: OrderSink | undefined) {
    this.#market = market;
    this.#value = value;
    this.#sink = sink;
  }

  /** A request was sent; `kind` is a `RequestKind`. */
  request(market: Market, kind: number, order: Order, nowNs: number): void {
    if (kind === RequestKind.NEW) {
      this.newRequests++;
      this.placed++;
      this.placedLots += order.sizeLots;
      const at = this.#add(order, nowNs);
      this.#rows[at + DECISION_MID_TICKS] = market.midTicks;
      this.#rows[at + DECISION_TOUCH_TICKS] = order.side === Side.BUY ? market.askTicks : market.bidTicks;
      return;
    }
    const isCancel = kind === RequestKind.CANCEL;
    if (isCancel) this.cancelRequests++;
    else this.amendRequests++;
    const at = this.#find(order.id);
    if (at < 0) return;
    this.#rows[at + ASKED_NS] = nowNs;
    this.#rows[at + STATE] = isCancel ? OrderState.PENDING_CANCEL : OrderState.PENDING_AMEND;
  }

  /** An own order traded, with the fee in the settlement currency. */
  fill(fill: Fill, nowNs: number, fee: number): void {
    const at = this.#find(fill.orderId);
    if (at < 0) return;
    const rows = this.#rows;
    const lots = fill.sizeLots;
    if (Number.isNaN(rows[at + FIRST_FILL_NS])) {
      rows[at + FIRST_FILL_NS] = nowNs;
      this.filled++;
      // An execution that overtakes the acknowledgement has no time to count from.
      if (!Number.isNaN(rows[at + ACK_NS])) this.timeToFill.add(nowNs - rows[at + ACK_NS]);
    }
    rows[at + FILL_VALUE] += lots * fill.priceTicks;
    rows[at + FEES] += fee;
    rows[at + SEEN_LOTS] += lots;
    if (fill.isMaker) return;
    rows[at + TAKEN_LOTS] += lots;
    const mid = rows[at + DECISION_MID_TICKS];
    const touch = rows[at + DECISION_TOUCH_TICKS];
    if (Number.isNaN(mid) || Number.isNaN(touch)) return;
    const sign = fill.side === Side.BUY ? 1 : -1;
    this.takenLots += lots;
    this.slippageMid += lots * sign * (fill.priceTicks - mid);
    this.slippageTouch += lots * sign * (fill.priceTicks - touch);
  }

  /** The decision mid of an open order; NaN when it is not known. */
  decisionMid(orderId: number): number {
    const at = this.#find(orderId);
    return at < 0 ? Number.NaN : this.#rows[at + DECISION_MID_TICKS];
  }

  /** An order changed its state. `midTicks`: the mid that holds. Answers true when the best price of standing orders may be another. */
  order(order: Order, nowNs: number, venueNs: number, midTicks: number): boolean {
    const { state } = order;
    let at = this.#find(order.id);
    // Known from the venue's list at reconnection, say; one that has ended before is over.
    if (at < 0) {
      if (isFinal(state)) return false;
      at = this.#add(order, order.sentNs);
    }
    const rows = this.#rows;
    const stood = isStanding(rows[at + STATE]) ? rows[at + PRICE_TICKS] : Number.NaN;
    const before = rows[at + STATE];
    rows[at + STATE] = state;
    rows[at + PRICE_TICKS] = order.priceTicks;
    if (order.sizeLots > rows[at + SIZE_LOTS]) this.placedLots += order.sizeLots - rows[at + SIZE_LOTS];
    rows[at + SIZE_LOTS] = order.sizeLots;
    rows[at + FILLED_LOTS] = order.filledLots;
    rows[at + REASON] = order.reason;
    if (!Number.isNaN(venueNs)) this.reportLatency.add(nowNs - venueNs);
    // UNKNOWN is our own conclusion, from silence.
    if (state !== OrderState.UNKNOWN) this.#answered(at, before, state, nowNs);
    if (isFinal(state)) this.#end(at, nowNs, midTicks);
    const stands = isStanding(state) ? order.priceTicks : Number.NaN;
    return !Object.is(stood, stands);
  }

  /** Best price of own standing orders of a side; NaN when there are none. */
  bestPrice(side: Side): number {
    const rows = this.#rows;
    let best = Number.NaN;
    for (let at = 0; at < this.#count * ORDER_STRIDE; at += ORDER_STRIDE) {
      if (rows[at + SIDE] !== side || !isStanding(rows[at + STATE])) continue;
      const price = rows[at + PRICE_TICKS];
      if (!(side === Side.BUY ? price <= best : price >= best)) best = price;
    }
    return best;
  }

  /** Hands out what is still open. */
  finish(nowNs: number, midTicks: number): void {
    while (this.#count > 0) this.#end((this.#count - 1) * ORDER_STRIDE, nowNs, midTicks);
  }

  /** A report of the venue about the row. */
  #answered(at: number, before: number, state: number, nowNs: number): void {
    const rows = this.#rows;
    if (Number.isNaN(rows[at + ACK_NS]) && state !== OrderState.PENDING_NEW) {
      if (state !== OrderState.REJECTED) rows[at + ACK_NS] = nowNs;
      this.newLatency.add(nowNs - rows[at + SENT_NS]);
    }
    // A fill in between leaves the order pending, or fills it: that is no answer.
    if (before === OrderState.PENDING_CANCEL && (state === OrderState.CANCELLED || state === OrderState.LIVE)) {
      this.cancelLatency.add(nowNs - rows[at + ASKED_NS]);
    } else if (before === OrderState.PENDING_AMEND && state === OrderState.LIVE) {
      this.amendLatency.add(nowNs - rows[at + ASKED_NS]);
    }
  }

  #end(at: number, nowNs: number, midTicks: number): void {
    const rows = this.#rows;
    const isEnded = isFinal(rows[at + STATE]);
    const filled = rows[at + SEEN_LOTS];
    if (isEnded) {
      rows[at + END_NS] = nowNs;
      if (rows[at + STATE] === OrderState.REJECTED) this.rejects[Math.min(rows[at + REASON], Reject.OTHER)]++;
      if (!Number.isNaN(rows[at + ACK_NS])) this.timeInQueue.add(nowNs - rows[at + ACK_NS]);
    }
    if (filled > 0) rows[at + FILL_PRICE_TICKS] = rows[at + FILL_VALUE] / filled;
    const decision = rows[at + DECISION_MID_TICKS];
    if (rows[at + TAKEN_LOTS] > 0 && !Number.isNaN(decision)) {
      const sign = rows[at + SIDE] === Side.BUY ? 1 : -1;
      const value = this.#value;
      this.shortfall +=
        rows[at + FEES] +
        value.move(sign * filled, decision, rows[at + FILL_PRICE_TICKS]) +
        value.move(sign * (rows[at + SIZE_LOTS] - filled), decision, midTicks);
      this.shortfallBase += value.notional(rows[at + SIZE_LOTS], decision);
    }
    this.#sink?.(rows, at);
    this.#count--;
    const last = this.#count * ORDER_STRIDE;
    if (last !== at) rows.copyWithin(at, last, last + ORDER_STRIDE);
  }

  #add(order: Order, sentNs: number): number {
    const at = this.#count * ORDER_STRIDE;
    if (at === this.#rows.length) {
      const grown = new Float64Array(this.#rows.length * 2);
      grown.set(this.#rows);
      this.#rows = grown;
    }
    this.#count++;
    const rows = this.#rows;
    rows.fill(Number.NaN, at, at + ORDER_STRIDE);
    rows[at + ORDER_ID] = order.id;
    rows[at + MARKET] = this.#market;
    rows[at + SIDE] = order.side;
    rows[at + PRICE_TICKS] = order.priceTicks;
    rows[at + SIZE_LOTS] = order.sizeLots;
    rows[at + FILLED_LOTS] = order.filledLots;
    rows[at + SENT_NS] = sentNs;
    rows[at + STATE] = OrderState.PENDING_NEW;
    rows[at + REASON] = 0;
    rows.fill(0, at + FILL_VALUE, at + SEEN_LOTS + 1);
    return at;
  }

  /** Offset of an open order's row, or -1. Newest first: they change most. */
  #find(orderId: number): number {
    const rows = this.#rows;
    for (let at = (this.#count - 1) * ORDER_STRIDE; at >= 0; at -= ORDER_STRIDE) {
      if (rows[at + ORDER_ID] === orderId) return at;
    }
    return -1;
  }
}

function isFinal(state: number): boolean {
  return state === OrderState.FILLED || state === OrderState.CANCELLED || state === OrderState.REJECTED;
}

/** Known to be in the venue's book. */
function isStanding(state: number): boolean {
  return state === OrderState.LIVE || state === OrderState.PENDING_CANCEL || state === OrderState.PENDING_AMEND;
}
