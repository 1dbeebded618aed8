/** What the windows of the breaker have to say, worked out from all that ever was: the slow and obvious way. */

interface Standing {
  readonly fromNs: number;
  /** NaN = there was no price. */
  readonly mid: number;
}

export class NaiveMoves {
  #prices: Standing[] = [];

  set(fromNs: number, mid: number): void {
    this.#prices.push({ fromNs, mid });
  }

  /** Everything before is forgotten; what stands goes on standing. */
  restart(): void {
    this.#prices = this.#prices.slice(-1);
  }

  /** The larger of rise and fall of the price that stands, against all prices that stood in the window. */
  move(bucketNs: number, buckets: number): number {
    const last = this.#prices.at(-1);
    if (last === undefined || Number.isNaN(last.mid)) return 0;
    const oldest = Math.floor(last.fromNs / bucketNs) - buckets;
    const seen = this.#prices
      // A price stood until the next one came.
      .filter((_, i) => {
        const endNs = this.#prices[i + 1]?.fromNs ?? last.fromNs;
        return Math.floor(endNs / bucketNs) >= oldest;
      })
      .map(({ mid }) => mid)
      .filter((mid) => !Number.isNaN(mid));
    const low = Math.min(...seen);
    const high = Math.max(...seen);
    return Math.max((last.mid - low) / low, (high - last.mid) / high);
  }
}
