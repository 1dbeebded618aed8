import { describe, expect, it } from 'vitest';
import type { Observer } from '../strategies/observer.ts';
import { DelayLatency } from '../venue-sim/latency.ts';
import { randomMarket } from './testing/market-rows.ts';
import { randomLoner, randomTrader } from './testing/random-trader.ts';
import { INVERSE, LINEAR, SPOT, TestSession, strategyOf } from './testing/session-kit.ts';

const INSTRUMENTS = [LINEAR, INVERSE, SPOT];
const jitter = (seed: number): DelayLatency =>
  new DelayLatency(
    { request: { floorNs: 3e5, exponentialMeanNs: 1e6 }, report: { floorNs: 2e5, lognormalMedianNs: 5e5, sigma: 0.8 } },
    seed,
  );

function session(seed: number, latencySeed = seed): TestSession {
  return new TestSession({
    instruments: INSTRUMENTS,
    strategies: [randomTrader(), randomTrader('other')],
    latency: jitter(latencySeed),
    engine: { seed },
  });
}

describe('a replay session', () => {
  it.each([1, 2, 3])(
    'gives the same inputs, requests and money however the rows are cut into batches (seed %i)',
    (seed) => {
      const rows = randomMarket(seed, 5000, INSTRUMENTS.length);
      const whole = session(seed).play(rows, rows.count).print();
      expect(session(seed).play(rows, 1).print()).toEqual(whole);
      expect(session(seed).play(rows, 37).print()).toEqual(whole);
      expect(session(seed).play(rows).print()).toEqual(whole);
    },
  );

  it('gives other requests with another seed of the strategies, of the latencies, or with one row changed', () => {
    const rows = randomMarket(4, 5000, INSTRUMENTS.length);
    const prints = [
      session(4).play(rows),
      session(5, 4).play(rows),
      session(4, 5).play(rows),
      session(4).play(randomMarket(5, 5000, INSTRUMENTS.length)),
    ].map(({ engine }) => engine.outputs.digest());
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('keeps strategies that share a market apart: each does what it does beside one that does nothing', () => {
    const rows = randomMarket(6, 6000, INSTRUMENTS.length);
    const idle = strategyOf(() => ({}), 'idle');
    const [a, b] = [randomLoner('a'), randomLoner('b')];
    const run = (strategies: readonly (typeof idle)[]): string[][] => {
      const logs: string[][] = strategies.map(() => []);
      // By the rule `whole` own orders do not share a print, so the venue does not tie them together.
      const { engine } = new TestSession({
        instruments: INSTRUMENTS,
        strategies,
        observers: logs.map((log) => [logger(log)]),
        fillRule: 'whole',
      }).play(rows);
      for (const [i, { ledger }] of engine.seats.entries()) {
        logs[i]!.push(...ledger.currencies.map((currency) => `${currency} ${ledger.cashText(currency)}`));
      }
      return logs;
    };
    const both = run([a, b]);
    expect(both[0]!.length).toBeGreaterThan(1000);
    expect(both[0]).toEqual(run([a, idle])[0]);
    expect(both[1]).toEqual(run([idle, b])[1]);
    expect(run([a, idle])[1]!.filter((line) => !line.endsWith(' 0'))).toEqual([]);
  });
});

/** Writes down what a strategy sends and gets; order numbers are left out, since the engine gives them to all strategies in turn. */
function logger(log: string[]): Observer {
  return {
    onBook: () => {},
    onFill: (market, { side, priceTicks, sizeLots, venueNs }, nowNs) =>
      log.push(`fill ${market.index} ${side} ${priceTicks} ${sizeLots} ${venueNs} ${nowNs} ${market.positionLots}`),
    onOrder: (market, { state, reason, openLots }, nowNs) =>
      log.push(`order ${market.index} ${state} ${reason} ${openLots} ${nowNs}`),
    onRequest: (market, kind, { side, priceTicks, sizeLots }, nowNs) =>
      log.push(`request ${market.index} ${kind} ${side} ${priceTicks} ${sizeLots} ${nowNs}`),
    onFunding: () => {},
  };
}
