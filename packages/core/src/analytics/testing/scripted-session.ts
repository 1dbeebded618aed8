/** A session by hand: a market whose touch is set, orders that are moved from state to state, and a recorder that watches. */
import { BreakerState } from '../../trading/risk-state.ts';
import { Instrument, type InstrumentSpec } from '../../market/instrument.ts';
import { L2Book } from '../../market/l2-book.ts';
import type { Side } from '../../market/side.ts';
import type { Fill, Market, Order } from '../../strategies/strategy.ts';
import { OrderState } from '../../trading/order-state.ts';
import { RequestKind } from '../../trading/records.ts';
import { type RecorderOptions, SessionRecorder } from '../recorder.ts';
import { type SummaryOptions, summarise } from '../summarise.ts';
import type { AccountSummary, MarketSummary } from '../summary.ts';

/** A tick of 0.5 and a lot of 0.01: one tick × lot is worth 0.005 USD. */
export const LINEAR: InstrumentSpec = {
  venue: 'test',
  symbol: 'BTCUSD',
  base: 'BTC',
  quote: 'USD',
  tick: '0.5',
  lot: '0.01',
  contract: 'linear',
};

/** Contracts of 100 USD, settled in BTC. */
export const INVERSE: InstrumentSpec = {
  ...LINEAR,
  symbol: 'BTCUSD_PERP',
  lot: '1',
  contract: 'inverse',
  multiplier: '100',
};

export class ScriptedMarket implements Market {
  readonly index: number;
  readonly instrument: Instrument;
  readonly tickSize: number;
  readonly lotSize: number;
  readonly book = new L2Book();
  bidTicks = Number.NaN;
  askTicks = Number.NaN;
  bidLots = 1;
  askLots = 1;
  readonly lastTradeTicks = Number.NaN;
  receivedNs = Number.NaN;
  venueNs = Number.NaN;
  readonly isReady = true;
  readonly breaker = BreakerState.CLOSED;
  readonly positionLots = 0;
  readonly entryTicks = Number.NaN;
  readonly realisedPnl = 0;
  readonly unrealisedPnl = 0;
  readonly orderCount = 0;

  constructor(index: number, instrument: Instrument) {
    this.index = index;
    this.instrument = instrument;
    this.tickSize = instrument.price.toNumber(1);
    this.lotSize = instrument.size.toNumber(1);
  }

  get midTicks(): number {
    return (this.bidTicks + this.askTicks) / 2;
  }

  get micropriceTicks(): number {
    return this.midTicks;
  }

  order(): Order {
    throw new Error('a scripted market lists no orders');
  }
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export interface FillTerms {
  readonly isMaker?: boolean;
  readonly feePpb?: number;
  readonly venueNs?: number;
}

export class ScriptedSession {
  readonly recorder: SessionRecorder;
  readonly markets: readonly ScriptedMarket[];
  readonly #orders = new Map<number, Draft<Order>>();
  readonly #marketOf = new Map<number, ScriptedMarket>();

  constructor(options: Omit<RecorderOptions, 'instruments'> & { specs?: readonly InstrumentSpec[] } = {}) {
    const { specs = [LINEAR], ...rest } = options;
    const instruments = specs.map((spec) => new Instrument(spec));
    this.markets = instruments.map((instrument, i) => new ScriptedMarket(i, instrument));
    this.recorder = new SessionRecorder({ ...rest, instruments });
  }

  market(index = 0): ScriptedMarket {
    const market = this.markets[index];
    if (market === undefined) throw new Error(`no market ${index} in the script`);
    return market;
  }

  /** The summary of one market so far. */
  marketSummary(index = 0): MarketSummary {
    const market = summarise(this.recorder).markets[index];
    if (market === undefined) throw new Error(`no market ${index} in the summary`);
    return market;
  }

  accountSummary(index = 0, options: SummaryOptions = {}): AccountSummary {
    const account = summarise(this.recorder, options).accounts[index];
    if (account === undefined) throw new Error(`no account ${index} in the summary`);
    return account;
  }

  book(nowNs: number, bidTicks: number, askTicks: number, venueNs = Number.NaN, market = 0): void {
    const view = this.market(market);
    view.bidTicks = bidTicks;
    view.askTicks = askTicks;
    view.receivedNs = nowNs;
    view.venueNs = venueNs;
    this.recorder.onBook(view);
  }

  place(id: number, side: Side, priceTicks: number, sizeLots: number, nowNs: number, market = 0): void {
    const order: Draft<Order> = {
      id,
      side,
      priceTicks,
      sizeLots,
      filledLots: 0,
      openLots: sizeLots,
      state: OrderState.PENDING_NEW,
      reason: 0,
      sentNs: nowNs,
    };
    this.#orders.set(id, order);
    this.#marketOf.set(id, this.market(market));
    this.recorder.onRequest(this.market(market), RequestKind.NEW, order, nowNs);
  }

  /** Asks for a cancel or an amendment. */
  ask(id: number, kind: typeof RequestKind.CANCEL | typeof RequestKind.AMEND, nowNs: number): void {
    const order = this.#order(id);
    order.state = kind === RequestKind.CANCEL ? OrderState.PENDING_CANCEL : OrderState.PENDING_AMEND;
    this.recorder.onRequest(this.#marketOf.get(id)!, kind, order, nowNs);
  }

  /** The order is in another state, or at another price, by a report of the venue. */
  set(id: number, changes: Partial<Order>, nowNs: number, venueNs = nowNs): void {
    const order = this.#order(id);
    Object.assign(order, changes);
    this.recorder.onOrder(this.#marketOf.get(id)!, order, nowNs, venueNs);
  }

  /** The order trades at its price (or another), and is FILLED when nothing is left. */
  fill(id: number, lots: number, nowNs: number, terms: FillTerms = {}, priceTicks = this.#order(id).priceTicks): void {
    const order = this.#order(id);
    order.filledLots += lots;
    order.openLots -= lots;
    const { isMaker = true, feePpb = 0, venueNs = nowNs } = terms;
    const fill: Fill = { orderId: id, side: order.side, priceTicks, sizeLots: lots, isMaker, venueNs };
    this.recorder.onFill(this.#marketOf.get(id)!, fill, nowNs, feePpb);
    this.set(id, order.openLots === 0 ? { state: OrderState.FILLED } : {}, nowNs, venueNs);
  }

  /** Places, acknowledges and fills at once: a fill of which nothing but the execution matters. */
  trade(
    id: number,
    side: Side,
    priceTicks: number,
    lots: number,
    nowNs: number,
    terms: FillTerms = {},
    market = 0,
  ): void {
    this.place(id, side, priceTicks, lots, nowNs, market);
    this.set(id, { state: OrderState.LIVE }, nowNs);
    this.fill(id, lots, nowNs, terms);
  }

  #order(id: number): Draft<Order> {
    const order = this.#orders.get(id);
    if (order === undefined) throw new Error(`no order ${id} in the script`);
    return order;
  }
}
