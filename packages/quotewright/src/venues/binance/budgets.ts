/** The published limits ("Limits" of the REST API, `rateLimits` of the listing), as of 2026. */
import type { BudgetRule } from '../contract/budget.ts';

export const SPOT_BUDGETS: readonly BudgetRule[] = [
  { name: 'weight', limit: 6000, perMs: 60_000, kind: 'window', scope: 'address' },
  { name: 'orders', limit: 100, perMs: 10_000, kind: 'window', scope: 'key' },
  { name: 'orders-day', limit: 200_000, perMs: 86_400_000, kind: 'window', scope: 'key' },
];

export const USDM_BUDGETS: readonly BudgetRule[] = [
  { name: 'weight', limit: 2400, perMs: 60_000, kind: 'window', scope: 'address' },
  { name: 'orders', limit: 300, perMs: 10_000, kind: 'window', scope: 'key' },
  { name: 'orders-minute', limit: 1200, perMs: 60_000, kind: 'window', scope: 'key' },
];
