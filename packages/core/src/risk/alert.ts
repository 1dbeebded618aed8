/** Alerts: their types, severities and record. An alert is made by the engine's inputs alone, so a replay makes the same ones. */

/** Codes are stable: journals hold them. The name is what people and sinks see. */
export const AlertType = {
  POSITION_WARNING: 1,
  POSITION_BREACH: 2,
  DRAWDOWN_WARNING: 3,
  DRAWDOWN_BREACH: 4,
  DAILY_LOSS_WARNING: 5,
  DAILY_LOSS_BREACH: 6,
  VAR_BREACH: 7,
  CIRCUIT_BREAKER_OPEN: 8,
  CIRCUIT_BREAKER_HALF_OPEN: 9,
  CIRCUIT_BREAKER_CLOSED: 10,
  SPREAD_ANOMALY: 11,
  VOLUME_ANOMALY: 12,
  LATENCY_WARNING: 13,
  CONNECTIVITY_ISSUE: 14,
  REGIME_CHANGE: 15,
  SYSTEM_ERROR: 16,
  BOOK_STALE: 17,
  RECONCILIATION_DRIFT: 18,
  CLOCK_SKEW: 19,
  QUOTE_UPTIME: 20,
  JOURNAL_LAG: 21,
  /** The risk state changed: VALUE = new state, LIMIT = old one. */
  RISK_STATE: 22,
  /** A limit other than those above was reached: DETAIL = a `Refusal`. */
  LIMIT_BREACH: 23,
  /** A strategy's own (`ctx.alarm`); the hedger's says how much is unhedged, in base currency, and from where on that is too much. */
  STRATEGY_ALARM: 24,
} as const;
export type AlertType = (typeof AlertType)[keyof typeof AlertType];

export const Severity = { INFO: 0, WARNING: 1, CRITICAL: 2, EMERGENCY: 3 } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];
export const SEVERITY_NAMES = ['INFO', 'WARNING', 'CRITICAL', 'EMERGENCY'] as const;

/** Fields of an alert record: eight float64, as of all records of the engine. */
export const AlertField = {
  /** An `AlertType`. */
  TYPE: 0,
  SEVERITY: 1,
  /** Local time, nanoseconds. */
  NS: 2,
  /** Index of the instrument, -1 = none in particular. */
  MARKET: 3,
  /** What was measured, and what it was measured against; NaN = nothing. */
  VALUE: 4,
  LIMIT: 5,
  /** The alert's number, from 1; what is acknowledged. */
  NUMBER: 6,
  /** Per type: which trigger, refusal or state. And how many of the kind were held back since the last one: held × 65,536 + detail. */
  DETAIL: 7,
} as const;

const HELD_UNIT = 65_536;

/** How many alerts of its type and instrument were held back before it. */
export function alertHeld(detail: number): number {
  return Math.floor(detail / HELD_UNIT);
}

/** The trigger, refusal or state of an alert's DETAIL. */
export function alertReason(detail: number): number {
  return detail - alertHeld(detail) * HELD_UNIT;
}

/** The DETAIL of an alert. @param reason below 65,536 */
export function packDetail(held: number, reason: number): number {
  return held * HELD_UNIT + reason;
}
