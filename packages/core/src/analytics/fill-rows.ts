/** The layout of a fill as the recorder hands it out, for `fills.csv` and charts. */

/** Float64 fields of a row, by offset. The markouts follow from MARKOUT_TICKS on, one per horizon. */
export const FillField = {
  /** Local time at which we knew of it, and the venue's; nanoseconds since the epoch day. */
  LOCAL_NS: 0,
  VENUE_NS: 1,
  /** `Market.index`. */
  MARKET: 2,
  ORDER_ID: 3,
  /** 0 = we bought, 1 = we sold (`Side`). */
  SIDE: 4,
  PRICE_TICKS: 5,
  SIZE_LOTS: 6,
  /** 1 = we were resting. */
  IS_MAKER: 7,
  /** Signed parts per billion of the notional; negative = rebate. */
  FEE_PPB: 8,
  /** Mid just before the fill; NaN when there never was one. */
  MID_TICKS: 9,
  /** Position after it. */
  POSITION_LOTS: 10,
  /** Mid when the order was sent; NaN when unknown. */
  DECISION_MID_TICKS: 11,
  /** Mids at the horizons; NaN when the session ended before. */
  MARKOUT_MID_TICKS: 12,
} as const;

/** Copy what you keep: `data` is used again. The row starts at `data[offset]`. */
export type FillSink = (data: Float64Array, offset: number) => void;
