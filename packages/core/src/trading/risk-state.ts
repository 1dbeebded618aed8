/** What trading is allowed at large, and the states of circuit breakers; strategies see both. */

export const RiskState = {
  ACTIVE: 0,
  /** Only what reduces a position. */
  REDUCING: 1,
  /** Nothing; every order is cancelled. Left by command only. */
  HALTED: 2,
} as const;
export type RiskState = (typeof RiskState)[keyof typeof RiskState];
export const RISK_STATE_NAMES = ['ACTIVE', 'REDUCING', 'HALTED'] as const;

export const BreakerState = {
  CLOSED: 0,
  /** After the cool-down: reduced size, one level a side; may trip again. */
  HALF_OPEN: 1,
  /** No quotes. */
  OPEN: 2,
} as const;
export type BreakerState = (typeof BreakerState)[keyof typeof BreakerState];
export const BREAKER_STATE_NAMES = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const;
