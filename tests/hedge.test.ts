/** A maker at one venue, the hedger at the other: in a living market event by event, and through the command over a recording of one. */
import { join } from 'node:path';
import { Command } from '@quotewright/core/trading/records';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../packages/quotewright/src/data/testing/files.ts';
import { runResult } from '../packages/quotewright/src/reports/run-result.ts';
import { SIMULATE, quotewright } from './support/command.ts';
import { runTwoVenues } from './support/two-venues.ts';

const SEEDS = [1, 2, 3];
const SECONDS = 300;
const BAND = 0.1;
const NO_FAULTS = { duplicates: 0, unknownOrders: 0, overfills: 0, late: 0, missing: 0, malformed: 0 };
/** Until an exposure is seen, hedged, and hedged again because the first order did not find all. */
const REACTION_NS = 0.3e9;

describe('a maker hedged at another venue', () => {
  it.each(SEEDS)('stays within the band and what is on its way at every event (seed %i)', (seed) => {
    const hedger = { threshold: BAND, passive: 0, slippage: 20 };
    const run = runTwoVenues({ seed, seconds: SECONDS, hedger, band: BAND, reactionNs: REACTION_NS });
    expect(run.faults.slice(0, 3)).toEqual([]);
    expect(run.reportFaults).toEqual(NO_FAULTS);
    expect(run.positions).toEqual(run.venuePositions);
    for (const fills of run.fills) expect(fills).toBeGreaterThan(20);
  });

  it('varies less than the same maker without a hedge', () => {
    let [hedged, bare] = [0, 0];
    for (const seed of SEEDS) {
      const hedger = { threshold: BAND };
      const alone = runTwoVenues({ seed, seconds: SECONDS });
      const both = runTwoVenues({ seed, seconds: SECONDS, hedger });
      expect(both.faults.slice(0, 3)).toEqual([]);
      // The hedge's venue has a book of its own: the maker trades as it does alone.
      expect(both.fills[0]).toBe(alone.fills[0]);
      expect(both.meanExposure).toBeLessThan(alone.meanExposure / 2);
      bare += alone.variance;
      hedged += both.variance;
    }
    expect(hedged).toBeLessThan(bare / 2);
  });

  it('comes out the same each time', () => {
    const run = { seed: 1, seconds: 60, hedger: { threshold: BAND } };
    const once = runTwoVenues(run);
    expect(runTwoVenues(run)).toEqual(once);
    expect(once.fills[1]).toBeGreaterThan(0);
    expect(runTwoVenues({ ...run, seed: 2 }).hashes).not.toEqual(once.hashes);
  });

  it.each(SEEDS)('counts what trades while its cancel is on the way (seed %i)', (seed) => {
    const hedger = { threshold: 0.02, inner: 0, passive: 1, reprice: 0.1, interval: 0.05 };
    const run = runTwoVenues({ seed, seconds: SECONDS, hedger, hedgeNs: 100e6 });
    expect(run.fillsInCancel).toBeGreaterThan(5);
    expect(run.faults.slice(0, 3)).toEqual([]);
    expect(run.reportFaults).toEqual(NO_FAULTS);
    expect(run.positions).toEqual(run.venuePositions);
  });
});

/** Net exposure by second, and what happened to the maker's quotes. */
function commanded(command: Command, onBreaker: string) {
  const lots: number[] = [];
  const quotes: number[] = [];
  const run = runTwoVenues({
    seed: 4,
    seconds: 60,
    hedger: { threshold: 5, onBreaker },
    // The hedger is the second of the strategies.
    risk: { gate: { hedgers: [1] }, limits: { global: { max_position_size: 100 } } },
    onSecond: (second, engine) => {
      if (second === 50) engine.operate(command, 0, -1, engine.nowNs);
      lots.push(engine.portfolioLots(0) + engine.portfolioLots(1));
      quotes.push(engine.seats[0]!.markets[0]!.orderCount);
    },
  });
  expect(run.faults.slice(0, 3)).toEqual([]);
  return { before: lots[48]!, after: lots[54]!, quotes: quotes[54]!, hedges: run.fills[1]! };
}

