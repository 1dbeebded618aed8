/** The strategies in `examples/`, which users copy. */
import { expect, test } from 'vitest';
import tradeFlowMaker from '../../../../examples/trade-flow-maker.ts';
import twoQuotes from '../../../../examples/two-quotes.ts';
import { Side } from '../market/side.ts';
import { FakeContext, SHARES } from './testing/fake-context.ts';

test('two-quotes: around the mid, against the position, none on a book that is not to be believed', () => {
  const ctx = new FakeContext(SHARES);
  ctx.start(twoQuotes);
  ctx.book(57_000, 57_011);
  expect([ctx.bids, ctx.asks]).toEqual([[{ price: 57_000, lots: 10 }], [{ price: 57_011, lots: 10 }]]);
  ctx.fill(Side.BUY, 57_000, 30);
  ctx.book(57_000, 57_011);
  expect([ctx.bids[0]!.price, ctx.asks[0]!.price]).toEqual([56_997, 57_008]);
  ctx.book(57_000, Number.NaN, [10, 0]);
  expect([ctx.bids, ctx.asks]).toEqual([[], []]);
});

test('trade-flow-maker: buying pushes its quotes up', () => {
  const ctx = new FakeContext(SHARES);
  ctx.start(tradeFlowMaker, { push: 5, tolerance: 0 });
  ctx.swing(57_000, 57_020, 20);
  const before = ctx.bids[0]!.price;
  ctx.trade(Side.BUY, 57_020, 100);
  ctx.book(57_000, 57_020, [100, 100], 0.2);
  expect(ctx.bids[0]!.price).toBeGreaterThan(before);
});
