/** What trips a circuit breaker, and the record of a trip. Codes are stable: journals hold them as the DETAIL of alerts. */

export const Trigger = {
  /** The mid moved from its extremes of the last minute. Share of the price. */
  PRICE_MOVE_1M: 1,
  /** The same over five minutes. */
  PRICE_MOVE_5M: 2,
  /** The spread stood wide for a whole second. Multiple of its median. */
  SPREAD: 3,
  /** Traded volume per second, over five seconds. Multiple of what a second with prints brings. */
  VOLUME: 4,
  /** The venue answers requests late. Milliseconds. */
  LATENCY: 5,
  /** The connection has been away. Milliseconds. */
  CONNECTIVITY: 6,
  /** Crisis: realised volatility as a multiple of its long average, times the spread as a multiple of its median. */
  VOLATILITY: 7,
  /** An operator's command; stays open until the operator's RESET. */
  MANUAL: 8,
  /** Fall of equity from its peak. Share of the peak. */
  DRAWDOWN: 9,
  /** Equity lost within a minute. Risk currency. */
  LOSS_VELOCITY: 10,
  /** Breakers of instruments that are open. Share of all; trips the global breaker. */
  OPEN_SHARE: 11,
  /** Market data comes late. Milliseconds above their usual delay. */
  FEED_DELAY: 12,
} as const;
export type Trigger = (typeof Trigger)[keyof typeof Trigger];

/** By code. */
export const TRIGGER_NAMES: readonly string[] = [
  'NONE',
  'PRICE_MOVE_1M',
  'PRICE_MOVE_5M',
  'SPREAD',
  'VOLUME',
  'LATENCY',
  'CONNECTIVITY',
  'VOLATILITY',
  'MANUAL',
  'DRAWDOWN',
  'LOSS_VELOCITY',
  'OPEN_SHARE',
  'FEED_DELAY',
];
/** Length of arrays by trigger. */
export const TRIGGERS = TRIGGER_NAMES.length;

/** A breaker that opened, with the numbers that caused it. */
export interface Trip {
  /** From 1. */
  readonly number: number;
  readonly ns: number;
  /** Index of the instrument; -1 = the global breaker. */
  readonly market: number;
  readonly trigger: Trigger;
  /** What was measured, and the threshold that it reached; units as of the trigger, NaN = none. */
  readonly value: number;
  readonly limit: number;
  /** The breaker was half open: the canary did not live. */
  readonly isRelapse: boolean;
  /** Infinity: until RESET. */
  readonly cooldownNs: number;
}
