import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import type { InstrumentSpec } from '../market/instrument.ts';
import { OrderFlag } from '../trading/records.ts';
import { OrderState } from '../trading/order-state.ts';
import { BreakerState, RiskState } from '../trading/risk-state.ts';
import hedger from './hedger.ts';
import { COINM, type Params } from './testing/fake-context.ts';
import { OrderContext } from './testing/order-context.ts';

const COIN: InstrumentSpec = {
  venue: 'coins',
  symbol: 'BTC',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.5',
  lot: '0.001',
  contract: 'spot',
};
const PERP: InstrumentSpec = { ...COIN, venue: 'perps', symbol: 'BTC-PERP', contract: 'linear' };
/** A band of 0.02 BTC, hedged back to 0.01. */
const BAND = { threshold: 0.02 };

/** A hedger of coins by perpetuals, both at 60,000 USDT with a spread of a tick. */
function started(params: Params = BAND, specs: readonly InstrumentSpec[] = [COIN, PERP]): OrderContext {
  const ctx = new OrderContext(...specs);
  ctx.start(hedger, params);
  for (let index = 0; index < specs.length; index++) ctx.book(120_000, 120_001, [100, 100], 0.1, index);
  return ctx;
}

/** Other strategies hold so many lots of a market; the hedger sees it with the next book. */
function hold(ctx: OrderContext, lots: number, market = 0): void {
  ctx.othersLots[market] = lots;
  ctx.book(ctx.markets[1]!.bidTicks, ctx.markets[1]!.askTicks, [100, 100], 0.01, 1);
}

/** The band after a hundred seconds in which position and mid move as the test says. */
function bandOf(params: Params): number {
  const ctx = started({ band: 'cost', halfLife: 30, ...params }, [
    COIN,
    { ...PERP, fees: { maker: '0', taker: '0.0002' } },
  ]);
  for (let second = 0; second < 100; second++) {
    ctx.othersLots[0] = second % 4;
    const bid = 120_000 + 10 * (second % 3);
    ctx.book(bid, bid + 1, [100, 100], 0, 1);
    ctx.wait(1, 2);
  }
  return ctx.metrics.get('hedge_band')!;
}

