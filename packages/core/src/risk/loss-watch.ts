/**
 * Looks at the loss of the day, the drawdown and the positions: warns when a share of a limit is reached, tells a breach, and demands
 * a stricter state of trading.
 *
 * A warning or breach is told once per crossing; it can be told again after the value has been below nine tenths of where it was
 * told. At the limit of a loss or drawdown REDUCING is demanded while a position is held, HALTED when none is (any more) or from 1.2
 * times the limit on. The demand stays until it is released by command; REDUCING for the loss of the day ends with the day.
 */
import { checkState } from '../base/state.ts';
import { RiskState } from '../trading/risk-state.ts';
import type { Account } from './account.ts';
import type { AlertDesk } from './alert-desk.ts';
import { AlertType, Severity } from './alert.ts';
import { MICROS, MarketPart } from './exposure-layout.ts';
import type { Exposure } from './exposure.ts';
import { AllCap, Cap, type LimitCaps, RowCap } from './limit-caps.ts';
import type { RiskMarket } from './risk-market.ts';

const HALT_AT = 1.2;
const REARM_BELOW = 0.9;
/** Entries of `#told`; then two for each instrument. */
const LOSS_WARNING = 0;
const LOSS_BREACH = 1;
const DRAWDOWN_WARNING = 2;
const DRAWDOWN_BREACH = 3;
const POSITIONS = 4;

export interface LossWatchState {
  readonly told: Uint8Array;
  readonly lost: Uint8Array;
  readonly demanded: RiskState;
}

export class LossWatch {
  demanded: RiskState = RiskState.ACTIVE;
  /** By strategy: 1 = its loss of the day has reached its limit. */
  readonly lost: Uint8Array;
  readonly #told: Uint8Array;
  readonly #account: Account;
  readonly #exposure: Exposure;
  readonly #caps: LimitCaps;
  readonly #alerts: AlertDesk;
  readonly #markets: readonly RiskMarket[];

  constructor(
    account: Account,
    exposure: Exposure,
    caps: LimitCaps,
    alerts: AlertDesk,
    markets: readonly RiskMarket[],
    strategies: number,
  ) {
    this.#account = account;
    this.#exposure = exposure;
    this.#caps = caps;
    this.#alerts = alerts;
    this.#markets = markets;
    this.lost = new Uint8Array(strategies);
    this.#told = new Uint8Array(POSITIONS + 2 * markets.length);
  }

  /** Looks at everything; `exposure` and `account` are up to date. */
  look(nowNs: number): void {
    const { equity, peak, dayEquity } = this.#account;
    if (equity === equity) {
      const lossCap = this.#caps.rows[RowCap.LOSS];
      const loss = dayEquity - equity;
      const { DAILY_LOSS_WARNING: WARNS, DAILY_LOSS_BREACH: BREACHES } = AlertType;
      this.#tell(LOSS_WARNING, WARNS, BREACHES, -1, loss / MICROS, lossCap / MICROS, nowNs);
      const down = (peak - equity) / peak;
      const downCap = this.#caps.all[AllCap.DRAWDOWN];
      const { DRAWDOWN_WARNING: WARNS_DOWN, DRAWDOWN_BREACH: BREACHES_DOWN } = AlertType;
      this.#tell(DRAWDOWN_WARNING, WARNS_DOWN, BREACHES_DOWN, -1, down * 100, downCap * 100, nowNs);
      this.#demand(Math.max(loss / lossCap, down > 0 ? down / downCap : 0));
    }
    if (this.#caps.hasStrategyLoss) this.#lookAtStrategies();
    for (let market = 0; market < this.#markets.length; market++) this.#lookAtPosition(market, nowNs);
  }

  /** Another day: what the loss of the one before demanded is over, unless it halted. */
  turn(): void {
    this.#told[LOSS_WARNING] = 0;
    this.#told[LOSS_BREACH] = 0;
    this.lost.fill(0);
    if (this.demanded === RiskState.REDUCING && this.#told[DRAWDOWN_BREACH] === 0) this.demanded = RiskState.ACTIVE;
  }

  /** By command: the demand is over. The next look may make it again, and tells it again. */
  release(): void {
    this.demanded = RiskState.ACTIVE;
    this.#told[LOSS_BREACH] = 0;
    this.#told[DRAWDOWN_BREACH] = 0;
  }

  save(): LossWatchState {
    return { told: this.#told.slice(), lost: this.lost.slice(), demanded: this.demanded };
  }

  restore(state: LossWatchState): void {
    checkState('loss watch', state, this.save());
    this.#told.set(state.told);
    this.lost.set(state.lost);
    this.demanded = state.demanded;
  }

  #demand(share: number): void {
    const isFlat = this.#exposure.held === 0;
    if (this.demanded === RiskState.REDUCING && isFlat) this.demanded = RiskState.HALTED;
    if (!(share >= 1) || this.demanded === RiskState.HALTED) return;
    this.demanded = isFlat || share >= HALT_AT ? RiskState.HALTED : RiskState.REDUCING;
  }

  #lookAtStrategies(): void {
    const { rows } = this.#caps;
    for (let strategy = 0; strategy < this.lost.length; strategy++) {
      const cap = rows[(this.#exposure.strategyRow(strategy) << 2) | RowCap.LOSS];
      // What is not known is not below the limit.
      this.lost[strategy] = cap < Infinity && !(this.#account.lossOf(strategy) < cap) ? 1 : 0;
    }
  }

  #lookAtPosition(market: number, nowNs: number): void {
    const cap = this.#caps.lanes[(market << 5) | Cap.POSITION];
    const { size, spec } = this.#markets[market].instrument;
    const lots = Math.abs(this.#exposure.data[(market << 4) | MarketPart.POSITION]);
    const unit = size.toNumber(1) * Number(spec.multiplier ?? '1');
    const { POSITION_WARNING, POSITION_BREACH } = AlertType;
    // At the limit is allowed, beyond it is not.
    const limit = (cap + 1) * unit;
    this.#tell(POSITIONS + 2 * market, POSITION_WARNING, POSITION_BREACH, market, lots * unit, limit, nowNs);
  }

  /** Tells a warning and a breach when they are crossed. */
  #tell(
    entry: number,
    warning: AlertType,
    breach: AlertType,
    market: number,
    value: number,
    limit: number,
    nowNs: number,
  ): void {
    const warnAt = limit * this.#caps.all[AllCap.WARNING];
    if (this.#crosses(entry + 1, value, limit)) {
      this.#told[entry] = 1;
      this.#alerts.raise(breach, Severity.CRITICAL, market, value, limit, 0, nowNs);
    } else if (this.#crosses(entry, value, warnAt)) {
      this.#alerts.raise(warning, Severity.WARNING, market, value, limit, 0, nowNs);
    }
  }

  #crosses(entry: number, value: number, at: number): boolean {
    const told = this.#told;
    if (told[entry] !== 0) {
      if (value < at * REARM_BELOW || value <= 0) told[entry] = 0;
      return false;
    }
    if (!(value > 0 && value >= at && at < Infinity)) return false;
    told[entry] = 1;
    return true;
  }
}
