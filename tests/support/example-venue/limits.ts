/** What Example takes: a hundred requests in ten seconds a key, orders and pages alike. */
import type { BudgetRule } from '../../../packages/quotewright/src/venues/contract/budget.ts';

export const BUDGETS: readonly BudgetRule[] = [
  { name: 'requests', limit: 100, perMs: 10_000, kind: 'bucket', scope: 'key' },
];
export const COST = { requests: 1 } as const;