describe('a hedge', () => {
  test('is not made within the band, and goes back to the inner one beyond it, resting at the touch', () => {
    const ctx = started();
    hold(ctx, 20);
    hold(ctx, -20);
    expect(ctx.all).toEqual([]);
    hold(ctx, 31);
    expect(ctx.all).toMatchObject([
      { market: 1, side: Side.SELL, priceTicks: 120_001, sizeLots: 21, flags: OrderFlag.POST_ONLY },
    ]);
    ctx.ack(ctx.last);
    ctx.execute(ctx.last, 21);
    ctx.wait(5);
    expect(ctx.all).toHaveLength(1);
    hold(ctx, -15);
    expect(ctx.all.slice(1)).toMatchObject([{ side: Side.BUY, priceTicks: 120_000, sizeLots: 26 }]);
  });

  test('takes the rest when the time at the touch is over, no farther than the slippage allows', () => {
    const ctx = started({ ...BAND, slippage: 1 });
    hold(ctx, -40);
    const resting = ctx.last;
    ctx.ack(resting);
    ctx.execute(resting, 10);
    ctx.wait(1.9);
    expect(ctx.cancels).toEqual([]);
    ctx.wait(0.2);
    expect([ctx.cancels, ctx.all.length]).toEqual([[1], 1]);
    ctx.end(resting);
    // 1 basis point of 60,000 are 12 ticks; a bound between two ticks is the nearer one.
    expect(ctx.last).toMatchObject({ side: Side.BUY, sizeLots: 20, priceTicks: 120_012, flags: OrderFlag.IOC });
    // What it did not find is looked for again after the interval.
    ctx.execute(ctx.last, 5);
    ctx.end(ctx.last);
    ctx.wait(0.1);
    expect(ctx.all).toHaveLength(2);
    ctx.wait(0.25);
    expect(ctx.last).toMatchObject({ side: Side.BUY, sizeLots: 15, flags: OrderFlag.IOC });
  });

  test('counts what trades while a cancel is under way, and waits for its end', () => {
    const ctx = started();
    hold(ctx, 50);
    const resting = ctx.last;
    ctx.ack(resting);
    ctx.wait(3);
    expect(resting.state).toBe(OrderState.PENDING_CANCEL);
    ctx.execute(resting, 25);
    ctx.wait(1);
    expect(ctx.all).toHaveLength(1);
    ctx.end(resting);
    expect(ctx.last).toMatchObject({ side: Side.SELL, sizeLots: 15, flags: OrderFlag.IOC });
    // The whole order may trade before the cancel arrives: nothing is left to do.
    const other = started();
    hold(other, 50);
    other.ack(other.last);
    other.wait(3);
    other.execute(other.last, 40);
    other.wait(3);
    expect(other.all).toHaveLength(1);
  });

  test('an execution that comes after the end counts too: what is too much is traded back', () => {
    const ctx = started({ ...BAND, passive: 0 });
    hold(ctx, 40);
    const lost = ctx.last;
    ctx.end(lost);
    ctx.wait(1);
    ctx.execute(ctx.last, 30);
    ctx.fill(Side.SELL, 120_000, 40, false, 1);
    ctx.wait(1);
    expect(ctx.last).toMatchObject({ side: Side.BUY, sizeLots: 20 });
  });

  test('follows the touch, not before its time', () => {
    const ctx = started({ ...BAND, passive: 60 });
    hold(ctx, 40);
    ctx.ack(ctx.last);
    ctx.book(119_990, 119_991, [100, 100], 0.1, 1);
    expect(ctx.cancels).toEqual([]);
    ctx.book(119_990, 119_992, [100, 100], 0.5, 1);
    expect(ctx.cancels).toEqual([1]);
    ctx.end(ctx.last);
    expect(ctx.last).toMatchObject({ side: Side.SELL, priceTicks: 119_992, sizeLots: 30 });
  });

  test('is withdrawn when it is not wanted any more, too large, or the book is not to be believed', () => {
    for (const change of [
      (ctx: OrderContext) => hold(ctx, 9),
      (ctx: OrderContext) => hold(ctx, 29),
      (ctx: OrderContext) => hold(ctx, -50),
      (ctx: OrderContext) => ctx.book(120_000, Number.NaN, [100, 0], 0.1, 1),
    ]) {
      const ctx = started({ ...BAND, passive: 60 });
      hold(ctx, 40);
      ctx.ack(ctx.last);
      change(ctx);
      expect(ctx.cancels).toEqual([1]);
      // A cancel that the venue refuses is tried again, not at once.
      ctx.keep(ctx.last);
      ctx.wait(0.1);
      expect(ctx.cancels).toEqual([1]);
      ctx.wait(0.25);
      expect(ctx.cancels).toEqual([1, 1]);
    }
  });

  test('an order that nobody knows of holds up the next; a cancel asks for it now and then', () => {
    const ctx = started({ ...BAND, passive: 0 });
    hold(ctx, 40);
    const lost = ctx.last;
    ctx.lose(lost);
    expect(ctx.cancels).toEqual([1]);
    ctx.lose(lost);
    ctx.wait(4);
    expect(ctx.cancels).toEqual([1]);
    ctx.wait(2);
    expect(ctx.cancels).toEqual([1, 1]);
    expect(ctx.all).toHaveLength(1);
    ctx.execute(lost, 30);
    ctx.wait(1);
    expect(ctx.all).toHaveLength(1);
  });

  test('what the gate refuses is asked for again after the interval, and what the venue rejects too', () => {
    const ctx = started();
    ctx.isRefusing = true;
    hold(ctx, 40);
    ctx.isRefusing = false;
    ctx.wait(0.2);
    expect(ctx.all).toEqual([]);
    ctx.wait(0.1);
    // A limit may leave room for less: half of it is tried, and the rest after it.
    expect(ctx.all).toMatchObject([{ sizeLots: 15 }]);
    ctx.reject(ctx.last);
    expect(ctx.all).toHaveLength(1);
    ctx.wait(0.3);
    expect(ctx.all).toMatchObject([{ sizeLots: 15 }, { sizeLots: 30 }]);
  });

  test('a limit on the size of orders is found by halves', () => {
    const ctx = started({ ...BAND, passive: 0 });
    ctx.mostLots = 20;
    hold(ctx, 110);
    for (let i = 0; i < 40; i++) {
      for (const order of ctx.open) ctx.execute(order, order.openLots);
      ctx.wait(0.3);
    }
    expect(Math.max(...ctx.all.map(({ sizeLots }) => sizeLots))).toBeLessThanOrEqual(20);
    expect(ctx.markets[1]!.positionLots).toBe(-100);
  });

  test('rests while the touch is beyond the slippage', () => {
    const ctx = started({ ...BAND, passive: 0, slippage: 1 });
    ctx.book(119_900, 120_100, [100, 100], 0.1, 1);
    hold(ctx, 40);
    expect(ctx.last).toMatchObject({ side: Side.SELL, priceTicks: 120_100, flags: OrderFlag.POST_ONLY });
    ctx.ack(ctx.last);
    ctx.book(120_000, 120_001, [100, 100], 0.1, 1);
    expect(ctx.cancels).toEqual([1]);
  });
});

