/** What the gate looks at on its own: losses, drawdown, warnings, the day; and that it goes on where it was saved. */
import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Instrument } from '../market/instrument.ts';
import { Side } from '../market/side.ts';
import { Refusal } from '../trading/refusal.ts';
import { RiskState } from '../trading/risk-state.ts';
import { AlertType } from './alert.ts';
import type { RiskGate } from './gate.ts';
import type { LimitValues } from './limits.ts';
import { GateScene, NO_LIMITS } from './testing/gate-scene.ts';

const COMMON = { venue: 'v', base: 'BTC', tick: '1', lot: '0.1' };
const PERP = new Instrument({ ...COMMON, symbol: 'PERP', quote: 'USDT', contract: 'linear' });
const INVERSE = new Instrument({
  ...COMMON,
  symbol: 'INVERSE',
  quote: 'USD',
  contract: 'inverse',
  lot: '1',
  multiplier: '10',
});
const SPOT = new Instrument({
  ...COMMON,
  symbol: 'SPOT',
  quote: 'EUR',
  contract: 'spot',
  fees: { maker: '0', taker: '0', currency: 'base' },
});
const { BUY, SELL } = Side;
const DAY = 86_400e9;

function scene(limits: LimitValues, gate = {}): GateScene {
  const at = new GateScene({
    instruments: [PERP],
    limits: { global: { ...NO_LIMITS, warning_share: 0.8, ...limits } },
    gate: { capital: { USDT: 1000 }, ...gate },
  });
  at.quote(0, 99, 101);
  at.gate.evaluate(at.nowNs);
  return at;
}

/** The mid goes to a price; one lot of 20 held at 100 gains 2 per tick. */
function move(at: GateScene, mid: number): GateScene {
  at.quote(0, mid - 1, mid + 1);
  at.gate.evaluate(at.nowNs);
  return at;
}

test('the peak begins at the capital: the first cent lost is a drawdown', () => {
  const at = scene({ max_drawdown_pct: 1 }).hold(BUY, 100, 10);
  expect([at.gate.equity, at.gate.peak]).toEqual([1000, 1000]);
  expect([move(at, 99).gate.equity, at.gate.peak]).toEqual([999, 1000]);
  expect(at.gate.demanded).toBe(RiskState.ACTIVE);
  expect(move(at, 90).gate.demanded).toBe(RiskState.REDUCING);
});

test('equity follows the exact books: fees, inverse contracts, spot with fees in base, conversion', () => {
  const at = new GateScene({
    instruments: [PERP, INVERSE, SPOT],
    limits: { global: NO_LIMITS },
    gate: { capital: { USDT: 1000, BTC: 0.5 }, rates: { EUR: 1.25, USD: 1 } },
  });
  for (let market = 0; market < 3; market++) at.quote(market, 99, 101);
  const rate = (currency: string): number =>
    ({ USDT: 1, USD: 1, EUR: 1.25, BTC: at.markets[0]!.lastMidTicks })[currency]!;
  const random = Random.stream(7, 'equity');
  for (let i = 0; i < 500; i++) {
    const market = random.below(3);
    const price = 90 + random.below(20);
    at.book(0, market, random.below(2) === 0 ? BUY : SELL, price, 1 + random.below(30), random.below(3) * 1e6 - 1e6);
    at.quote(market, price - 1, price + 1);
    if (i % 50 === 0) {
      at.gate.funding(0, 100_000, 100);
      at.ledgers[0]!.funding(0, 100_000, 100);
      at.gate.funding(1, -70_000, 100);
      at.ledgers[0]!.funding(1, -70_000, 100);
    }
  }
  at.gate.evaluate(at.nowNs);
  // The inventory of spot and its fees are the base currency's own; here it is counted at the mark of its instrument.
  const ledger = at.ledgers[0]!;
  for (const { index, lastMidTicks } of at.markets) ledger.mark(index, lastMidTicks);
  const exact =
    1000 + 0.5 * rate('BTC') + ledger.equity('USDT') + ledger.equity('EUR') * 1.25 + ledger.equity('BTC') * rate('BTC');
  expect(at.gate.equity).toBeCloseTo(exact, 5);
});

