import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import liquidityTaker from './liquidity-taker.ts';
import { type Params, FakeContext, SHARES, isImmediate } from './testing/fake-context.ts';

function started(params: Params = {}): FakeContext {
  const ctx = new FakeContext(SHARES);
  ctx.start(liquidityTaker, {
    size: 10,
    maxPosition: 2,
    volatilityGate: 0,
    stopLoss: 0,
    momentum: 0,
    flow: 0,
    participation: 0.1,
    ...params,
  });
  ctx.swing(57_000, 57_001, 30);
  return ctx;
}

/** So many lots are traded by others, half by each side. */
function others(ctx: FakeContext, lots: number): void {
  ctx.trade(Side.BUY, 57_001, lots / 2);
  ctx.trade(Side.SELL, 57_000, lots / 2);
}

describe('liquidity-taker', () => {
  test('follows a move by momentum, goes against it by reversion', () => {
    for (const [params, side, price] of [
      [{ momentum: 1, entry: 0.3 }, Side.BUY, 57_021],
      [{ reversion: 1, entry: 0.3 }, Side.SELL, 57_020],
    ] as const) {
      const ctx = started(params);
      others(ctx, 1000);
      expect(ctx.sent).toEqual([]);
      for (let i = 0; i < 10 && ctx.sent.length === 0; i++) ctx.book(57_020, 57_021, [100, 100], 0.5);
      expect(ctx.sent.map((order) => [order.side, order.price, order.lots])).toEqual([[side, price, 10]]);
      expect(isImmediate(ctx.sent[0]!)).toBe(true);
    }
  });

  test('follows the flow', () => {
    const ctx = started({ flow: 1.5 });
    ctx.trade(Side.SELL, 57_000, 2000);
    ctx.book(57_000, 57_001);
    expect(ctx.sent.map(({ side }) => side)).toEqual([Side.SELL]);
  });

  test('takes no more than its share of the volume and of the touch; others have to trade before it grows', () => {
    const ctx = started({ flow: 1.5, touchShare: 0.5 });
    ctx.trade(Side.BUY, 57_001, 70);
    ctx.book(57_000, 57_001);
    expect(ctx.sent.map(({ lots }) => lots)).toEqual([7]);
    ctx.finish(true);
    ctx.book(57_000, 57_001, [100, 100], 1);
    expect(ctx.sent.length).toBe(1);
    ctx.trade(Side.BUY, 57_001, 1000);
    ctx.book(57_000, 57_001, [100, 6], 1);
    expect(ctx.sent.map(({ lots }) => lots)).toEqual([7, 3]);
    ctx.finish(true);
    // Up to the largest position.
    for (let i = 0; i < 10; i++) {
      ctx.trade(Side.BUY, 57_001, 1000);
      ctx.book(57_000, 57_001, [100, 100], 1);
      if (ctx.sent.length > 2 && ctx.market.positionLots < 20) ctx.finish(true);
    }
    expect(ctx.market.positionLots).toBe(20);
  });

  test('is out when the forecast and what was believed of it have decayed, at the latest after its time', () => {
    for (const [params, seconds] of [
      [{ decay: 4, hold: 100 }, 9],
      [{ decay: 1000, hold: 20 }, 20],
    ] as const) {
      const ctx = started({ flow: 1.5, slowHalfLife: 0.5, ...params });
      ctx.trade(Side.BUY, 57_001, 1000);
      ctx.book(57_000, 57_001);
      ctx.finish(true);
      ctx.trade(Side.SELL, 57_000, 1000);
      ctx.trade(Side.BUY, 57_001, 1000);
      let passed = 0;
      for (; ctx.sent.length < 2 || ctx.sent.at(-1)!.side === Side.BUY; passed++) {
        ctx.book(57_000, 57_001, [100, 100], 1);
        if (ctx.sent.at(-1)!.side === Side.BUY) ctx.finish(ctx.market.positionLots < 20);
        if (passed > 200) break;
      }
      expect(Math.abs(passed - seconds)).toBeLessThanOrEqual(2);
    }
  });

  test('opens nothing while the spread is wide', () => {
    const ctx = started({ flow: 1.5, widestSpread: 3 });
    ctx.trade(Side.BUY, 57_001, 1000);
    ctx.book(57_000, 57_004);
    expect(ctx.sent).toEqual([]);
    ctx.book(57_000, 57_003);
    expect(ctx.sent.length).toBe(1);
  });

  test('outside of its hours nothing grows', () => {
    const ctx = started({ flow: 1.5, hours: '10:00-11:00', flatten: 'none' });
    ctx.trade(Side.BUY, 57_001, 1000);
    ctx.book(57_000, 57_001);
    expect(ctx.sent).toEqual([]);
  });
});