describe('sizes', () => {
  test('the smallest order of the venue is made when it does not turn the exposure round', () => {
    const perp = { ...PERP, minNotional: '1500' };
    const ctx = started({ ...BAND, inner: 0.9 }, [COIN, perp]);
    hold(ctx, 23);
    expect(ctx.all).toEqual([]);
    hold(ctx, 26);
    // 8 lots are wanted, 26 are the least (25 at 60,000 are 1,500 USDT, and no more than 26 are open).
    expect(ctx.last.sizeLots).toBe(25);
  });

  test('no order is larger than asked for or than the venue allows', () => {
    const ctx = started({ ...BAND, maxOrder: 0.007 });
    hold(ctx, 100);
    expect(ctx.last.sizeLots).toBe(7);
    const bounded = started(BAND, [COIN, { ...PERP, maxSize: '0.005' }]);
    hold(bounded, 100);
    expect(bounded.last.sizeLots).toBe(5);
  });

  test('lots of other sizes, and inverse contracts on both sides', () => {
    const coarse = started(BAND, [COIN, { ...PERP, lot: '1', multiplier: '0.01' }]);
    hold(coarse, 59);
    // 0.049 BTC are four contracts of 0.01 BTC, not five.
    expect(coarse.last.sizeLots).toBe(4);
    const inverse = new OrderContext(COIN, COINM);
    inverse.start(hedger, BAND);
    inverse.book(120_000, 120_001);
    inverse.book(500_000, 500_001, [100, 100], 0.1, 1);
    inverse.othersLots[0] = 50;
    inverse.wait(1);
    // 0.04 BTC at 50,000 USD in contracts of 100 USD.
    expect(inverse.last).toMatchObject({ side: Side.SELL, sizeLots: 20 });
    const hedged = new OrderContext(COINM, { ...PERP, quote: 'USD' });
    hedged.start(hedger, BAND);
    hedged.book(500_000, 500_001);
    hedged.book(120_000, 120_001, [100, 100], 0.1, 1);
    hedged.othersLots[0] = -25;
    hedged.wait(1);
    expect(hedged.last).toMatchObject({ side: Side.BUY, sizeLots: 39 });
  });

  test('a cost band is as wide as what is estimated makes it, and no wider than the threshold', () => {
    // 12.25 USDT a unit; the position moves by 1, 1, 1 and 3 lots in four seconds, the mid by 5, 5 and 10 USDT in three.
    const ideal = Math.cbrt((1.5 * 12.25 * 3e-6) / (0.01 * 50));
    expect(bandOf({ riskAversion: 0.01 }) / ideal).toBeCloseTo(1, 1);
    expect(bandOf({ riskAversion: 0.00125 })).toBeCloseTo(2 * bandOf({ riskAversion: 0.01 }), 6);
    expect(bandOf({ riskAversion: 1e-9, threshold: 0.06 })).toBe(0.06);
    expect(bandOf({ riskAversion: 1e6 })).toBe(0.001);
  });

  test('by beta the hedge is worth beta times what it hedges, by a fixed ratio until then', () => {
    const ctx = started({ ratio: 'beta', fixedRatio: 0.05, threshold: 0.001, inner: 0, passive: 0 }, [
      { ...COIN, symbol: 'ETH', base: 'ETH', tick: '0.05' },
      PERP,
    ]);
    ctx.othersLots[0] = 1000;
    ctx.wait(1);
    // 1 ETH by the ratio that was given: 0.05 BTC.
    expect(ctx.last).toMatchObject({ side: Side.SELL, sizeLots: 50 });
    ctx.execute(ctx.last, 50);
    for (let second = 0; second < 60; second++) {
      const up = second % 2;
      ctx.book(60_000 + 120 * up, 60_002 + 120 * up, [100, 100], 0, 0);
      ctx.book(120_000 + 160 * up, 120_002 + 160 * up, [100, 100], 0, 1);
      ctx.wait(1, 2);
      for (const order of ctx.open) ctx.execute(order, order.openLots);
    }
    // ETH moves by 20 basis points while BTC moves by 13: beta 1.5, and 3,000 USDT of it are 0.075 BTC.
    expect(ctx.metrics.get('hedge_ratio ETH')).toBeCloseTo(0.075, 3);
    expect(Math.abs(ctx.markets[1]!.positionLots + 75)).toBeLessThanOrEqual(1);
  });

  test('positions of all hedged markets and of others in the hedge are one exposure', () => {
    const other = { ...COIN, venue: 'more', symbol: 'XBT' };
    const ctx = started({ ...BAND, hedge: 'BTC-PERP' }, [COIN, PERP, other]);
    ctx.othersLots.splice(0, 3, 40, -15, -10);
    ctx.wait(1);
    expect(ctx.all).toEqual([]);
    ctx.othersLots[2] = 10;
    ctx.wait(1);
    expect(ctx.last).toMatchObject({ market: 1, side: Side.SELL, sizeLots: 25 });
    const named = started({ ...BAND, hedge: 'BTC-PERP@perps', hedged: 'XBT' }, [COIN, PERP, other]);
    named.othersLots.splice(0, 3, 400, 0, 25);
    named.wait(1);
    expect(named.last.sizeLots).toBe(15);
  });
});

