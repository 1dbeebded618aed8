/** A venue's published limits of how much may be sent, and who keeps below them. */

export interface BudgetRule {
  /** As costs name it: `requests`, `weight`, `orders`. */
  readonly name: string;
  readonly limit: number;
  /** The window, milliseconds. */
  readonly perMs: number;
  /**
   * How the venue counts: a `window` that begins anew at each whole multiple of its length (Binance), a `bucket` that fills again
   * evenly (Kraken, Coinbase). Both are kept at most `limit` × the share that settings leave to us.
   */
  readonly kind: 'window' | 'bucket';
  /** Where it is counted: every key, or every address of ours. */
  readonly scope: 'key' | 'address';
}

/** Requests for orders (new ones, amendments, cancels), each counted alike; of the lowest tier, as the venue does not tell the account's before. */
export interface OrderRate {
  /** In the long run. */
  readonly perSecond: number;
  /** At once, after a silence: with what comes after it, never more than any window of the venue's takes. */
  readonly burst: number;
  /** What it is counted for. */
  readonly scope: 'account' | 'instrument';
}

export interface Budget {
  /**
   * Counts a request that is to be sent now.
   * @returns false when it must wait: nothing was counted. Cancels may use what is kept back for them.
   */
  take(cost: Readonly<Record<string, number>>, isCancel: boolean, nowMs: number): boolean;
  /** The venue says how much of a rule is used, by ours or by others of the same key. */
  observe(rule: string, used: number, nowMs: number): void;
  /** The venue said no (429, 418): nothing is sent before. */
  banUntil(ms: number): void;
}
