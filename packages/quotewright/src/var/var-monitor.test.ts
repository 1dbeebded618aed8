/** VaR in a session: sampled, worked out beside it, fed in as an input, and acted upon. */
import { Engine } from '@quotewright/core/engine/engine';
import type { EngineSetup } from '@quotewright/core/engine/engine-setup';
import { Mark } from '@quotewright/core/engine/local-market';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { AlertField, AlertType } from '@quotewright/core/risk/alert';
import { LIMIT_INDEX } from '@quotewright/core/risk/limits';
import { Command } from '@quotewright/core/trading/records';
import { RiskState } from '@quotewright/core/trading/risk-state';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import { describe, expect, test } from 'vitest';
import { loadStrategy, resolveParams } from '../backtest/load-strategy.ts';
import { runLiving } from '../backtest/run-living.ts';
import { sampleMarkets } from '../calibrate/sample-markets.ts';
import { unpacedHost } from '../session/testing/unpaced-host.ts';
import { PositionValues, type Held } from './position-values.ts';
import { VarMonitor } from './var-monitor.ts';
import { type SessionVarSettings, varSettings } from './var-settings.ts';

const FAST: SessionVarSettings = varSettings.parse({
  sample: '1s',
  every: '2s',
  horizon: '1m',
  window: 60,
  minReturns: 10,
});
const CASH = { USDT: '100000' };

interface Outcome {
  readonly engine: Engine;
  readonly figures: number;
  readonly gaps: number;
  readonly inputs: Float64Array;
  readonly setup: EngineSetup;
  /** By second: what all strategies hold of each instrument, and the state of trading. */
  readonly seconds: readonly { readonly lots: readonly number[]; readonly state: RiskState }[];
}

async function live(
  limit: number | null,
  commands: (engine: Engine, nowNs: number) => void = () => undefined,
): Promise<Outcome> {
  const market = new LivingMarket(sampleMarkets('BTCUSDT,ETHUSDT'), 4);
  const definition = await loadStrategy('basic-maker');
  const log: number[] = [];
  const setup: EngineSetup = {
    instruments: market.instruments,
    isL3: [false, false],
    venueOf: [0, 0],
    strategies: [{ definition, params: resolveParams(definition, {}), observers: [] }],
    seed: 4,
    mark: Mark.MID,
    ledger: { cash: CASH },
    risk: { limits: { global: { max_var: limit } } },
  };
  const engine = new Engine({
    ...setup,
    journal: { append: (data, offset) => void log.push(...data.subarray(offset, offset + EVENT_STRIDE)) },
  });
  const monitor = new VarMonitor(engine, FAST);
  const seconds: { lots: number[]; state: RiskState }[] = [];
  try {
    await runLiving({
      engine,
      market,
      latency: new DelayLatency({ request: 1e6, report: 1e6, marketData: 1e6 }, 4),
      seconds: 40,
      cash: CASH,
      host: unpacedHost(async (nowNs) => {
        await monitor.at(nowNs);
        commands(engine, nowNs);
        seconds.push({ lots: engine.instruments.map((_, i) => engine.portfolioLots(i)), state: engine.riskState });
      }),
    });
  } finally {
    await monitor.close();
  }
  const { figures, gaps } = monitor;
  return { engine, figures, gaps, inputs: Float64Array.from(log), setup, seconds };
}

function alertsOf(engine: Engine, type: AlertType): number {
  const { outbox } = engine.risk!.alerts;
  let count = 0;
  while (outbox.length > 0) {
    if (outbox.data[outbox.peek() + AlertField.TYPE] === type) count++;
    outbox.shift();
  }
  return count;
}

const { ACTIVE, REDUCING } = RiskState;

