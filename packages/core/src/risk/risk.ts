/**
 * Risk as the engine sees it: the gate that every order passes, the breakers, the alerts, and the state of trading that they
 * lead to. The engine tells it what happens; it answers whether orders must be looked through (`mustSweep`).
 */
import { checkState } from '../base/state.ts';
import type { Side } from '../market/side.ts';
import type { MessageBudget } from '../trading/message-budget.ts';
import type { OrderDesk } from '../trading/order-desk.ts';
import { ALL_MARKETS, Command } from '../trading/records.ts';
import { BreakerState, RiskState } from '../trading/risk-state.ts';
import { AlertDesk } from './alert-desk.ts';
import { type AlertSettings } from './alert-settings.ts';
import { AlertType, Severity } from './alert.ts';
import { Breaker, type BreakerSettings } from './breaker.ts';
import { type GateSettings, RiskGate } from './gate.ts';
import { LIMIT_INDEX, type LimitSettings, Limits, Scope } from './limits.ts';
import type { RiskMarket } from './risk-market.ts';
import { VarGuard } from './var-guard.ts';

const MAX_VAR = LIMIT_INDEX.get('max_var')!;

export interface RiskSettings {
  readonly gate?: GateSettings;
  readonly limits?: LimitSettings;
  readonly breaker?: BreakerSettings;
  readonly alerts?: AlertSettings;
}

export interface SavedRisk {
  readonly commanded: RiskState;
  readonly mustSweep: boolean;
  readonly limits: ReturnType<Limits['save']>;
  readonly breaker: ReturnType<Breaker['save']>;
  readonly gate: ReturnType<RiskGate['save']>;
  readonly alerts: ReturnType<AlertDesk['save']>;
  readonly varGuard: ReturnType<VarGuard['save']>;
}

export class Risk {
  readonly settings: RiskSettings;
  readonly gate: RiskGate;
  readonly breaker: Breaker;
  readonly alerts: AlertDesk;
  readonly limits: Limits;
  readonly varGuard: VarGuard;
  /** Set when the state or a breaker became stricter: working orders that are not allowed any more have to go. The engine clears it. */
  mustSweep = false;
  /** The state that was commanded; what holds is the stricter of it and what the gate demands. */
  #commanded: RiskState = RiskState.ACTIVE;

  constructor(
    settings: RiskSettings,
    markets: readonly RiskMarket[],
    venueOf: readonly number[],
    strategies: number,
    budgets?: readonly MessageBudget[],
  ) {
    this.settings = settings;
    this.alerts = new AlertDesk(settings.alerts);
    this.varGuard = new VarGuard(this.alerts);
    this.limits = new Limits(settings.limits ?? {}, markets, venueOf, strategies);
    this.breaker = new Breaker(markets, this.alerts, settings.breaker);
    this.gate = new RiskGate({
      markets,
      venueOf,
      strategies,
      limits: this.limits,
      breaker: this.breaker,
      alerts: this.alerts,
      ...(settings.gate === undefined ? {} : { settings: settings.gate }),
      ...(budgets === undefined ? {} : { budgets }),
    });
  }

  get state(): RiskState {
    return this.gate.state;
  }

  /** When `wake` must be called if nothing else comes; Infinity when never. */
  get nextNs(): number {
    return Math.min(this.gate.nextNs, this.breaker.nextNs);
  }

  guard(desk: OrderDesk): void {
    this.gate.attach(desk);
  }

  /** The book of an instrument changed. */
  book(market: RiskMarket): void {
    this.gate.touchPrice(market.index);
    if (this.breaker.book(market)) this.mustSweep = true;
  }

  /** A market record of a print. */
  trade(market: number, data: Float64Array, offset: number): void {
    if (this.breaker.trade(market, data, offset)) this.mustSweep = true;
  }

  /** A request was answered. */
  answered(market: number, latencyNs: number, nowNs: number): void {
    this.gate.touch(market);
    if (this.breaker.answered(market, latencyNs, nowNs)) this.mustSweep = true;
  }

  /** The execution at `data[offset]` was booked. */
  fill(strategy: number, market: number, side: Side, data: Float64Array, offset: number, nowNs: number): void {
    this.gate.fill(strategy, market, side, data, offset);
    this.#evaluate(nowNs);
  }

  connection(market: number, isUp: boolean, nowNs: number): void {
    if (this.breaker.connection(market, isUp, nowNs)) this.mustSweep = true;
  }

  wake(nowNs: number): void {
    if (nowNs >= this.breaker.nextNs && this.breaker.wake(nowNs)) this.mustSweep = true;
    if (nowNs >= this.gate.nextNs) this.#evaluate(nowNs);
  }

  /** Value at risk and expected shortfall were worked out; see `VarGuard`. */
  valueAtRisk(value: number, shortfall: number, nowNs: number): void {
    this.varGuard.update(value, shortfall, this.limits.at(MAX_VAR, Scope.GLOBAL, 0), nowNs);
    this.#settle(nowNs);
  }

