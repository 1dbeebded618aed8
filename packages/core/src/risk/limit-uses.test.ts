/** What is told of the limits' use is what the gate compares with, and telling it changes nothing. */
import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import type { Refusal } from '../trading/refusal.ts';
import { LIMITS, LIMIT_INDEX, Scope } from './limits.ts';
import { GateScene, NO_LIMITS } from './testing/gate-scene.ts';

const COMMON = { venue: 'v', base: 'BTC', quote: 'USDT', tick: '1', lot: '0.1' };
const PERP = new Instrument({ ...COMMON, symbol: 'PERP', contract: 'linear' });
const SPOT = new Instrument({ ...COMMON, venue: 'w', symbol: 'SPOT', contract: 'spot' });
const ETH = new Instrument({ ...COMMON, symbol: 'ETH', base: 'ETH', contract: 'linear', multiplier: '2' });
const EURO = new Instrument({ ...COMMON, symbol: 'EURO', quote: 'EUR', contract: 'linear' });
const RATE = new Instrument({ ...COMMON, symbol: 'RATE', base: 'EUR', contract: 'spot' });
const INVERSE = new Instrument({ ...COMMON, symbol: 'INV', quote: 'USDT', lot: '1', contract: 'inverse' });
const { BUY, SELL } = Side;
const { GLOBAL, VENUE, INSTRUMENT, STRATEGY } = Scope;

/** Prices of about 100 and 2 strategies; instruments 0, 2, … at one venue, 1 at another. */
function scene(instruments: readonly Instrument[]): GateScene {
  const venueOf = instruments.map(({ venue }) => (venue === 'w' ? 1 : 0));
  const at = new GateScene({
    instruments,
    venueOf: venueOf.includes(1) ? venueOf : venueOf.map(() => 0),
    strategies: 2,
    limits: { global: NO_LIMITS },
    gate: { capital: { USDT: 1e6 } },
  });
  for (const { index } of at.markets) at.quote(index, 99, 101);
  at.gate.evaluate(at.nowNs);
  return at;
}

const used = (at: GateScene, name: string, scope: Scope = GLOBAL, index = 0): number | null =>
  at.gate.uses.of(LIMIT_INDEX.get(name)!, scope, index, at.nowNs);

describe('the use of limits', () => {
  test('of positions and open orders, by scope', () => {
    const at = scene([PERP, SPOT, ETH]);
    // 3 long and up to 8 of the main strategy, 4 short and down to −6 of the other, in one instrument.
    at.hold(BUY, 100, 30).hold(SELL, 100, 40, 1);
    at.place(0, 0, BUY, 99, 50);
    at.place(1, 0, SELL, 101, 20);
    at.hold(BUY, 100, 10, 0, 1).hold(SELL, 100, 5, 1, 2);
    // Together −1, from −3 up to 4, each worth 100; 1 at the other venue; −0.5 × 2 of ETH.
    const named = (scope: Scope, index: number): unknown =>
      ['max_position_size', 'max_notional_exposure', 'max_net_exposure', 'max_gross_exposure', 'max_daily_volume'].map(
        (name) => used(at, name, scope, index),
      );
    expect(named(GLOBAL, 0)).toEqual([4, 400, 400, 600, 14]);
    expect(named(VENUE, 0)).toEqual([4, 400, 400, 500, 14]);
    expect(named(VENUE, 1)).toEqual([1, 100, 100, 100, 1]);
    expect(named(INSTRUMENT, 2)).toEqual([1, 100, null, null, 1]);
    expect(named(STRATEGY, 0)).toEqual([8, 800, 900, 900, 8]);
    expect(named(STRATEGY, 1)).toEqual([6, 600, 700, 700, 6]);
    // BTC −0 … 5 or −2 … of both instruments together, ETH 1 short.
    expect(used(at, 'max_base_position')).toBe(5);
    expect(used(at, 'max_portfolio_position')).toBe(600);
    expect(used(at, 'max_daily_turnover')).toBe(900 + 700);
    expect(used(at, 'max_daily_turnover', INSTRUMENT, 1)).toBe(200 - 100 + 0);
    expect(used(at, 'max_leverage')).toBeCloseTo(600 / 1e6, 12);
    expect(at.gate.uses.held()).toEqual({ net: -100 + 100 - 100, gross: 300 });
  });

  test('of the loss of the day and the drawdown, by strategy', () => {
    const at = scene([PERP, SPOT]);
    at.hold(BUY, 100, 1000).hold(SELL, 100, 200, 1);
    at.gate.evaluate(at.nowNs);
    at.quote(0, 89, 91);
    at.gate.evaluate(at.nowNs);
    expect(used(at, 'daily_loss_limit')).toBeCloseTo(800, 6);
    expect(used(at, 'daily_loss_limit', STRATEGY, 0)).toBeCloseTo(1000, 6);
    expect(used(at, 'daily_loss_limit', STRATEGY, 1)).toBe(0);
    expect(used(at, 'max_drawdown_pct')).toBeCloseTo(0.08, 9);
    expect(at.gate.uses.drawdown).toBeCloseTo(0.0008, 12);
  });

  test('of the burst of orders, which time makes up for', () => {
    const at = scene([PERP, SPOT]).limit('max_orders_per_second', 10).limit('max_order_burst', 5);
    for (let i = 0; i < 3; i++) at.place(1, 0, BUY, 90 + i, 1);
    expect([0, 1].map((strategy) => used(at, 'max_order_burst', STRATEGY, strategy))).toEqual([0, 3]);
    expect([0, 1].map((venue) => used(at, 'max_order_burst', VENUE, venue))).toEqual([3, 0]);
    at.nowNs += 2e8;
    expect(used(at, 'max_order_burst')).toBeCloseTo(1, 9);
    at.nowNs += 1e9;
    expect(used(at, 'max_order_burst')).toBe(0);
  });

  test('is null where nothing stands against the limit, or a price is missing that it needs', () => {
    const at = scene([PERP, SPOT]);
    const without = LIMITS.filter((_, index) => at.gate.uses.of(index, GLOBAL, 0, at.nowNs) === null);
    expect(without.map(({ name }) => name)).toEqual([
      'max_order_size',
      'max_order_value',
      'max_orders_per_second',
      'order_cooldown_ms',
      'price_collar_pct',
      'last_collar_pct',
      'fat_finger_pct',
      'max_price_age_ms',
      'min_balance',
      'duplicate_window_ms',
      'self_cross_ticks',
      'warning_share',
      'max_var',
    ]);
    expect(used(at, 'max_leverage', STRATEGY)).toBe(null);
    const blind = new GateScene({ instruments: [PERP] });
    blind.hold(BUY, 100, 10);
    expect(used(blind, 'max_position_size')).toBe(1);
    expect(used(blind, 'max_notional_exposure')).toBe(null);
    expect(blind.gate.uses.held()).toEqual({ net: Number.NaN, gross: Number.NaN });
    expect(blind.gate.uses.of(999, GLOBAL, 0, 0)).toBe(null);
  });

  test('of an inverse contract and of another quote currency moves with prices, also before the gate has looked', () => {
    const at = scene([RATE, EURO, INVERSE]);
    at.hold(BUY, 100, 10, 0, 1).hold(SELL, 100, 200, 0, 2);
    // A euro is 100, EURO stands at 100 of them; 200 contracts of one USDT at 100.
    expect(used(at, 'max_notional_exposure', INSTRUMENT, 1)).toBe(10_000);
    expect(used(at, 'max_notional_exposure', INSTRUMENT, 2)).toBe(200);
    expect(used(at, 'max_position_size', INSTRUMENT, 2)).toBe(2);
    at.markets[0]!.quote(109, 111, at.nowNs);
    at.markets[2]!.quote(199, 201, at.nowNs);
    expect(used(at, 'max_notional_exposure', INSTRUMENT, 1)).toBe(11_000);
    expect(used(at, 'max_position_size', INSTRUMENT, 2)).toBe(1);
  });
});

