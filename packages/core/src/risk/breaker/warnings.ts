/**
 * Alerts below a trip: anomalies of spread, volume and latency, clocks that disagree, and the regime that volatility says. Each with its own
 * hysteresis: a warning that was raised is over below the release level.
 */
import { checkState } from '../../base/state.ts';
import type { AlertDesk } from '../alert-desk.ts';
import { AlertType, Severity } from '../alert.ts';
import type { BreakerConfig } from './settings.ts';
import { Trigger } from './trigger.ts';

/** Regimes by realised volatility over its long average; stable codes. */
export const VolatilityRegime = { CALM: 0, NORMAL: 1, VOLATILE: 2, CRISIS: 3 } as const;
export type VolatilityRegime = (typeof VolatilityRegime)[keyof typeof VolatilityRegime];
export const VOLATILITY_REGIME_NAMES = ['CALM', 'NORMAL', 'VOLATILE', 'CRISIS'] as const;
const { CALM, NORMAL, VOLATILE, CRISIS } = VolatilityRegime;

const { SPREAD, VOLUME, LATENCY, FEED_DELAY, VOLATILITY } = Trigger;
/** The triggers that warn, and what is raised. */
const WARN = [SPREAD, VOLUME, LATENCY, FEED_DELAY];
const WARN_AS = [
  AlertType.SPREAD_ANOMALY,
  AlertType.VOLUME_ANOMALY,
  AlertType.LATENCY_WARNING,
  AlertType.LATENCY_WARNING,
];
/** Triggers that share an alert: it is over when both are. */
const LATE = (1 << LATENCY) | (1 << FEED_DELAY);
/** Bit of the clocks; no trigger has it. */
const SKEW = 1;
/** A regime is left when its measure is so far on the other side of its bound. */
const LEAVE = 0.8;
const SEVERITY_OF = [Severity.INFO, Severity.INFO, Severity.WARNING, Severity.CRITICAL];
const NS_PER_MS = 1e6;

export interface WarningsState {
  readonly raised: Int32Array;
  readonly regimes: Int32Array;
}

export class Warnings {
  /** By market: the bits of the triggers that were warned of, and are not over. */
  readonly #raised: Int32Array;
  readonly #regimes: Int32Array;
  readonly #alerts: AlertDesk;
  readonly #config: BreakerConfig;

  constructor(markets: number, alerts: AlertDesk, config: BreakerConfig) {
    this.#alerts = alerts;
    this.#config = config;
    this.#raised = new Int32Array(markets);
    this.#regimes = new Int32Array(markets).fill(NORMAL);
  }

  /** @param values measures and their thresholds by trigger */
  look(market: number, values: Float64Array, limits: Float64Array, nowNs: number): void {
    const { warning, release } = this.#config;
    for (let i = 0; i < WARN.length; i++) {
      const bit = 1 << WARN[i];
      const value = values[WARN[i]];
      const limit = limits[WARN[i]] * warning;
      const raised = this.#raised[market];
      if ((raised & bit) === 0) {
        if (!(value >= limit)) continue;
        this.#raised[market] = raised | bit;
        this.#alerts.raise(WARN_AS[i], Severity.WARNING, market, value, limit, WARN[i], nowNs);
      } else if (value < limit * release) {
        const left = (this.#raised[market] = raised & ~bit);
        if ((bit & LATE) !== 0 && (left & LATE) !== 0) continue;
        this.#alerts.raise(WARN_AS[i], Severity.INFO, market, value, limit, WARN[i], nowNs);
      }
    }
    this.#lookAtRegime(market, values[VOLATILITY], nowNs);
  }

  /** By how much messages are received before they were sent. */
  skew(market: number, skewNs: number, nowNs: number): void {
    const { clockSkewNs, release } = this.#config;
    const isRaised = (this.#raised[market] & SKEW) !== 0;
    if (isRaised ? skewNs >= clockSkewNs * release : !(skewNs >= clockSkewNs)) return;
    this.#raised[market] ^= SKEW;
    const severity = isRaised ? Severity.INFO : Severity.WARNING;
    const limit = clockSkewNs / NS_PER_MS;
    this.#alerts.raise(AlertType.CLOCK_SKEW, severity, market, skewNs / NS_PER_MS, limit, 0, nowNs);
  }

  regime(market: number): VolatilityRegime {
    // oxlint-disable-next-line no-unsafe-type-assertion -- nothing else is stored there
    return this.#regimes[market] as VolatilityRegime;
  }

  save(): WarningsState {
    return { raised: this.#raised.slice(), regimes: this.#regimes.slice() };
  }

  restore(state: WarningsState): void {
    checkState('the warnings', state, this.save());
    this.#raised.set(state.raised);
    this.#regimes.set(state.regimes);
  }

  #lookAtRegime(market: number, ratio: number, nowNs: number): void {
    if (ratio === 0) return;
    const before = this.#regimes[market];
    const regime = this.#regimeOf(ratio, before);
    if (regime === before) return;
    this.#regimes[market] = regime;
    this.#alerts.raise(AlertType.REGIME_CHANGE, SEVERITY_OF[regime], market, regime, before, 0, nowNs);
  }

  /** @param now the regime that holds: its bounds are wider */
  #regimeOf(ratio: number, now: number): VolatilityRegime {
    const { volatilityRatio, volatileRatio, calmRatio } = this.#config;
    if (ratio >= (now === CRISIS ? LEAVE : 1) * volatilityRatio) return CRISIS;
    if (ratio >= (now >= VOLATILE ? LEAVE : 1) * volatileRatio) return VOLATILE;
    return ratio <= (now === CALM ? 1 / LEAVE : 1) * calmRatio ? CALM : NORMAL;
  }
}