describe('value at risk in a session', () => {
  test('above its limit: an alert, trading is REDUCING, and no position grows any more', async () => {
    const free = await live(null);
    expect(free.figures).toBeGreaterThan(10);
    expect(free.seconds.every(({ state }) => state === ACTIVE)).toBe(true);
    const { valueAtRisk, shortfall } = free.engine.risk!.varGuard;
    expect(valueAtRisk).toBeGreaterThan(0);
    expect(shortfall).toBeGreaterThanOrEqual(valueAtRisk);

    const bound = await live(1e-3);
    expect(alertsOf(bound.engine, AlertType.VAR_BREACH)).toBeGreaterThan(0);
    const breached = bound.seconds.findIndex(({ state }) => state === REDUCING);
    expect(breached).toBeGreaterThan(9);
    let reducing = 0;
    // A second for what was under way; flat for a while, it is ACTIVE again.
    for (let at = 2; at < bound.seconds.length; at++) {
      if (bound.seconds.slice(at - 2, at + 1).some(({ state }) => state !== REDUCING)) continue;
      reducing++;
      bound.seconds[at]!.lots.forEach((lots, market) => {
        const before = bound.seconds[at - 1]!.lots[market]!;
        expect(Math.abs(lots)).toBeLessThanOrEqual(Math.abs(before));
        expect(lots * before).toBeGreaterThanOrEqual(0);
      });
    }
    expect(reducing).toBeGreaterThan(5);
    expect(alertsOf(free.engine, AlertType.VAR_BREACH)).toBe(0);
  });

  test('the same seed is the same run, whatever the threads do; its journal replays without asking anyone', async () => {
    const [first, second] = [await live(1e-3), await live(1e-3)];
    expect(second.engine.inputs.digest()).toBe(first.engine.inputs.digest());
    expect(second.engine.outputs.digest()).toBe(first.engine.outputs.digest());
    const replayed = new Engine(first.setup);
    for (let at = 0; at < first.inputs.length; at += EVENT_STRIDE) {
      expect(replayed.input(first.inputs, at)).toBe(true);
      replayed.takeRequests({ send: () => undefined });
    }
    expect(replayed.outputs.digest()).toBe(first.engine.outputs.digest());
    expect(replayed.riskState).toBe(first.engine.riskState);
    expect(replayed.risk!.varGuard.save()).toEqual(first.engine.risk!.varGuard.save());
  });

  test('an operator has trading go on, and takes the limit away', async () => {
    let liftedAt = -1;
    const outcome = await live(1e-3, (engine, nowNs) => {
      if (liftedAt >= 0 || engine.riskState !== REDUCING) return;
      liftedAt = nowNs / 1e9;
      engine.setLimit(LIMIT_INDEX.get('max_var')!, 0, 0, Number.NaN, nowNs);
      engine.operate(Command.ACTIVATE, -1, 0, nowNs);
    });
    expect(liftedAt).toBeGreaterThan(9);
    const after = outcome.seconds.slice(liftedAt);
    expect(after.length).toBeGreaterThan(5);
    expect(after.every(({ state }) => state === ACTIVE)).toBe(true);
    expect(after.some(({ lots }) => lots.some((each) => each !== 0))).toBe(true);
  });

  test('a session that goes on while it waits is told at its own time, never before', async () => {
    const told: number[] = [];
    const held = {
      ...heldOf([SPOT], [5], [100]),
      nowNs: 0,
      risk: undefined,
      valueAtRisk: (value: number, _: number, nowNs: number) => void told.push(value, nowNs - held.nowNs),
    };
    const monitor = new VarMonitor(held, FAST);
    for (let nowNs = 0; told.length === 0; nowNs += 1e9) {
      const asked = monitor.at(nowNs);
      held.nowNs = nowNs + 0.3e9;
      await asked;
    }
    // Prices that stand still have no risk.
    expect(told).toEqual([0, 0]);
    expect(monitor.latest?.returns).toBeGreaterThanOrEqual(10);
    await monitor.close();
  });

  test('a session outlives the thread: there are no figures any more, and why is said', async () => {
    const told: number[] = [];
    const held = {
      ...heldOf([SPOT], [5], [100]),
      nowNs: 0,
      risk: undefined,
      valueAtRisk: (value: number) => void told.push(value),
    };
    const monitor = new VarMonitor(held, FAST);
    for (let second = 0; second < 20; second++) await monitor.at(second * 1e9);
    const before = told.length;
    expect(before).toBeGreaterThan(3);
    await monitor.close();
    for (let second = 20; second < 40; second++) expect(await monitor.at(second * 1e9)).toBe(false);
    expect(told.length).toBe(before);
    expect(monitor.failure).toBe('the VaR thread was closed');
  });
});