describe('urgency', () => {
  test('while trading is REDUCING all of it is taken at once; HALTED sends nothing', () => {
    const ctx = started();
    hold(ctx, 15);
    ctx.riskState = RiskState.HALTED;
    ctx.wait(1);
    expect(ctx.all).toEqual([]);
    ctx.riskState = RiskState.REDUCING;
    ctx.wait(1);
    expect(ctx.last).toMatchObject({ side: Side.SELL, sizeLots: 15, priceTicks: 119_701, flags: OrderFlag.IOC });
  });

  test.each([
    ['flatten', [{ sizeLots: 40, flags: OrderFlag.IOC }]],
    ['hedge', [{ sizeLots: 30, flags: OrderFlag.POST_ONLY }]],
    ['wait', []],
  ])('while the breaker of the hedged market is open: %s', (onBreaker, orders) => {
    const ctx = started({ ...BAND, onBreaker });
    ctx.market.breaker = BreakerState.OPEN;
    hold(ctx, 40);
    expect(ctx.all).toMatchObject(orders);
  });

  test('a resting order makes way for an urgent one, when the venue says that it is gone', () => {
    const ctx = started({ ...BAND, passive: 60 });
    hold(ctx, 40);
    ctx.ack(ctx.last);
    ctx.market.breaker = BreakerState.OPEN;
    ctx.wait(1);
    expect([ctx.cancels, ctx.all.length]).toEqual([[1], 1]);
    ctx.end(ctx.last);
    expect(ctx.last).toMatchObject({ sizeLots: 40, flags: OrderFlag.IOC });
  });

  test('an exposure that stays beyond the bound sets off the alarm, and its end is told', () => {
    const ctx = started({ ...BAND, driftBands: 2, driftTime: 3 });
    ctx.isRefusing = true;
    hold(ctx, 41);
    ctx.wait(2.9);
    expect(ctx.metrics.has('hedge_drift')).toBe(false);
    // Beyond the bound without a price to trade at, too.
    ctx.book(Number.NaN, Number.NaN, [0, 0], 0.1, 1);
    expect(ctx.metrics.get('hedge_drift')).toBeCloseTo(0.041, 9);
    ctx.othersLots[0] = 40;
    ctx.wait(1);
    expect(ctx.metrics.get('hedge_drift')).toBe(0);
    expect(ctx.alarms.map(([, , , isOver]) => isOver)).toEqual([false, true]);
  });
});