describe('what a loss demands', () => {
  test('REDUCING at the limit, HALTED when flat, until it is released', () => {
    const at = scene({ daily_loss_limit: 50 }).hold(BUY, 100, 100);
    expect(move(at, 95.5).gate.demanded).toBe(RiskState.ACTIVE);
    expect(move(at, 95).gate.demanded).toBe(RiskState.REDUCING);
    // It stays, also when the loss is smaller again.
    expect(move(at, 99).gate.demanded).toBe(RiskState.REDUCING);
    at.hold(SELL, 99, 100);
    at.gate.evaluate(at.nowNs);
    expect(at.gate.demanded).toBe(RiskState.HALTED);
    at.gate.release(at.nowNs);
    expect(at.gate.demanded).toBe(RiskState.ACTIVE);
  });

  test('HALTED at once from 1.2 times the limit; a release while it stands is no release', () => {
    const at = scene({ daily_loss_limit: 50 }).hold(BUY, 100, 100);
    expect(move(at, 94).gate.demanded).toBe(RiskState.HALTED);
    at.gate.release(at.nowNs);
    expect(at.gate.demanded).toBe(RiskState.HALTED);
    at.limit('daily_loss_limit', 100).gate.release(at.nowNs);
    expect(at.gate.demanded).toBe(RiskState.ACTIVE);
  });

  test('REDUCING for the loss of the day ends with the day', () => {
    const at = scene({ daily_loss_limit: 50 }).hold(BUY, 100, 100);
    move(at, 95);
    at.nowNs = DAY + 1;
    expect(move(at, 95).gate.demanded).toBe(RiskState.ACTIVE);
    expect(at.try(BUY, 94, 1)).toBe(0);
  });

  test('an order that meets a loss before it was looked at wakes the look', () => {
    const at = scene({ daily_loss_limit: 50 }).hold(BUY, 100, 100).quote(0, 94, 96);
    expect(at.try(BUY, 93, 1)).toBe(Refusal.DAILY_LOSS);
    expect(at.gate.nextNs).toBe(at.nowNs);
    at.gate.evaluate(at.nowNs);
    expect(at.gate.demanded).toBe(RiskState.REDUCING);
    expect(at.gate.nextNs).toBe(at.nowNs + 1e9);
  });
});

test('warnings and breaches are told once per crossing', () => {
  const at = scene({ daily_loss_limit: 100, max_drawdown_pct: 10, max_position_size: 10 });
  at.hold(BUY, 100, 70);
  at.gate.evaluate(at.nowNs);
  expect(at.alerted()).toEqual([]);
  at.hold(BUY, 100, 30);
  move(at, 92);
  expect(at.alerted()).toEqual([AlertType.DAILY_LOSS_WARNING, AlertType.DRAWDOWN_WARNING, AlertType.POSITION_WARNING]);
  move(at, 92.5);
  move(at, 92);
  expect(at.alerted()).toEqual([]);
  at.hold(BUY, 92, 1);
  move(at, 89);
  expect(at.alerted()).toEqual([AlertType.DAILY_LOSS_BREACH, AlertType.DRAWDOWN_BREACH, AlertType.POSITION_BREACH]);
});

