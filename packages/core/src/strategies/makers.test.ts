import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import avellanedaStoikov from './avellaneda-stoikov.ts';
import basicMaker from './basic-maker.ts';
import glft from './glft.ts';
import grid from './grid.ts';
import micropriceMaker from './microprice-maker.ts';
import type { StrategyDefinition } from './strategy.ts';
import { leastLots } from './shared/sizing.ts';
import { COINM, FakeContext, SHARES, USDM } from './testing/fake-context.ts';

const MAKERS: readonly StrategyDefinition[] = [basicMaker, avellanedaStoikov, glft, grid, micropriceMaker];
const SKEWED: readonly StrategyDefinition[] = [basicMaker, avellanedaStoikov, glft, micropriceMaker];
/** Nothing but the quotes: no pauses or stops in the way. */
const FREE = { volatilityGate: 0, adverseLimit: 0, stopLoss: 0, refresh: 0, refillDelay: 0 };

/** Best bid and ask of a maker that holds so many lots. */
function quotesAt(maker: StrategyDefinition, position: number): readonly [number, number] {
  const ctx = new FakeContext(SHARES);
  ctx.start(maker, { ...FREE, size: 10, tolerance: 0 });
  ctx.swing(57_000, 57_100, 20);
  if (position !== 0) ctx.fill(position > 0 ? Side.BUY : Side.SELL, 57_050, Math.abs(position));
  ctx.swing(57_000, 57_100, 2);
  return [ctx.bids[0]!.price, ctx.asks[0]!.price];
}

for (const maker of MAKERS) {
  describe(maker.name, () => {
    for (const [spec, bid, ask, touch] of [
      [USDM, 600_000, 600_001, 5000],
      [SHARES, 57_000, 57_030, 100],
      [COINM, 600_000, 600_001, 4000],
    ] as const) {
      test(`quotes ${spec.symbol} on its defaults, both sides, a size from the touch`, () => {
        const ctx = new FakeContext(spec);
        ctx.start(maker);
        ctx.swing(bid, ask, 9, [touch, touch]);
        expect([ctx.bids, ctx.asks]).toEqual([[], []]);
        ctx.swing(bid, ask, 20, [touch, touch]);
        expect(ctx.bids.length).toBeGreaterThan(0);
        expect(ctx.asks.length).toBe(ctx.bids.length);
        expect(ctx.bids[0]!.price).toBeLessThan(ask);
        expect(ctx.asks[0]!.price).toBeGreaterThan(bid);
        expect(ctx.bids[0]!.lots).toBe(touch / 10 >= 500 ? 500 : touch / 10 >= 200 ? 200 : 10);
      });
    }

    test('random books: whole ticks and lots, never at the other touch, within the position, no level twice', () => {
      const random = Random.stream(5, maker.name);
      for (let run = 0; run < 20; run++) {
        const spec = [USDM, SHARES, COINM][run % 3]!;
        const ctx = new FakeContext(spec);
        const maxPosition = 1 + random.below(5);
        const sizeLots = random.below(2) * 500;
        ctx.start(maker, {
          ...FREE,
          warmup: 1,
          maxPosition,
          size: sizeLots * Number(spec.lot),
          levels: 1 + random.below(5),
          levelSpacing: random.uniform() * 2,
          levelGrowth: 0.3 + random.uniform() * 2,
          minSpread: random.uniform(),
          coverFees: random.below(2) === 0,
          tolerance: random.uniform(),
        });
        let mid = 100_000;
        for (let step = 0; step < 200; step++) {
          mid = Math.max(50, mid + random.below(41) - 20);
          const spread = 1 + random.below(30);
          ctx.book(mid, mid + spread, [1 + random.below(1000), 1 + random.below(1000)], random.uniform() * 2);
          if (random.below(5) === 0)
            ctx.trade(random.below(2) === 0 ? Side.BUY : Side.SELL, mid + random.below(spread), 10);
          if (random.below(10) === 0) ctx.handlers.onTimer?.(1);
          const { market, bids, asks } = ctx;
          const least = leastLots(market.instrument, mid);
          for (const { price, lots } of [...bids, ...asks]) {
            expect(Number.isInteger(price) && Number.isInteger(lots)).toBe(true);
            expect(lots).toBeGreaterThanOrEqual(Math.min(least, leastLots(market.instrument, price)));
          }
          // What stands may have been overtaken by the market before the refresh; here it is immediate.
          for (const { price } of bids) expect(price).toBeLessThan(mid + spread);
          for (const { price } of asks) expect(price).toBeGreaterThan(mid);
          for (let i = 1; i < bids.length; i++) expect(bids[i]!.price).toBeLessThan(bids[i - 1]!.price);
          for (let i = 1; i < asks.length; i++) expect(asks[i]!.price).toBeGreaterThan(asks[i - 1]!.price);
          if (sizeLots > 0) {
            const limit = sizeLots * maxPosition;
            const sum = (levels: typeof bids): number => levels.reduce((total, { lots }) => total + lots, 0);
            expect(market.positionLots + sum(bids)).toBeLessThanOrEqual(Math.max(market.positionLots, limit));
            expect(market.positionLots - sum(asks)).toBeGreaterThanOrEqual(Math.min(market.positionLots, -limit));
          }
          const side = random.below(2) === 0 ? bids : asks;
          if (side.length > 0 && random.below(4) === 0) {
            const { price, lots } = side[0]!;
            ctx.fill(side === bids ? Side.BUY : Side.SELL, price, 1 + random.below(lots));
          }
        }
      }
    });

    test('without a book that may be believed nothing is quoted', () => {
      const ctx = new FakeContext(USDM);
      ctx.start(maker, FREE);
      for (let i = 0; i < 30; i++) ctx.book(Number.NaN, Number.NaN, [0, 0], 1);
      expect(ctx.quotes[0]!.bids).toEqual([]);
      ctx.swing(600_000, 600_001, 20);
      expect(ctx.bids.length).toBeGreaterThan(0);
      ctx.book(600_000, Number.NaN, [100, 0]);
      expect([ctx.bids, ctx.asks]).toEqual([[], []]);
      ctx.swing(600_000, 600_001, 1);
      expect(ctx.bids.length).toBeGreaterThan(0);
      ctx.market.isConnected = false;
      ctx.book(600_000, 600_001);
      expect([ctx.bids, ctx.asks]).toEqual([[], []]);
    });

    test('at the largest position only the other side is quoted', () => {
      for (const side of [Side.BUY, Side.SELL]) {
        const ctx = new FakeContext(SHARES);
        ctx.start(maker, { ...FREE, size: 10, maxPosition: 3 });
        ctx.swing(57_000, 57_030, 20);
        ctx.fill(side, 57_000, 30);
        ctx.swing(57_000, 57_030, 3);
        expect(side === Side.BUY ? ctx.bids : ctx.asks).toEqual([]);
        expect((side === Side.BUY ? ctx.asks : ctx.bids).length).toBeGreaterThan(0);
      }
    });
  });
}

for (const maker of SKEWED) {
  test(`${maker.name}: a long position lowers both quotes, a short one raises them by as much`, () => {
    const flat = quotesAt(maker, 0);
    const long = quotesAt(maker, 80);
    const short = quotesAt(maker, -80);
    expect(long[0]).toBeLessThan(flat[0]);
    expect(long[1]).toBeLessThan(flat[1]);
    expect(short[0]).toBeGreaterThan(flat[0]);
    expect(short[1]).toBeGreaterThan(flat[1]);
    // Mirror images about the mid of 57,050.
    expect(long[0] + short[1]).toBe(114_100);
    expect(long[1] + short[0]).toBe(114_100);
  });
}
