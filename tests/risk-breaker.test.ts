/** Every trigger of the circuit breakers, and what an open breaker does, end to end: over recordings of markets that do it. */
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { SIMULATE, quotewrightBeside } from './support/command.ts';
import {
  type OrderRow,
  NO_LIMITS,
  backtested,
  oneOfFew,
  ordersIn,
  outcomeOf,
  secondOf,
  simulated,
} from './support/risk-run.ts';
import { TRIGGER_CASES } from './support/risk-triggers.ts';

const folder = tempFolder();

describe.concurrent('a trigger', () => {
  it.each(TRIGGER_CASES)('$trigger opens the breaker by itself', async (each) => {
    const { trigger, feeds, params = { mode: 'quote' }, breaker, flags = [], limit, warns, isGlobal } = each;
    const risk = { limits: { global: NO_LIMITS }, ...(breaker === undefined ? {} : { breaker }) };
    const { trips, alerts } = await backtested({ folder, params, risk, feeds, flags });
    const found = trips.find((trip) => trip.trigger === trigger);
    expect(found, JSON.stringify({ trips, alerts })).toMatchObject({
      symbol: isGlobal === true ? null : 'BTCUSDT',
      limit,
    });
    expect(found!.value).toBeGreaterThanOrEqual(limit);
    // Nothing else opened it before.
    expect(trips.slice(0, trips.indexOf(found!)).filter(({ symbol }) => isGlobal !== true || symbol === null)).toEqual(
      [],
    );
    expect(alerts['CIRCUIT_BREAKER_OPEN']).toBe(trips.length);
    if (warns !== undefined) expect(alerts[warns]).toBeGreaterThan(0);
  });
});

/** Falls by 2 % at once after 20 seconds, and again after a minute; a quiet market otherwise. */
const twoFalls = (second: number) => ({ mid: second < 20 ? 60_000 : second < 60 ? 58_800 : 57_900 });
const oneFall = (second: number) => ({ mid: second < 20 ? 60_000 : 58_800 });
const SHORT = { cooldown: '20s', canary: '20s' };
const QUOTES = { mode: 'quote', count: 3, size: 0.1 };
/** On the way to the venue and back. */
const WAY = 0.02;
const OPEN_AT = 20.005;

/** Sizes of the orders of a side that stand at a time. */
const standing = (orders: readonly OrderRow[], side: string, second: number): number[] =>
  orders
    .filter((order) => order.side === side && order.sent + WAY <= second && order.ended > second)
    .map(({ size }) => size);

describe.concurrent('a breaker', () => {
  it('cancels quotes (CIRCUIT_BREAKER_OPEN), lets one small level a side out (CIRCUIT_BREAKER_HALF_OPEN), then all of them (CIRCUIT_BREAKER_CLOSED)', async () => {
    const out = folder.fresh();
    const feeds = [{ seconds: 80, at: oneFall }];
    const { trips, alerts } = await backtested({
      folder,
      params: QUOTES,
      risk: { breaker: SHORT },
      feeds,
      flags: ['--out', out],
    });
    expect(trips.map(({ trigger, time }) => [trigger, secondOf(time)])).toEqual([['PRICE_MOVE_1M', OPEN_AT]]);
    expect(alerts).toMatchObject({ CIRCUIT_BREAKER_OPEN: 1, CIRCUIT_BREAKER_HALF_OPEN: 1, CIRCUIT_BREAKER_CLOSED: 1 });
    const orders = ordersIn(out);
    for (const side of ['buy', 'sell']) {
      expect(standing(orders, side, 19)).toEqual([0.1, 0.1, 0.1]);
      for (const second of [OPEN_AT + WAY, 30, 39]) expect(standing(orders, side, second)).toEqual([]);
      for (const second of [41, 50, 59]) expect(standing(orders, side, second)).toEqual([0.01]);
      const all = standing(orders, side, 61).reduce((sum, size) => sum + size, 0);
      expect(all).toBeCloseTo(0.3);
    }
    expect(orders.filter(({ sent }) => sent > OPEN_AT && sent < OPEN_AT + 20)).toEqual([]);
  });

  it('trips again as a canary, at a tighter threshold, for twice as long', async () => {
    const out = folder.fresh();
    const feeds = [{ seconds: 130, at: twoFalls }];
    const { trips, alerts } = await backtested({
      folder,
      params: QUOTES,
      risk: { breaker: SHORT },
      feeds,
      flags: ['--out', out],
    });
    expect(trips.map(({ limit }) => limit)).toEqual([0.015, 0.01125]);
    expect(alerts).toMatchObject({ CIRCUIT_BREAKER_OPEN: 2, CIRCUIT_BREAKER_HALF_OPEN: 2, CIRCUIT_BREAKER_CLOSED: 1 });
    const orders = ordersIn(out);
    const again = secondOf(trips[1]!.time);
    expect(orders.filter(({ sent }) => sent > again && sent < again + 40)).toEqual([]);
    expect(standing(orders, 'buy', again + 41)).toEqual([0.01]);
  });

  it('refuses orders (BREAKER_OPEN), and more or larger ones than the canary (BREAKER_CANARY); what reduces passes', async () => {
    const feeds = [{ seconds: 60, at: oneFall }];
    const stacking = { mode: 'stack', size: 0.2, every: 1 };
    const { refused } = await backtested({ folder, params: stacking, risk: { breaker: SHORT }, feeds });
    expect(refused['BREAKER_OPEN']).toBeGreaterThan(10);
    expect(refused['BREAKER_CANARY']).toBeGreaterThan(10);
    const out = folder.fresh();
    const params = { mode: 'hold', size: 0.1, away: -0.1, after: 'both', every: 1 };
    const held = await backtested({ folder, params, risk: { breaker: SHORT }, feeds, flags: ['--out', out] });
    const sent = ordersIn(out).filter(({ sent: at }) => at > OPEN_AT && at < OPEN_AT + 20);
    expect(new Set(sent.map(({ side }) => side))).toEqual(new Set(['sell']));
    expect(held.refused['BREAKER_OPEN']).toBeGreaterThan(10);
  });

  it.each([
    ['flatten', true],
    ['wait', false],
  ])('that opens has the hedger %s', async (onBreaker, isHedged) => {
    const breaker = { ...SHORT, move1m: 0.0002 };
    const hedge = { threshold: 5, onBreaker };
    const params = { mode: 'hold', size: 0.5, away: -0.1 };
    const flags = ['--symbols', 'BTCUSDT@a,BTCUSDT-PERP@b'];
    const { result, trips } = await simulated({ folder, params, risk: { breaker, hedge }, seconds: 60, flags });
    expect(trips.length).toBeGreaterThan(0);
    const hedged = result.alongside![0]!.summary.markets[1]!.metrics;
    expect(hedged['positionFinal']).toBe(isHedged ? -500 : 0);
  });
});

describe.concurrent('in an ordinary market', () => {
  it.each([1, 2, 3])('the defaults refuse nothing and open nothing (seed %i)', async (seed) => {
    const { stdout } = await oneOfFew(() =>
      quotewrightBeside(...SIMULATE, '--duration', '2m', '--seed', String(seed), '--json'),
    );
    const { state, refused, trips } = outcomeOf(stdout);
    expect({ state, refused, trips }).toEqual({ state: 'ACTIVE', refused: {}, trips: [] });
  });
});
