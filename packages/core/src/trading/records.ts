/**
 * What passes between the engine and the venues, on the records of `market/event.ts` (eight float64): reports on own orders,
 * timers and commands come in beside market events; requests go out. One layout for all, so that one log holds a session and
 * one hash covers it.
 *
 * Kinds below 32 are market events. Unless said otherwise VENUE_NS is when the venue did it and LOCAL_NS when we knew of it.
 */

/** What a venue says of our orders. ORDER_ID is our own number of the order (`OwnOrders`). Flag BUY = the order's side. */
export const ReportKind = {
  /** The order was accepted: it stands at PRICE_TICKS with a total size of SIZE_LOTS. SEQ = the venue's number of it, or 0. */
  ACK: 32,
  /** The new order was refused. AUX = a `Reject`. */
  REJECT: 33,
  /**
   * SIZE_LOTS traded at PRICE_TICKS. SEQ = the execution's number, unique at the venue. AUX = the fee's rate in signed parts
   * per billion of the notional. Flag MAKER = we were resting.
   */
  FILL: 34,
  /** Nothing of the order is open any more. SIZE_LOTS = what was cut off. AUX = a `Reject` that says why (REQUESTED, …). */
  CANCELLED: 35,
  /** The cancel was refused; the order is as it was, or unknown to the venue. AUX = a `Reject`. */
  CANCEL_REJECT: 36,
  /** The amendment was done: PRICE_TICKS and total size SIZE_LOTS. Flag KEPT_PLACE = the order kept its place in the queue. */
  AMENDED: 37,
  /** The amendment was refused; the order is as it was, or unknown to the venue. AUX = a `Reject`. */
  AMEND_REJECT: 38,
  /** The venue's answer to an inquiry, or its list at reconnection: the order is open at PRICE_TICKS with SIZE_LOTS open, AUX filled. */
  STATUS: 39,
} as const;
export type ReportKind = (typeof ReportKind)[keyof typeof ReportKind];

/** Other inputs of the engine. */
export const InputKind = {
  /** It was time for what was due: timers, overdue answers, quotes that had to wait, risk that looks at the clock. */
  WAKE: 48,
  /** Funding of a perpetual. AUX = rate in signed parts per billion, longs pay when it is positive; PRICE_TICKS = mark. */
  FUNDING: 49,
  /** An operator's or the host's command. SEQ = a `Command`; HEAD's instrument and ORDER_ID as the command says. */
  COMMAND: 50,
  /** The connection to the venue of the instrument went (SIZE_LOTS 0) or came (1). */
  CONNECTION: 51,
  /** A limit has another value. SEQ = its index, ORDER_ID = kind of scope × 65,536 + index in it, PRICE_TICKS = value; NaN = no limit. */
  LIMIT: 52,
  /** Value at risk of the positions, worked out elsewhere. PRICE_TICKS = VaR, SIZE_LOTS = expected shortfall, in the risk currency. */
  VAR: 53,
  /**
   * The venue knows an order that we do not: it stands (or stood) there at PRICE_TICKS with a total size of SIZE_LOTS. ORDER_ID =
   * the number that the venue has for our order, SEQ = the strategy that it is given to. Flag BUY = its side. AUX 1 = cancel it.
   */
  ADOPT: 54,
  /**
   * A parameter of a strategy is to have another value. ORDER_ID = the strategy's index, SEQ = the parameter's in the order of its schema,
   * PRICE_TICKS = the value as a number (`strategies/param-codes.ts`). Several change together: SIZE_LOTS counts them from 1, flag
   * LAST = the last of them, and none takes effect before it.
   */
  PARAMETER: 55,
} as const;
export type InputKind = (typeof InputKind)[keyof typeof InputKind];

