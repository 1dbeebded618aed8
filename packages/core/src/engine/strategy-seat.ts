/**
 * One strategy in an engine: its handlers and its context, its account, its wanted quotes and who watches it.
 */
import { Random } from '../base/random.ts';
import { checkState, restoreEach } from '../base/state.ts';
import { Side } from '../market/side.ts';
import type { Observer } from '../strategies/observer.ts';
import type { Context, Handlers, Market, Quotes, StrategyDefinition } from '../strategies/strategy.ts';
import type { Ledger, LedgerState } from '../trading/ledger.ts';
import type { RiskState } from '../trading/risk-state.ts';
import { StrategyState } from '../trading/strategy-state.ts';
import type { Quoter, QuoterState } from '../trading/quoter.ts';
import type { MarketView } from './market-view.ts';
import { type ParamRecord, SeatParameters } from './seat-parameters.ts';

/** Of a strategy that is stopped. */
const SILENT: Handlers = {};

/** What the engine does for its strategies; see `Context`. */
export interface SeatHost {
  readonly nowNs: number;
  quote(seat: StrategySeat, market: number): Quotes;
  place(seat: StrategySeat, market: number, side: Side, priceTicks: number, sizeLots: number, flags: number): number;
  cancel(orderId: number): boolean;
  amend(orderId: number, priceTicks: number, sizeLots: number): boolean;
  setTimer(strategy: number, timer: number, inNs: number, everyNs: number): void;
  readonly riskState: RiskState;
  portfolioLots(market: number): number;
  alarm(market: number, value: number, limit: number, isOver: boolean): void;
}

export interface SeatSetup {
  readonly definition: StrategyDefinition;
  readonly params: ParamRecord;
  readonly observers: readonly Observer[];
}

export interface SeatState {
  readonly name: string;
  readonly state: StrategyState;
  /** As they are now. */
  readonly params: ParamRecord;
  readonly changes: readonly number[];
  readonly fills: number;
  readonly refused: number;
  readonly metrics: readonly (readonly [string, number])[];
  readonly random: readonly number[];
  readonly ledger: LedgerState;
  readonly quoters: readonly QuoterState[];
  /** What the strategy saved; null when it cannot. */
  readonly strategy: unknown;
}

export class StrategySeat implements Context {
  readonly index: number;
  readonly name: string;
  readonly markets: readonly MarketView[];
  readonly market: MarketView;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly definition: StrategyDefinition;
  readonly changes: SeatParameters;
  /** What is called; none while the strategy is stopped. */
  handlers: Handlers;
  /** `handlers.onBook`, which every message may call. */
  onBook: Handlers['onBook'];
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
  /** The strategy itself. */
  #strategy: Handlers;
  #state: StrategyState = StrategyState.RUNNING;
  #params: ParamRecord;

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
    this.definition = setup.definition;
    this.changes = new SeatParameters(setup.definition.params);
    this.markets = markets;
    this.market = markets[0];
    this.ledger = ledger;
    this.quoters = quoters;
    this.observers = setup.observers;
    this.random = Random.stream(seed, `strategy.${index}.${this.name}`);
    this.#params = setup.params;
    this.#strategy = setup.definition.create(this, setup.params);
    this.handlers = this.#strategy;
    this.onBook = this.handlers.onBook?.bind(this.handlers);
  }

  get state(): StrategyState {
    return this.#state;
  }

  set state(state: StrategyState) {
    this.#state = state;
    this.#listen();
  }

  /** As they are now. */
  get params(): ParamRecord {
    return this.#params;
  }

  /** Makes the strategy anew. @throws what its `create` throws: nothing is changed then */
  renew(params: ParamRecord): void {
    this.#strategy = this.definition.create(this, params);
    this.#params = params;
    this.#listen();
  }

  /**
   * Makes the strategy anew and hands it what the one before knew.
   * @returns false when that has nothing to hand over, or it is not taken: the new one is to begin
   * @throws what `create` throws: nothing is changed then
   */
  succeed(params: ParamRecord): boolean {
    const before = this.#strategy;
    const isSaved = this.isSaved;
    this.renew(params);
    if (!isSaved) return false;
    try {
      this.#strategy.restore?.(before.save?.());
      return true;
    } catch {
      // It may have taken half of it.
      this.renew(params);
      return false;
    }
  }

  get nowNs(): number {
    return this.#engine.nowNs;
  }

  get riskState(): RiskState {
    return this.#engine.riskState;
  }

  portfolioLots(market: Market): number {
    return this.#engine.portfolioLots(market.index);
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
    return this.#state === StrategyState.RUNNING && this.#engine.amend(orderId, priceTicks, sizeLots);
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

  /** True when the strategy can be brought back from what it saves. */
  get isSaved(): boolean {
    return this.#strategy.save !== undefined && this.#strategy.restore !== undefined;
  }

  save(): SeatState {
    // What positions are valued at is the market's: it does not depend on who looked last.
    this.mark();
    return {
      name: this.name,
      state: this.#state,
      params: { ...this.#params },
      changes: this.changes.save(),
      fills: this.fills,
      refused: this.refused,
      metrics: [...this.metrics],
      random: this.random.save(),
      ledger: this.ledger.save(),
      quoters: this.quoters.map((quoter) => quoter.save()),
      strategy: this.isSaved ? (this.#strategy.save?.() ?? null) : null,
    };
  }

  /** After everything else in the engine: the strategy may look at its markets. */
  restore(state: SeatState): void {
    const what = `strategy ${this.index} (${this.name})`;
    checkState(what, { ...state, strategy: null }, { ...this.save(), strategy: null }, ['metrics', 'changes']);
    checkState(`parameters of ${what}`, state.params, this.#params);
    if (!isSame(state.params, this.#params)) this.renew({ ...state.params });
    this.ledger.restore(state.ledger);
    restoreEach(`the quoters of ${what}`, state.quoters, this.quoters);
    this.random.restore(state.random);
    this.fills = state.fills;
    this.refused = state.refused;
    this.metrics.clear();
    for (const [name, value] of state.metrics) this.metrics.set(name, value);
    this.changes.restore(state.changes);
    this.#strategy.restore?.(state.strategy);
    this.state = state.state;
  }

  alarm(market: Market, value: number, limit: number, isOver: boolean): void {
    this.#engine.alarm(market.index, value, limit, isOver);
  }

  metric(name: string, value: number): void {
    this.metrics.set(name, value);
    for (const observer of this.observers) observer.onMetric?.(name, value);
  }

  #listen(): void {
    this.handlers = this.#state === StrategyState.STOPPED ? SILENT : this.#strategy;
    this.onBook = this.handlers.onBook?.bind(this.handlers);
  }
}

function isSame(a: ParamRecord, b: ParamRecord): boolean {
  return Object.keys(a).every((name) => a[name] === b[name]);
}
