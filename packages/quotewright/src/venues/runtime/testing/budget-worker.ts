/** A thread that takes as much of a shared budget as it gets, and tells how much that was. */
import { parentPort, workerData } from 'node:worker_threads';
import type { BudgetRule } from '../../contract/budget.ts';
import { SharedBudget, type SharedMemories } from '../shared-budget.ts';

export interface BudgetTask {
  readonly rules: readonly BudgetRule[];
  readonly memories: SharedMemories;
  readonly tries: number;
  readonly nowMs: number;
}

// oxlint-disable-next-line no-unsafe-type-assertion -- the test gives it
const { rules, memories, tries, nowMs } = workerData as BudgetTask;
const budget = new SharedBudget(rules, 1, memories);
let taken = 0;
for (let i = 0; i < tries; i++) if (budget.take({ requests: 1 }, true, nowMs)) taken++;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has none
parentPort?.postMessage(taken);
