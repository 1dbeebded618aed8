/**
 * Circuit breakers: one for each instrument and one for all. The engine feeds them; a measure that reaches its threshold (`breaker/trigger.ts`)
 * opens the breaker, which comes back by way of a canary. Every change of state is an alert that carries the numbers which caused it.
 *
 * Hysteresis: a breaker that opened measures from there on, and does not go on to its canary before every measure is below the
 * release level; the canary's thresholds are tighter than the usual ones.
 */
import { checkState, restoreEach } from '../base/state.ts';
import { Field } from '../market/event.ts';
import { BreakerState } from '../trading/risk-state.ts';
import type { AlertDesk } from './alert-desk.ts';
import { AlertType, Severity } from './alert.ts';
import { EquityWatch, type EquityWatchState } from './breaker/equity-watch.ts';
import { FeedWatch, type FeedWatchState } from './breaker/feed-watch.ts';
import { BreakerMachine, type MachineState } from './breaker/machine.ts';
import { MarketWatch, type Mood } from './breaker/market-watch.ts';
import { type BreakerConfig, type BreakerSettings, breakerConfig } from './breaker/settings.ts';
import { TRIGGERS, Trigger, type Trip } from './breaker/trigger.ts';
import { TripLog, type TripLogState } from './breaker/trip-log.ts';
import { VOLATILITY_REGIME_NAMES, Warnings, type WarningsState } from './breaker/warnings.ts';
import type { RiskMarket } from './risk-market.ts';

export type { BreakerSettings } from './breaker/settings.ts';

const { LOCAL_NS } = Field;
const { CLOSED, HALF_OPEN, OPEN } = BreakerState;
const { CONNECTIVITY, MANUAL, OPEN_SHARE } = Trigger;
const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;
/** A breaker that is not fit to go on is looked at again after so long. */
const RETRY_NS = NS_PER_SECOND;
/** Open instruments below which there is no talk of a share. */
const FEWEST = 2;

export interface SavedBreaker {
  readonly machine: MachineState;
  readonly watches: readonly unknown[];
  readonly equity: EquityWatchState;
  readonly feed: FeedWatchState;
  readonly warnings: WarningsState;
  readonly trips: TripLogState;
  readonly downNs: Float64Array;
}

export interface MarketMood extends Mood {
  /** By realised volatility against its long average; NORMAL until that is known. */
  readonly regime: (typeof VOLATILITY_REGIME_NAMES)[number];
}

export class Breaker {
  /** When `wake` must be called if nothing else comes; Infinity when never. */
  nextNs = Number.POSITIVE_INFINITY;
  /** By instrument, the stricter of its own state and that of all: a `BreakerState`. The gate reads it on every order. */
  readonly states: Int32Array;
  /** The strictest of `states`. */
  worst: BreakerState = CLOSED;
  /** Share of a size that the canary may have. */
  readonly canaryShare: number;
  readonly #config: BreakerConfig;
  readonly #markets: readonly RiskMarket[];
  readonly #alerts: AlertDesk;
  readonly #watches: readonly MarketWatch[];
  readonly #equity: EquityWatch;
  readonly #feed: FeedWatch;
  readonly #warnings: Warnings;
  readonly #trips: TripLog;
  /** One row an instrument, and the last one for all. */
  readonly #machine: BreakerMachine;
  readonly #all: number;
  /** Since when a connection is away; NaN = it is there. */
  readonly #downNs: Float64Array;

  /** @throws RangeError that names the field of the settings */
  constructor(markets: readonly RiskMarket[], alerts: AlertDesk, settings: BreakerSettings = {}) {
    const config = breakerConfig(settings);
    this.#config = config;
    this.#markets = markets;
    this.#alerts = alerts;
    this.#all = markets.length;
    this.canaryShare = config.canaryShare;
    this.states = new Int32Array(markets.length);
    this.#watches = markets.map(() => new MarketWatch(config));
    this.#equity = new EquityWatch(config);
    this.#feed = new FeedWatch(markets, alerts, config);
    this.#warnings = new Warnings(markets.length, alerts, config);
    this.#machine = new BreakerMachine(markets.length + 1, config);
    this.#trips = new TripLog(markets.length + 1);
    this.#downNs = new Float64Array(markets.length).fill(Number.NaN);
  }

