/** A market frame's contents, as the scanner or the full parser has read them. */

export const FrameKind = { NONE: 0, DEPTH: 1, QUOTE: 2, TRADE: 3 } as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

/** Slots of `values`. What a kind has not is NaN. */
export const Slot = {
  /** Unix milliseconds: when the stream sent it, and when the matching engine did it. */
  SENT_MS: 0,
  DONE_MS: 1,
  /** Depth: U, u and pu, together. A quote's or a trade's id: LAST_ID. */
  FIRST_ID: 2,
  LAST_ID: 3,
  PREVIOUS_ID: 4,
  /** Quote: bid and ask. Trade: PRICE, SIZE. */
  PRICE: 5,
  SIZE: 6,
  ASK_PRICE: 7,
  ASK_SIZE: 8,
  /** Trade: 1 = the buyer was resting. */
  IS_BUYER_MAKER: 9,
} as const;
export const SLOTS = 10;
