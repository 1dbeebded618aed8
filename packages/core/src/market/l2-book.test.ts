import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { L2Book } from './l2-book.ts';
import { Side } from './side.ts';
import { NaiveL2 } from './testing/naive-l2.ts';

const SIDES = [Side.BUY, Side.SELL] as const;
const HIGHEST = 13_899_102_341;

/** Where the next price lies, and how often the whole book is compared rather than its touch. */
interface Scenario {
  readonly name: string;
  readonly ops: number;
  readonly fullCheckEvery: number;
  readonly clearEvery: number;
  price(random: Random, step: number, side: Side): number;
}

const scenarios: Scenario[] = [
  {
    name: 'a narrow book whose sides cross',
    ops: 1_000_000,
    fullCheckEvery: 97,
    clearEvery: 100_000,
    price: (random) => 1000 + random.below(24),
  },
  {
    name: 'prices from 1 tick to 138,991,023.41 at a tick of 0.01, on both sides',
    ops: 300_000,
    fullCheckEvery: 3001,
    clearEvery: 20_000,
    price: (random) => Math.floor(Math.exp(random.uniform() * Math.log(HIGHEST))) + 1,
  },
  {
    name: 'a market that drifts through many windows, with far stragglers',
    ops: 400_000,
    fullCheckEvery: 4001,
    clearEvery: 50_000,
    price: (random, step, side) => {
      const centre = 5_000_000 + Math.round(3_000_000 * Math.sin(step / 20_000));
      const distance = random.below(10) === 0 ? random.below(200_000) : random.below(30);
      return side === Side.BUY ? centre - distance : centre + distance;
    },
  },
  {
    name: 'jumps between clusters, negative prices included',
    ops: 300_000,
    fullCheckEvery: 1009,
    clearEvery: 1_000_000,
    price: (random, step) => [-4_000_000, 0, 70_000, 9_000_000_000][(step >> 12) & 3]! + random.below(50) - 25,
  },
  {
    name: 'levels that straddle the edges of a window',
    ops: 300_000,
    fullCheckEvery: 1009,
    clearEvery: 60_000,
    price: (random) => random.below(5) * 16_384 + random.below(5) - 2,
  },
  {
    name: 'the ends of the safe range',
    ops: 50_000,
    fullCheckEvery: 101,
    clearEvery: 10_000,
    price: (random) => (random.below(2) === 0 ? 1 : -1) * (Number.MAX_SAFE_INTEGER - random.below(40)),
  },
];

function expectSame(book: L2Book, model: NaiveL2, prices: Float64Array, sizes: Float64Array): void {
  for (const side of SIDES) {
    const expected = model.levels(side);
    const count = book.top(side, prices.length, prices, sizes);
    const isSame =
      book.levelCount(side) === expected.length &&
      count === Math.min(expected.length, prices.length) &&
      expected.every(
        ([price, size], i) =>
          book.sizeAt(side, price) === size && (i >= count || (prices[i] === price && sizes[i] === size)),
      );
    // Told level by level only when it is needed: it takes long.
    if (isSame) continue;
    expect(Array.from({ length: count }, (_, i) => [prices[i], sizes[i]])).toEqual(expected.slice(0, prices.length));
    expect(expected.map(([price]) => [price, book.sizeAt(side, price)])).toEqual(expected);
    expect(book.levelCount(side)).toBe(expected.length);
  }
}

describe('L2Book equals the naive model', () => {
  for (const scenario of scenarios) {
    test(scenario.name, () => {
      const random = Random.stream(20261121, scenario.name);
      const book = new L2Book();
      const model = new NaiveL2();
      const prices = new Float64Array(20_000);
      const sizes = new Float64Array(20_000);
      for (let step = 0; step < scenario.ops; step++) {
        if (step % scenario.clearEvery === scenario.clearEvery - 1) {
          book.clear();
          model.clear();
        }
        const side = SIDES[random.below(2)]!;
        const price = scenario.price(random, step, side);
        // Half of the changes delete, most of them levels that are not there; every so often the touch itself goes.
        const kind = random.below(8);
        const held = kind < 3 ? book.bestPrice(side) : Number.NaN;
        const at = kind < 3 && held === held ? held : price;
        const size = kind < 4 ? 0 : 1 + random.below(1_000_000_000);
        book.set(side, at, size);
        model.set(side, at, size);
        if (book.sizeAt(side, at) !== size) expect(book.sizeAt(side, at)).toBe(size);
        if (step % 16 === 0 || model.count(side) < 40) {
          const best = model.best(side);
          const ok = best === undefined ? Number.isNaN(book.bestPrice(side)) : book.bestPrice(side) === best[0];
          if (!ok || book.bestSize(side) !== (best?.[1] ?? 0)) {
            expect([step, book.bestPrice(side), book.bestSize(side)]).toEqual([step, ...(best ?? [Number.NaN, 0])]);
          }
        }
        if (step % scenario.fullCheckEvery === 0) expectSame(book, model, prices, sizes);
      }
      expectSame(book, model, prices, sizes);
      // Emptied level by level it must end as a new book, and fill again.
      for (const side of SIDES) for (const price of model.prices(side)) book.set(side, price, 0);
      expect([book.bestPrice(Side.BUY), book.bestPrice(Side.SELL), book.levelCount(Side.BUY)]).toEqual([NaN, NaN, 0]);
      for (const side of SIDES) for (const [price, size] of model.levels(side)) book.set(side, price, size);
      expectSame(book, model, prices, sizes);
    });
  }
});

describe('L2Book', () => {
  test('an empty book answers NaN as price and 0 as size', () => {
    const book = new L2Book();
    const out = new Float64Array(4).fill(7);
    for (const side of SIDES) {
      expect(book.bestPrice(side)).toBeNaN();
      expect(book.bestSize(side)).toBe(0);
      expect(book.sizeAt(side, 100)).toBe(0);
      expect(book.levelCount(side)).toBe(0);
      expect(book.top(side, 4, out, out)).toBe(0);
    }
    expect([...out]).toEqual([7, 7, 7, 7]);
    expect(book.isCrossed).toBe(false);
  });

  test('a price that is no safe integer, and a size that is NaN or negative, hold no level', () => {
    const book = new L2Book();
    for (const price of [Number.NaN, Infinity, -Infinity, 2 ** 53, 1e300]) {
      book.set(Side.BUY, price, 5);
      book.set(Side.BUY, price, 0);
      expect(book.sizeAt(Side.BUY, price)).toBe(0);
    }
    book.set(Side.BUY, 100, Number.NaN);
    book.set(Side.BUY, 100, -3);
    expect(book.levelCount(Side.BUY)).toBe(0);
    book.set(Side.BUY, 100, 5);
    book.set(Side.BUY, 100, -3);
    expect(book.levelCount(Side.BUY)).toBe(0);
    expect(book.bestPrice(Side.BUY)).toBeNaN();
  });

  test('is crossed when the bid is at or above the ask', () => {
    const book = new L2Book();
    book.set(Side.BUY, 100, 1);
    expect(book.isCrossed).toBe(false);
    book.set(Side.SELL, 101, 1);
    expect(book.isCrossed).toBe(false);
    book.set(Side.SELL, 100, 1);
    expect(book.isCrossed).toBe(true);
    book.set(Side.BUY, 102, 1);
    expect(book.isCrossed).toBe(true);
  });
});
