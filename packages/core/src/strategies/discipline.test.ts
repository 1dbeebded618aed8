import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { OrderFlag } from '../trading/records.ts';
import { OrderState } from '../trading/order-state.ts';
import basicMaker from './basic-maker.ts';
import { type Params, COINM, FakeContext, SHARES, USDM, isImmediate } from './testing/fake-context.ts';

const HOUR = 3600e9;

function started(params: Params = {}, spec = SHARES): FakeContext {
  const ctx = new FakeContext(spec);
  ctx.start(basicMaker, { size: 10, refresh: 0, refillDelay: 0, adverseLimit: 0, ...params });
  return ctx;
}

const isQuoting = (ctx: FakeContext): boolean => ctx.bids.length + ctx.asks.length > 0;

/** The spread quoted in a market of 20 ticks. */
const width = (params: Params, fees?: { maker: string; taker: string }): number => {
  const ctx = started({ imbalanceWidening: 0, ...params }, fees === undefined ? SHARES : { ...SHARES, fees });
  ctx.swing(50_000, 50_020, 20);
  return ctx.asks[0]!.price - ctx.bids[0]!.price;
};

describe('stops', () => {
  test('a stop-loss flattens once, by reduce-only immediate orders at the touch, and rests afterwards', () => {
    const ctx = started({ stopLoss: 50, cooldown: 30, flattenSize: 2, volatilityGate: 0 });
    ctx.swing(57_000, 57_030, 20);
    ctx.fill(Side.BUY, 57_000, 30);
    ctx.swing(57_000, 57_030, 2);
    expect([ctx.sent, isQuoting(ctx)]).toEqual([[], true]);
    // 50 bps of 57,000 are 285 ticks.
    ctx.book(56_716, 56_746);
    expect(ctx.sent).toEqual([]);
    ctx.book(56_715, 56_745);
    expect(isQuoting(ctx)).toBe(false);
    expect(ctx.sent).toEqual([
      { id: 1, market: 0, side: Side.SELL, price: 56_715, lots: 20, flags: OrderFlag.IOC | OrderFlag.REDUCE_ONLY },
    ]);
    // One order at a time, and what began is finished though the price is back.
    ctx.book(57_000, 57_030, [100, 100], 1);
    expect(ctx.sent.length).toBe(1);
    ctx.finish(true);
    ctx.book(57_000, 57_030, [100, 100], 1);
    expect(ctx.sent.map(({ lots }) => lots)).toEqual([20, 10]);
    ctx.finish(true);
    expect(ctx.market.positionLots).toBe(0);
    ctx.swing(57_000, 57_030, 28);
    expect([ctx.sent.length, isQuoting(ctx)]).toEqual([2, false]);
    ctx.swing(57_000, 57_030, 4);
    expect([ctx.sent.length, isQuoting(ctx)]).toEqual([2, true]);
  });

  test('an order that found nobody is sent again, not before the interval', () => {
    const ctx = started({ stopLoss: 10, volatilityGate: 0 });
    ctx.swing(57_000, 57_030, 20);
    ctx.fill(Side.SELL, 57_030, 10);
    ctx.book(57_300, 57_330);
    expect(ctx.sent.length).toBe(1);
    ctx.finish(false);
    ctx.book(57_301, 57_331);
    expect(ctx.sent.length).toBe(1);
    ctx.book(57_302, 57_332, [100, 100], 0.2);
    expect(ctx.sent.map(({ side, price }) => [side, price])).toEqual([
      [Side.BUY, 57_330],
      [Side.BUY, 57_332],
    ]);
  });

  test('take-profit and trailing stop, for long and for short', () => {
    for (const side of [Side.BUY, Side.SELL]) {
      const sign = side === Side.BUY ? 1 : -1;
      const book = (ctx: FakeContext, exit: number): void => {
        if (sign > 0) ctx.book(exit, exit + 30);
        else ctx.book(exit - 30, exit);
      };
      const profit = started({ takeProfit: 20, volatilityGate: 0 });
      profit.swing(57_000, 57_030, 20);
      profit.fill(side, 57_000, 10);
      book(profit, 57_000 + sign * 113);
      expect(profit.sent.length).toBe(0);
      book(profit, 57_000 + sign * 115);
      expect(profit.sent.length).toBe(1);

      const trailing = started({ trailing: 20, stopLoss: 0, volatilityGate: 0 });
      trailing.swing(57_000, 57_030, 20);
      trailing.fill(side, 57_000, 10);
      book(trailing, 57_000 + sign * 500);
      book(trailing, 57_000 + sign * 390);
      expect(trailing.sent.length).toBe(0);
      book(trailing, 57_000 + sign * 385);
      expect(trailing.sent.length).toBe(1);
    }
  });

  test('passive: one quote at the touch in place of orders; none: only a rest', () => {
    const passive = started({ stopLoss: 10, flatten: 'passive', volatilityGate: 0 });
    passive.swing(57_000, 57_030, 20);
    passive.fill(Side.BUY, 57_000, 30);
    passive.book(56_900, 56_930);
    expect([passive.bids, passive.asks, passive.sent]).toEqual([[], [{ price: 56_930, lots: 30 }], []]);

    const none = started({ stopLoss: 10, flatten: 'none', cooldown: 5, volatilityGate: 0 });
    none.swing(57_000, 57_030, 20);
    none.fill(Side.BUY, 57_000, 30);
    none.book(56_900, 56_930);
    none.book(57_000, 57_030);
    expect([isQuoting(none), none.sent]).toEqual([false, []]);
    none.swing(57_000, 57_030, 6);
    expect([isQuoting(none), none.sent]).toEqual([true, []]);
  });
});

