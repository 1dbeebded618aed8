import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { L2Book } from './l2-book.ts';
import {
  FILL_COST_WORDS,
  FillCost,
  distanceToFill,
  fillCost,
  imbalance,
  lotsOfTop,
  lotsWithin,
  micropriceTicks,
  midTicks,
  vwapTicks,
} from './l2-measures.ts';
import { Side } from './side.ts';
import { type Level, NaiveL2 } from './testing/naive-l2.ts';

/** The notional that `fillCost` wrote. */
function exactNotional(cost: Float64Array): bigint {
  return BigInt(cost[FillCost.NOTIONAL]!) * 2n ** 52n + BigInt(cost[FillCost.NOTIONAL + 1]!);
}

function lotsOf(levels: readonly Level[]): number {
  return levels.reduce((total, [, size]) => total + size, 0);
}

function bookOf(bids: [number, number][], asks: [number, number][]): L2Book {
  const book = new L2Book();
  for (const [price, size] of bids) book.set(Side.BUY, price, size);
  for (const [price, size] of asks) book.set(Side.SELL, price, size);
  return book;
}

describe('measures of a small book', () => {
  const book = bookOf(
    [
      [100, 4],
      [99, 6],
      [90, 10],
    ],
    [
      [103, 1],
      [104, 2],
      [110, 7],
    ],
  );
  const cost = new Float64Array(FILL_COST_WORDS);

  test('mid and microprice', () => {
    expect(midTicks(book)).toBe(101.5);
    // The larger bid pushes the price up to the ask.
    expect(micropriceTicks(book)).toBe(100 + 3 * (4 / 5));
  });

  test('imbalance', () => {
    expect(imbalance(book, 1)).toBe((4 - 1) / 5);
    expect(imbalance(book, 2)).toBe((10 - 3) / 13);
    expect(imbalance(book, 99)).toBe((20 - 10) / 30);
    expect(imbalance(book, 0)).toBeNaN();
  });

  test('distance to fill a size', () => {
    expect([1, 4, 5, 10, 11, 20].map((lots) => distanceToFill(book.bids, lots))).toEqual([0, 0, 1, 1, 10, 10]);
    expect([1, 2, 3, 10].map((lots) => distanceToFill(book.asks, lots))).toEqual([0, 1, 1, 7]);
    expect(distanceToFill(book.bids, 21)).toBeNaN();
  });

  test('lots within a distance', () => {
    expect([-1, 0, 1, 9, 10, 1e12].map((ticks) => lotsWithin(book.bids, ticks))).toEqual([0, 4, 10, 10, 20, 20]);
    expect(lotsWithin(book.asks, 6.5)).toBe(3);
  });

  test('cost of a fill', () => {
    expect(fillCost(book.asks, 5, cost)).toBe(5);
    expect([...cost]).toEqual([5, 110, 0, 103 + 2 * 104 + 2 * 110]);
    expect(vwapTicks(cost)).toBe(531 / 5);
    // Too thin: all that there is.
    expect(fillCost(book.bids, 1000, cost)).toBe(20);
    expect([...cost]).toEqual([20, 90, 0, 400 + 594 + 900]);
  });

  test('nothing to fill costs nothing', () => {
    for (const lots of [0, -5]) {
      expect(fillCost(book.bids, lots, cost)).toBe(0);
      expect([cost[FillCost.FILLED_LOTS], cost[FillCost.NOTIONAL], cost[FillCost.NOTIONAL + 1]]).toEqual([0, 0, 0]);
      expect(cost[FillCost.WORST_TICKS]).toBeNaN();
      expect(vwapTicks(cost)).toBeNaN();
    }
  });
});

test('measures of an empty or one-sided book', () => {
  const empty = new L2Book();
  const cost = new Float64Array(FILL_COST_WORDS);
  expect([midTicks(empty), micropriceTicks(empty), imbalance(empty, 5), distanceToFill(empty.bids, 1)]).toEqual([
    NaN,
    NaN,
    NaN,
    NaN,
  ]);
  expect([lotsWithin(empty.asks, 1e9), lotsOfTop(empty.asks, 5), fillCost(empty.bids, 5, cost)]).toEqual([0, 0, 0]);
  expect(vwapTicks(cost)).toBeNaN();
  const bidsOnly = bookOf([[100, 4]], []);
  expect([midTicks(bidsOnly), micropriceTicks(bidsOnly), imbalance(bidsOnly, 5)]).toEqual([NaN, NaN, 1]);
  expect(imbalance(bookOf([], [[1, 1]]), 1)).toBe(-1);
});

test('a cost beyond 2^53 is exact', () => {
  // 138,991,023.41 at a tick of 0.01, a million coins at a lot of 1e-8.
  const book = bookOf(
    [],
    [
      [13_899_102_341, 99_999_999_999_999],
      [13_899_102_343, 77_777_777_777_777],
    ],
  );
  const cost = new Float64Array(FILL_COST_WORDS);
  expect(fillCost(book.asks, 1e15, cost)).toBe(177_777_777_777_776);
  expect(exactNotional(cost)).toBe(13_899_102_341n * 99_999_999_999_999n + 13_899_102_343n * 77_777_777_777_777n);
});

test('measures of random books equal sums over the naive levels', () => {
  const random = Random.stream(11, 'measures');
  const cost = new Float64Array(FILL_COST_WORDS);
  for (let round = 0; round < 400; round++) {
    const book = new L2Book();
    const model = new NaiveL2();
    const spread = 10 ** (1 + random.below(9));
    for (let i = 0; i < 60; i++) {
      const side: Side = random.below(2) === 0 ? Side.BUY : Side.SELL;
      const price = (side === Side.BUY ? -1 : 1) * random.below(spread) - 5;
      const size = random.below(100);
      book.set(side, price, size);
      model.set(side, price, size);
    }
    for (const side of [Side.BUY, Side.SELL]) {
      const walk = side === Side.BUY ? book.bids : book.asks;
      const levels = model.levels(side);
      const far = (price: number): number => Math.abs(price - levels[0]![0]);
      for (let i = 0; i < 20; i++) {
        const lots = 1 + random.below(3500);
        let left = lots;
        let notional = 0n;
        let worst = Number.NaN;
        for (const [price, size] of levels) {
          if (left === 0) break;
          const taken = Math.min(left, size);
          notional += BigInt(price) * BigInt(taken);
          left -= taken;
          worst = price;
        }
        expect(fillCost(walk, lots, cost)).toBe(lots - left);
        expect(cost[FillCost.WORST_TICKS]).toBe(worst);
        expect(exactNotional(cost)).toBe(notional);
        expect(distanceToFill(walk, lots)).toBe(left > 0 ? Number.NaN : far(worst));
        const n = random.below(40);
        expect(lotsOfTop(walk, n)).toBe(lotsOf(levels.slice(0, n)));
        const distance = random.below(spread);
        expect(lotsWithin(walk, distance)).toBe(lotsOf(levels.filter(([price]) => far(price) <= distance)));
      }
    }
  }
});