export const Command = {
  /** The session begins: handlers `onStart`. */
  START: 1,
  /** The session ends: handlers `onStop`, then every order is cancelled. */
  STOP: 2,
  /** Quotes are pulled and none is sent until RESUME. */
  PAUSE: 3,
  RESUME: 4,
  /** The risk state is set: ACTIVE, REDUCING or HALTED (which cancels everything). */
  ACTIVATE: 5,
  REDUCE: 6,
  HALT: 7,
  /** The breaker of the instrument (65,535: of all) is opened, or closed, by hand. */
  TRIP: 8,
  RESET: 9,
  /**
   * Another process has taken the session over: numbers of orders go on beyond any that those before may have used. ORDER_ID = the
   * process's number among all, from 1.
   */
  RESTART: 10,
  /** An alert was acknowledged. ORDER_ID = its number. */
  ACKNOWLEDGE: 11,
  /**
   * What we hold differs from what the venue says: trading halts. HEAD's instrument, or `ALL_MARKETS` when it is about money;
   * PRICE_TICKS = ours, SIZE_LOTS = the venue's.
   */
  DRIFT: 12,
  /** One strategy is started, stopped or paused (`strategy-state.ts`). ORDER_ID = its index. */
  START_STRATEGY: 13,
  STOP_STRATEGY: 14,
  PAUSE_STRATEGY: 15,
} as const;
export type Command = (typeof Command)[keyof typeof Command];

/** In place of an instrument in HEAD: all of them. */
export const ALL_MARKETS = 0xffff;

/** What goes out. LOCAL_NS = when it was sent. ORDER_ID = our number of the order, SEQ = the number of the request, from 1. */
export const RequestKind = {
  /**
   * PRICE_TICKS, SIZE_LOTS. Flags BUY, POST_ONLY, REDUCE_ONLY, IOC, FOK. A market order is an IOC with a price beyond the book. AUX = whose
   * order it is, from 1, where a venue serves many customers; 0 from an engine, which is one of them.
   */
  NEW: 64,
  CANCEL: 65,
  /** The order shall stand at PRICE_TICKS with a total size (filled included) of SIZE_LOTS. */
  AMEND: 66,
} as const;
export type RequestKind = (typeof RequestKind)[keyof typeof RequestKind];

/**
 * Kind of a request that was not sent, because the risk gate refused it. ORDER_ID = the order to be amended, or 0; SEQ = the
 * strategy's index, AUX = a `Refusal`. These go to observers, never to a venue.
 */
export const REFUSED = 67;

/** Flags of reports and requests, in the flag bits of HEAD beside `EventFlag.BUY` (1). */
export const OrderFlag = {
  BUY: 1,
  POST_ONLY: 2,
  REDUCE_ONLY: 4,
  IOC: 8,
  FOK: 16,
  /** FILL: we were resting. */
  MAKER: 32,
  /** AMENDED: the order kept its place. */
  KEPT_PLACE: 64,
} as const;

/** Why a venue refused a request or ended an order. */
export const Reject = {
  NONE: 0,
  /** We asked. */
  REQUESTED: 1,
  POST_ONLY_WOULD_TAKE: 2,
  /** What an IOC or a FOK found no counterparty for. */
  UNFILLED_REST: 3,
  FOK_UNFILLED: 4,
  REDUCE_ONLY: 5,
  SELF_TRADE: 6,
  BAD_PRICE: 7,
  BAD_SIZE: 8,
  /** Below the smallest value of an order. */
  BAD_NOTIONAL: 9,
  UNKNOWN_ORDER: 10,
  /** The venue was overloaded (a negative latency), or we sent too fast. */
  OVERLOADED: 11,
  HALTED: 12,
  EXPIRED: 13,
  INSUFFICIENT_BALANCE: 14,
  OTHER: 15,
} as const;
export type Reject = (typeof Reject)[keyof typeof Reject];

/** Words for each code; the only place that has them. */
export const REJECT_TEXT: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'cancelled on request',
  2: 'the post-only order would take',
  3: 'the rest of an immediate order found no counterparty',
  4: 'the book cannot fill all of the order at once',
  5: 'the reduce-only order would not reduce the position',
  6: 'self-trade prevention',
  7: 'the price is not a whole number of ticks within bounds',
  8: 'the size is not a whole number of lots within bounds',
  9: 'the value of the order is below the smallest allowed',
  10: 'no such order',
  11: 'the venue is overloaded',
  12: 'trading is halted',
  13: 'expired',
  14: 'insufficient balance',
  15: 'another reason',
};
