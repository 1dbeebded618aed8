import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Random } from '@quotewright/core/base/random';
import { expect, it } from 'vitest';
import type { BudgetRule } from '../contract/budget.ts';
import { SharedBudget } from './shared-budget.ts';
import type { BudgetTask } from './testing/budget-worker.ts';

const NOW = 1_790_000_000_000;
const WINDOW: BudgetRule = { name: 'weight', limit: 100, perMs: 60_000, kind: 'window', scope: 'address' };
const BUCKET: BudgetRule = { name: 'requests', limit: 10, perMs: 1000, kind: 'bucket', scope: 'key' };

function takeAll(budget: SharedBudget, cost: Record<string, number>, isCancel: boolean, nowMs: number): number {
  let taken = 0;
  while (taken < 10_000 && budget.take(cost, isCancel, nowMs)) taken++;
  return taken;
}

it('leaves a part of its share to cancels', () => {
  const budget = new SharedBudget([WINDOW], 0.8);
  expect(takeAll(budget, { weight: 1 }, false, NOW)).toBe(64);
  expect(takeAll(budget, { weight: 1 }, true, NOW)).toBe(16);
  expect(budget.uses(NOW)).toEqual([{ rule: WINDOW, limit: 80, used: 80 }]);
});

it('has a window anew at each whole multiple of its length, and a bucket evenly', () => {
  const budget = new SharedBudget([WINDOW, BUCKET], 1);
  const edge = Math.ceil(NOW / 60_000) * 60_000;
  expect(takeAll(budget, { weight: 10 }, true, edge - 1)).toBe(10);
  expect(budget.take({ weight: 10 }, true, edge - 1)).toBe(false);
  expect(budget.take({ weight: 10 }, true, edge)).toBe(true);
  expect(takeAll(budget, { requests: 1 }, true, NOW)).toBe(10);
  expect(takeAll(budget, { requests: 1 }, true, NOW + 99)).toBe(0);
  expect(takeAll(budget, { requests: 1 }, true, NOW + 100)).toBe(1);
  expect(takeAll(budget, { requests: 1 }, true, NOW + 10_000)).toBe(10);
});

it('counts nothing of a request that one of its rules has no room for', () => {
  const budget = new SharedBudget([WINDOW, BUCKET], 1);
  expect(takeAll(budget, { requests: 1 }, true, NOW)).toBe(10);
  expect(budget.take({ weight: 5, requests: 1 }, true, NOW)).toBe(false);
  expect(budget.uses(NOW).map(({ used }) => used)).toEqual([0, 10]);
});

it('believes the venue when it has counted more, and keeps silent as long as it is told to', () => {
  const budget = new SharedBudget([WINDOW], 1);
  expect(budget.take({ weight: 30 }, false, NOW)).toBe(true);
  budget.observe('weight', 20, NOW);
  budget.observe('weight', Number.NaN, NOW);
  budget.observe('nothing', 999, NOW);
  expect(budget.uses(NOW)[0]?.used).toBe(30);
  budget.observe('weight', 95, NOW);
  expect(budget.take({ weight: 6 }, true, NOW)).toBe(false);
  expect(budget.take({ weight: 5 }, true, NOW)).toBe(true);
  budget.banUntil(NOW + 5000);
  budget.banUntil(NOW + 1000);
  expect(budget.take({}, true, NOW + 4999)).toBe(false);
  expect(budget.take({}, true, NOW + 5000)).toBe(true);
});

it('lets one that costs more than there ever is out alone', () => {
  const budget = new SharedBudget([BUCKET], 1);
  expect(budget.take({ requests: 50 }, false, NOW)).toBe(true);
  expect(budget.take({ requests: 1 }, true, NOW + 3999)).toBe(false);
  expect(budget.take({ requests: 1 }, true, NOW + 4100)).toBe(true);
});

it('keeps by key and by address apart', () => {
  const ours = new SharedBudget([WINDOW, BUCKET], 1);
  const key = new SharedBudget([WINDOW, BUCKET], 1).memories.key;
  const otherKey = new SharedBudget([WINDOW, BUCKET], 1, { address: ours.memories.address, key });
  expect(ours.take({ weight: 60, requests: 8 }, false, NOW)).toBe(true);
  expect(otherKey.uses(NOW).map(({ used }) => used)).toEqual([60, 0]);
  ours.banUntil(NOW + 10);
  expect(otherKey.take({}, false, NOW)).toBe(false);
  expect(() => new SharedBudget([WINDOW], 1, ours.memories)).toThrow(RangeError);
});

it('never sends more than a limit in any window of the venue, as a slow and plain count has it', () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = Random.stream(seed, 'budget');
    const rule: BudgetRule = {
      name: 'w',
      limit: 5 + random.below(40),
      perMs: 1000,
      kind: seed % 2 === 0 ? 'window' : 'bucket',
      scope: 'key',
    };
    const budget = new SharedBudget([rule], 1);
    const sent: { ms: number; cost: number }[] = [];
    let ms = NOW;
    for (let i = 0; i < 400; i++) {
      ms += random.below(120);
      const cost = 1 + random.below(3);
      if (budget.take({ w: cost }, random.below(2) === 0, ms)) sent.push({ ms, cost });
    }
    if (rule.kind === 'window') {
      const windows = new Map<number, number>();
      for (const { ms: at, cost } of sent)
        windows.set(Math.floor(at / 1000), (windows.get(Math.floor(at / 1000)) ?? 0) + cost);
      expect(Math.max(...windows.values())).toBeLessThanOrEqual(rule.limit);
    } else {
      // A bucket that leaks: after each it holds no more than the limit.
      let level = 0;
      let last = NOW;
      for (const { ms: at, cost } of sent) {
        level = Math.max(0, level - ((at - last) * rule.limit) / rule.perMs) + cost;
        last = at;
        expect(level).toBeLessThanOrEqual(rule.limit + 1e-6);
      }
    }
    expect(sent.length).toBeGreaterThan(50);
  }
});

it('is one budget for several threads', async () => {
  const rules: BudgetRule[] = [{ name: 'requests', limit: 40_000, perMs: 60_000, kind: 'window', scope: 'key' }];
  const { memories } = new SharedBudget(rules, 1);
  const task: BudgetTask = { rules, memories, tries: 30_000, nowMs: NOW };
  const workers = [0, 1].map(
    () =>
      new Worker(new URL('./testing/budget-worker.ts', import.meta.url), {
        workerData: task,
        execArgv: ['-C', 'source'],
      }),
  );
  const taken = await Promise.all(
    workers.map(async (worker) => {
      const [count]: number[] = await once(worker, 'message');
      return count ?? 0;
    }),
  );
  expect(taken[0]! + taken[1]!).toBe(40_000);
});
