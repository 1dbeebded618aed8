/**
 * What Coinbase Advanced Trade lets through: 30 private requests a second for each user, 10 public ones for each address.
 * Source: docs.cdp.coinbase.com, "Advanced Trade REST API Rate Limits".
 */
import type { BudgetRule } from '../contract/budget.ts';

export const coinbaseBudgets: readonly BudgetRule[] = [
  { name: 'private', limit: 30, perMs: 1000, kind: 'bucket', scope: 'key' },
  { name: 'public', limit: 10, perMs: 1000, kind: 'bucket', scope: 'address' },
];

export const PRIVATE = { private: 1 } as const;
export const PUBLIC = { public: 1 } as const;
