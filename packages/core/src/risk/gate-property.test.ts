/** The gate against a slow one that works everything out anew, on random orders, executions, amendments, prices and limits. */
import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { OrderMark } from '../trading/order-layout.ts';
import { OrderState } from '../trading/order-state.ts';
import { ReportKind } from '../trading/records.ts';
import { Refusal } from '../trading/refusal.ts';
import { BreakerState, RiskState } from '../trading/risk-state.ts';
import { LIMITS, type LimitValues } from './limits.ts';
import { GateScene } from './testing/gate-scene.ts';
import { SlowGate } from './testing/slow-gate.ts';

const COMMON = { tick: '0.5', lot: '0.01' };
const INSTRUMENTS = [
  new Instrument({ ...COMMON, venue: 'a', symbol: 'L', base: 'BTC', quote: 'USDT', contract: 'linear' }),
  new Instrument({ ...COMMON, venue: 'b', symbol: 'S', base: 'BTC', quote: 'EUR', contract: 'spot' }),
  new Instrument({
    ...COMMON,
    venue: 'b',
    symbol: 'I',
    base: 'BTC',
    quote: 'USD',
    contract: 'inverse',
    lot: '1',
    multiplier: '100',
  }),
  new Instrument({
    ...COMMON,
    venue: 'a',
    symbol: 'E',
    base: 'EUR',
    quote: 'USDT',
    contract: 'spot',
    tick: '0.0001',
    lot: '1',
  }),
];
const PRICES = [2000, 1800, 2000, 11_000];
const SIZES = [10, 10, 1, 100];
const STRATEGIES = 3;
const HEDGER = 2;
const BASE_VALUES: LimitValues = { max_orders_per_second: 20, max_order_burst: 5, warning_share: 0.8 };
/** Limits that are changed as it goes, with the order of size of their values. */
const MOVED: readonly [string, number][] = [
  ['max_position_size', 1],
  ['max_notional_exposure', 1000],
  ['max_net_exposure', 1200],
  ['max_gross_exposure', 2000],
  ['max_drawdown_pct', 0.3],
  ['daily_loss_limit', 3],
  ['max_order_size', 0.3],
  ['max_order_value', 250],
  ['max_daily_volume', 4],
  ['price_collar_pct', 2],
  ['last_collar_pct', 2],
  ['fat_finger_pct', 1],
  ['max_price_age_ms', 400],
  ['max_base_position', 1.5],
  ['max_portfolio_position', 1500],
  ['max_daily_turnover', 6000],
  ['max_leverage', 0.7],
  ['duplicate_window_ms', 300],
  ['self_cross_ticks', 3],
  ['order_cooldown_ms', 100],
];

function rates(scene: GateScene): (currency: string) => number {
  const [linear, , , euro] = scene.markets;
  return (currency) => {
    if (currency === 'USDT' || currency === 'USD') return 1;
    return currency === 'BTC' ? linear!.lastMidTicks * 0.5 : euro!.lastMidTicks * 0.0001;
  };
}