  /** The last trips, oldest first. */
  get trips(): readonly Trip[] {
    return this.#trips.list();
  }

  /** State of the breaker of all instruments together. */
  get global(): BreakerState {
    return this.own(-1);
  }

  /** State of an instrument's own breaker, -1 = that of all; what holds for an instrument is the stricter of the two (`states`). */
  own(market: number): BreakerState {
    // oxlint-disable-next-line no-unsafe-type-assertion -- nothing else is stored there
    return this.#machine.states[this.#row(market)] as BreakerState;
  }

  /** When the cool-down (OPEN) or the canary's time (HALF_OPEN) of a breaker is over; Infinity: it is closed, or open until RESET. */
  untilNs(market: number): number {
    return this.#machine.dueNs[this.#row(market)];
  }

  /** How often a breaker has opened, -1 = that of all. */
  tripCount(market: number): number {
    return this.#trips.counts[this.#row(market)];
  }

  /** What was measured of a market last and the breaker's own threshold, in the trigger's unit; 0 = nothing, NaN = not known. */
  measure(market: number, trigger: Trigger): { readonly value: number; readonly limit: number } {
    const { values, limits } = this.#watchOf(this.#row(market));
    return { value: values[trigger], limit: limits[trigger] };
  }

  /** What the watch of an instrument knows of the market's mood. */
  mood(market: number): MarketMood {
    return { regime: VOLATILITY_REGIME_NAMES[this.#warnings.regime(market)], ...this.#watches[market].mood() };
  }

  /** The book of an instrument changed, received at its `receivedNs`. @returns true when a state changed */
  book(market: RiskMarket): boolean {
    const watch = this.#watches[market.index];
    return watch.book(market) && this.#attend(market, watch, market.receivedNs);
  }

  /** A print of `data[offset]`. @returns true when a state changed */
  trade(market: number, data: Float64Array, offset: number): boolean {
    const watch = this.#watches[market];
    return watch.trade(data, offset) && this.#attend(this.#markets[market], watch, data[offset + LOCAL_NS]);
  }

  /** A request on an instrument was answered `latencyNs` after it was sent. @returns true when a state changed */
  answered(market: number, latencyNs: number, nowNs: number): boolean {
    const watch = this.#watches[market];
    watch.answered(latencyNs);
    return this.#judge(market, watch, nowNs);
  }

  /** The connection to an instrument's venue went or came. @returns true when a state changed */
  connection(market: number, isUp: boolean, nowNs: number): boolean {
    const downNs = this.#downNs[market];
    const isAway = downNs === downNs;
    if (isUp === !isAway) return false;
    this.#feed.connection(market, isUp, nowNs);
    if (!isUp) this.#watches[market].lose(nowNs);
    const { disconnectNs } = this.#config;
    const severity = isUp ? Severity.INFO : Severity.WARNING;
    const awayMs = isUp ? (nowNs - downNs) / NS_PER_MS : 0;
    const limitMs = disconnectNs / NS_PER_MS;
    this.#alerts.raise(AlertType.CONNECTIVITY_ISSUE, severity, market, awayMs, limitMs, CONNECTIVITY, nowNs);
    this.#downNs[market] = isUp ? Number.NaN : nowNs;
    const hasChanged = !isUp && disconnectNs === 0 && this.#trip(market, CONNECTIVITY, 0, 0, nowNs);
    this.#plan();
    return hasChanged;
  }

  /** Equity and its peak, in the risk currency, when they were looked at. @returns true when a state changed */
  equity(equity: number, peak: number, nowNs: number): boolean {
    this.#equity.measure(equity, peak, nowNs);
    return this.#judge(this.#all, this.#equity, nowNs);
  }

  /** By hand, until `reset`; -1 = all. @returns true when a state changed */
  trip(market: number, nowNs: number): boolean {
    const row = this.#row(market);
    if (!(row <= this.#all)) return false;
    const hasChanged = this.#trip(row, MANUAL, Number.NaN, Number.NaN, nowNs);
    this.#machine.hold(row);
    this.#plan();
    return hasChanged;
  }

  /** Closes by hand; -1 = all of them. @returns true when a state changed */
  reset(market: number, nowNs: number): boolean {
    if (market > this.#all) return false;
    let hasChanged = false;
    for (let row = market < 0 ? 0 : market; row <= (market < 0 ? this.#all : market); row++) {
      this.#machine.forget(row);
      if (this.#machine.states[row] === CLOSED) continue;
      this.#watchOf(row).restart();
      this.#close(row, nowNs);
      hasChanged = true;
    }
    this.#settle();
    return hasChanged;
  }

  /** Does what is due. @returns true when a state changed */
  wake(nowNs: number): boolean {
    let hasChanged = false;
    if (nowNs >= this.#feed.nextNs) this.#feed.look(nowNs);
    for (let row = 0; row <= this.#all; row++) {
      if (row < this.#all && nowNs >= this.#deadline(row)) {
        const awayMs = (nowNs - this.#downNs[row]) / NS_PER_MS;
        if (this.#trip(row, CONNECTIVITY, awayMs, this.#config.disconnectNs / NS_PER_MS, nowNs)) hasChanged = true;
      }
      if (nowNs >= this.#machine.dueNs[row] && this.#advance(row, nowNs)) hasChanged = true;
    }
    this.#settle();
    return hasChanged;
  }

  save(): SavedBreaker {
    return {
      machine: this.#machine.save(),
      watches: this.#watches.map((watch) => watch.save()),
      equity: this.#equity.save(),
      feed: this.#feed.save(),
      warnings: this.#warnings.save(),
      trips: this.#trips.save(),
      downNs: this.#downNs.slice(),
    };
  }

  restore(state: SavedBreaker): void {
    checkState('a breaker', state, this.save());
    this.#machine.restore(state.machine);
    restoreEach('market watches', state.watches, this.#watches);
    this.#equity.restore(state.equity);
    this.#feed.restore(state.feed);
    this.#warnings.restore(state.warnings);
    this.#trips.restore(state.trips);
    this.#downNs.set(state.downNs);
    this.#settle();
  }

  /** A measure may have got to where it matters, or time has passed. */
  #attend(market: RiskMarket, watch: MarketWatch, nowNs: number): boolean {
    if (!(Math.abs(nowNs) < Number.POSITIVE_INFINITY)) return false;
    this.#feed.heard(market, nowNs);
    const hasTripped = this.#judge(market.index, watch, nowNs);
    this.#warnings.skew(market.index, watch.skewNs, nowNs);
    if (this.#feed.nextNs < this.nextNs) this.nextNs = this.#feed.nextNs;
    // While no session runs nobody calls `wake`.
    return (nowNs >= this.nextNs && this.wake(nowNs)) || hasTripped;
  }

  /** Compares what is measured with its thresholds. */
  #judge(row: number, { values, limits }: MarketWatch | EquityWatch, nowNs: number): boolean {
    if (row < this.#all) this.#warnings.look(row, values, limits, nowNs);
    const state = row < this.#all ? this.states[row] : this.#machine.states[row];
    const share = state === HALF_OPEN ? this.#config.canaryTightness : 1;
    for (let trigger = 1; trigger < TRIGGERS; trigger++) {
      const limit = limits[trigger] * share;
      // oxlint-disable-next-line no-unsafe-type-assertion -- the triggers are numbered without a gap
      if (values[trigger] >= limit) return this.#trip(row, trigger as Trigger, values[trigger], limit, nowNs);
    }
    return false;
  }

  /** Opens a breaker. @returns true when it was not open */
  #trip(row: number, trigger: Trigger, value: number, limit: number, nowNs: number): boolean {
    const { states } = this.#machine;
    const before = states[row];
    if (before === OPEN && trigger !== MANUAL) return false;
    const isHeld = trigger === MANUAL;
    const coolNs = this.#machine.open(row, nowNs);
    const cooldownNs = isHeld ? Number.POSITIVE_INFINITY : coolNs;
    const market = row < this.#all ? row : -1;
    this.#trips.add({ ns: nowNs, market, trigger, value, limit, isRelapse: before === HALF_OPEN, cooldownNs });
    this.#watchOf(row).restart();
    this.#alerts.clear(AlertType.CIRCUIT_BREAKER_HALF_OPEN, market);
    this.#alerts.raise(AlertType.CIRCUIT_BREAKER_OPEN, Severity.CRITICAL, market, value, limit, trigger, nowNs);
    if (market >= 0) this.#judgeShare(nowNs);
    this.#settle();
    return before !== OPEN;
  }

  /** The global breaker opens when too many are open. */
  #judgeShare(nowNs: number): void {
    const share = this.#openShare();
    const { openShare } = this.#config;
    if (share >= openShare) this.#trip(this.#all, OPEN_SHARE, share, openShare, nowNs);
  }

  #openShare(): number {
    const { states } = this.#machine;
    let open = 0;
    for (let row = 0; row < this.#all; row++) if (states[row] === OPEN) open++;
    return open < FEWEST ? 0 : open / this.#all;
  }

  /** A cool-down or a canary's time is over. @returns true when the state changed */
  #advance(row: number, nowNs: number): boolean {
    const machine = this.#machine;
    const watch = this.#watchOf(row);
    watch.advance(nowNs);
    const isOpen = machine.states[row] === OPEN;
    if (!this.#isFit(row) || (isOpen && !this.#isQuiet(row, watch))) {
      machine.dueNs[row] = nowNs + RETRY_NS;
      return false;
    }
    const market = row < this.#all ? row : -1;
    if (isOpen) {
      machine.halfOpen(row, nowNs);
      this.#alerts.clear(AlertType.CIRCUIT_BREAKER_OPEN, market);
      this.#alerts.raise(
        AlertType.CIRCUIT_BREAKER_HALF_OPEN,
        Severity.WARNING,
        market,
        this.#config.canaryNs / NS_PER_SECOND,
        Number.NaN,
        0,
        nowNs,
      );
    } else this.#close(row, nowNs);
    return true;
  }

  #close(row: number, nowNs: number): void {
    this.#machine.close(row, nowNs);
    const market = row < this.#all ? row : -1;
    this.#alerts.clear(AlertType.CIRCUIT_BREAKER_OPEN, market);
    this.#alerts.clear(AlertType.CIRCUIT_BREAKER_HALF_OPEN, market);
    this.#alerts.raise(AlertType.CIRCUIT_BREAKER_CLOSED, Severity.INFO, market, Number.NaN, Number.NaN, 0, nowNs);
  }

  /** A canary is no proof while there is no market to quote in. */
  #isFit(row: number): boolean {
    return row === this.#all || (this.#markets[row].isConnected && this.#markets[row].isReady);
  }

  /** True when what opens the breaker is over. */
  #isQuiet(row: number, { values, limits }: MarketWatch | EquityWatch): boolean {
    const { release, openShare } = this.#config;
    if (row === this.#all && this.#openShare() >= openShare) return false;
    for (let trigger = 1; trigger < TRIGGERS; trigger++) {
      if (values[trigger] > 0 && values[trigger] >= release * limits[trigger]) return false;
    }
    return true;
  }

  #row(market: number): number {
    return market < 0 ? this.#all : market;
  }

  #watchOf(row: number): MarketWatch | EquityWatch {
    return row < this.#all ? this.#watches[row] : this.#equity;
  }

  /** When a connection has been away for too long; Infinity when it is there, or its breaker open. */
  #deadline(market: number): number {
    const downNs = this.#downNs[market];
    if (downNs !== downNs || this.#machine.states[market] === OPEN) return Number.POSITIVE_INFINITY;
    return downNs + this.#config.disconnectNs;
  }

  /** What holds for each instrument, and when something is due. */
  #settle(): void {
    const own = this.#machine.states;
    const global = own[this.#all];
    let worst: number = CLOSED;
    for (let market = 0; market < this.#all; market++) {
      const state = own[market] > global ? own[market] : global;
      this.states[market] = state;
      if (state > worst) worst = state;
    }
    // oxlint-disable-next-line no-unsafe-type-assertion -- it is the largest of them
    this.worst = worst as BreakerState;
    this.#plan();
  }

  #plan(): void {
    let nextNs = this.#feed.nextNs;
    for (let row = 0; row <= this.#all; row++) {
      nextNs = Math.min(nextNs, this.#machine.dueNs[row]);
      if (row < this.#all) nextNs = Math.min(nextNs, this.#deadline(row));
    }
    this.nextNs = nextNs;
  }
}
