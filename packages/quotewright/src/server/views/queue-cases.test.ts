import { EventFlag, EventKind, Field, TradingStatus, packHead } from '@quotewright/core/market/event';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import type { Fill, Market, Order } from '@quotewright/core/strategies/strategy';
import { OrderState } from '@quotewright/core/trading/order-state';
import { RequestKind } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { QueueTracker } from './queue-tracker.ts';

const { HEAD, VENUE_NS, LOCAL_NS, PRICE_TICKS, SIZE_LOTS } = Field;
const { LEVEL, TRADE, STATUS } = EventKind;
const ID = 7;
const PRICE = 100;

/** A bid of ours at 100, and what comes by. */
class Scene {
  readonly tracker: QueueTracker;
  readonly #book = new L2Book();
  readonly #market: Market;
  readonly #order = {
    id: ID,
    side: Side.BUY,
    priceTicks: PRICE,
    sizeLots: 5,
    filledLots: 0,
    openLots: 5,
    state: OrderState.PENDING_NEW as OrderState,
    reason: 0,
    sentNs: 0,
  };

  constructor(showsOwn = true) {
    this.tracker = new QueueTracker(1, showsOwn);
    // oxlint-disable-next-line no-unsafe-type-assertion -- what a tracker looks at of a market
    this.#market = { index: 0, isReady: true, book: this.#book } as Partial<Market> as Market;
  }

  get ahead(): number {
    return this.tracker.aheadLots(0, ID);
  }

  request(kind: RequestKind): this {
    this.#order.state = kind === RequestKind.NEW ? OrderState.PENDING_NEW : OrderState.PENDING_AMEND;
    this.tracker.onRequest(this.#market, kind, this.#order);
    return this;
  }

  order(state: OrderState, venueNs: number, change: Partial<Order> = {}): this {
    Object.assign(this.#order, change, { state });
    this.tracker.onOrder(this.#market, this.#order, venueNs, venueNs);
    return this;
  }

  fill(isMaker: boolean, venueNs: number): this {
    const fill: Fill = { orderId: ID, side: Side.BUY, priceTicks: PRICE, sizeLots: 1, isMaker, venueNs };
    this.tracker.onFill(this.#market, fill);
    return this;
  }

  level(venueNs: number, lots: number, price = PRICE): this {
    this.#input(packHead(LEVEL, EventFlag.BUY | EventFlag.LAST, 0), venueNs, price, lots);
    this.#book.set(Side.BUY, price, lots);
    this.tracker.onBook(this.#market);
    return this;
  }

  /** A seller meets the bids. */
  print(venueNs: number, lots: number, flags = 0): this {
    this.#input(packHead(TRADE, flags | EventFlag.LAST, 0), venueNs, PRICE, lots);
    return this;
  }

  status(venueNs: number, status: number): this {
    this.#input(packHead(STATUS, EventFlag.LAST, 0), venueNs, 0, status);
    return this;
  }

  #input(head: number, venueNs: number, price: number, lots: number): void {
    const record = new Float64Array(EVENT_STRIDE);
    record[HEAD] = head;
    record[VENUE_NS] = venueNs;
    record[LOCAL_NS] = venueNs;
    record[PRICE_TICKS] = price;
    record[SIZE_LOTS] = lots;
    this.tracker.input(record, 0);
  }
}

/** Thirty lots of others stand there when we join at 10. */
function joined(showsOwn = true): Scene {
  const scene = new Scene(showsOwn).level(5, 30).request(RequestKind.NEW);
  return scene
    .level(10, showsOwn ? 35 : 30)
    .order(OrderState.LIVE, 10)
    .level(11, 1, 90);
}

describe('the place of an order in its queue', () => {
  it('is not known before the feed has passed the time at which it joined', () => {
    const scene = new Scene().level(5, 30).request(RequestKind.NEW).order(OrderState.LIVE, 10);
    expect(scene.ahead).toBeNaN();
    scene.level(8, 40);
    expect(scene.ahead).toBeNaN();
    scene.level(10, 45);
    expect(scene.ahead).toBeNaN();
    scene.print(12, 4);
    expect(scene.ahead).toBe(36);
  });

  it('is what the level shows less our own, and falls with prints and with what is left of it', () => {
    const scene = joined();
    expect(scene.ahead).toBe(30);
    // More comes behind; a part of that goes.
    expect(scene.level(12, 60).level(13, 40).ahead).toBe(30);
    expect(scene.print(14, 8).level(14, 32).ahead).toBe(22);
    // Buyers take from the other side.
    expect(scene.print(15, 8, EventFlag.BUY).ahead).toBe(22);
    expect(scene.level(16, 12).ahead).toBe(7);
    expect(scene.print(17, 100).ahead).toBe(0);
  });

  it('counts all that is shown where our own is not', () => {
    expect(joined(false).ahead).toBe(30);
    expect(joined(false).level(12, 6).ahead).toBe(6);
  });

  it('is the front once it has traded', () => {
    expect(joined().fill(true, 12).order(OrderState.LIVE, 12, { filledLots: 1, openLots: 4 }).ahead).toBe(0);
  });

  it('is found anew when it traded on arrival', () => {
    const scene = joined().fill(false, 10).order(OrderState.LIVE, 10, { filledLots: 1, openLots: 4 });
    expect(scene.ahead).toBeNaN();
    expect(scene.level(14, 34).ahead).toBe(30);
  });

  it('does not move with an auction', () => {
    const scene = joined().status(20, TradingStatus.HALTED).print(21, 3);
    expect(scene.ahead).toBe(30);
    // The prints of the auction come at the time of the change.
    scene.status(22, TradingStatus.TRADING).print(22, 3);
    expect(scene.ahead).toBe(30);
    expect(scene.print(23, 3).ahead).toBe(27);
  });

  it('is not told while an amendment is under way, and kept when it only got smaller', () => {
    const scene = joined().request(RequestKind.AMEND);
    expect(scene.ahead).toBeNaN();
    // The venue may have it at one lot by now: 31 are others'.
    scene.level(12, 32);
    scene.order(OrderState.LIVE, 12, { sizeLots: 1, openLots: 1 });
    expect(scene.ahead).toBe(30);
    expect(scene.level(14, 20).ahead).toBe(19);
  });

  it('is lost by an amendment to more, or to another price', () => {
    const scene = joined()
      .request(RequestKind.AMEND)
      .level(12, 40)
      .order(OrderState.LIVE, 12, { sizeLots: 10, openLots: 10 });
    expect(scene.ahead).toBeNaN();
    expect(scene.level(13, 41).ahead).toBe(30);
    scene.request(RequestKind.AMEND).level(14, 9, 101).order(OrderState.LIVE, 14, { priceTicks: 101 });
    expect(scene.level(15, 1, 90).ahead).toBe(0);
  });

  it('ends with the order', () => {
    const scene = joined().order(OrderState.PENDING_CANCEL, 12);
    expect(scene.ahead).toBe(30);
    expect(scene.order(OrderState.CANCELLED, 13).ahead).toBeNaN();
    expect(scene.level(14, 3).ahead).toBeNaN();
  });
});
