/**
 * How the depth diffs of one symbol join to a snapshot and to each other, by update ids: "How to manage a local order book correctly" in
 * Binance's documentation of each market. A diff covers the ids U…u.
 *
 * Spot: the first diff after a snapshot has U ≤ lastUpdateId + 1 ≤ u, each other one U = previous u + 1. Futures, whose ids are not
 * contiguous: the first has U ≤ lastUpdateId ≤ u or pu = lastUpdateId, each other one pu = previous u.
 */

export const Link = {
  /** It continues the chain. */
  NEXT: 0,
  /** What it holds is known. */
  OLD: 1,
  /** Something before it is missing. */
  BREAK: 2,
} as const;
export type Link = (typeof Link)[keyof typeof Link];

export class DepthChain {
  readonly #isFutures: boolean;
  /** Id of the snapshot, or of the last diff; NaN before. */
  readonly #last = new Float64Array(1).fill(Number.NaN);
  /** A diff has joined the snapshot. */
  #hasJoined = false;

  constructor(isFutures: boolean) {
    this.#isFutures = isFutures;
  }

  get lastId(): number {
    return this.#last[0]!;
  }

  begin(snapshotId: number): void {
    this.#last[0] = snapshotId;
    this.#hasJoined = false;
  }

  /** Takes the diff whose U, u and pu are at `ids[at…]`. */
  link(ids: Float64Array, at: number): Link {
    const first = ids[at]!;
    const final = ids[at + 1]!;
    const lastId = this.#last[0]!;
    if (!this.#hasJoined) return this.#join(first, final, ids[at + 2]!);
    if (final <= lastId) return Link.OLD;
    if (this.#isFutures ? ids[at + 2] !== lastId : first !== lastId + 1) return Link.BREAK;
    this.#last[0] = final;
    return Link.NEXT;
  }

  #join(first: number, final: number, previous: number): Link {
    const lastId = this.lastId;
    if (this.#isFutures ? final < lastId : final <= lastId) return Link.OLD;
    const joins = this.#isFutures ? first <= lastId || previous === lastId : first <= lastId + 1;
    if (!joins) return Link.BREAK;
    this.#hasJoined = true;
    this.#last[0] = final;
    return Link.NEXT;
  }
}
