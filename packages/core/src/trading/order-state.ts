/** States of an own order. */
export const OrderState = {
  /** Sent, no answer yet. */
  PENDING_NEW: 1,
  /** Standing at the venue, perhaps filled in part. */
  LIVE: 2,
  PENDING_CANCEL: 3,
  PENDING_AMEND: 4,
  /** No answer came in time, or the connection went: neither open nor gone until there is evidence. */
  UNKNOWN: 5,
  FILLED: 6,
  CANCELLED: 7,
  REJECTED: 8,
} as const;
export type OrderState = (typeof OrderState)[keyof typeof OrderState];