  /** An operator's `Command`; false when it is none of risk's. */
  command(command: Command, market: number, orderId: number, nowNs: number): boolean {
    const index = market === ALL_MARKETS ? -1 : market;
    if (command === Command.TRIP) this.mustSweep = this.breaker.trip(index, nowNs) || this.mustSweep;
    else if (command === Command.RESET) this.breaker.reset(index, nowNs);
    else if (command === Command.ACKNOWLEDGE) this.alerts.acknowledge(orderId, nowNs);
    else {
      if (command === Command.ACTIVATE) {
        this.#commanded = RiskState.ACTIVE;
        this.gate.release(nowNs);
        this.varGuard.release();
      } else if (command === Command.REDUCE) this.#commanded = RiskState.REDUCING;
      else if (command === Command.HALT) this.#commanded = RiskState.HALTED;
      else return false;
      // Also when the state stays: orders that could not be cancelled before are asked for again.
      if (command !== Command.ACTIVATE) this.mustSweep = true;
      this.#settle(nowNs);
    }
    return true;
  }

  /** A limit has another value. */
  limit(limit: number, scope: number, index: number, value: number, nowNs: number): void {
    this.limits.set(limit, scope, index, value);
    if (limit === MAX_VAR) this.varGuard.limitChanged(this.limits.at(MAX_VAR, Scope.GLOBAL, 0), nowNs);
    this.#evaluate(nowNs);
  }

  /**
   * How much of a limit is used in a scope, in the limit's unit, for pages and reports: reading changes nothing. See `LimitUses`.
   * @returns null for a limit without standing use, and while a price, a rate or the first figure is missing
   */
  uses(limit: number, scope: Scope, index: number, nowNs: number): number | null {
    if (limit !== MAX_VAR) return this.gate.uses.of(limit, scope, index, nowNs);
    const { valueAtRisk } = this.varGuard;
    return scope === Scope.GLOBAL && Number.isFinite(valueAtRisk) ? valueAtRisk : null;
  }

  breakerAt(market: number): BreakerState {
    // oxlint-disable-next-line no-unsafe-type-assertion -- nothing else is stored there
    return this.breaker.states[market] as BreakerState;
  }

  /** True when quotes in an instrument have to be pulled. */
  isShut(market: number): boolean {
    return this.gate.state === RiskState.HALTED || this.breaker.states[market] === BreakerState.OPEN;
  }

  /** True when one small quote a side is let through. */
  isCanary(market: number): boolean {
    return this.breaker.states[market] === BreakerState.HALF_OPEN;
  }

  /** True when working orders may be there that are not allowed: each is looked at again when it is answered. */
  get isSweeping(): boolean {
    return this.gate.state !== RiskState.ACTIVE || this.breaker.worst !== BreakerState.CLOSED;
  }

  /** False when a working order has to go. */
  allows(desk: OrderDesk, slot: number): boolean {
    const { state } = this.gate;
    if (state === RiskState.HALTED) return false;
    const market = desk.marketAt(slot);
    const isOpen = this.breaker.states[market] === BreakerState.OPEN;
    if (state === RiskState.ACTIVE && !isOpen) return true;
    return this.gate.reduces(desk.strategyAt(slot), market, desk.sideAt(slot), desk.openLotsAt(slot));
  }

  save(): SavedRisk {
    const { mustSweep, limits, breaker, gate, alerts, varGuard } = this;
    return {
      commanded: this.#commanded,
      mustSweep,
      limits: limits.save(),
      breaker: breaker.save(),
      gate: gate.save(),
      alerts: alerts.save(),
      varGuard: varGuard.save(),
    };
  }

  restore(state: SavedRisk): void {
    checkState('risk', state, this.save());
    this.#commanded = state.commanded;
    this.mustSweep = state.mustSweep;
    this.limits.restore(state.limits);
    this.breaker.restore(state.breaker);
    this.gate.restore(state.gate);
    this.alerts.restore(state.alerts);
    this.varGuard.restore(state.varGuard);
  }

  #evaluate(nowNs: number): void {
    this.gate.evaluate(nowNs);
    if (this.breaker.equity(this.gate.equity, this.gate.peak, nowNs)) this.mustSweep = true;
    this.#settle(nowNs);
  }

  /** The strictest of what was commanded, and what losses and value at risk demand, holds. */
  #settle(nowNs: number): void {
    const before = this.gate.state;
    const demanded = Math.max(this.gate.demanded, this.varGuard.demanded, this.#commanded);
    // oxlint-disable-next-line no-unsafe-type-assertion -- the largest of three of them
    const next = demanded as RiskState;
    if (next === before) return;
    this.gate.state = next;
    const severity = next > before ? Severity.CRITICAL : Severity.INFO;
    this.alerts.raise(AlertType.RISK_STATE, severity, -1, next, before, 0, nowNs);
    if (next > before) this.mustSweep = true;
  }
}
