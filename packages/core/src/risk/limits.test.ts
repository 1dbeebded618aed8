import { expect, test } from 'vitest';
import { LINEAR, SPOT } from '../engine/testing/session-kit.ts';
import { LIMIT_INDEX, LIMITS, Limits, type LimitSettings, Scope } from './limits.ts';
import { TestMarket } from './testing/test-market.ts';

const MARKETS = [new TestMarket(0, LINEAR), new TestMarket(1, SPOT)];
const make = (settings: LimitSettings): Limits => new Limits(settings, MARKETS, [0, 1], 2);
const SIZE = LIMIT_INDEX.get('max_order_size')!;

test('absent = the default, null = no limit, 0 = 0; narrower scopes say nothing unless they do', () => {
  const limits = make({
    global: { max_position_size: null, max_order_value: 0 },
    instruments: { SPOT: { max_order_size: 0.5 } },
  });
  expect(limits.at(SIZE, Scope.GLOBAL, 0)).toBe(1);
  expect(limits.at(SIZE, Scope.INSTRUMENT, 0)).toBeNaN();
  expect(limits.at(SIZE, Scope.INSTRUMENT, 1)).toBe(0.5);
  expect(limits.at(LIMIT_INDEX.get('max_position_size')!, Scope.GLOBAL, 0)).toBe(Infinity);
  expect(limits.at(LIMIT_INDEX.get('max_order_value')!, Scope.GLOBAL, 0)).toBe(0);
});

test('the names and defaults that users know', () => {
  const presets = Object.fromEntries(LIMITS.map(({ name, preset }) => [name, preset]));
  expect(presets).toMatchObject({
    max_position_size: 10,
    max_notional_exposure: 1e6,
    max_net_exposure: 5e5,
    max_gross_exposure: 2e6,
    max_drawdown_pct: 5,
    daily_loss_limit: 1e4,
    max_order_size: 1,
    max_order_value: 5e4,
    max_daily_volume: 100,
    max_orders_per_second: 100,
    warning_share: 0.8,
  });
});

test.each([
  [{ global: { max_order_sise: 1 } }, /limits\.global: there is no limit 'max_order_sise'/],
  [{ global: { max_order_size: -1 } }, /limits\.global\.max_order_size: '-1' is not null or a finite number from 0/],
  [{ global: { max_order_size: Number.NaN } }, /max_order_size: 'NaN'/],
  [{ global: { max_order_size: Infinity } }, /max_order_size: 'Infinity'/],
  [{ global: { max_order_size: JSON.parse('"1"') } }, /max_order_size: '1'/],
  [{ venues: { nowhere: {} } }, /limits\.venues\.nowhere: there is no such venue/],
  [{ instruments: { NONE: {} } }, /limits\.instruments\.NONE: there is no such instrument/],
  [{ strategies: { 2: {} } }, /limits\.strategies\.2: there is no such strategy/],
  [
    { venues: { test: { max_drawdown_pct: 1 } } },
    /limits\.venues\.test\.max_drawdown_pct: not a limit of one venue \(of global\)/,
  ],
])('%o is refused by name', (settings, message) => {
  expect(() => make(settings as LimitSettings)).toThrow(message);
});

test('set at run time: what makes no sense is left as it was', () => {
  const limits = make({});
  const { version } = limits;
  for (const [limit, scope, index, value] of [
    [999, 0, 0, 1],
    [SIZE, 9, 0, 1],
    [SIZE, 2, 2, 1],
    [SIZE, 0, 0, -1],
    [SIZE, 0, 0.5, 1],
  ] as const) {
    expect(limits.set(limit, scope, index, value)).toBe(false);
  }
  expect(limits.version).toBe(version);
  expect(limits.set(SIZE, Scope.STRATEGY, 1, 0.25)).toBe(true);
  expect(limits.set(SIZE, Scope.GLOBAL, 0, Number.NaN)).toBe(true);
  const other = make({});
  other.restore(structuredClone(limits.save()));
  expect([other.at(SIZE, Scope.STRATEGY, 1), other.at(SIZE, Scope.GLOBAL, 0)]).toEqual([0.25, Infinity]);
  expect(() => other.restore(new Float64Array(3))).toThrow(/limits: a state of 3 values/);
});