describe('hours', () => {
  test('nothing outside of them, a flatten before their end', () => {
    const ctx = started({ hours: '09:30-16:00', flattenBefore: 60 });
    ctx.nowNs = 9 * HOUR;
    ctx.swing(57_000, 57_030, 60);
    expect(isQuoting(ctx)).toBe(false);
    ctx.nowNs = 9.5 * HOUR;
    ctx.swing(57_000, 57_030, 2);
    expect(isQuoting(ctx)).toBe(true);
    ctx.fill(Side.SELL, 57_030, 20);
    ctx.nowNs = 16 * HOUR - 61e9;
    ctx.book(57_000, 57_030);
    expect([isQuoting(ctx), ctx.sent.length]).toEqual([true, 0]);
    ctx.book(57_000, 57_030, [100, 100], 1);
    expect([isQuoting(ctx), ctx.sent.map(({ side, lots }) => [side, lots])]).toEqual([false, [[Side.BUY, 20]]]);
    expect(isImmediate(ctx.sent[0]!)).toBe(true);
    ctx.finish(true);
    ctx.swing(57_000, 57_030, 200);
    expect([isQuoting(ctx), ctx.sent.length]).toEqual([false, 1]);
    // The next day.
    ctx.nowNs = 24 * HOUR + 10 * HOUR;
    ctx.swing(57_000, 57_030, 2);
    expect(isQuoting(ctx)).toBe(true);
  });

  test('a session over midnight, and times from the day before the epoch', () => {
    for (const [at, isOpen] of [
      [23, true],
      [25, true],
      [-1, true],
      [3, false],
      [12, false],
    ] as const) {
      const ctx = started({ hours: '22:00-02:00', flattenBefore: 0 });
      ctx.nowNs = at * HOUR;
      ctx.swing(57_000, 57_030, 20);
      expect([at, isQuoting(ctx)]).toEqual([at, isOpen]);
    }
  });

  for (const hours of ['9:30-16:00', '09:30', '25:00-26:00', '10:00-10:00', '09:30–16:00', 'NaN', '09:00-10:00,']) {
    test(`hours '${hours}' are refused`, () => expect(() => started({ hours })).toThrow(/^hours: found '/));
  }
});

describe('gates', () => {
  test('the volatility gate pulls quotes, and lets them back when it has calmed down', () => {
    const ctx = started({ volatilityGate: 3 });
    ctx.swing(57_000, 57_030, 120);
    expect(isQuoting(ctx)).toBe(true);
    for (let i = 0; i < 3; i++) ctx.book(57_100 + 60 * i, 57_130 + 60 * i, [100, 100], 1);
    expect(isQuoting(ctx)).toBe(false);
    ctx.swing(57_220, 57_250, 120);
    expect(isQuoting(ctx)).toBe(true);
    const open = started({ volatilityGate: 0 });
    open.swing(57_000, 57_030, 120);
    for (let i = 0; i < 3; i++) open.book(57_100 + 60 * i, 57_130 + 60 * i, [100, 100], 1);
    expect(isQuoting(open)).toBe(true);
  });

  test('fills that the market runs over pause the maker; fills that it does not, do not', () => {
    for (const drop of [40, 0]) {
      const ctx = started({ adverseLimit: 2, adversePause: 10, volatilityGate: 0, stopLoss: 0, maxPosition: 100 });
      ctx.swing(57_000, 57_030, 20);
      let price = 57_000;
      for (let i = 0; i < 6; i++) {
        ctx.fill(Side.BUY, price, 10);
        price -= drop;
        ctx.book(price, price + 30, [100, 100], 1);
      }
      expect(isQuoting(ctx)).toBe(drop === 0);
      ctx.swing(price, price + 30, 12);
      expect(isQuoting(ctx)).toBe(true);
    }
  });
});

describe('orders', () => {
  test('restated at the refresh, not before; at once when the mid ran away', () => {
    const ctx = started({ refresh: 1, volatilityGate: 0, tolerance: 0 });
    ctx.swing(57_000, 57_030, 20);
    const before = ctx.quotes[0]!.statements;
    ctx.book(57_002, 57_032, [100, 100], 0.1);
    ctx.book(57_004, 57_034, [100, 100], 0.1);
    expect(ctx.quotes[0]!.statements).toBe(before);
    ctx.book(57_100, 57_130, [100, 100], 0.1);
    expect(ctx.quotes[0]!.statements).toBe(before + 1);
    ctx.book(57_103, 57_133, [100, 100], 1);
    expect(ctx.quotes[0]!.statements).toBe(before + 2);
  });

  test('a wish within the tolerance leaves the quotes alone', () => {
    const ctx = started({ tolerance: 0.2, volatilityGate: 0 });
    ctx.swing(57_000, 57_100, 20);
    const [bids, asks] = [ctx.bids, ctx.asks];
    const { statements } = ctx.quotes[0]!;
    for (let i = 0; i < 10; i++) ctx.book(57_000 + (i % 3) * 5, 57_100 + (i % 3) * 5);
    expect([ctx.quotes[0]!.statements, ctx.bids, ctx.asks]).toEqual([statements, bids, asks]);
  });

  test('after a fill the side is not refilled before its time', () => {
    const ctx = started({ refillDelay: 5, volatilityGate: 0, sizeScaling: 0 });
    ctx.swing(57_000, 57_030, 20);
    const lots = ctx.bids[0]!.lots;
    ctx.fill(Side.BUY, ctx.bids[0]!.price, lots - 3);
    expect(ctx.bids[0]!.lots).toBe(3);
    expect(ctx.asks[0]!.lots).toBe(lots);
    ctx.fill(Side.BUY, ctx.bids[0]!.price, 3);
    expect(ctx.bids).toEqual([]);
    ctx.swing(57_000, 57_030, 4);
    expect(ctx.bids).toEqual([]);
    ctx.swing(57_000, 57_030, 2);
    expect(ctx.bids[0]!.lots).toBe(lots);
  });

  test('orders that are too old are pulled and quoted anew', () => {
    const ctx = started({ maxOrderAge: 10, volatilityGate: 0 });
    ctx.swing(57_000, 57_030, 20);
    const order = { id: 1, side: Side.BUY, priceTicks: 57_000, sizeLots: 10, filledLots: 0, openLots: 10, reason: 0 };
    ctx.market.orders = [{ ...order, state: OrderState.LIVE, sentNs: ctx.nowNs - 9e9 }];
    ctx.handlers.onTimer?.(1);
    expect(isQuoting(ctx)).toBe(true);
    ctx.market.orders = [{ ...order, state: OrderState.LIVE, sentNs: ctx.nowNs - 10e9 }];
    ctx.handlers.onTimer?.(1);
    expect(isQuoting(ctx)).toBe(false);
    ctx.market.orders = [{ ...order, state: OrderState.PENDING_CANCEL, sentNs: ctx.nowNs - 10e9 }];
    ctx.book(57_000, 57_030);
    expect(isQuoting(ctx)).toBe(true);
  });

  test('sizes: never below a lot, the smallest size or the smallest value', () => {
    for (const [spec, size, lots] of [
      // 100 USDT at 60,000 are 0.00167 BTC.
      [USDM, 0.0001, 2],
      [USDM, 0.0179, 17],
      [SHARES, 0.01, 1],
      [{ ...SHARES, minSize: '5' }, 1, 5],
      [COINM, 0.5, 1],
      [{ ...COINM, minNotional: '700' }, 1, 7],
      [{ ...SHARES, maxSize: '8' }, 20, 8],
    ] as const) {
      const ctx = started({ size, sizeScaling: 0 }, spec);
      ctx.swing(600_000, 600_001, 20);
      expect([spec.symbol, size, ctx.bids[0]?.lots, ctx.asks[0]?.lots]).toEqual([spec.symbol, size, lots, lots]);
    }
  });

  test('the spread: wanted, least and most, in each unit; fees are covered', () => {
    expect(width({ spread: 3 })).toBe(60);
    expect(width({ spread: 20, spreadUnit: 'bps' })).toBe(102);
    expect(width({ spread: 40, spreadUnit: 'ticks', maxSpread: 30, minSpread: 1 })).toBe(30);
    expect(width({ spread: 2, spreadUnit: 'ticks', minSpread: 24 })).toBe(24);
    expect(
      width(
        { spread: 40, spreadUnit: 'ticks', minSpread: 1, maxSpread: 0, coverFees: true },
        { maker: '0.001', taker: '0.001' },
      ),
    ).toBe(142);
  });
});
