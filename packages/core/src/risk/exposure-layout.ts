/**
 * Where things lie in the arrays of `Exposure`, and the units they are in: the gate looks at one array of sums, and at one of what is
 * known of each lane beforehand.
 */

/** Millionths of the risk currency in one. */
export const MICROS = 1e6;
/** Parts of a unit of a base currency. */
export const BASE_PARTS = 1e8;
/** Share of its mid by which a price may move before its part is worked out anew. */
export const BAND = 1 / 512;

/**
 * One array holds everything, so that the gate looks in one place. Entries of an instrument, at `market << 4`; those with two
 * entries are indexed by side.
 */
export const MarketPart = {
  /** Signed lots of all strategies. */
  POSITION: 0,
  /** Lots that may still trade, of all strategies. */
  OPEN: 1,
  /** Value of the worst position of a side; negative when even then the position is on the other side. */
  WORST: 3,
  /** The larger of the two. */
  GROSS: 5,
  /** As WORST, in parts of the base currency. */
  BASE_WORST: 6,
  /** What the position is worth now, as part of equity. */
  EQUITY: 8,
  /** Per lot: value, parts of the base currency, part of equity. NaN = not known. */
  LOT_VALUE: 9,
  LOT_BASE: 10,
  LOT_EQUITY: 11,
  /** Value of an order: spot and linear per tick × lot, inverse per lot. */
  ORDER_VALUE: 12,
  /** The most and the least that LOT_VALUE becomes while the part is left as it is. */
  LOT_HIGH: 13,
  LOT_LOW: 14,
  /** Its part of the SPENT of all. */
  SPENT: 15,
} as const;

/**
 * Entries of a side of a lane in `lanes`, at `(lane << 5) | (side << 4)`: what `QuickCheck` compares an order with, all that is
 * known beforehand in one place. Filled in by `Room`, but for BOUND and SENT_NS.
 */
export const LanePart = {
  /** The `version` that the others are of. */
  VERSION: 0,
  /** What orders may be worth, those in SPENT included. */
  ROOM: 1,
  MOST_LOTS: 2,
  /** Ticks × lots. */
  MOST_VALUE: 3,
  LOW_TICKS: 4,
  HIGH_TICKS: 5,
  /** Factors to the last print. */
  LAST_UP: 6,
  LAST_DOWN: 7,
  AGE_NS: 8,
  /** 0 = duplicates are not looked for. */
  DUPLICATE_NS: 9,
  /** Ticks that must be kept to own orders of the other side; NaN = none. */
  DISTANCE: 10,
  /** No more lots are open. */
  BOUND: 11,
  /** When an order was let pass last; Infinity = not known. */
  SENT_NS: 12,
  /** The mid must be between these. */
  LOW_MID: 13,
  HIGH_MID: 14,
} as const;

/** Entries of a scope, at `rowAt(row)`. Row 0 = all, then the venues, then the strategies. */
export const RowPart = {
  /** By side. */
  NET: 0,
  GROSS: 2,
} as const;

/** Entries of an instrument's base currency, at `baseAt[market]`. */
export const BasePart = {
  /** By side: values, and parts of the currency. */
  VALUE: 0,
  UNITS: 2,
  /** The larger of the two values. */
  WORST: 4,
} as const;

/** Entries of the sums of all, at `totalsAt`. */
export const TotalPart = {
  /** WORST of all base currencies. */
  PORTFOLIO: 0,
  /** EQUITY of all instruments. */
  EQUITY: 1,
  /** At least what orders have added to any sum since it was worked out. */
  SPENT: 2,
  /** EQUITY of all instruments without sign. */
  HELD: 3,
} as const;
