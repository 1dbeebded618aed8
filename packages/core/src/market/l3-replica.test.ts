import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { L3Replica, ReplicaResult } from './l3-replica.ts';
import { Side } from './side.ts';

interface Order {
  readonly id: number;
  readonly side: Side;
  readonly price: number;
  size: number;
}

/** The slow, obvious replica: one array of orders by arrival. */
class Model {
  orders: Order[] = [];

  find(id: number): Order | undefined {
    return this.orders.find((order) => order.id === id);
  }

  add(id: number, side: Side, price: number, size: number): ReplicaResult {
    if (this.find(id)) return ReplicaResult.DUPLICATE_ID;
    this.orders.push({ id, side, price, size });
    return ReplicaResult.OK;
  }

  setSize(id: number, size: number): ReplicaResult {
    const order = this.find(id);
    if (order === undefined) return ReplicaResult.UNKNOWN_ID;
    if (size <= 0 || size > order.size) this.remove(id);
    if (size > order.size) this.orders.push(order);
    order.size = size;
    return ReplicaResult.OK;
  }

  remove(id: number): ReplicaResult {
    const at = this.orders.findIndex((order) => order.id === id);
    if (at < 0) return ReplicaResult.UNKNOWN_ID;
    this.orders.splice(at, 1);
    return ReplicaResult.OK;
  }

  reduce(id: number, size: number): ReplicaResult {
    const order = this.find(id);
    if (order === undefined) return ReplicaResult.UNKNOWN_ID;
    order.size -= size;
    if (order.size <= 0) this.remove(id);
    return order.size < 0 ? ReplicaResult.OVERFILL : ReplicaResult.OK;
  }

  /** Queues by price, best first. */
  levels(side: Side): [number, Order[]][] {
    const levels = new Map<number, Order[]>();
    for (const order of this.orders) {
      if (order.side === side) levels.set(order.price, [...(levels.get(order.price) ?? []), order]);
    }
    return [...levels].toSorted(([a], [b]) => (side === Side.BUY ? b - a : a - b));
  }
}

function expectEqual(replica: L3Replica, model: Model): void {
  expect(replica.orderCount).toBe(model.orders.length);
  for (const side of [Side.BUY, Side.SELL]) {
    const levels = model.levels(side);
    const prices = new Float64Array(levels.length + 1);
    const sizes = new Float64Array(levels.length + 1);
    expect(replica.top(side, levels.length + 1, prices, sizes)).toBe(levels.length);
    expect(replica.levelCount(side)).toBe(levels.length);
    expect(replica.bestPrice(side)).toBe(levels[0]?.[0] ?? Number.NaN);
    for (const [at, [price, orders]] of levels.entries()) {
      const total = orders.reduce((sum, { size }) => sum + size, 0);
      expect([prices[at], sizes[at], replica.sizeAt(side, price)]).toEqual([price, total, total]);
      const queue: number[] = [];
      for (let id = replica.frontAt(side, price); !Number.isNaN(id); id = replica.behind(id)) queue.push(id);
      expect(queue).toEqual(orders.map(({ id }) => id));
    }
    expect(replica.bestSize(side)).toBe(sizes[0]);
  }
  for (const { id, side, price, size } of model.orders) {
    if (replica.sizeOf(id) !== size || replica.priceOf(id) !== price || replica.sideOf(id) !== side) {
      expect([id, replica.sizeOf(id), replica.priceOf(id), replica.sideOf(id)]).toEqual([id, size, price, side]);
    }
  }
}

const flows = [
  { name: 'few levels, ids used again', ids: 60, lots: 10, price: (random: Random) => 100 + random.below(8) },
  { name: 'big ids, far prices', ids: 200, lots: 2 ** 31, price: (random: Random) => 7 ** random.below(17) - 5000 },
  { name: 'one long queue', ids: 120, lots: 3, price: () => -1 },
];

describe('an L3 replica', () => {
  test.each(flows)('is what the messages say, in the order of the queue: $name', ({ name, ids, lots, price }) => {
    const random = Random.stream(3, name);
    // Small, so that it grows.
    const replica = new L3Replica(2);
    const model = new Model();
    const spread = name.startsWith('big') ? 2 ** 45 + 1 : 1;
    for (let step = 0; step < 150_000; step++) {
      const id = random.below(ids) * spread;
      const side = random.below(2) === 0 ? Side.BUY : Side.SELL;
      const size = 1 + random.below(lots);
      let results: [number, number];
      switch (random.below(8)) {
        case 0:
          results = [replica.remove(id), model.remove(id)];
          break;
        case 1:
          results = [replica.setSize(id, size - 1), model.setSize(id, size - 1)];
          break;
        case 2:
          results = [replica.execute(id, size), model.reduce(id, size)];
          break;
        case 3:
          results = [replica.reduce(id, size), model.reduce(id, size)];
          break;
        default: {
          const at = price(random);
          results = [replica.add(id, side, at, size), model.add(id, side, at, size)];
        }
      }
      if (results[0] !== results[1]) expect([step, results[0]]).toEqual([step, results[1]]);
      if (step % 500 === 0) expectEqual(replica, model);
      if (step % 50_000 === 49_999) {
        replica.clear();
        model.orders = [];
      }
    }
    expectEqual(replica, model);
  });

  test('answers NaN for what it does not hold', () => {
    const replica = new L3Replica();
    expect(replica.add(7, Side.BUY, 10, 5)).toBe(ReplicaResult.OK);
    expect(replica.remove(7)).toBe(ReplicaResult.OK);
    expect([replica.has(7), replica.sizeOf(7), replica.priceOf(7), replica.sideOf(7)]).toEqual([
      false,
      Number.NaN,
      Number.NaN,
      -1,
    ]);
    expect([replica.frontAt(Side.BUY, 10), replica.behind(7), replica.bestPrice(Side.BUY)]).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
    expect([replica.bestSize(Side.SELL), replica.sizeAt(Side.BUY, 10), replica.orderCount]).toEqual([0, 0, 0]);
  });

  test('an execution of more than is open takes the order out and says so', () => {
    const replica = new L3Replica();
    replica.add(1, Side.SELL, 10, 5);
    replica.add(2, Side.SELL, 10, 1);
    expect(replica.execute(1, 6)).toBe(ReplicaResult.OVERFILL);
    expect([replica.has(1), replica.sizeAt(Side.SELL, 10), replica.frontAt(Side.SELL, 10)]).toEqual([false, 1, 2]);
  });

  test('may stand crossed', () => {
    const replica = new L3Replica();
    replica.add(1, Side.SELL, 10, 5);
    replica.add(2, Side.BUY, 11, 5);
    expect(replica.isCrossed).toBe(true);
  });
});
