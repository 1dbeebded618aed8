/**
 * Binance's rules for joining depth diffs to a REST snapshot, by update ids alone.
 *
 * A diff covers the ids U…u; a snapshot is the book as of its lastUpdateId.
 * Spot: drop u ≤ lastUpdateId; the first diff applied has U ≤ lastUpdateId + 1 ≤ u; then U = previous u + 1.
 * Futures (USD-M, COIN-M; ids are not contiguous per symbol): drop u < lastUpdateId; the first diff applied has
 * U ≤ lastUpdateId ≤ u, or continues it exactly (pu = lastUpdateId); then pu = previous u.
 * Source: "How to manage a local order book correctly" in Binance's documentation of each market.
 */

export const Link = {
  /** The diff continues the chain: apply it. */
  APPLY: 0,
  /** The snapshot holds it already: drop it. */
  OLD: 1,
  /** Its ids were read before: drop it. */
  DUPLICATE: 2,
  /** Ids are missing before it: the book is stale until the next snapshot. */
  BREAK: 3,
} as const;
export type Link = (typeof Link)[keyof typeof Link];

export const ChainState = {
  /** No snapshot to start from, or the chain broke since: levels are partial. */
  PARTIAL: 0,
  /** A snapshot is in and waits for the diff that joins it. */
  SNAPSHOT: 1,
  /** The book is the venue's. */
  SYNCED: 2,
} as const;
export type ChainState = (typeof ChainState)[keyof typeof ChainState];

export class DiffChain {
  readonly futures: boolean;
  state: ChainState = ChainState.PARTIAL;
  /** Id of the snapshot, or final id of the last diff; NaN before either. */
  lastId = Number.NaN;
  /** Diffs that were compared with the one before, or with the snapshot, and continued it. */
  links = 0;
  breaks = 0;

  constructor(futures: boolean) {
    this.futures = futures;
  }

  /** Takes a diff with the ids `first`…`last` and (futures) the final id of the one before, `previous`. */
  link(first: number, last: number, previous: number): Link {
    const { futures, lastId } = this;
    if (this.state === ChainState.SNAPSHOT) {
      if (futures ? last < lastId : last <= lastId) return Link.OLD;
      const joins = futures ? first <= lastId || previous === lastId : first <= lastId + 1;
      return this.#take(joins, last);
    }
    if (lastId !== lastId) {
      this.lastId = last;
      return Link.APPLY;
    }
    if (last <= lastId) return Link.DUPLICATE;
    return this.#take(futures ? previous === lastId : first === lastId + 1, last);
  }

  /** Takes a snapshot. False when the book is in order and newer than it: it is to be ignored then. */
  snapshot(id: number): boolean {
    if (this.state === ChainState.SYNCED && id < this.lastId) return false;
    this.state = ChainState.SNAPSHOT;
    this.lastId = id;
    return true;
  }

  /** A diff that ended in `last` could not be read: the chain goes on, the book does not. */
  lose(last: number): void {
    this.state = ChainState.PARTIAL;
    this.lastId = last;
  }

  /** Goes on where the chain of an earlier recording ended. */
  continueFrom(earlier: DiffChain): void {
    this.state = earlier.state;
    this.lastId = earlier.lastId;
  }

  /** What the first id of a diff, or its previous id, should have been: for messages. */
  get expected(): string {
    if (this.futures) return this.state === ChainState.SNAPSHOT ? `U ≤ ${this.lastId} ≤ u` : `pu = ${this.lastId}`;
    return this.state === ChainState.SNAPSHOT ? `U ≤ ${this.lastId + 1} ≤ u` : `U = ${this.lastId + 1}`;
  }

  #take(continues: boolean, last: number): Link {
    this.lastId = last;
    if (continues) {
      this.links++;
      if (this.state === ChainState.SNAPSHOT) this.state = ChainState.SYNCED;
      return Link.APPLY;
    }
    this.breaks++;
    this.state = ChainState.PARTIAL;
    return Link.BREAK;
  }
}
