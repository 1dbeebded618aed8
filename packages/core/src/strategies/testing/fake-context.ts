/** A context by hand, for tests of strategies: books, positions and time are set, quotes and orders are recorded. */
import { BreakerState, RiskState } from '../../trading/risk-state.ts';
import { Random } from '../../base/random.ts';
import { Instrument, type InstrumentSpec } from '../../market/instrument.ts';
import { L2Book } from '../../market/l2-book.ts';
import { Side } from '../../market/side.ts';
import { OrderFlag } from '../../trading/records.ts';
import { OrderState } from '../../trading/order-state.ts';
import type { Context, Handlers, Market, Order, Quotes, StrategyDefinition } from '../strategy.ts';

export const USDM: InstrumentSpec = {
  venue: 'test',
  symbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.1',
  lot: '0.001',
  contract: 'linear',
  minNotional: '100',
};
export const SHARES: InstrumentSpec = {
  venue: 'test',
  symbol: 'GOOG',
  base: 'GOOG',
  quote: 'USD',
  tick: '0.01',
  lot: '1',
  contract: 'spot',
};
export const COINM: InstrumentSpec = {
  venue: 'test',
  symbol: 'BTCUSD_PERP',
  base: 'BTC',
  quote: 'USD',
  tick: '0.1',
  lot: '1',
  contract: 'inverse',
  multiplier: '100',
};

export type Params = Readonly<Record<string, number | boolean | string>>;

export class FakeMarket implements Market {
  readonly index: number;
  readonly instrument: Instrument;
  readonly tickSize: number;
  readonly lotSize: number;
  readonly book = new L2Book();
  bidTicks = Number.NaN;
  askTicks = Number.NaN;
  bidLots = 0;
  askLots = 0;
  lastTradeTicks = Number.NaN;
  receivedNs = Number.NaN;
  venueNs = Number.NaN;
  positionLots = 0;
  entryTicks = Number.NaN;
  realisedPnl = 0;
  unrealisedPnl = 0;
  isConnected = true;
  breaker: BreakerState = BreakerState.CLOSED;
  orders: Order[] = [];

  constructor(index: number, spec: InstrumentSpec) {
    this.index = index;
    this.instrument = new Instrument(spec);
    this.tickSize = Number(spec.tick);
    this.lotSize = Number(spec.lot);
  }

  get midTicks(): number {
    return (this.bidTicks + this.askTicks) / 2;
  }

  get micropriceTicks(): number {
    return this.bidTicks + ((this.askTicks - this.bidTicks) * this.bidLots) / (this.bidLots + this.askLots);
  }

  get isReady(): boolean {
    return this.isConnected && this.bidTicks < this.askTicks;
  }

  get orderCount(): number {
    return this.orders.length;
  }

  order(index: number): Order {
    return this.orders[index]!;
  }
}

export interface Level {
  readonly price: number;
  readonly lots: number;
}

export interface SentOrder extends Level {
  readonly id: number;
  readonly market: number;
  readonly side: Side;
  readonly flags: number;
}

/** The quotes wanted in a market, as stated last. */
export class FakeQuotes implements Quotes {
  bids: Level[] = [];
  asks: Level[] = [];
  /** Times that quotes were stated. */
  statements = 0;

  bid(price: number, lots: number): this {
    this.bids.push({ price, lots });
    return this;
  }

  ask(price: number, lots: number): this {
    this.asks.push({ price, lots });
    return this;
  }
}

export class FakeContext implements Context {
  readonly markets: readonly FakeMarket[];
  readonly market: FakeMarket;
  readonly random = Random.stream(1, 'fake');
  readonly quotes: readonly FakeQuotes[];
  readonly sent: SentOrder[] = [];
  readonly metrics = new Map<string, number>();
  nowNs = 0;
  riskState: RiskState = RiskState.ACTIVE;
  /** Lots that other strategies hold, by market. */
  readonly othersLots: number[];
  handlers: Handlers = {};

  constructor(...specs: InstrumentSpec[]) {
    this.markets = specs.map((spec, index) => new FakeMarket(index, spec));
    this.market = this.markets[0]!;
    this.quotes = specs.map(() => new FakeQuotes());
    this.othersLots = specs.map(() => 0);
  }

