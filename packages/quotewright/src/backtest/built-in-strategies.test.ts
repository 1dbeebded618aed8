/** The built-in strategies on their defaults, over recordings of very different instruments. */
import { describe, expect, test } from 'vitest';
import type { Observer } from '@quotewright/core/strategies/observer';
import { STRATEGIES } from '@quotewright/core/strategies/registry';
import { sharedData } from '../data/testing/files.ts';
import { planBacktest } from './plan.ts';
import { runBacktest } from './run-backtest.ts';
import { defaultSettings } from './settings.ts';
import type { ParamInput } from './load-strategy.ts';

const LINEAR = 'binance_ws/usdm_btcusdt_20240718.gz';
const INVERSE = 'binance_ws/cm_btcusd_perp_20240808.gz';

/** The price of a dollar in tethers, which no instrument of these runs gives. */
const RISK = { rates: { USD: 1 } };

async function run(strategy: string, data: readonly string[], params: Record<string, ParamInput> = {}) {
  const settings = defaultSettings({
    strategy,
    data: data.map((name) => sharedData(name)),
    params,
    bounds: false,
    risk: RISK,
  });
  let fills = 0;
  let requests = 0;
  const largest = data.map(() => 0);
  const observer: Observer = {
    onBook: () => undefined,
    onFill: (market) => {
      fills++;
      largest[market.index] = Math.max(largest[market.index]!, Math.abs(market.positionLots));
    },
    onOrder: () => undefined,
    onRequest: () => requests++,
    onFunding: () => undefined,
  };
  const { runs } = await runBacktest(await planBacktest(settings), { observers: () => [observer] });
  return { fills, requests, largest, hash: runs[0]!.engine.outputs.digest() };
}

describe('built-in strategies', () => {
  for (const { name } of STRATEGIES.filter((each) => each.name !== 'pairs' && each.name !== 'hedger')) {
    for (const data of [LINEAR, INVERSE]) {
      test(`${name} trades ${data.slice(11)}, within its position`, async () => {
        const size = data === LINEAR ? 0.01 : 20;
        const { fills, requests, largest } = await run(name, [data], { size, maxPosition: 4 });
        expect(fills).toBeGreaterThan(0);
        expect(requests).toBeGreaterThan(0);
        // What was under way when the last fill happened may come on top.
        expect(largest[0]).toBeLessThanOrEqual((data === LINEAR ? 10 : 20) * 8);
      });
    }
  }

  test('pairs trades two instruments, both legs', async () => {
    const data = ['binance_ws/usdm_btcusdt_20240808.gz', INVERSE];
    const { largest } = await run('pairs', data, {
      window: 60,
      size: 0.1,
      entry: 1.5,
      maxHalfLife: 600,
      volatilityGate: 0,
    });
    expect(largest[0]).toBe(100);
    expect(largest[1]).toBeGreaterThan(30);
    expect(largest[1]).toBeLessThan(90);
  });

  test('the same twice', async () => {
    const [one, two] = [await run('glft', [LINEAR]), await run('glft', [LINEAR])];
    expect(one).toEqual(two);
  });
});
