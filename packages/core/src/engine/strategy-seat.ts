/**
 * One strategy in an engine: its handlers and its context, its account, its wanted quotes and who watches it.
 */
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import type { Observer } from '../strategies/observer.ts';
import type { Context, Handlers, Market, Quotes, StrategyDefinition } from '../strategies/strategy.ts';
import type { Ledger } from '../trading/ledger.ts';
import type { Quoter } from '../trading/quoter.ts';
import type { MarketView } from './market-view.ts';

/** What the engine does for its strategies; see `Context`. */
export interface SeatHost {
  readonly nowNs: number;
  quote(seat: StrategySeat, market: number): Quotes;
  place(seat: StrategySeat, market: number, side: Side, priceTicks: number, sizeLots: number, flags: number): number;
  cancel(orderId: number): boolean;
  amend(orderId: number, priceTicks: number, sizeLots: number): boolean;
  setTimer(strategy: number, timer: number, inNs: number, everyNs: number): void;
}

export interface SeatSetup {
  readonly definition: StrategyDefinition;
  readonly params: Readonly<Record<string, number | boolean | string>>;
  readonly observers: readonly Observer[];
}

export class StrategySeat implements Context {
  readonly index: number;
  readonly name: string;
  readonly markets: readonly MarketView[];
  readonly market: MarketView;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly handlers: Handlers;
  /** `handlers.onBook`, which every message may call. */
  readonly onBook: Handlers['onBook'];
  readonly observers: readonly Observer[];
  /** By market. */
  readonly quoters: readonly Quoter[];
  /** Numbers that the strategy reported, by name. */
  readonly metrics = new Map<string, number>();
  /** Executions booked. */
  fills = 0;
  /** Orders that were not sent. */
  refused = 0;
  readonly #engine: SeatHost;

  constructor(
    engine: SeatHost,
    index: number,
    setup: SeatSetup,
    seed: number,
    ledger: Ledger,
    markets: readonly MarketView[],
    quoters: readonly Quoter[],
  ) {
    this.#engine = engine;
    this.index = index;
    this.name = setup.definition.name;
    this.markets = markets;
    this.market = markets[0];
    this.ledger = ledger;
    this.quoters = quoters;
    this.observers = setup.observers;
    this.random = Random.stream(seed, `strategy.${index}.${this.name}`);
    this.handlers = setup.definition.create(this, setup.params);
    this.onBook = this.handlers.onBook?.bind(this.handlers);
  }

  get nowNs(): number {
    return this.#engine.nowNs;
  }

  quote(market: Market): Quotes {
    return this.#engine.quote(this, market.index);
  }

  buy(market: Market, priceTicks: number, sizeLots: number, flags = 0): number {
    return this.#engine.place(this, market.index, Side.BUY, priceTicks, sizeLots, flags);
  }

  sell(market: Market, priceTicks: number, sizeLots: number, flags = 0): number {
    return this.#engine.place(this, market.index, Side.SELL, priceTicks, sizeLots, flags);
  }

  cancel(orderId: number): boolean {
    return this.#engine.cancel(orderId);
  }

  amend(orderId: number, priceTicks: number, sizeLots: number): boolean {
    return this.#engine.amend(orderId, priceTicks, sizeLots);
  }

  after(ns: number, timer: number): void {
    this.#engine.setTimer(this.index, timer, ns, 0);
  }

  every(ns: number, timer: number): void {
    // NaN takes the timer away.
    this.#engine.setTimer(this.index, timer, ns > 0 ? ns : Number.NaN, ns);
  }

  equity(currency: string = this.market.instrument.settlement): number {
    this.mark();
    return this.ledger.equity(currency);
  }

  /** Values all positions at the markets as they are now; before the ledger is read from outside. */
  mark(): void {
    for (const market of this.markets) market.mark();
  }

  metric(name: string, value: number): void {
    this.metrics.set(name, value);
    for (const observer of this.observers) observer.onMetric?.(name, value);
  }
}
