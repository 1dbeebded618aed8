/**
 * Where things lie in the arenas of `OrderTable`. An order is a record of 128 bytes (two cache lines; what every report
 * touches comes first in each): its float64 are `doubles[slot << 4 | …]`, its int32 `words[slot << 5 | …]`. A lane (the orders
 * of one strategy in one market) is a record of the same size in an arena of its own.
 */

/** Float64 of an order. */
export const OrderDouble = {
  /** generation × 65,536 + slot; an exact integer, never used twice. */
  ID: 0,
  /** The terms as the venue has confirmed them (as sent, before the acknowledgement). The size includes what is filled. */
  PRICE_TICKS: 1,
  SIZE_LOTS: 2,
  FILLED_LOTS: 3,
  /** The terms of an amendment whose outcome is not known; else equal to the confirmed ones. */
  WANTED_PRICE_TICKS: 4,
  WANTED_SIZE_LOTS: 5,
  /** What may still trade at most: the larger of the two sizes less what is filled; 0 when finished. */
  OPEN_LOTS: 6,
  /** When the new order was sent. */
  SENT_NS: 7,
  /** When the request for the present terms was sent. */
  TERMS_NS: 8,
  /** When the state changed last. */
  CHANGED_NS: 9,
  /** When the request in flight is overdue. */
  DEADLINE_NS: 10,
  /** When the venue first said that it does not know the order; NaN = it did not. */
  DENIED_NS: 11,
} as const;

/** Int32 of an order, behind its float64. */
export const OrderWord = {
  STATE: 24,
  /** `OrderFlag`s as sent, and `OrderMark`s. */
  FLAGS: 25,
  LANE: 26,
  /** Younger and older order of the lane, -1 = none. Finished: NEXT = the one that finished after it. */
  NEXT: 27,
  PREVIOUS: 28,
  /** Neighbours in the queue of requests in flight, by deadline; -1 = none. */
  LATER: 29,
  EARLIER: 30,
  /** A `Reject` code: why a request was refused last, or why the order ended. */
  REASON: 31,
} as const;

/** Marks that the desk keeps beside the eight bits of `OrderFlag`; QUOTE may be given to `place`. */
export const OrderMark = {
  /** Placed by a quoter. */
  QUOTE: 256,
  /** In the queue of requests in flight. */
  AWAITED: 512,
  /** The venue refused its last cancel. */
  CANCEL_REFUSED: 1024,
  /** The venue refused to amend it for a reason that will not pass. */
  NO_AMEND: 2048,
  /** The venue knows it under another number than ours (`OrderDesk.adopt`). */
  ADOPTED: 4096,
  /** It was UNKNOWN when its cancel was sent, and no sign of life has come since. */
  DOUBTED: 8192,
} as const;

/** Float64 of a lane; those with two entries are indexed by side. */
export const LaneDouble = {
  OPEN_LOTS: 0,
  /** Highest bid, lowest ask an unfinished order may stand at; NaN = none. Not valid while STALE_BEST says so. */
  BEST_TICKS: 2,
  /** A quote of this price was refused last; ±Infinity when the reason was not the price, so that every price is as aggressive. */
  REFUSED_TICKS: 4,
  REFUSED_NS: 6,
} as const;

/** Int32 of a lane, behind its float64. */
export const LaneWord = {
  /** Oldest and youngest unfinished order, -1 = none. */
  FIRST: 16,
  LAST: 17,
  COUNT: 18,
  /** Raised whenever an order of the lane is sent, changes or ends. */
  VERSION: 19,
  /** By side: the best price must be looked for. */
  STALE_BEST: 20,
  /** By side: refusals of quotes in a row. */
  REFUSALS: 22,
} as const;
