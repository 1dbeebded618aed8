/** Each limit: that it refuses with its code, what it lets through, and that null takes it away. */
import { describe, expect, test } from 'vitest';
import { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { MessageBudget } from '../trading/message-budget.ts';
import { ReportKind } from '../trading/records.ts';
import { REFUSAL_TEXT, Refusal } from '../trading/refusal.ts';
import { BreakerState, RiskState } from '../trading/risk-state.ts';
import { LIMITS, type LimitValues } from './limits.ts';
import { GateScene, NO_LIMITS } from './testing/gate-scene.ts';

const COMMON = { venue: 'v', base: 'BTC', quote: 'USDT', tick: '1', lot: '0.1' };
const PERP = new Instrument({ ...COMMON, symbol: 'PERP', contract: 'linear' });
const SPOT = new Instrument({ ...COMMON, symbol: 'SPOT', contract: 'spot' });
const ETH = new Instrument({ ...COMMON, symbol: 'ETH', base: 'ETH', contract: 'linear' });
const { BUY, SELL } = Side;
const R = Refusal;

/** Three instruments at 99/101; one lot is worth 10 at the mid. */
function scene(limits: LimitValues, strategies = 2): GateScene {
  const made = new GateScene({
    instruments: [PERP, SPOT, ETH],
    strategies,
    limits: { global: { ...NO_LIMITS, ...limits } },
    gate: { capital: { USDT: 1000, BTC: 2 }, hedgers: strategies > 1 ? [1] : [] },
  });
  for (const { index } of made.markets) made.quote(index, 99, 101);
  made.gate.evaluate(made.nowNs);
  return made;
}

interface Case {
  readonly limit: string;
  readonly value: number;
  /** With the limit set; the last call is what is asked. */
  readonly refused: (at: GateScene) => Refusal;
  /** An order that reduces, or another that is within the limit. */
  readonly passes: (at: GateScene) => Refusal;
}

const short = (at: GateScene, lots: number): GateScene => at.hold(SELL, 100, lots);
const down = (at: GateScene): GateScene => {
  at.hold(BUY, 100, 20).quote(0, 79, 81);
  at.gate.evaluate(at.nowNs);
  return at;
};

const CASES: readonly Case[] = [
  {
    limit: 'max_position_size',
    value: 0.5,
    refused: (at) => at.try(BUY, 98, 6),
    passes: (at) => short(at, 60).try(BUY, 98, 65),
  },
  {
    limit: 'max_notional_exposure',
    value: 50,
    refused: (at) => at.try(BUY, 98, 6),
    passes: (at) => short(at, 60).try(BUY, 98, 65),
  },
  {
    limit: 'max_net_exposure',
    value: 50,
    refused: (at) => at.try(SELL, 102, 6),
    passes: (at) => at.hold(BUY, 100, 60).try(SELL, 102, 65),
  },
  {
    limit: 'max_gross_exposure',
    value: 50,
    refused: (at) => at.try(BUY, 98, 6),
    passes: (at) => short(at, 9).try(BUY, 98, 10),
  },
  {
    limit: 'max_drawdown_pct',
    value: 1,
    refused: (at) => down(at).try(BUY, 78, 1),
    passes: (at) => down(at).try(SELL, 82, 20),
  },
  {
    limit: 'daily_loss_limit',
    value: 39,
    refused: (at) => down(at).try(BUY, 78, 1),
    passes: (at) => down(at).try(SELL, 82, 20),
  },
  { limit: 'max_order_size', value: 0.5, refused: (at) => at.try(BUY, 98, 6), passes: (at) => at.try(BUY, 98, 5) },
  { limit: 'max_order_value', value: 49, refused: (at) => at.try(BUY, 98, 6), passes: (at) => at.try(BUY, 98, 5) },
  {
    limit: 'max_daily_volume',
    value: 0.5,
    refused: (at) => at.hold(BUY, 100, 4).try(BUY, 98, 2),
    passes: (at) => at.hold(BUY, 100, 5).try(SELL, 102, 5),
  },
  {
    limit: 'max_daily_turnover',
    value: 50,
    refused: (at) => at.hold(BUY, 100, 4).try(BUY, 98, 2),
    passes: (at) => at.hold(BUY, 100, 5).try(SELL, 102, 5),
  },
  {
    limit: 'max_orders_per_second',
    value: 0,
    refused: (at) => at.try(BUY, 98, 1),
    passes: (at) => at.limit('max_orders_per_second', 1).try(BUY, 98, 1),
  },
  { limit: 'price_collar_pct', value: 5, refused: (at) => at.try(BUY, 94, 1), passes: (at) => at.try(BUY, 95, 1) },
  { limit: 'fat_finger_pct', value: 2, refused: (at) => at.try(SELL, 97, 1), passes: (at) => at.try(SELL, 98, 1) },
  {
    limit: 'max_base_position',
    value: 0.5,
    refused: (at) => at.hold(BUY, 100, 3, 0, 1).try(BUY, 98, 3),
    passes: (at) => at.hold(BUY, 100, 9, 0, 1).try(SELL, 102, 9),
  },
  {
    limit: 'max_portfolio_position',
    value: 50,
    refused: (at) => at.hold(BUY, 100, 3, 0, 2).try(SELL, 102, 3),
    passes: (at) => at.hold(BUY, 100, 5, 0, 1).try(SELL, 102, 5),
  },
  {
    limit: 'max_leverage',
    value: 0.1,
    refused: (at) => at.try(BUY, 98, 13),
    passes: (at) => short(at, 20).try(BUY, 98, 20),
  },
  {
    limit: 'duplicate_window_ms',
    value: 50,
    refused: (at) => (at.try(BUY, 98, 1), at.try(BUY, 98, 1)),
    passes: (at) => (at.try(BUY, 98, 1), at.try(BUY, 98, 2)),
  },
  {
    limit: 'self_cross_ticks',
    value: 0,
    refused: (at) => (at.try(BUY, 99, 1, 1), at.try(SELL, 99, 1, 0)),
    passes: (at) => (at.try(BUY, 99, 1, 1), at.try(SELL, 100, 1, 0)),
  },
];

describe('each limit', () => {
  test.each(CASES)(
    '$limit refuses, lets through what it must, and is gone with null',
    ({ limit, value, refused, passes }) => {
      const { refusal } = LIMITS.find(({ name }) => name === limit)!;
      expect(refused(scene({ [limit]: value }))).toBe(refusal);
      expect(passes(scene({ [limit]: value }))).toBe(0);
      expect(refused(scene({ [limit]: null }))).toBe(0);
      expect(refused(scene({ [limit]: null }).limit(limit, value))).toBe(refusal);
      expect(refused(scene({ [limit]: value }).limit(limit, Number.NaN))).toBe(0);
    },
  );

  test('all but those with a test of their own below', () => {
    const own = [
      'max_order_burst',
      'order_cooldown_ms',
      'last_collar_pct',
      'max_price_age_ms',
      'min_balance',
      'warning_share',
      'max_var',
    ];
    expect([...CASES.map(({ limit }) => limit), ...own].toSorted()).toEqual(LIMITS.map(({ name }) => name).toSorted());
  });

  test('a limit of 0 is a limit, of everything that is above it', () => {
    for (const name of [
      'max_position_size',
      'max_net_exposure',
      'max_order_value',
      'max_daily_volume',
      'max_leverage',
    ]) {
      expect(scene({ [name]: 0 }).try(BUY, 98, 1)).not.toBe(0);
    }
    expect(scene({ daily_loss_limit: 0, max_drawdown_pct: 0 }).try(BUY, 98, 1)).toBe(0);
    expect(down(scene({ max_drawdown_pct: 0 })).try(BUY, 78, 1)).toBe(R.DRAWDOWN);
    expect(down(scene({ daily_loss_limit: 0 })).try(BUY, 78, 1)).toBe(R.DAILY_LOSS);
  });
});

describe('order rate', () => {
  test('a burst, then the rate, and a rest after it ran dry', () => {
    const at = scene({ max_orders_per_second: 10, max_order_burst: 3, order_cooldown_ms: 250 });
    const answers = [1, 2, 3, 4, 5].map((lots) => at.try(BUY, 90, lots));
    expect(answers).toEqual([0, 0, 0, R.ORDER_RATE, R.ORDER_COOLDOWN]);
    // Another strategy has a bucket of its own, and cancels pass.
    expect(at.try(BUY, 90, 1, 1)).toBe(0);
    const slot = at.desk.firstSlot(0, 0);
    at.report(ReportKind.ACK, slot, 90, 1);
    expect(at.desk.cancel(at.desk.idAt(slot), at.nowNs)).toBe(true);
    at.nowNs += 249e6;
    expect(at.try(BUY, 90, 6)).toBe(R.ORDER_COOLDOWN);
    at.nowNs += 1e6;
    expect([7, 8, 9].map((lots) => at.try(BUY, 90, lots))).toEqual([0, 0, R.ORDER_RATE]);
  });

  test('a burst below 1 lets nothing through; without a limit nothing runs dry', () => {
    expect(scene({ max_orders_per_second: 10, max_order_burst: 0 }).try(BUY, 90, 1)).toBe(R.ORDER_RATE);
    const at = scene({ max_orders_per_second: 10, max_order_burst: null });
    for (let lots = 1; lots < 100; lots++) expect(at.try(BUY, 90, lots)).toBe(0);
  });
});

describe('prices', () => {
  test('a stale, old or missing book lets through what reduces only', () => {
    const at = scene({ max_price_age_ms: 100 }).hold(BUY, 100, 5);
    at.nowNs += 101e6;
    expect(at.try(BUY, 98, 1)).toBe(R.STALE_PRICE);
    expect(at.try(SELL, 102, 5)).toBe(0);
    at.quote(0, 99, 101);
    expect(at.try(BUY, 98, 1)).toBe(0);
    at.markets[0]!.isReady = false;
    expect(at.try(BUY, 97, 1)).toBe(R.STALE_PRICE);
    at.limit('max_price_age_ms', Number.NaN);
    expect(at.try(BUY, 97, 1)).toBe(0);
    const blind = new GateScene({ instruments: [PERP], limits: { global: { ...NO_LIMITS, max_order_value: 50 } } });
    expect(blind.try(BUY, 98, 1)).toBe(R.STALE_PRICE);
    expect(new GateScene({ instruments: [PERP], limits: { global: NO_LIMITS } }).try(BUY, 98, 1)).toBe(0);
  });

  test('the collar from the last print', () => {
    const at = scene({ last_collar_pct: 5 });
    at.markets[0]!.lastTradeTicks = 200;
    expect(at.try(BUY, 98, 1)).toBe(R.COLLAR_LAST);
    expect(at.limit('last_collar_pct', Number.NaN).try(BUY, 98, 1)).toBe(0);
  });

  test('a currency without a rate blocks what raises risk, until there is one', () => {
    const euro = new Instrument({ ...COMMON, symbol: 'EURO', quote: 'EUR', contract: 'linear' });
    const rate = new Instrument({ ...COMMON, symbol: 'RATE', base: 'EUR', contract: 'spot', tick: '0.1', lot: '1' });
    const limits = { global: { ...NO_LIMITS, max_order_value: 100, max_price_age_ms: 1000 } };
    const settings = { currency: 'USDT', capital: { USDT: 1000 } };
    const alone = new GateScene({ instruments: [euro], limits, gate: { currency: 'EUR', capital: { EUR: 1 } } });
    expect(alone.quote(0, 99, 101).try(BUY, 98, 10)).toBe(0);
    const at = new GateScene({ instruments: [euro, rate], limits, gate: settings });
    expect(at.quote(0, 99, 101).try(BUY, 98, 1)).toBe(R.NO_RATE);
    at.quote(1, 10, 12);
    // 1.1 USDT each: 0.9 EUR-coins at 98 are 97.02, 1.0 are 107.8.
    expect(at.try(BUY, 98, 9)).toBe(0);
    expect(at.try(BUY, 98, 10)).toBe(R.ORDER_VALUE);
    at.quote(1, 5, 6);
    expect(at.try(BUY, 98, 10)).toBe(0);
    at.markets[1]!.isReady = false;
    expect(at.try(BUY, 98, 3)).toBe(R.NO_RATE);
  });
});

test('balance of spot orders: bids pay quote currency, asks base currency, with all that is open', () => {
  const at = scene({ min_balance: 0 });
  expect(at.try(BUY, 100, 60, 0, 1)).toBe(0);
  expect(at.try(BUY, 100, 41, 0, 1)).toBe(R.BALANCE);
  expect(at.try(BUY, 100, 40, 0, 1)).toBe(0);
  expect(at.try(SELL, 102, 21, 0, 1)).toBe(R.BALANCE);
  expect(at.try(SELL, 102, 20, 0, 1)).toBe(0);
  expect(at.try(SELL, 102, 100, 0, 0)).toBe(0);
});

test('states and breakers come first; what reduces passes all but HALTED', () => {
  const at = scene({}).hold(BUY, 100, 5);
  at.gate.state = RiskState.REDUCING;
  expect(at.try(BUY, 98, 1)).toBe(R.REDUCING);
  expect(at.try(SELL, 102, 6)).toBe(R.REDUCING);
  expect(at.try(SELL, 102, 3)).toBe(0);
  // With what is open.
  expect(at.try(SELL, 103, 3)).toBe(R.REDUCING);
  at.gate.state = RiskState.HALTED;
  expect(at.try(SELL, 103, 1)).toBe(R.HALTED);
  at.gate.state = RiskState.ACTIVE;
  at.breakerAt(0, BreakerState.OPEN);
  expect(at.try(BUY, 98, 1)).toBe(R.BREAKER_OPEN);
  expect(at.try(SELL, 104, 2)).toBe(0);
  const half = scene({ max_order_size: 1 }).breakerAt(0, BreakerState.HALF_OPEN);
  expect(half.try(BUY, 98, 2)).toBe(R.BREAKER_CANARY);
  expect(half.try(BUY, 98, 1)).toBe(0);
  expect(half.try(BUY, 97, 1)).toBe(R.BREAKER_CANARY);
  expect(half.try(SELL, 102, 1)).toBe(0);
});

test('a hedger reduces when the net of the base currency shrinks', () => {
  const at = scene({}).hold(BUY, 100, 5, 0, 1);
  at.gate.state = RiskState.REDUCING;
  expect(at.try(SELL, 102, 5, 0, 0)).toBe(R.REDUCING);
  expect(at.try(SELL, 102, 6, 1, 0)).toBe(R.REDUCING);
  expect(at.try(SELL, 102, 5, 1, 0)).toBe(0);
  expect(at.try(SELL, 103, 1, 1, 0)).toBe(R.REDUCING);
});

test('an amendment counts by the difference, and a smaller size at the same price always passes', () => {
  const at = scene({ max_position_size: 1 });
  const id = at.place(0, 0, BUY, 98, 6);
  const slot = at.desk.slotOf(id);
  at.report(ReportKind.ACK, slot, 98, 6);
  expect(at.try(BUY, 97, 5)).toBe(R.POSITION);
  expect(at.desk.amend(id, 98, 11, at.nowNs)).toBe(false);
  expect(at.desk.refusal).toBe(R.POSITION);
  expect(at.desk.amend(id, 98, 10, at.nowNs)).toBe(true);
  // The larger size counts until the venue has answered.
  at.report(ReportKind.AMENDED, slot, 98, 10);
  at.limit('max_position_size', 0).limit('max_order_size', 0).limit('price_collar_pct', 0);
  expect(at.desk.amend(id, 97, 9, at.nowNs)).toBe(false);
  expect(at.desk.amend(id, 98, 9, at.nowNs)).toBe(true);
});

test('a direct order takes from the message budget of its venue', () => {
  const budgets = [new MessageBudget({ perSecond: 1, burst: 2, cancelReserve: 0 })];
  const at = new GateScene({ instruments: [PERP], limits: { global: NO_LIMITS }, budgets }).quote(0, 99, 101);
  expect([1, 2, 3].map((lots) => at.try(BUY, 98, lots))).toEqual([0, 0, R.MESSAGE_BUDGET]);
});

test('narrow scopes: the tightest of all for one order, the own part of a strategy, the sum of a venue', () => {
  const at = new GateScene({
    instruments: [PERP, ETH],
    venueOf: [0, 1],
    strategies: 2,
    gate: { capital: { USDT: 1000 } },
    limits: {
      global: { ...NO_LIMITS, max_order_size: 1, max_position_size: 2 },
      instruments: { ETH: { max_order_size: 0.5 } },
      strategies: { 1: { max_position_size: 0.3, max_net_exposure: 45, daily_loss_limit: 10 } },
      venues: { v: { max_gross_exposure: 100 } },
    },
  });
  at.quote(0, 99, 101).quote(1, 99, 101);
  expect(at.try(BUY, 98, 6, 0, 1)).toBe(R.ORDER_SIZE);
  expect(at.try(BUY, 98, 4, 1, 0)).toBe(R.POSITION);
  expect(at.try(BUY, 98, 3, 1, 0)).toBe(0);
  expect(at.try(BUY, 98, 2, 1, 1)).toBe(R.NET_EXPOSURE);
  expect(at.try(BUY, 98, 7, 0, 0)).toBe(0);
  expect(at.try(BUY, 97, 1, 0, 0)).toBe(R.GROSS_EXPOSURE);
  expect(at.try(BUY, 98, 5, 0, 1)).toBe(0);
  at.hold(BUY, 110, 10, 1, 1);
  at.gate.evaluate(at.nowNs);
  at.limit('max_gross_exposure', Number.NaN, 1, 1).limit('max_net_exposure', Number.NaN, 3, 1);
  expect(at.try(BUY, 96, 1, 1, 1)).toBe(R.POSITION);
  expect(at.limit('max_position_size', Number.NaN, 3, 1).try(BUY, 96, 1, 1, 1)).toBe(R.DAILY_LOSS);
  expect(at.try(BUY, 96, 1, 0, 1)).toBe(0);
});

test('terms that are no numbers, or no lots, are refused', () => {
  const at = scene({});
  for (const size of [0, -1, Number.NaN, Infinity, 2 ** 60]) expect(at.try(BUY, 98, size)).toBe(R.NO_ROOM);
  for (const price of [Number.NaN, Infinity, -Infinity]) expect(at.try(BUY, price, 1)).toBe(R.NO_ROOM);
});

test('every code has words, and is counted by strategy', () => {
  for (const code of Object.values(Refusal)) expect(REFUSAL_TEXT[code]).toMatch(/^[a-z]/);
  const at = scene({ max_order_size: 0.1 });
  at.try(BUY, 98, 2, 1);
  at.try(BUY, 98, 2, 1);
  expect([at.gate.refusals(1, R.ORDER_SIZE), at.gate.refusals(0, R.ORDER_SIZE), at.gate.refused.length]).toEqual([
    2, 0, 2,
  ]);
});