/** A few limits are tight in each run, the others far away: else the first ones would hide those that are checked after them. */
function run(seed: number, steps: number): Map<number, number> {
  const random = Random.stream(seed, 'gate');
  const isTight = MOVED.map((_, index) => random.below(4) === 0 || index % 20 === seed % 20);
  const moved = MOVED.filter((_, index) => isTight[index]);
  const values: Record<string, number | null> = { ...BASE_VALUES, max_price_age_ms: 60_000 };
  if (seed % 4 === 0) Object.assign(values, { max_orders_per_second: 1, max_order_burst: 2 });
  MOVED.forEach(([name, around], index) => {
    if (isTight[index]) values[name] = around;
    else if (!name.endsWith('_ms') && name !== 'self_cross_ticks') values[name] = around * 20;
  });
  const scene = new GateScene({
    instruments: INSTRUMENTS,
    gives: ['BTC', '', '', 'EUR'],
    venueOf: [0, 1, 1, 0],
    strategies: STRATEGIES,
    limits: { global: values },
    gate: { capital: { USDT: 1000, EUR: 200 }, rates: { USD: 1 }, hedgers: [HEDGER] },
  });
  const { gate, desk, markets } = scene;
  for (const { index } of markets) scene.quote(index, PRICES[index]! - 1, PRICES[index]! + 1);
  gate.evaluate(scene.nowNs);
  const rate = rates(scene);
  const profit = (strategy: number): number => scene.profit(strategy, rate);
  const equity = (): number => {
    let sum = 1000 + 200 * rate('EUR');
    for (let strategy = 0; strategy < STRATEGIES; strategy++) sum += profit(strategy);
    return sum;
  };
  const slow = new SlowGate(
    { markets, venueOf: scene.venueOf, strategies: STRATEGIES, hedgers: [HEDGER], rate, equity, profit, desk },
    scene.breaker.canaryShare,
  );
  for (const [name, value] of Object.entries(values)) slow.set(name, 0, 0, value ?? Number.NaN);

  const codes = new Map<number, number>();
  const seen = (code: number, expected: number, what: string): void => {
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (code !== expected) throw new Error(`seed ${seed}: ${what} gate ${code}, slow ${expected}`);
  };
  const open = (): number[] => {
    const slots: number[] = [];
    for (let strategy = 0; strategy < STRATEGIES; strategy++) {
      for (const { index } of markets) {
        for (let slot = desk.firstSlot(strategy, index); slot >= 0; slot = desk.nextSlot(slot)) slots.push(slot);
      }
    }
    return slots;
  };
  for (let step = 0; step < steps; step++) {
    scene.nowNs += 1 + random.below(60_000_000);
    const { nowNs } = scene;
    const what = random.below(100);
    const market = random.below(markets.length);
    const known = markets[market]!;
    if (what < 20) {
      const middle = Math.max(
        PRICES[market]! * 0.8,
        Math.min(PRICES[market]! * 1.2, known.lastMidTicks * (1 + random.normal() * 0.004)),
      );
      const bid = Math.round(middle) - random.below(3);
      scene.quote(market, bid, bid + 1 + random.below(4));
      if (random.below(30) === 0) known.isReady = false;
      if (random.below(3) === 0) known.lastTradeTicks = Math.round(middle);
      gate.evaluate(nowNs);
      slow.evaluate(nowNs);
    } else if (what < 65) {
      const side = random.below(2) === 0 ? Side.BUY : Side.SELL;
      const strategy = random.below(STRATEGIES);
      const away = Math.round((random.normal() * 0.012 + 0.006) * known.lastMidTicks);
      const price = Math.round(known.lastMidTicks) + (side === Side.BUY ? -away : away);
      const size = random.below(20) === 0 ? 4 * SIZES[market]! : 1 + random.below(SIZES[market]! * 2);
      const flags = random.below(3) === 0 ? OrderMark.QUOTE : 0;
      slow.turn(nowNs);
      const order = { strategy, market, side, price, size, flags, nowNs, slot: -1 };
      const expected = slow.judge(order);
      const code = scene.try(side, price, size, strategy, market, flags);
      seen(code, expected, `step ${step} ${JSON.stringify(order)}`);
      if (code === 0) slow.sent(order);
    } else if (what < 92) {
      const slots = open();
      const slot = slots[random.below(Math.max(1, slots.length))];
      if (slot === undefined) continue;
      const price = desk.priceTicksAt(slot);
      const state = desk.stateAt(slot);
      const act = random.below(10);
      if (state === OrderState.PENDING_NEW && act < 3) scene.report(ReportKind.ACK, slot, price, desk.sizeLotsAt(slot));
      else if (state === OrderState.LIVE && act < 3) {
        const size = desk.filledLotsAt(slot) + 1 + random.below(SIZES[desk.marketAt(slot)]! * 2);
        const next = price + (random.below(2) === 0 ? 0 : random.below(5) - 2);
        slow.turn(nowNs);
        const flags = 0;
        const order = {
          strategy: desk.strategyAt(slot),
          market: desk.marketAt(slot),
          side: desk.sideAt(slot),
          price: next,
          size,
          flags,
          nowNs,
          slot,
        };
        const isQuote = (desk.table.words[(slot << 5) | 25]! & OrderMark.QUOTE) !== 0;
        const expected = slow.judge({ ...order, flags: isQuote ? OrderMark.QUOTE : 0 });
        const isSent = desk.amend(desk.idAt(slot), next, size, nowNs);
        seen(isSent ? 0 : desk.refusal, expected, `step ${step} amend ${JSON.stringify(order)}`);
        if (isSent) slow.sent(order);
      } else if (state === OrderState.PENDING_AMEND && act < 4) {
        const { doubles } = desk.table;
        const isDone = random.below(2) === 0;
        if (isDone) scene.report(ReportKind.AMENDED, slot, doubles[(slot << 4) | 4]!, doubles[(slot << 4) | 5]!);
        else scene.report(ReportKind.AMEND_REJECT, slot, price, 0, 7);
      } else if (act < 7) {
        const lots = 1 + random.below(desk.openLotsAt(slot));
        const side = desk.sideAt(slot);
        const [strategy, traded] = [desk.strategyAt(slot), desk.marketAt(slot)];
        scene.report(ReportKind.FILL, slot, price, lots);
        scene.book(strategy, traded, side, price, lots, random.below(5) * 100_000 - 100_000);
        slow.fill(strategy, traded, side, price, lots);
        gate.evaluate(nowNs);
        slow.evaluate(nowNs);
      } else {
        if (desk.cancel(desk.idAt(slot), nowNs)) scene.report(ReportKind.CANCELLED, slot, 0, 0, 1);
      }
    } else if (what < 96) {
      const [name, around] = moved[random.below(moved.length)]!;
      const { scopes } = LIMITS.find((spec) => spec.name === name)!;
      const scope = scopes[random.below(scopes.length)]!;
      const index = [1, 2, markets.length, STRATEGIES][scope]!;
      const at = random.below(index);
      const value = random.below(4) === 0 ? Number.NaN : Math.round(around * (0.3 + 2 * random.uniform()) * 1e4) / 1e4;
      scene.limit(name, value, scope, at);
      slow.set(name, scope, at, value);
      gate.evaluate(nowNs);
      slow.evaluate(nowNs);
    } else if (what < 97) {
      gate.state = random.below(4) === 0 ? RiskState.REDUCING : RiskState.ACTIVE;
      slow.state = gate.state;
    } else if (what < 98) {
      const states = [BreakerState.CLOSED, BreakerState.CLOSED, BreakerState.HALF_OPEN, BreakerState.OPEN];
      scene.breakerAt(market, states[random.below(4)]!);
      slow.breakers[market] = scene.breaker.states[market]!;
    } else if (random.below(8) === 0) {
      scene.nowNs += 6 * 3600e9;
      for (const { index } of markets) scene.quote(index, markets[index]!.bidTicks, markets[index]!.askTicks);
      gate.evaluate(scene.nowNs);
      slow.evaluate(scene.nowNs);
    }
  }
  gate.evaluate(scene.nowNs);
  expect(gate.equity).toBeCloseTo(equity(), 4);
  expect(gate.refused.length).toBeGreaterThan(0);
  return codes;
}

describe('gate', () => {
  test('answers as one that works everything out anew', () => {
    const codes = new Map<number, number>();
    for (let seed = 1; seed <= 24; seed++) {
      for (const [code, times] of run(seed, 600)) codes.set(code, (codes.get(code) ?? 0) + times);
    }
    // Those that the test does not reach: no room, the half of a state that refuses all, balance and budget, which have tests of their own.
    const unseen = Object.values(Refusal).filter((code) => !codes.has(code));
    expect(unseen).toEqual([Refusal.NO_ROOM, Refusal.HALTED, Refusal.BALANCE, Refusal.MESSAGE_BUDGET]);
  });
});
