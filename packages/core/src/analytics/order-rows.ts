/** The layout of an order as the recorder hands it out at its end, for `orders.csv`. */

/** Float64 fields of a row, by offset. Times are local unless said otherwise, nanoseconds since the epoch day; NaN = never. */
export const OrderField = {
  ORDER_ID: 0,
  /** `Market.index`. */
  MARKET: 1,
  /** `Side`. */
  SIDE: 2,
  /** Price and total size as they were last. */
  PRICE_TICKS: 3,
  SIZE_LOTS: 4,
  FILLED_LOTS: 5,
  SENT_NS: 6,
  /** When its acknowledgement was here. */
  ACK_NS: 7,
  FIRST_FILL_NS: 8,
  END_NS: 9,
  /** `OrderState` at the end; one that is not final when the session ended first. */
  STATE: 10,
  /** A `Reject` code. */
  REASON: 11,
  /** Mid and opposite best price when it was sent; NaN when there was none. */
  DECISION_MID_TICKS: 12,
  DECISION_TOUCH_TICKS: 13,
  /** Size-weighted price of its fills; NaN without one. */
  FILL_PRICE_TICKS: 14,
} as const;

/** Float64 values in one row; those after the fields above are the tracker's own. */
export const ORDER_STRIDE = 20;

/** Copy what you keep: `data` is used again. The row starts at `data[offset]`. */
export type OrderSink = (data: Float64Array, offset: number) => void;
