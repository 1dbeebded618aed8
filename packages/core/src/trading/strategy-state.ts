/** What a strategy of a session may do. Codes are stable: saved states hold them. */
export const StrategyState = {
  RUNNING: 0,
  /**
   * It sees the market and its own orders, and adds nothing: its quotes are pulled, new orders and amendments are refused, cancels go out.
   * Orders of its own (`buy`, `sell`) that rest stay until it cancels them.
   */
  PAUSED: 1,
  /** Its handlers are not called, its timers are gone, its orders are cancelled; what still trades of them is booked. */
  STOPPED: 2,
} as const;
export type StrategyState = (typeof StrategyState)[keyof typeof StrategyState];

/** By code. */
export const STRATEGY_STATE_NAMES = ['running', 'paused', 'stopped'] as const;
