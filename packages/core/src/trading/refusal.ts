/**
 * Why the risk gate did not let an order or an amendment out. Codes are stable: journals and logs hold them. The order of the codes
 * is the order of the checks.
 */
export const Refusal = {
  NONE: 0,
  /** No order record is free, or the terms are no whole ticks and lots. */
  NO_ROOM: 1,
  HALTED: 2,
  REDUCING: 3,
  BREAKER_OPEN: 4,
  BREAKER_CANARY: 5,
  ORDER_RATE: 6,
  ORDER_COOLDOWN: 7,
  STALE_PRICE: 8,
  NO_RATE: 9,
  COLLAR_MID: 10,
  COLLAR_LAST: 11,
  FAT_FINGER: 12,
  ORDER_SIZE: 13,
  ORDER_VALUE: 14,
  POSITION: 15,
  BASE_POSITION: 16,
  PORTFOLIO_POSITION: 17,
  NOTIONAL: 18,
  NET_EXPOSURE: 19,
  GROSS_EXPOSURE: 20,
  DAILY_VOLUME: 21,
  DAILY_TURNOVER: 22,
  DAILY_LOSS: 23,
  DRAWDOWN: 24,
  MARGIN: 25,
  BALANCE: 26,
  DUPLICATE: 27,
  SELF_CROSS: 28,
  MESSAGE_BUDGET: 29,
} as const;
export type Refusal = (typeof Refusal)[keyof typeof Refusal];

/** Codes are below this. */
export const REFUSAL_COUNT = 32;

/** Words for each code; the only place that has them. */
export const REFUSAL_TEXT: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'no room for another order, or terms that are no whole ticks and lots',
  2: 'trading is halted',
  3: 'only what reduces risk is allowed',
  4: 'the circuit breaker is open',
  5: 'the circuit breaker lets one small order a side through',
  6: 'more orders per second than allowed',
  7: 'the order rate ran dry a moment ago and cools down',
  8: 'no live price: the book is missing, stale, crossed or too old',
  9: 'no rate to convert a currency with, or a stale one',
  10: 'the price is too far from the mid',
  11: 'the price is too far from the last print',
  12: 'the price is too far through the other side of the book',
  13: 'the order is too large',
  14: 'the order is worth too much',
  15: 'the position in the instrument would be too large at worst',
  16: 'the position in the base currency would be too large at worst',
  17: 'the position of the portfolio would be too large at worst',
  18: 'the value of the position in the instrument would be too large at worst',
  19: 'the net exposure would be too large at worst',
  20: 'the gross exposure would be too large at worst',
  21: 'the volume of the day would be too large at worst',
  22: 'the turnover of the day would be too large at worst',
  23: 'the loss of the day has reached its limit',
  24: 'the drawdown from the peak of equity has reached its limit',
  25: 'equity does not cover the margin of the exposure at worst',
  26: 'the balance of a spot currency would be too small at worst',
  27: 'the same order was sent a moment ago',
  28: 'the order would meet an own order',
  29: 'the message budget of the venue is used up',
};
