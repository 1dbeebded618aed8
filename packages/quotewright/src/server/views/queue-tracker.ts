/**
 * How many lots stand before each own order at most, as far as the feed tells: one tracker for each strategy.
 *
 * What a level shows at the venue time V of a message holds everybody who stands there, so that no more than the level less our own
 * order can stand before us, whatever came behind; nobody gets before us later, and a print at our price takes from the front. So the
 * estimate is, from the first message after the order has joined its level, the least of what the level showed since, less what
 * printed: an upper bound, with times compared by the venue's clock. What stands before includes other own orders.
 *
 * It is not known (NaN) before the feed has passed the time at which the order joined, while an amendment is under way (the order may be
 * elsewhere by then), and while messages or reports carry no venue times. Prints of an auction do not go by the queue of our level
 * and are left out: those at the very time of a change of the trading state, and those while there is no continuous trading. The bound
 * is too low for a moment when an order trades on arrival, until its fills are known; quotes are post-only.
 */
import type { Engine } from '@quotewright/core/engine/engine';
import { EventFlag, EventKind, Field, TradingStatus } from '@quotewright/core/market/event';
import { Side } from '@quotewright/core/market/side';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { Fill, Market, Order } from '@quotewright/core/strategies/strategy';
import { OrderState } from '@quotewright/core/trading/order-state';
import { ReportKind } from '@quotewright/core/trading/records';
import type { QueueAhead } from './quotes-data.ts';

const { HEAD, VENUE_NS, PRICE_TICKS, SIZE_LOTS } = Field;
const { TRADE, STATUS } = EventKind;
const FIRST_REPORT = ReportKind.ACK;
const BUY_IN_HEAD = EventFlag.BUY << 8;
const { LIVE, PENDING_CANCEL, PENDING_NEW, PENDING_AMEND, UNKNOWN } = OrderState;

/** An own order that may stand in a book. */
interface Tracked {
  readonly id: number;
  readonly side: Side;
  ticks: number;
  sizeLots: number;
  openLots: number;
  state: OrderState;
  /** Venue time at which it joined its level; NaN = it has not. */
  joinedNs: number;
  /** NaN = not known. */
  aheadLots: number;
}

/** One market of a strategy. */
interface Queue {
  market: Market | undefined;
  readonly orders: Tracked[];
  /** Venue time of the newest record, and of the last change of the trading state. */
  feedNs: number;
  statusNs: number;
  isTrading: boolean;
}

export class QueueTracker implements Observer, QueueAhead {
  readonly #showsOwn: boolean;
  readonly #queues: readonly Queue[];