/** A session of a minute, with a restart in its middle. */
function script(ctx: OrderContext, restart: () => void): unknown {
  for (let second = 0; second < 40; second++) ctx.wait(1, 2);
  hold(ctx, 40);
  ctx.ack(ctx.last);
  ctx.wait(1);
  restart();
  ctx.wait(1.1);
  ctx.execute(ctx.last, 3);
  ctx.end(ctx.last);
  ctx.wait(0.01);
  ctx.wait(1, 2);
  return [ctx.all, ctx.cancels, [...ctx.metrics]];
}

test('a hedger that was saved and brought back goes on as if nothing had been', () => {
  const whole = started();
  const expected = script(whole, () => {});
  const again = started();
  const result = script(again, () => {
    const saved: unknown = structuredClone(again.handlers.save!());
    again.start(hedger, BAND);
    again.handlers.restore!(saved);
  });
  expect(result).toEqual(expected);
});

test('the state of a hedger of other markets is refused', () => {
  const saved: unknown = started(BAND, [COIN, PERP, { ...COIN, symbol: 'XBT' }]).handlers.save!();
  const other = started();
  expect(() => other.handlers.restore!(saved)).toThrow('state of exposure of a hedger: mids has 3 entries, expected 2');
  expect(() => other.handlers.restore!(null)).toThrow('state of a hedger: found null');
  expect(() => other.handlers.restore!({})).toThrow('state of a hedger: isHedging is undefined');
});

describe('what cannot be hedged is refused', () => {
  const ETH = { ...COIN, symbol: 'ETH', base: 'ETH' };
  test.each([
    [[COIN], {}, 'hedger: found 1 market'],
    [[COIN, PERP], { hedge: 'XRP' }, "hedger: hedge: found 'XRP', expected one of BTC@coins, BTC-PERP@perps"],
    [[COIN, { ...COIN, venue: 'b' }], { hedge: 'BTC' }, "hedge: found 'BTC', expected one of BTC@coins, BTC@b"],
    [[COIN, PERP], { hedged: 'BTC,BTC-PERP' }, 'which holds the hedge itself'],
    [[COIN, PERP], { hedged: 'BTC,BTC@coins' }, 'expected markets that differ'],
    [[ETH, PERP], {}, 'no market is of the base currency of the hedge BTC-PERP, BTC'],
    [[ETH, PERP], { hedged: 'ETH' }, 'ETH is of ETH and the hedge BTC-PERP of BTC; ratio=exposure needs'],
    [[COIN, { ...PERP, base: '' }], {}, 'BTC-PERP tells no base currency'],
    [[{ ...ETH, quote: 'EUR' }, PERP], { ratio: 'beta' }, 'ETH is quoted in EUR and the hedge BTC-PERP in USDT'],
  ] as const)('%#: %o', (specs, params, message) => {
    const ctx = new OrderContext(...specs);
    expect(() => ctx.start(hedger, params)).toThrow(message);
  });
});
