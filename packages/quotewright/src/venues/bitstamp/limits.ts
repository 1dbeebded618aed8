/**
 * What Bitstamp lets through: 400 requests a second, and 10,000 in ten minutes; what exceeds it is answered by 429, or an error of the code
 * 400.002. Source: www.bitstamp.net/api, "Request limits".
 */
import type { BudgetRule } from '../contract/budget.ts';

export const BUDGETS: readonly BudgetRule[] = [
  { name: 'burst', limit: 400, perMs: 1000, kind: 'window', scope: 'address' },
  { name: 'requests', limit: 10_000, perMs: 600_000, kind: 'bucket', scope: 'address' },
];

export const COST = { burst: 1, requests: 1 } as const;