  /** @param showsOwn the levels of the feed include our own orders, as those of a living market and of real venues do */
  constructor(markets: number, showsOwn: boolean) {
    this.#showsOwn = showsOwn;
    this.#queues = Array.from({ length: markets }, () => ({
      market: undefined,
      orders: [],
      feedNs: Number.NEGATIVE_INFINITY,
      statusNs: Number.NEGATIVE_INFINITY,
      isTrading: true,
    }));
  }

  /** Takes over the orders that a restored engine has: they joined some time before now. */
  adopt({ desk, seats, nowNs }: Pick<Engine, 'desk' | 'seats' | 'nowNs'>, strategy: number): void {
    for (const [market, queue] of this.#queues.entries()) {
      queue.market = seats[strategy]?.markets[market];
      queue.orders.length = 0;
      for (let slot = desk.firstSlot(strategy, market); slot >= 0; slot = desk.nextSlot(slot)) {
        const state = desk.stateAt(slot);
        queue.orders.push({
          id: desk.idAt(slot),
          side: desk.sideAt(slot),
          ticks: desk.priceTicksAt(slot),
          sizeLots: desk.sizeLotsAt(slot),
          openLots: desk.openLotsAt(slot),
          state,
          joinedNs: state === PENDING_NEW ? Number.NaN : nowNs,
          aheadLots: Number.NaN,
        });
      }
    }
  }

  aheadLots(market: number, orderId: number): number {
    const orders = this.#queues[market]?.orders ?? [];
    for (const { id, state, aheadLots } of orders) {
      if (id === orderId) return state === LIVE || state === PENDING_CANCEL ? aheadLots : Number.NaN;
    }
    return Number.NaN;
  }

  /** The input at `data[offset]`, before the engine takes it. */
  input(data: Float64Array, offset: number): void {
    const head = data[offset + HEAD]! | 0;
    const kind = head & 0xff;
    if (kind >= FIRST_REPORT) return;
    const queue = this.#queues[head >>> 16]!;
    const venueNs = data[offset + VENUE_NS]!;
    if (venueNs > queue.feedNs) {
      // The book is as the last message left it: as it was when those joined that have joined since.
      if (queue.orders.length > 0) this.#pass(queue, venueNs);
      queue.feedNs = venueNs;
    }
    if (kind === TRADE) {
      if (queue.orders.length > 0 && queue.isTrading && venueNs > queue.statusNs) {
        const side = (head & BUY_IN_HEAD) === 0 ? Side.BUY : Side.SELL;
        printed(queue.orders, side, data[offset + PRICE_TICKS]!, data[offset + SIZE_LOTS]!);
      }
    } else if (kind === STATUS) {
      queue.isTrading = data[offset + SIZE_LOTS] === TradingStatus.TRADING;
      queue.statusNs = venueNs;
    }
  }

  onBook(market: Market): void {
    const queue = this.#queues[market.index]!;
    const { orders, feedNs } = queue;
    if (orders.length === 0 || !market.isReady) return;
    const { book } = market;
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i]!;
      if (!(order.joinedNs < feedNs)) continue;
      const most = this.#most(order, book.sizeAt(order.side, order.ticks));
      if (!(order.aheadLots <= most)) order.aheadLots = most;
    }
  }

  onFill(market: Market, fill: Fill): void {
    const order = this.#find(market, fill.orderId);
    if (order === undefined) return;
    if (fill.isMaker) order.aheadLots = 0;
    else {
      // It took on arrival, and what is left stands since then.
      order.joinedNs = fill.venueNs;
      order.aheadLots = Number.NaN;
    }
  }

  onOrder(market: Market, order: Order, _nowNs: number, venueNs: number): void {
    const { orders } = this.#queueOf(market);
    const { id, state } = order;
    const at = orders.findIndex((each) => each.id === id);
    if (state > UNKNOWN) {
      if (at >= 0) orders.splice(at, 1);
      return;
    }
    const tracked = orders[at] ?? add(orders, order);
    const { priceTicks, sizeLots } = order;
    tracked.openLots = order.openLots;
    const isNew = tracked.joinedNs !== tracked.joinedNs;
    if (state === LIVE && (isNew || priceTicks !== tracked.ticks || sizeLots > tracked.sizeLots)) {
      tracked.joinedNs = venueNs;
      tracked.aheadLots = Number.NaN;
    }
    tracked.state = state;
    tracked.ticks = priceTicks;
    tracked.sizeLots = sizeLots;
  }

  onRequest(market: Market, _kind: number, order: Order): void {
    const { orders } = this.#queueOf(market);
    const { id, state } = order;
    const tracked = orders.find((each) => each.id === id) ?? add(orders, order);
    tracked.state = state;
  }

  onFunding(): void {
    // No order is concerned.
  }

  #queueOf(market: Market): Queue {
    const queue = this.#queues[market.index]!;
    queue.market = market;
    return queue;
  }

  #find(market: Market, id: number): Tracked | undefined {
    return this.#queueOf(market).orders.find((each) => each.id === id);
  }

  /** The feed comes to a later time: the book shows where the orders stand that joined before. */
  #pass({ market, orders, feedNs }: Queue, venueNs: number): void {
    if (market === undefined || !market.isReady) return;
    for (let i = 0; i < orders.length; i++) {
      const order = orders[i]!;
      if (order.aheadLots === order.aheadLots || !(order.joinedNs < venueNs)) continue;
      const shown = market.book.sizeAt(order.side, order.ticks);
      // A feed that said nothing when we joined may not show us yet.
      order.aheadLots = order.joinedNs > feedNs ? shown : this.#most(order, shown);
    }
  }

  /** What stands before an order at most when its level shows so many lots. */
  #most({ openLots, state }: Tracked, shown: number): number {
    // An amendment that the venue has done already may have left fewer of our lots there.
    const own = this.#showsOwn && state !== PENDING_AMEND && state !== UNKNOWN ? openLots : 0;
    return shown > own ? shown - own : 0;
  }
}

function add(orders: Tracked[], { id, side, priceTicks, sizeLots, openLots, state }: Order): Tracked {
  const tracked: Tracked = {
    id,
    side,
    ticks: priceTicks,
    sizeLots,
    openLots,
    state,
    joinedNs: Number.NaN,
    aheadLots: Number.NaN,
  };
  orders.push(tracked);
  return tracked;
}

/** So many lots of a price of a side traded, after all whose place is known had joined. */
function printed(orders: readonly Tracked[], side: Side, ticks: number, lots: number): void {
  for (let i = 0; i < orders.length; i++) {
    const order = orders[i]!;
    if (order.side !== side || order.ticks !== ticks) continue;
    const left = order.aheadLots - lots;
    order.aheadLots = left > 0 || left !== left ? left : 0;
  }
}
