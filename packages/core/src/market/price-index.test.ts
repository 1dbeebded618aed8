import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { PriceIndex } from './price-index.ts';
import { Side } from './side.ts';

/** Levels by price, sorted only when asked. */
class Model {
  readonly levels = new Map<number, number>();
  readonly #direction: number;

  constructor(side: Side) {
    this.#direction = side === Side.BUY ? -1 : 1;
  }

  /** Level numbers from the best one on. */
  sorted(): number[] {
    const entries = [...this.levels].toSorted((a, b) => this.#direction * (a[0] - b[0]));
    return entries.map(([, level]) => level);
  }

  after(price: number): number {
    let best = Infinity;
    let found = -1;
    for (const [other, level] of this.levels) {
      const key = this.#direction * other;
      if (key > this.#direction * price && key < best) {
        best = key;
        found = level;
      }
    }
    return found;
  }

  first(): number {
    return this.after(this.#direction * -Infinity);
  }
}

/** Level numbers from the best one on, as the index tells them. */
function walk(index: PriceIndex, priceOf: (level: number) => number): number[] {
  const found: number[] = [];
  for (let level = index.first(); level >= 0; level = index.after(priceOf(level))) {
    found.push(level);
    if (found.length > index.size) break;
  }
  return found;
}

interface Flow {
  readonly name: string;
  readonly ops: number;
  /** Levels that the flow keeps to, about. */
  readonly levels: number;
  price(random: Random, step: number): number;
}

const WINDOW = 1024;
const flows: Flow[] = [
  { name: 'a narrow book', ops: 200_000, levels: 12, price: (random) => random.below(24) - 12 },
  { name: 'about one window wide', ops: 200_000, levels: 200, price: (random) => 5000 + random.below(WINDOW) },
  { name: 'many windows wide', ops: 200_000, levels: 300, price: (random) => random.below(40 * WINDOW) },
  {
    name: 'prices to ±2^46',
    ops: 150_000,
    levels: 100,
    price: (random) => Math.round((random.uniform() - 0.5) * 2 ** 47),
  },
  {
    name: 'a market that drifts up and down through windows',
    ops: 300_000,
    levels: 60,
    price: (random, step) => Math.round(30 * WINDOW * Math.sin(step / 9000)) + random.below(200),
  },
  {
    name: 'two far prices in turn',
    ops: 200_000,
    levels: 30,
    price: (random, step) => (step % 2 === 0 ? -(2 ** 40) : 2 ** 40) + random.below(50),
  },
  {
    name: 'the touch jumps every hundred steps',
    ops: 200_000,
    levels: 40,
    price: (random, step) => ((Math.floor(step / 100) * 7_919_777) % 100_000_007) + random.below(60),
  },
  {
    name: 'the edges of the window',
    ops: 200_000,
    levels: 40,
    price: (random) =>
      [0, -WINDOW / 4, WINDOW / 4, (3 * WINDOW) / 4, WINDOW, -WINDOW][random.below(6)]! + random.below(5) - 2,
  },
];

for (const windowBits of [10, 16]) {
  describe(`a price index with 2^${windowBits} ticks in its window`, () => {
    for (const flow of flows) {
      test(`is a map sorted from the best price on: ${flow.name}`, () => {
        for (const side of [Side.BUY, Side.SELL]) run(flow, side, windowBits);
      });
    }
  });
}

function run(flow: Flow, side: Side, windowBits: number): void {
  const random = Random.stream(windowBits + side, flow.name);
  const index = new PriceIndex(side, windowBits);
  const model = new Model(side);
  const prices: number[] = [];
  const priceOf: number[] = [];
  const ops = flow.ops / 2;
  for (let step = 0; step < ops; step++) {
    const price = flow.price(random, step);
    const level = model.levels.get(price);
    if (index.find(price) !== (level ?? -1))
      expect([step, price, index.find(price)]).toEqual([step, price, level ?? -1]);
    if (level === undefined && (prices.length < flow.levels || random.below(3) === 0)) {
      index.insert(price, step);
      model.levels.set(price, step);
      prices.push(price);
      priceOf[step] = price;
    } else if (prices.length > 0) {
      const at = random.below(prices.length);
      const gone = prices[at]!;
      prices[at] = prices.at(-1)!;
      prices.pop();
      index.remove(gone);
      model.levels.delete(gone);
      if (index.find(gone) !== -1) expect(index.find(gone)).toBe(-1);
    }
    if (step % 7 === 0) {
      const first = model.first();
      const after = model.after(price);
      if (index.first() !== first) expect([step, 'first', index.first()]).toEqual([step, 'first', first]);
      if (index.after(price) !== after) expect([step, price, index.after(price)]).toEqual([step, price, after]);
    }
    if (step % 997 === 0) expect(walk(index, (found) => priceOf[found]!)).toEqual(model.sorted());
    if (step % 30_011 === 30_010) {
      index.clear();
      model.levels.clear();
      prices.length = 0;
      expect([index.size, index.first(), index.after(price), index.find(price)]).toEqual([0, -1, -1, -1]);
    }
    if (index.size !== prices.length) expect(index.size).toBe(prices.length);
  }
}

test('better is higher for bids and lower for asks; a price is not better than itself', () => {
  const bids = new PriceIndex(Side.BUY);
  const asks = new PriceIndex(Side.SELL);
  expect([bids.isBetter(2, 1), bids.isBetter(1, 2), bids.isBetter(1, 1)]).toEqual([true, false, false]);
  expect([asks.isBetter(2, 1), asks.isBetter(1, 2), asks.isBetter(1, 1)]).toEqual([false, true, false]);
});

test('price 0 and its negative zero are one level', () => {
  for (const side of [Side.BUY, Side.SELL]) {
    const index = new PriceIndex(side, 10);
    index.insert(-0, 7);
    expect([index.find(0), index.find(-0), index.first()]).toEqual([7, 7, 7]);
    index.remove(0);
    expect([index.size, index.first()]).toEqual([0, -1]);
  }
});

test('what follows a price is found from any price: before, between, at and after the levels', () => {
  const index = new PriceIndex(Side.SELL, 10);
  // One level before the window, two in it, one behind it.
  for (const [price, level] of [
    [10_000, 2],
    [10_100, 3],
    [-50_000, 1],
    [99_000, 4],
  ] as const)
    index.insert(price, level);
  expect(
    [-60_000, -50_000, 0, 10_000, 10_050, 10_100, 98_999, 99_000, 2 ** 46].map((price) => index.after(price)),
  ).toEqual([1, 2, 2, 3, 3, 4, 4, -1, -1]);
});
