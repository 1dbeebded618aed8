/**
 * What value at risk demands of trading. Above its limit: an alert, and REDUCING, so that only what shrinks positions is sent. One lower
 * figure does not lift that: it wobbles with every sample, and trading would go on and off at the limit. Lifted when so many figures in a
 * row lie at or below a share of the limit, when the limit is taken away, or by an operator's ACTIVATE. A figure that could not be worked out (NaN) changes nothing.
 */
import { checkState } from '../base/state.ts';
import { RiskState } from '../trading/risk-state.ts';
import type { AlertDesk } from './alert-desk.ts';
import { AlertType, Severity } from './alert.ts';

/** After a breach, VaR has to be at or below this share of the limit … */
export const VAR_CLEAR_SHARE = 0.8;
/** … for so many figures in a row. */
export const VAR_CLEAR_FIGURES = 3;

export interface VarGuardState {
  readonly isBreached: boolean;
  readonly calm: number;
  readonly valueAtRisk: number;
  readonly shortfall: number;
}

export class VarGuard {
  /** The last figures, in the risk currency; NaN before the first. */
  valueAtRisk = Number.NaN;
  shortfall = Number.NaN;
  readonly #alerts: AlertDesk;
  #isBreached = false;
  /** Figures in a row that were low enough since the breach. */
  #calm = 0;

  constructor(alerts: AlertDesk) {
    this.#alerts = alerts;
  }

  get demanded(): RiskState {
    return this.#isBreached ? RiskState.REDUCING : RiskState.ACTIVE;
  }

  /** New figures. @param limit Infinity = none */
  update(valueAtRisk: number, shortfall: number, limit: number, nowNs: number): void {
    if (valueAtRisk !== valueAtRisk) return;
    this.valueAtRisk = valueAtRisk;
    this.shortfall = shortfall;
    if (valueAtRisk > limit) {
      this.#calm = 0;
      // Said again with every figure: the desk throttles, and counts what it holds back.
      this.#alerts.raise(AlertType.VAR_BREACH, Severity.CRITICAL, -1, valueAtRisk, limit, 0, nowNs);
      this.#isBreached = true;
    } else if (this.#isBreached) {
      this.#calm = valueAtRisk <= limit * VAR_CLEAR_SHARE ? this.#calm + 1 : 0;
      if (this.#calm >= VAR_CLEAR_FIGURES) this.#isBreached = false;
    }
  }

  /** The limit is another: a figure above it is a breach at once; without a limit there is none. */
  limitChanged(limit: number, nowNs: number): void {
    if (limit === Infinity) this.#isBreached = false;
    else if (this.valueAtRisk > limit && !this.#isBreached) this.update(this.valueAtRisk, this.shortfall, limit, nowNs);
  }

  /** An operator has trading go on: the breach is over until another figure is above the limit. */
  release(): void {
    this.#isBreached = false;
  }

  save(): VarGuardState {
    return {
      isBreached: this.#isBreached,
      calm: this.#calm,
      valueAtRisk: this.valueAtRisk,
      shortfall: this.shortfall,
    };
  }

  restore(state: VarGuardState): void {
    checkState('the guard of value at risk', state, this.save());
    this.#isBreached = state.isBreached;
    this.#calm = state.calm;
    this.valueAtRisk = state.valueAtRisk;
    this.shortfall = state.shortfall;
  }
}
