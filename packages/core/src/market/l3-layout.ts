/**
 * Where things lie in the arena of `L3Book`: the int32 of a record are `words[(record << 3) | …]`, its float64 are
 * `doubles[(record << 2) | …]`. A record is an order, a level or free.
 *
 * Hot modules take these into constants of their own (`const { NEXT, TAG } = Word`). V8 folds a constant that a module keeps
 * to itself into the machine code; one that is exported or imported it loads from memory at every use.
 */

export const Word = {
  /** Order: next younger order of the level, 0 = none. Free record: the next free one. */
  NEXT: 0,
  /** Order: next older order of the level, 0 = none. */
  PREVIOUS: 1,
  /** Order: number of its level, 0 while it stands in no queue. */
  LEVEL: 2,
  /** Order: the caller's own number for it, or the number of its extension when EXTENDED is set. */
  REF: 3,
  /** Order: whose it is. */
  OWNER: 6,
  /** Order: generation in the upper 24 bits, flags in the lower 8. Kept while the record is a level or free. */
  TAG: 7,
  /** Level: oldest order. */
  HEAD: 0,
  /** Level: youngest order. */
  TAIL: 1,
  /** Level: side of the book that it belongs to. */
  LEVEL_SIDE: 6,
} as const;

export const Double = {
  /** Level: price in ticks. */
  PRICE: 1,
  /** Order: open size. Level: total of its orders' open sizes. */
  OPEN: 2,
} as const;

/** Flags in TAG. */
export const Flag = {
  /** The record holds an order. */
  LIVE: 1,
  /** REF is the number of an extension (iceberg, trigger, link). */
  EXTENDED: 2,
  /** The order may only make: an amendment that would take is refused. */
  POST_ONLY: 4,
  /** The order waits for its trigger. */
  CONDITIONAL: 64,
  /** All flags, and the self-trade mode. */
  MASK: 0xff,
  /** What raises the generation by one. */
  GENERATION_UNIT: 0x100,
  /** A record that has been used this often is retired: its generation must never come again. */
  LAST_GENERATION: 0xffffff,
} as const;

/** Three bits of TAG are the order's self-trade prevention mode. */
export const SelfTradeBits = { SHIFT: 3, MASK: 56 } as const;

/** The header: words, but ORIGIN in doubles. The best level of each side stands at its number, 0 = none. */
export const Header = {
  /** First free record, 0 = none. */
  FREE: 4,
  /** First record that was never used. */
  FRESH: 5,
  /** Key of the first tick of each dense window, by side (float64). */
  ORIGIN: 4,
  /** The dense windows of bids and asks: level number by tick. */
  WINDOWS_AT: 64,
  WINDOW_BITS: 16,
} as const;

/** Two float64 of the header, for the owner to pass values between its methods without boxing them. */
export const Spare = { A: 6, B: 7 } as const;