  /** Alarms raised: market, value, limit, whether it is over. */
  readonly alarms: [number, number, number, boolean][] = [];

  alarm(market: Market, value: number, limit: number, isOver: boolean): void {
    this.alarms.push([market.index, value, limit, isOver]);
  }

  portfolioLots(market: Market): number {
    return market.positionLots + this.othersLots[market.index]!;
  }

  quote(market: Market): Quotes {
    const quotes = this.quotes[market.index]!;
    quotes.bids = [];
    quotes.asks = [];
    quotes.statements++;
    return quotes;
  }

  buy(market: Market, price: number, lots: number, flags = 0): number {
    return this.#send(market, Side.BUY, price, lots, flags);
  }

  sell(market: Market, price: number, lots: number, flags = 0): number {
    return this.#send(market, Side.SELL, price, lots, flags);
  }

  cancel(_orderId: number): boolean {
    return false;
  }

  amend(): boolean {
    return false;
  }

  after(): void {}

  every(): void {}

  equity(): number {
    return 0;
  }

  metric(name: string, value: number): void {
    this.metrics.set(name, value);
  }

  /** Begins a strategy with its defaults and these parameters. */
  start(definition: StrategyDefinition, params: Params = {}): void {
    const defaults = Object.fromEntries(Object.entries(definition.params).map(([name, spec]) => [name, spec.default]));
    this.handlers = definition.create(this, { ...defaults, ...params });
    this.handlers.onStart?.();
  }

  /** The book of a market changes, so many seconds later. */
  book(bid: number, ask: number, lots: readonly [number, number] = [100, 100], seconds = 0.1, index = 0): void {
    const market = this.markets[index]!;
    [market.bidTicks, market.askTicks] = [bid, ask];
    [market.bidLots, market.askLots] = lots;
    this.nowNs += seconds * 1e9;
    this.handlers.onBook?.(market);
  }

  /** So many seconds of a book whose mid swings by a tick up and down each second. */
  swing(bid: number, ask: number, seconds: number, lots: readonly [number, number] = [100, 100], index = 0): void {
    for (let second = 0; second < seconds; second++) {
      this.book(bid + (second % 2), ask + (second % 2), lots, 1, index);
      this.handlers.onTimer?.(1);
    }
    this.book(bid, ask, lots, 0.5, index);
  }

  trade(side: Side, priceTicks: number, sizeLots: number, index = 0): void {
    const market = this.markets[index]!;
    market.lastTradeTicks = priceTicks;
    this.handlers.onTrade?.(market, { side, priceTicks, sizeLots, venueNs: this.nowNs });
  }

  /** An own order trades: the position is that much larger or smaller, at this entry. */
  fill(side: Side, priceTicks: number, sizeLots: number, isMaker = true, index = 0): void {
    const market = this.markets[index]!;
    market.positionLots += side === Side.BUY ? sizeLots : -sizeLots;
    market.entryTicks = market.positionLots === 0 ? Number.NaN : priceTicks;
    this.handlers.onFill?.(market, { orderId: 1, side, priceTicks, sizeLots, isMaker, venueNs: this.nowNs });
  }

  /** The last order that was sent ends: wholly filled, or cancelled. */
  finish(isFilled: boolean): void {
    const sent = this.sent.at(-1)!;
    if (isFilled) this.fill(sent.side, sent.price, sent.lots, false, sent.market);
    this.handlers.onOrder?.(this.markets[sent.market]!, {
      id: sent.id,
      side: sent.side,
      priceTicks: sent.price,
      sizeLots: sent.lots,
      filledLots: isFilled ? sent.lots : 0,
      openLots: 0,
      state: isFilled ? OrderState.FILLED : OrderState.CANCELLED,
      reason: 0,
      sentNs: this.nowNs,
    });
  }

  get bids(): readonly Level[] {
    return this.quotes[0]!.bids;
  }

  get asks(): readonly Level[] {
    return this.quotes[0]!.asks;
  }

  #send(market: Market, side: Side, price: number, lots: number, flags: number): number {
    const id = this.sent.length + 1;
    this.sent.push({ id, market: market.index, side, price, lots, flags });
    return id;
  }
}

/** True for what an immediate order has. */
export function isImmediate(order: SentOrder): boolean {
  return (order.flags & OrderFlag.IOC) !== 0;
}
