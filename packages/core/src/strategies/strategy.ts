/**
 * The strategy interface. A strategy is a file whose default export is `defineStrategy({ name, params, create })`: it reads books,
 * positions and its own orders through `ctx`, states the quotes it wants with `ctx.quote(market)`, and never sees a socket, a
 * clock or a file. The same file runs in backtest, simulation, paper and live.
 */
import type { Random } from '../base/random.ts';
import type { Book } from '../market/book.ts';
import type { Instrument } from '../market/instrument.ts';
import type { Side } from '../market/side.ts';
import type { OrderState } from '../trading/order-state.ts';
import type { BreakerState, RiskState } from '../trading/risk-state.ts';

/** One parameter: what the command line, a config file, the dashboard and a sweep know of it. */
export type ParamSpec =
  | {
      readonly type: 'number';
      readonly default: number;
      readonly min?: number;
      readonly max?: number;
      readonly unit?: string;
      readonly description: string;
    }
  | {
      readonly type: 'integer';
      readonly default: number;
      readonly min?: number;
      readonly max?: number;
      readonly unit?: string;
      readonly description: string;
    }
  | { readonly type: 'boolean'; readonly default: boolean; readonly description: string }
  | { readonly type: 'text'; readonly default: string; readonly description: string }
  | {
      readonly type: 'choice';
      readonly default: string;
      readonly choices: readonly string[];
      readonly description: string;
    };

export type ParamSpecs = Readonly<Record<string, ParamSpec>>;

type ParamValue<S extends ParamSpec> = S extends { type: 'number' | 'integer' }
  ? number
  : S extends { type: 'boolean' }
    ? boolean
    : S extends { type: 'choice'; choices: readonly (infer C)[] }
      ? C
      : string;

export type ParamValues<P extends ParamSpecs> = { readonly [K in keyof P]: ParamValue<P[K]> };

export interface StrategyDefinition<P extends ParamSpecs = ParamSpecs> {
  /** Lower case with hyphens; what the command line calls it. */
  readonly name: string;
  readonly description: string;
  readonly params: P;
  /**
   * Makes the strategy; variables in it are its state. Called once per run, and again when the strategy is started after a stop or its
   * parameters change. @throws RangeError that names a parameter
   */
  create(ctx: Context, params: ParamValues<P>): Handlers;
}

/** Gives a definition its types. */
export function defineStrategy<const P extends ParamSpecs>(definition: StrategyDefinition<P>): StrategyDefinition<P> {
  return definition;
}

/**
 * What a strategy listens to. Objects that are passed are views that are filled anew for the next call: copy what you keep.
 * After each handler the engine sends what is needed to reach the wanted quotes.
 */
export interface Handlers {
  /** Before the first event. */
  onStart?(): void;
  /** A message of the venue has changed the book, which is consistent now (or stale: ask `market.isReady`). */
  onBook?(market: Market): void;
  /** A print on the tape. */
  onTrade?(market: Market, trade: Trade): void;
  /** An own order traded; position and P&L include it. */
  onFill?(market: Market, fill: Fill): void;
  /** An own order changed its state, fills included (after `onFill`). */
  onOrder?(market: Market, order: Order): void;
  /** A timer of `ctx.every` or `ctx.after`. */
  onTimer?(timer: number): void;
  /** After the last event, or when the strategy is stopped; quotes are pulled after it. */
  onStop?(): void;
  /**
   * Quotes that were stated may not stand any more: the strategy was paused and may quote again, or it has other parameters and has
   * taken over the state of the one before (`restore`), whose timers go on. A strategy that states quotes only when they change states
   * them here; one whose timers depend on parameters sets them.
   */
  onResume?(): void;
  /**
   * The strategy's own state, to be put into a snapshot: plain objects, arrays, typed arrays, numbers and texts, copied. A strategy
   * without it is brought back by a replay of its whole session.
   */
  save?(): unknown;
  /**
   * Takes what `save` answered, before the first event after a restart, or of the same strategy with other parameters. What it throws
   * then makes the strategy begin anew, with `onStart`.
   */
  restore?(state: unknown): void;
}