/** Limits on sums and positions, with the scopes that a random order is in. */
const COMPARED = [
  'max_position_size',
  'max_notional_exposure',
  'max_net_exposure',
  'max_gross_exposure',
  'max_daily_volume',
  'max_base_position',
  'max_portfolio_position',
  'max_daily_turnover',
  'max_leverage',
];

describe('an order', () => {
  test.each([1, 2, 3, 4])('passes a limit of what is used with it, and none below (seed %i)', (seed) => {
    const random = Random.stream(seed, 'uses');
    let refused = 0;
    for (let round = 0; round < 400; round++) {
      const actions = Array.from({ length: 1 + random.below(8) }, () => ({
        isHeld: random.below(2) === 0,
        strategy: random.below(2),
        market: random.below(3),
        side: random.below(2) === 0 ? BUY : SELL,
        lots: 1 + random.below(50),
        away: random.below(5),
      }));
      const play = (): GateScene => {
        const at = scene([PERP, SPOT, ETH]);
        for (const { isHeld, strategy, market, side, lots, away } of actions) {
          if (isHeld) at.hold(side, 100, lots, strategy, market);
          else at.place(strategy, market, side, side === BUY ? 99 - away : 101 + away, lots);
        }
        return at;
      };
      const name = COMPARED[random.below(COMPARED.length)]!;
      const limit = LIMITS[LIMIT_INDEX.get(name)!]!;
      const [strategy, market] = [random.below(2), random.below(3)];
      const side = random.below(2) === 0 ? BUY : SELL;
      const lots = 1 + random.below(30);
      const scope = limit.scopes[random.below(limit.scopes.length)]!;
      const index = [0, market === 1 ? 1 : 0, market, strategy][scope]!;
      const ask = (at: GateScene): Refusal => at.try(side, side === BUY ? 90 : 110, lots, strategy, market);
      const free = play();
      const before = used(free, name, scope, index)!;
      const saved = structuredClone(free.gate.save());
      for (let i = 0; i < LIMITS.length; i++)
        for (const each of limit.scopes) free.gate.uses.of(i, each, 0, free.nowNs);
      expect(free.gate.save()).toEqual(saved);
      expect(ask(free)).toBe(0);
      const after = used(free, name, scope, index)!;
      expect(after).toBeGreaterThanOrEqual(before);
      expect(ask(play().limit(name, after * (1 + 1e-9), scope, index)), `${name} of ${after}`).toBe(0);
      // The rounding of floats apart.
      if (after <= before * (1 + 1e-9)) continue;
      refused++;
      const code = ask(play().limit(name, (before + after) / 2, scope, index));
      // What reduces is let through by what counts trades, and smaller measures of the other side by all.
      if (code !== 0) expect(code).toBe(limit.refusal);
      else expect(['max_daily_volume', 'max_daily_turnover']).toContain(name);
    }
    expect(refused).toBeGreaterThan(100);
  });
});