describe('a maker that may not quote any more', () => {
  it('is hedged wholly and at once when its breaker opens, if that is wanted', () => {
    const { before, after, quotes, hedges } = commanded(Command.TRIP, 'flatten');
    expect(Math.abs(before)).toBeGreaterThan(20);
    expect([after, quotes]).toEqual([0, 0]);
    expect(hedges).toBeGreaterThan(0);
    const waiting = commanded(Command.TRIP, 'wait');
    expect([waiting.before, waiting.quotes, waiting.hedges]).toEqual([before, 0, 0]);
    expect(Math.abs(waiting.after)).toBeGreaterThan(20);
  });

  it('is hedged while trading is reducing, as far as its own order that reduces leaves room', () => {
    const { before, after, hedges } = commanded(Command.REDUCE, 'wait');
    expect(Math.abs(before)).toBeGreaterThan(200);
    // One order of the maker is 100 lots.
    expect(Math.abs(after)).toBeLessThanOrEqual(100);
    expect(hedges).toBeGreaterThan(0);
  });

  it('is not hedged when trading is halted', () => {
    const { before, after, quotes, hedges } = commanded(Command.HALT, 'flatten');
    expect([quotes, hedges]).toEqual([0, 0]);
    expect(Math.abs(after)).toBeGreaterThan(Math.abs(before) / 2);
  });
});

describe('the command', () => {
  const folder = tempFolder();

  it('hedges at one venue what it makes at the other, over a recording of a market of two', () => {
    const data = join(folder.path, 'data');
    const symbols = 'BTCUSDT-SPOT@coins,BTCUSDT-PERP@perps';
    expect(quotewright('data', 'sample', data, '--minutes', '3', '--symbols', symbols, '--seed', '3').status).toBe(0);
    const settings = folder.write(
      'hedged.yaml',
      `strategy: basic-maker
params: { markets: BTCUSDT-SPOT, size: 0.1, inventorySkew: 0 }
alongside: [{ strategy: hedger, params: { threshold: 0.1, passive: 0 } }]
data: [${data}]
fees: { maker: '0', taker: '0.0002' }
bounds: false
`,
    );
    const { status, stdout, stderr } = quotewright('backtest', '--config', settings, '--json');
    expect([status, stderr]).toEqual([0, '']);
    const { runs, alongside, instruments } = runResult.parse(JSON.parse(stdout));
    expect(instruments.map(({ venue, contract }) => [venue, contract])).toEqual([
      ['coins', 'spot'],
      ['perps', 'linear'],
    ]);
    const made = runs.modelled.markets.map(({ metrics }) => metrics);
    const hedged = alongside![0]!.summary.markets.map(({ metrics }) => metrics);
    expect(made[0]!['fills']).toBeGreaterThan(0);
    expect(hedged[1]!['fills']).toBeGreaterThan(0);
    expect([made[1]!['fills'], hedged[0]!['fills']]).toEqual([0, 0]);
  });

  it('hedges in a living market of two venues from a file, each with latencies of its own', () => {
    const market = ['--market', 'examples/two-venues.yaml', '--latency', 'coins=1ms,perps=4ms'];
    const maker = ['--param', 'markets=BTCUSDT', '--param', 'size=0.1', '--param', 'inventorySkew=0'];
    const hedger = ['--alongside', 'hedger:hedge=BTCUSDT-PERP,threshold=0.05,passive=0'];
    const args = [...market, ...maker, ...hedger, '--duration', '2m', '--json'];
    const { status, stdout, stderr } = quotewright(...SIMULATE, '--strategy', 'basic-maker', ...args);
    expect([status, stderr]).toEqual([0, '']);
    const { runs, instruments, alongside } = runResult.parse(JSON.parse(stdout));
    expect(instruments.map(({ venue, symbol }) => `${symbol}@${venue}`)).toEqual([
      'BTCUSDT@coins',
      'BTCUSDT-PERP@perps',
      'ETHUSDT@coins',
    ]);
    const made = runs.modelled.markets.map(({ metrics }) => metrics);
    const hedged = alongside![0]!.summary.markets.map(({ metrics }) => metrics);
    expect(made[0]!['fills']).toBeGreaterThan(0);
    expect(hedged[1]!['fills']).toBeGreaterThan(0);
    expect(hedged[0]!['fills']).toBe(0);
    const [position, hedge] = [made[0]!['positionFinal']!, hedged[1]!['positionFinal']!];
    expect(Math.abs(position)).toBeGreaterThan(100);
    expect(Math.abs(position + hedge)).toBeLessThanOrEqual(50);
  });

  it('says in one line what cannot be hedged, and exits 2', () => {
    const { status, stdout, stderr } = quotewright(...SIMULATE, '--strategy', 'hedger', '--duration', '1s');
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining('hedger: found 1 market')]);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
