/**
 * What Coinbase Exchange lets through: 15 private requests a second for each profile, 10 of them for fills, and 10 public ones for each
 * address. (Bursts may be longer; they are not used.) Source: docs.cdp.coinbase.com, "Exchange REST API Rate Limits".
 */
import type { BudgetRule } from '../contract/budget.ts';

export const exchangeBudgets: readonly BudgetRule[] = [
  { name: 'private', limit: 15, perMs: 1000, kind: 'bucket', scope: 'key' },
  { name: 'fills', limit: 10, perMs: 1000, kind: 'bucket', scope: 'key' },
  { name: 'public', limit: 10, perMs: 1000, kind: 'bucket', scope: 'address' },
];

export const PRIVATE = { private: 1 } as const;
export const FILLS = { fills: 1 } as const;
export const PUBLIC = { public: 1 } as const;
