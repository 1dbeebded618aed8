/** Orders, reasons and states as small integers, with words for people. */

export const OrderType = {
  LIMIT: 0,
  MARKET: 1,
  /** Becomes a market order when the last trade reaches the trigger: at or above it to buy, at or below it to sell. */
  STOP: 2,
  /** The same, becoming a limit order. */
  STOP_LIMIT: 3,
  /** A stop whose trigger follows the last trade at a distance of TRIGGER ticks and never moves away from it. */
  TRAILING_STOP: 4,
  /** Becomes a market order when the last trade reaches the trigger: at or below it to buy, at or above it to sell. */
  TAKE_PROFIT: 5,
  /** The same, becoming a limit order. */
  TAKE_PROFIT_LIMIT: 6,
} as const;
export type OrderType = (typeof OrderType)[keyof typeof OrderType];

export const TimeInForce = {
  GTC: 0,
  /** What does not trade at once is cancelled. */
  IOC: 1,
  /** All trades at once or nothing does. */
  FOK: 2,
  /** Expires at `expiryNs`. */
  GTD: 3,
  /** Expires at the end of the trading day. */
  DAY: 4,
} as const;
export type TimeInForce = (typeof TimeInForce)[keyof typeof TimeInForce];

export const PostOnly = {
  NO: 0,
  /** Refused when it would take. */
  REJECT: 1,
  /** Moved to one tick behind the opposite best when it would take. */
  SLIDE: 2,
} as const;
export type PostOnly = (typeof PostOnly)[keyof typeof PostOnly];

/** What happens when an order meets a resting order of the same owner (owner 0 is nobody). */
export const SelfTrade = {
  ALLOW: 0,
  /** The incoming order's rest is cancelled. */
  CANCEL_NEWEST: 1,
  /** The resting order is cancelled. */
  CANCEL_OLDEST: 2,
  CANCEL_BOTH: 3,
  /** Both shrink by the smaller size, without a trade. */
  DECREMENT: 4,
} as const;
export type SelfTrade = (typeof SelfTrade)[keyof typeof SelfTrade];

export const MarketState = {
  /** Continuous matching. */
  TRADING: 0,
  /** Orders are collected and do not match; the book may stand crossed. Resuming uncrosses it at one price. */
  AUCTION: 1,
  /** Nothing matches and nothing new is accepted; cancels and reductions are. Resuming uncrosses what was left crossed. */
  HALTED: 2,
} as const;
export type MarketState = (typeof MarketState)[keyof typeof MarketState];

/** Why an order was rejected, cancelled or not amended. */
export const Reason = {
  NONE: 0,
  BAD_SIZE: 1,
  BAD_PRICE: 2,
  BAD_TRIGGER: 3,
  BAD_EXPIRY: 4,
  BAD_DISPLAY: 5,
  BAD_COMBINATION: 6,
  POST_ONLY_WOULD_TAKE: 7,
  FOK_UNFILLED: 8,
  HALTED: 9,
  NOT_IN_AUCTION: 10,
  UNKNOWN_ORDER: 11,
  LINK_GONE: 12,
  BOOK_FULL: 13,
  NOT_AMENDABLE: 14,
  BAD_OWNER: 15,
  /** The owner asked. */
  REQUESTED: 20,
  MASS_CANCEL: 21,
  /** The rest of an immediate order, or of a market order, found no counterparty. */
  UNFILLED_REST: 22,
  SELF_TRADE: 23,
  /** The other leg of its OCO pair traded, triggered or went. */
  LINKED_ORDER: 24,
} as const;
export type Reason = (typeof Reason)[keyof typeof Reason];

/** Words for each reason, by its code; the only place that has them. */
export const REASON_TEXT: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'the size is not a positive whole number of lots within bounds',
  2: 'the price is not a whole number of ticks within bounds',
  3: 'the trigger is not a whole number of ticks within bounds, or a trailing stop has no trade to follow',
  4: 'the expiry is missing or already past',
  5: 'the display size is not a whole number of lots, below the size and at least a 10,000th of it',
  6: 'these order attributes do not go together',
  7: 'the post-only order would take',
  8: 'the book cannot fill all of the order at once',
  9: 'trading is halted',
  10: 'an immediate or post-only order cannot enter an auction',
  11: 'no such order',
  12: 'the order to be linked is gone',
  13: 'the book is full',
  14: 'this order cannot be amended so',
  15: 'the owner is not a whole number from 0 to 2147483647',
  20: 'cancelled on request',
  21: 'mass cancel',
  22: 'the rest found no counterparty',
  23: 'self-trade prevention',
  24: 'its linked order traded or went',
};