/** An instrument as the strategy sees it: its book as known locally, and the strategy's own part in it. */
export interface Market {
  /** Index among the run's instruments. */
  readonly index: number;
  readonly instrument: Instrument;
  /** One tick in the quote currency, one lot in units of size; floats, for strategies that think in prices. */
  readonly tickSize: number;
  readonly lotSize: number;
  readonly book: Book;
  /** NaN when the side is empty. */
  readonly bidTicks: number;
  readonly askTicks: number;
  /** 0 when the side is empty. */
  readonly bidLots: number;
  readonly askLots: number;
  /** Half ticks occur; NaN when a side is empty. */
  readonly midTicks: number;
  /** The size-weighted price: bid + spread × bidLots ÷ (bidLots + askLots). NaN when a side is empty. */
  readonly micropriceTicks: number;
  /** Price of the last print; NaN before the first. */
  readonly lastTradeTicks: number;
  /** When the last message that changed the book was received (local time), and when the venue sent it; NaN before the first. */
  readonly receivedNs: number;
  readonly venueNs: number;
  /** True when the book may be quoted on: both sides there, uncrossed, not stale, trading, the venue connected. */
  readonly isReady: boolean;
  /** Of the instrument's circuit breaker, or of that of all instruments when it is stricter. While it is OPEN no quotes are sent. */
  readonly breaker: BreakerState;
  /** Signed. */
  readonly positionLots: number;
  /** Average entry price of the position; NaN when flat. */
  readonly entryTicks: number;
  /** In the settlement currency, fees not included. */
  readonly realisedPnl: number;
  readonly unrealisedPnl: number;
  /** Own orders that are not finished. */
  readonly orderCount: number;
  /** Own orders that are not finished, oldest first. The view is valid within the call. */
  order(index: number): Order;
}

/** A print. */
export interface Trade {
  /** The aggressor's side. */
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly venueNs: number;
}

/** An execution of an own order. */
export interface Fill {
  readonly orderId: number;
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number;
  /** True when the order was resting. */
  readonly isMaker: boolean;
  readonly venueNs: number;
}

/** An own order. */
export interface Order {
  readonly id: number;
  readonly side: Side;
  readonly priceTicks: number;
  /** Total size, filled included. */
  readonly sizeLots: number;
  readonly filledLots: number;
  readonly openLots: number;
  readonly state: OrderState;
  /** A `Reject` code when it was refused or ended; 0 otherwise. */
  readonly reason: number;
  /** When it was sent (local time). */
  readonly sentNs: number;
}

/** The quotes wanted in one market: any number of levels a side. Prices on whole ticks, sizes in whole lots; sizes below 1 are left out. */
export interface Quotes {
  bid(priceTicks: number, sizeLots: number): this;
  ask(priceTicks: number, sizeLots: number): this;
}

export interface Context {
  /** Markets of the run, by index. */
  readonly markets: readonly Market[];
  /** The first of them. */
  readonly market: Market;
  /** Local time of the event at hand, nanoseconds since the epoch day. */
  readonly nowNs: number;
  /** What trading is allowed at large: ACTIVE, REDUCING or HALTED. */
  readonly riskState: RiskState;
  /** Signed lots that all strategies of the engine hold in a market, this one included. */
  portfolioLots(market: Market): number;
  /** The strategy's own stream of random numbers, seeded by the run. */
  readonly random: Random;
  /**
   * Begins the wanted quotes of a market anew (none) and answers them to be filled in: `ctx.quote(m).bid(p, s).ask(p, s)`. They
   * hold until the next call. Quotes are sent post-only; orders of `buy` and `sell` are not touched by them.
   */
  quote(market: Market): Quotes;
  /** Sends an order; answers its id, or 0 when it was not sent (no room, paused, refused by the risk gate). `flags` are of `OrderFlag`. */
  buy(market: Market, priceTicks: number, sizeLots: number, flags?: number): number;
  sell(market: Market, priceTicks: number, sizeLots: number, flags?: number): number;
  /** Asks for the cancel of an own order; false when it is finished, unacknowledged or already being changed. */
  cancel(orderId: number): boolean;
  /** Asks for another price and total size; false as above, and while the strategy is paused. */
  amend(orderId: number, priceTicks: number, sizeLots: number): boolean;
  /**
   * Has `onTimer(timer)` called once in so many nanoseconds, or every so many from now on. A timer's number is replaced by its
   * next call; `every(0, timer)` ends it.
   */
  after(ns: number, timer: number): void;
  every(ns: number, timer: number): void;
  /** Equity of this strategy's account in a currency (default: the first market's settlement currency), at the marks, as a float. */
  equity(currency?: string): number;
  /** Raises an alert: a value of this market that should not be, and what it should not pass; `isOver` says that it is well again. */
  alarm(market: Market, value: number, limit: number, isOver: boolean): void;
  /** A number for the event log (`strategy_metrics`) and the report. */
  metric(name: string, value: number): void;
}
