/**
 * The one way out: the desk asks its gate before it writes a new order or an amendment into the outbox. Cancels are always
 * let through. Implemented by `risk/gate.ts`.
 */

/** Entries of `OrderGate.terms`. */
export const GateTerm = {
  PRICE_TICKS: 0,
  /** Total size; of an amendment with what is filled. */
  SIZE_LOTS: 1,
  NOW_NS: 2,
} as const;

export interface OrderGate {
  /** Of the request at hand; filled in by the desk before `check`, in an array so that no number is boxed. */
  readonly terms: Float64Array;
  /**
   * @param flags `OrderFlag`s and `OrderMark.QUOTE` of the order
   * @param slot the desk's slot of the order to be amended, -1 = a new order
   * @returns 0, or a `Refusal`, which the gate has counted
   */
  check(strategy: number, market: number, side: number, flags: number, slot: number): number;
}
