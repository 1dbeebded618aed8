/** The gate in the engine: what it refuses never reaches a venue, and strategy, observers and state know. */
import { expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import type { Observer } from '../strategies/observer.ts';
import type { Context } from '../strategies/strategy.ts';
import { LIMIT_INDEX } from '../risk/limits.ts';
import { Refusal } from '../trading/refusal.ts';
import { RiskState } from '../trading/risk-state.ts';
import { MarketRows } from './testing/market-rows.ts';
import { ScriptedVenue } from './testing/scripted-venue.ts';
import { LINEAR, SPOT, TestSession, strategyOf } from './testing/session-kit.ts';

const SECOND = 1e9;
const DAY = 86_400e9;

/** Bid 10,000 and ask 10,010 ticks of 0.1, twenty times, 100 ms apart. */
function rows(count = 20, fromNs = SECOND): MarketRows {
  const made = new MarketRows();
  for (let i = 0; i < count; i++) {
    const times = { venueNs: fromNs + i * 1e8, localNs: fromNs + i * 1e8 + 1000 };
    made.level(Side.BUY, 10_000, 100 + i, { ...times, isOpen: true }).level(Side.SELL, 10_010, 100 + i, times);
  }
  return made;
}

const nothing = (): void => undefined;

function watcher(seen: number[]): Observer {
  return {
    onBook: nothing,
    onFill: nothing,
    onOrder: nothing,
    onRequest: nothing,
    onFunding: nothing,
    onRefused: (_market, _side, _price, _size, code) => seen.push(code),
  };
}

test('orders that are refused are not sent; the strategy gets 0, observers the code', () => {
  const answers: boolean[] = [];
  const codes: number[] = [];
  const log: string[] = [];
  let step = 0;
  const strategy = strategyOf((ctx: Context) => ({
    onBook(market) {
      // Too large, too far away, then one that is within all limits; after a limit was changed by command not that either.
      const tries = [
        [9990, 2000],
        [5000, 10],
        [9990, 10],
        [9980, 10],
      ] as const;
      const next = tries[step++];
      if (next !== undefined) answers.push(ctx.buy(market, next[0], next[1]) !== 0);
    },
  }));
  const session = new TestSession({
    strategies: [strategy],
    observers: [[watcher(codes)]],
    venue: (_, index) => new ScriptedVenue(log, index),
    engine: { risk: { limits: { global: { max_order_size: 1 } } } },
  });
  session.feed(rows(3));
  session.replay.run(SECOND + 2.5e8);
  session.engine.setLimit(LIMIT_INDEX.get('max_order_size')!, 0, 0, 0.005, SECOND + 2.6e8);
  session.play(rows(5, SECOND + 3e8));
  expect(answers).toEqual([false, false, true, false]);
  expect(codes).toEqual([Refusal.ORDER_SIZE, Refusal.COLLAR_MID, Refusal.ORDER_SIZE]);
  expect(log.filter((line) => line.includes('NEW'))).toHaveLength(1);
  expect(session.engine.seats[0]!.refused).toBe(3);
});

test('a loss of the day reduces, then halts when flat; quotes of the other side go', () => {
  const states = new Set<number>();
  const strategy = strategyOf((ctx: Context) => ({
    onBook(market) {
      states.add(ctx.riskState);
      if (market.positionLots === 0 && ctx.riskState === RiskState.ACTIVE) ctx.buy(market, market.askTicks, 50);
      else if (ctx.riskState === RiskState.REDUCING && market.orderCount === 0) ctx.sell(market, market.bidTicks, 50);
    },
  }));
  const made = new MarketRows();
  for (let i = 0; i < 40; i++) {
    const times = { venueNs: SECOND + i * 2e8, localNs: SECOND + i * 2e8 + 1000 };
    // A price of 1,000 falls by 1 with each message.
    const bid = 10_000 - 10 * i;
    if (i > 0)
      made
        .level(Side.BUY, bid + 10, 0, { ...times, isOpen: true })
        .level(Side.SELL, bid + 20, 0, { ...times, isOpen: true });
    made.level(Side.BUY, bid, 100, { ...times, isOpen: true }).level(Side.SELL, bid + 10, 100, times);
  }
  const session = new TestSession({
    strategies: [strategy],
    engine: {
      risk: { gate: { capital: { USDT: 1000 } }, limits: { global: { daily_loss_limit: 1, max_drawdown_pct: null } } },
    },
  });
  session.feed(made);
  session.replay.finish(20 * SECOND);
  expect([...states]).toEqual([RiskState.ACTIVE, RiskState.REDUCING, RiskState.HALTED]);
  expect(session.engine.seats[0]!.ledger.positionLots(0)).toBe(0);
});

test('the day turns while nothing happens', () => {
  const answers: number[] = [];
  const strategy = strategyOf((ctx: Context) => ({
    onBook(market) {
      if (answers.length === 0) answers.push(ctx.buy(market, 9990, 10));
      else if (answers.length === 1 && market.orderCount === 1) answers.push(ctx.buy(market, 9980, 10));
    },
  }));
  const session = new TestSession({
    strategies: [strategy],
    engine: { risk: { limits: { global: { max_daily_volume: 0.01 } } } },
  });
  session.feed(rows());
  session.replay.run(10 * SECOND);
  expect(answers.map((id) => id > 0)).toEqual([true, false]);
  expect(session.engine.risk!.gate.nextNs).toBe(DAY);
  session.replay.run(2 * DAY + SECOND);
  expect(session.engine.risk!.gate.nextNs).toBe(3 * DAY);
});

test('a limit of a venue holds for all its instruments, also when each is simulated on its own', () => {
  const codes: number[] = [];
  const sent: boolean[] = [];
  const strategy = strategyOf((ctx: Context) => ({
    onBook(market) {
      if (sent.length < 3) for (const each of ctx.markets) sent.push(ctx.buy(each, market.bidTicks, 10) !== 0);
    },
  }));
  const session = new TestSession({
    instruments: [LINEAR, SPOT],
    strategies: [strategy],
    observers: [[watcher(codes)]],
    engine: {
      venueOf: [0, 1],
      risk: {
        gate: { rates: { EUR: 1 } },
        limits: {
          global: { max_price_age_ms: null, price_collar_pct: null, last_collar_pct: null, fat_finger_pct: null },
          venues: { test: { max_orders_per_second: 1, max_order_burst: 1 } },
        },
      },
    },
  });
  const both = new MarketRows();
  for (let i = 0; i < 4; i++) {
    for (const instrument of [1, 0]) {
      const times = { venueNs: SECOND + i * 1e7, localNs: SECOND + i * 1e7 + 1000, instrument };
      both.level(Side.BUY, 10_000, 100 + i, { ...times, isOpen: true }).level(Side.SELL, 10_010, 100 + i, times);
    }
  }
  session.play(both);
  expect(codes[0]).toBe(Refusal.ORDER_RATE);
  expect(sent.filter(Boolean)).toHaveLength(1);
});