describe('the day', () => {
  test('begins at its time of day, also when nothing happens', () => {
    const at = scene({ max_daily_volume: 1, daily_loss_limit: 10 }, { dayStartNs: 3600e9 });
    at.nowNs = 2 * 3600e9;
    at.quote(0, 99, 101).gate.evaluate(at.nowNs);
    expect(at.gate.nextNs).toBe(DAY + 3600e9);
    at.hold(BUY, 100, 5).hold(SELL, 100, 5);
    expect(at.try(BUY, 98, 1)).toBe(Refusal.DAILY_VOLUME);
    at.gate.evaluate(DAY + 3600e9);
    expect(at.gate.nextNs).toBe(2 * DAY + 3600e9);
    at.nowNs = DAY + 3600e9;
    expect(at.try(BUY, 98, 1)).toBe(0);
  });

  test('is known from the first book on, and an order can begin one too', () => {
    const at = new GateScene({ instruments: [PERP], limits: { global: { ...NO_LIMITS, max_daily_volume: 1 } } });
    expect(at.gate.nextNs).toBe(Infinity);
    at.quote(0, 99, 101);
    expect(at.gate.nextNs).toBe(DAY);
    at.hold(BUY, 100, 5).hold(SELL, 100, 5);
    at.nowNs = DAY;
    expect(at.try(BUY, 98, 1)).toBe(0);
  });
});

test('what is saved in the middle goes on the same way', () => {
  const limits = {
    global: {
      max_orders_per_second: 5,
      max_order_burst: 4,
      max_daily_volume: 30,
      daily_loss_limit: 40,
      max_position_size: 4,
    },
  };
  const options = {
    instruments: [PERP, INVERSE],
    strategies: 2,
    limits,
    gate: { capital: { USDT: 1000 }, rates: { USD: 1 } },
  };
  const at = new GateScene(options);
  const random = Random.stream(3, 'save');
  const answers: unknown[] = [];
  let other: RiskGate | undefined;
  for (let i = 0; i < 600; i++) {
    at.nowNs += random.below(200e6);
    const market = random.below(2);
    const mid = 95 + random.below(10);
    at.quote(market, mid - 1, mid + 1);
    if (i === 300) {
      other = at.another(2, options.gate);
      other.restore(structuredClone(at.gate.save()));
      answers.length = 0;
    }
    const side = random.below(2) === 0 ? BUY : SELL;
    const lots = 1 + random.below(8);
    if (random.below(3) === 0) {
      const record = Float64Array.of(0, 0, 0, mid, lots, 0, 0, 1000);
      at.gate.fill(i & 1, market, side, record, 0);
      other?.fill(i & 1, market, side, record, 0);
      at.gate.evaluate(at.nowNs);
      other?.evaluate(at.nowNs);
    }
    for (const gate of other === undefined ? [at.gate] : [at.gate, other]) {
      gate.touchPrice(market);
      gate.terms.set([mid, lots, at.nowNs]);
      answers.push(gate.check(i & 1, market, side, 0, -1));
    }
    if (other !== undefined) expect(other.save()).toEqual(at.gate.save());
  }
  expect(new Set(answers).size).toBeGreaterThan(3);
});

test('settings that make no sense are named', () => {
  // oxlint-disable-next-line unicorn/consistent-function-scoping -- only for the lines below
  const make =
    (gate: object): (() => GateScene) =>
    () =>
      new GateScene({ instruments: [PERP], gate });
  expect(make({ capital: {} })).toThrow(/capital: nothing is above zero/);
  expect(make({ capital: { EUR: 1 } })).toThrow(/capital\.EUR: no currency of the run/);
  expect(make({ capital: { USDT: Number.NaN } })).toThrow(/capital\.USDT: 'NaN'/);
  expect(make({ rates: { EUR: 0 } })).toThrow(/rates\.EUR: '0' is not a number above zero/);
  // Of another run that the same settings serve.
  expect(make({ rates: { EUR: 1 } })).not.toThrow();
  expect(make({ rates: { USDT: 2 } })).toThrow(/rates\.USDT: the risk currency is worth 1/);
  expect(make({ hedgers: [1] })).toThrow(/hedgers: there is no strategy 1/);
  expect(make({ lookEveryNs: 0 })).toThrow(/lookEveryNs/);
  expect(make({ dayStartNs: DAY })).toThrow(/dayStartNs/);
});
