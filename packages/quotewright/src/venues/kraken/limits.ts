/**
 * What Kraken lets through. REST has a counter for each key that most calls raise by one and histories by two, and that sinks evenly; orders
 * have another for each pair, in the trading engine, which cancels of young orders raise most.
 * Source: docs.kraken.com/exchange/guides/rest/ratelimits, docs.kraken.com/exchange/guides/general/ratelimits. Kraken's tiers are
 * not told by REST; the lowest is assumed for REST, and the engine's is told when executions are subscribed to (`maxratecount`).
 */
import { NS_PER_SECOND } from '@quotewright/core/base/time';
import type { BudgetRule } from '../contract/budget.ts';

/** Starter: a counter of 15 that sinks by one each three seconds. */
export const BUDGETS: readonly BudgetRule[] = [
  { name: 'rest', limit: 15, perMs: 45_000, kind: 'bucket', scope: 'key' },
  { name: 'public', limit: 15, perMs: 15_000, kind: 'bucket', scope: 'address' },
];

export const PUBLIC_COST = { public: 1 } as const;
export const PRIVATE_COST = { rest: 1 } as const;
export const HISTORY_COST = { rest: 2 } as const;

interface Tier {
  readonly most: number;
  /** A second. */
  readonly decay: number;
}
const STARTER: Tier = { most: 60, decay: 1 };
const TIERS: readonly Tier[] = [STARTER, { most: 125, decay: 2.34 }, { most: 180, decay: 3.75 }];

/** Left free for cancels, and for what other processes of the account have used, as a share of the counter. */
const KEPT_FOR_CANCELS = 0.4;

/** Seconds since an order was placed or amended, and what a cancel, or an amendment, then costs beside its fixed part. */
const CANCEL_COSTS: readonly (readonly [seconds: number, cost: number])[] = [
  [5, 8],
  [10, 6],
  [15, 5],
  [45, 4],
  [90, 2],
  [300, 1],
];
const AMEND_COSTS: readonly (readonly [seconds: number, cost: number])[] = [
  [5, 3],
  [10, 2],
  [15, 1],
];

export const ADD_COST = 1;

export function cancelCost(ageNs: number): number {
  return costAt(CANCEL_COSTS, ageNs);
}

export function amendCost(ageNs: number): number {
  return 1 + costAt(AMEND_COSTS, ageNs);
}

/** The engine's counter of one pair, as far as our own orders raise it, and as the venue tells of it. */
export class PairRate {
  #tier = STARTER;
  #count = 0;
  #atNs = Number.NEGATIVE_INFINITY;

  /** The account's highest count, as the venue tells it. */
  setMost(most: number): void {
    this.#tier = TIERS.findLast((tier) => tier.most <= most) ?? STARTER;
  }

  /** Raises the counter by a request, unless it would pass what may be used: then nothing is counted. */
  take(cost: number, isCancel: boolean, nowNs: number): boolean {
    this.#sink(nowNs);
    const { most } = this.#tier;
    if (this.#count + cost > (isCancel ? most : most * (1 - KEPT_FOR_CANCELS))) return false;
    this.#count += cost;
    return true;
  }

  /** The venue has refused for its count: ours is too low, and is taken to be at the end. */
  exhaust(nowNs: number): void {
    this.observe(this.#tier.most, nowNs);
  }

  /** The venue tells the count. */
  observe(count: number, nowNs: number): void {
    this.#sink(nowNs);
    this.#count = Math.max(this.#count, count);
  }

  #sink(nowNs: number): void {
    const seconds = (nowNs - this.#atNs) / NS_PER_SECOND;
    if (seconds > 0) this.#count = Math.max(0, this.#count - seconds * this.#tier.decay);
    this.#atNs = Math.max(this.#atNs, nowNs);
  }
}

function costAt(costs: readonly (readonly [number, number])[], ageNs: number): number {
  for (const [seconds, cost] of costs) if (ageNs < seconds * NS_PER_SECOND) return cost;
  return 0;
}
