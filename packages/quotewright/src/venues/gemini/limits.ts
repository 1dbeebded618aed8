/**
 * What Gemini lets through: 120 public requests a minute for an address, 600 private ones for a key; what exceeds it is answered by 429.
 * Source: docs.gemini.com, "Rate Limits".
 */
import type { BudgetRule } from '../contract/budget.ts';

export const BUDGETS: readonly BudgetRule[] = [
  { name: 'public', limit: 120, perMs: 60_000, kind: 'bucket', scope: 'address' },
  { name: 'private', limit: 600, perMs: 60_000, kind: 'bucket', scope: 'key' },
];

export const PUBLIC_COST = { public: 1 } as const;
export const PRIVATE_COST = { private: 1 } as const;