const SPOT = new Instrument({
  venue: 'v',
  symbol: 'ETHBTC',
  base: 'ETH',
  quote: 'BTC',
  tick: '0.0001',
  lot: '0.01',
  contract: 'spot',
});
const LINEAR = new Instrument({
  venue: 'v',
  symbol: 'BTCUSD',
  base: 'BTC',
  quote: 'USD',
  tick: '0.5',
  lot: '0.001',
  contract: 'linear',
});
const INVERSE = new Instrument({
  venue: 'v',
  symbol: 'BTCUSD_PERP',
  base: 'BTC',
  quote: 'USD',
  tick: '0.5',
  lot: '1',
  multiplier: '100',
  contract: 'inverse',
});

/** A session that holds lots of instruments whose mids are so many ticks. */
function heldOf(instruments: readonly Instrument[], lots: readonly number[], mids: readonly number[]): Held {
  // oxlint-disable-next-line no-unsafe-type-assertion -- what is looked at
  const seats = [{ markets: instruments.map((_, i) => ({ midTicks: mids[i]! })) }] as unknown as Held['seats'];
  return { instruments, seats, portfolioLots: (market) => lots[market]! };
}

describe('what positions are worth', () => {
  test('spot, linear and inverse, in a currency that needs two prices', () => {
    // BTC at 60,000 USD, ETH at 0.05 BTC.
    const positions = new PositionValues(
      heldOf([SPOT, LINEAR, INVERSE], [200, -500, 3], [500, 120_000, 120_000]),
      'USD',
      {},
    );
    expect(positions.update()).toBe(true);
    // 2 ETH, -0.5 BTC, three contracts of 100 USD.
    [2 * 3000, -0.5 * 60_000, 300].forEach((value, i) => expect(positions.values[i]).toBeCloseTo(value, 6));
  });

  test('a side that is empty leaves the last price; before the first, or without a rate, a position has no value', () => {
    const mids = [500, Number.NaN];
    const held = heldOf([SPOT, LINEAR], [200, 0], mids);
    const positions = new PositionValues(held, 'USD', {});
    expect(positions.update()).toBe(false);
    expect([...positions.values]).toEqual([Number.NaN, 0]);
    // oxlint-disable-next-line no-unsafe-type-assertion -- as above
    const market = held.seats[0]!.markets[1]! as unknown as { midTicks: number };
    market.midTicks = 120_000;
    expect(positions.update()).toBe(true);
    market.midTicks = Number.NaN;
    expect(positions.update()).toBe(true);
    expect(positions.values[0]).toBeCloseTo(6000, 6);
    const fixed = new PositionValues(heldOf([SPOT], [100], [500]), 'USD', { BTC: 50_000 });
    fixed.update();
    expect(fixed.values[0]).toBeCloseTo(2500, 6);
  });
});

describe('settings', () => {
  test('have defaults, and say what is wrong', () => {
    expect(varSettings.parse({})).toMatchObject({
      method: 'historical',
      level: 0.99,
      horizonNs: 86_400e9,
      everyNs: 60e9,
    });
    for (const wrong of [
      { method: 'x' },
      { level: 2 },
      { every: '0s' },
      { window: 10, minReturns: 20 },
      { limit: 5 },
    ]) {
      expect(varSettings.safeParse(wrong).success).toBe(false);
    }
  });
});
