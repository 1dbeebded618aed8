/** Runs strategies in a living market: their orders stand in the same books as everyone's, and move them. */
import { type Engine } from '@quotewright/core/engine/engine';
import { Mark } from '@quotewright/core/engine/local-market';
import { LivingSession } from '@quotewright/core/engine/living-session';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { Observer } from '@quotewright/core/strategies/observer';
import type { LatencyModel } from '@quotewright/core/venue-sim/latency';
import { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import type { MarketConfig } from '../calibrate/market-config.ts';
import { reasonOf } from '../data/reason.ts';
import { InputError } from '../data/report.ts';
import type { PlannedStrategy } from './plan.ts';
import { makeEngine } from './run-backtest.ts';

/** Market time between two looks at the world outside. */
const SLICE_NS = 1e9;

export interface LivingRunOptions {
  readonly market: MarketConfig;
  readonly strategies: readonly PlannedStrategy[];
  readonly seed: number;
  readonly seconds: number;
  readonly latency: LatencyModel;
  /** Starting cash by currency. */
  readonly cash: Readonly<Record<string, string>>;
  readonly observers: (strategy: number) => readonly Observer[];
  /** Called after each second of market time with the seconds so far; true ends the run there. */
  readonly onProgress: (seconds: number) => Promise<boolean>;
}

export interface LivingOutcome {
  readonly engine: Engine;
  readonly instruments: readonly Instrument[];
  /** Operations of the matching engines: orders in, cancels, amendments, own ones included. */
  readonly operations: number;
  readonly endNs: number;
  readonly isPartial: boolean;
}

/** @throws InputError when the market's parameters cannot be simulated. */
export async function runLiving(options: LivingRunOptions): Promise<LivingOutcome> {
  const { seed, latency, strategies } = options;
  const market = makeMarket(options.market, seed);
  const { instruments } = market;
  const engine = makeEngine({
    instruments,
    isL3: instruments.map(() => false),
    venueOf: instruments.map(() => 0),
    strategies: strategies.map(({ definition, params }, index) => ({
      definition,
      params,
      observers: options.observers(index),
    })),
    seed,
    mark: Mark.MID,
    ledger: { cash: options.cash },
    quoter: { canAmend: true },
  });
  const session = new LivingSession(engine, market, latency);
  session.start(0);
  const endNs = options.seconds * 1e9;
  let nowNs = 0;
  let isPartial = false;
  while (nowNs < endNs && !isPartial) {
    nowNs = Math.min(endNs, nowNs + SLICE_NS);
    session.run(nowNs);
    isPartial = await options.onProgress(nowNs / 1e9);
  }
  session.finish(nowNs);
  return { engine, instruments, operations: market.operations, endNs: nowNs, isPartial };
}

function makeMarket({ instruments, schedule }: MarketConfig, seed: number): LivingMarket {
  try {
    return new LivingMarket(instruments, seed, schedule === undefined ? {} : { schedule });
  } catch (error) {
    throw new InputError(`the market: ${reasonOf(error)}`);
  }
}
