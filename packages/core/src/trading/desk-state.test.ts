import { describe, expect, it } from 'vitest';
import { Random } from '../base/random.ts';
import { EVENT_STRIDE } from '../market/event.ts';
import { ExecutionIds } from './execution-ids.ts';
import { MessageBudget } from './message-budget.ts';
import { OrderTable } from './order-table.ts';
import { RecordQueue } from './record-queue.ts';

describe('a queue of records', () => {
  it('has the same records in the same order, wherever its ring began', () => {
    const random = Random.stream(1, 'queues');
    for (let round = 0; round < 50; round++) {
      const queue = new RecordQueue(4);
      let last = 0;
      const put = (): void => {
        const at = queue.reserve();
        for (let i = 0; i < EVENT_STRIDE; i++) queue.data[at + i] = ++last;
      };
      for (let i = random.below(40); i > 0; i--) {
        if (random.below(3) === 0 && queue.length > 0) queue.shift();
        else put();
      }
      const state = queue.save();
      const restored = new RecordQueue(2);
      restored.restore(state);
      expect(restored.save()).toEqual(state);
      put();
      const at = restored.reserve();
      restored.data.set(queue.save().subarray(-EVENT_STRIDE), at);
      expect(restored.save()).toEqual(queue.save());
    }
    expect(() => new RecordQueue().restore(new Float64Array(9))).toThrow('9 numbers are no whole records');
  });
});

describe('the executions known', () => {
  it.each([10, 256, 5000, 65_536, 70_000])('are the same, and are forgotten in the same order, after %i', (count) => {
    const random = Random.stream(count, 'executions');
    const ids = new ExecutionIds();
    const id = new Float64Array(1);
    const draw = (): number => (id[0] = 1 + random.below(4 * count) + 2 ** 40);
    for (let i = 0; i < count; i++) {
      draw();
      ids.add(id, 0);
    }
    const state = ids.save();
    const restored = new ExecutionIds();
    restored.restore(state);
    expect(restored.save()).toEqual(state);
    for (let i = 0; i < 2000; i++) {
      draw();
      expect(restored.add(id, 0)).toBe(ids.add(id, 0));
    }
    expect(restored.save()).toEqual(ids.save());
  });
});

describe('the table of orders', () => {
  it.each([0, 5, 1024, 3000])('gives the same slots and numbers from there on, after %i orders', (orders) => {
    const random = Random.stream(orders, 'orders');
    const table = new OrderTable(2);
    const open: number[] = [];
    const step = (tables: readonly OrderTable[]): void => {
      if (open.length > 0 && random.below(5) < 2) {
        const [slot] = open.splice(random.below(open.length), 1);
        for (const each of tables) each.finish(slot!);
        return;
      }
      const lane = random.below(2);
      const slots = tables.map((each) => {
        const slot = each.take();
        each.doubles.fill(0, (slot << 4) + 1, (slot << 4) + 11);
        each.words.fill(0, (slot << 5) + 24, (slot << 5) + 32);
        each.link(slot, lane);
        each.await(slot);
        return slot;
      });
      expect(new Set(slots).size).toBe(1);
      open.push(slots[0]!);
    };
    for (let i = 0; i < orders; i++) step([table]);
    const state = structuredClone(table.save());
    const restored = new OrderTable(2);
    restored.restore(state);
    expect(restored.save()).toEqual(state);
    for (let i = 0; i < 3000; i++) step([table, restored]);
    expect([restored.count, restored.soonest, restored.save()]).toEqual([table.count, table.soonest, table.save()]);
    const { words } = table;
    expect(words.length >> 5).toBe(restored.words.length >> 5);
    expect(() => new OrderTable(3).restore(state)).toThrow(/lanes has/);
    expect(() => new OrderTable(2).restore({ ...state, orders: new Int32Array(33) })).toThrow(/33 words/);
  });
});

describe('a message budget', () => {
  it('lets the same requests through from there on', () => {
    const random = Random.stream(3, 'budgets');
    const options = { perSecond: 1000, burst: 8 };
    const budget = new MessageBudget(options);
    let nowNs = 0;
    const takes = (each: MessageBudget, isCancel: boolean): unknown => [
      each.take(isCancel, nowNs),
      each.nextNs(isCancel),
    ];
    for (let i = 0; i < 20; i++) takes(budget, i % 2 === 0);
    const restored = new MessageBudget(options);
    restored.restore(structuredClone(budget.save()));
    for (let i = 0; i < 500; i++) {
      nowNs += random.below(2_000_000);
      const isCancel = random.below(2) === 0;
      expect(takes(restored, isCancel)).toEqual(takes(budget, isCancel));
    }
  });
});
