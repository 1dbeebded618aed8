/** Sides as small integers; every array with two entries, one per side, is indexed by them. */
export const Side = { BUY: 0, SELL: 1 } as const;
export type Side = (typeof Side)[keyof typeof Side];
