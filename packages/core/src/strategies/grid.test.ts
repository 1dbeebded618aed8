import { expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import grid from './grid.ts';
import { FakeContext, SHARES } from './testing/fake-context.ts';

const prices = (ctx: FakeContext): readonly (readonly number[])[] => [
  ctx.bids.map(({ price }) => price),
  ctx.asks.map(({ price }) => price),
];

function started(): FakeContext {
  const ctx = new FakeContext(SHARES);
  ctx.start(grid, {
    size: 10,
    spreadUnit: 'ticks',
    levelSpacing: 50,
    levels: 2,
    maxSpread: 0,
    minSpread: 0,
    refillDelay: 0,
  });
  ctx.swing(57_000, 57_002, 20);
  return ctx;
}

test('the line that traded stays empty, its neighbours are quoted', () => {
  const ctx = started();
  expect(prices(ctx)).toEqual([
    [56_951, 56_901],
    [57_051, 57_101],
  ]);
  ctx.book(56_950, 56_953);
  ctx.fill(Side.BUY, 56_951, 10);
  expect(prices(ctx)).toEqual([
    [56_901, 56_851],
    [57_001, 57_051],
  ]);
  ctx.book(57_000, 57_002);
  ctx.fill(Side.SELL, 57_001, 10);
  // Back where it began, a line's distance the richer.
  expect(prices(ctx)).toEqual([
    [56_951, 56_901],
    [57_051, 57_101],
  ]);
  expect(ctx.market.positionLots).toBe(0);
});

test('the grid is laid anew when the price has left it', () => {
  const ctx = started();
  ctx.book(57_250, 57_252);
  expect(prices(ctx)[0]).toEqual([56_951, 56_901]);
  ctx.book(57_252, 57_254);
  expect(prices(ctx)).toEqual([
    [57_203, 57_153],
    [57_303, 57_353],
  ]);
});
