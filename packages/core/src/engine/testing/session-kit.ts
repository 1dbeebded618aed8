/** Sessions for tests: instruments of all contract types, an engine with venues, rows in batches of any size. */
import { Instrument } from '../../market/instrument.ts';
import type { Observer } from '../../strategies/observer.ts';
import type { Context, Handlers, StrategyDefinition } from '../../strategies/strategy.ts';
import { DelayLatency, type LatencyModel } from '../../venue-sim/latency.ts';
import { type FillRule, L2ReplayVenue } from '../../venue-sim/l2-replay.ts';
import { queueModel } from '../../venue-sim/queue-model.ts';
import type { ReplayVenue } from '../../venue-sim/venue.ts';
import { Engine } from '../engine.ts';
import type { EngineSetup } from '../engine-setup.ts';
import { Mark } from '../local-market.ts';
import { FeedWindow } from '../feed-window.ts';
import { type FundingInstant, ReplaySession } from '../replay-session.ts';
import { MAX_FEED_NS, type MarketRows } from './market-rows.ts';

const FEES = { maker: '-0.0001', taker: '0.0005' };
const COMMON = { venue: 'test', base: 'BTC', tick: '0.1', lot: '0.001', fees: FEES };

export const LINEAR = new Instrument({ ...COMMON, symbol: 'LINEAR', quote: 'USDT', contract: 'linear' });
export const SPOT = new Instrument({ ...COMMON, symbol: 'SPOT', quote: 'EUR', contract: 'spot' });
export const INVERSE = new Instrument({
  ...COMMON,
  symbol: 'INVERSE',
  quote: 'USD',
  lot: '1',
  contract: 'inverse',
  multiplier: '100',
});

/** A strategy without parameters. */
export function strategyOf(create: (ctx: Context) => Handlers, name = 'test'): StrategyDefinition {
  return { name, description: 'for a test', params: {}, create };
}

export interface SessionOptions {
  readonly instruments?: readonly Instrument[];
  readonly strategies: readonly StrategyDefinition[];
  /** By strategy. */
  readonly observers?: readonly (readonly Observer[])[];
  /** Of each instrument; default: an L2 replay venue with the queue model power3. */
  readonly venue?: (instrument: Instrument, index: number) => ReplayVenue;
  readonly fillRule?: FillRule;
  /** Default: 1 ms each way. */
  readonly latency?: LatencyModel;
  readonly engine?: Partial<EngineSetup>;
  readonly startNs?: number;
  readonly funding?: readonly FundingInstant[];
}

export class TestSession {
  readonly engine: Engine;
  readonly window = new FeedWindow({ shiftNs: 0, assumedLatencyNs: 0 });
  readonly replay: ReplaySession;
  readonly venues: readonly ReplayVenue[];

  constructor(options: SessionOptions) {
    const { instruments = [LINEAR], strategies, observers = [], funding = [] } = options;
    this.engine = new Engine({
      instruments,
      isL3: instruments.map(() => false),
      venueOf: instruments.map((_, index) => index),
      strategies: strategies.map((definition, i) => ({ definition, params: {}, observers: observers[i] ?? [] })),
      seed: 1,
      mark: Mark.MID,
      ...options.engine,
    });
    const { fillRule = 'partial' } = options;
    const usual = (instrument: Instrument, index: number): ReplayVenue =>
      new L2ReplayVenue(instrument, index, queueModel('power3', 3), { fillRule });
    this.venues = instruments.map(options.venue ?? usual);
    const latency = options.latency ?? new DelayLatency({ request: 1e6, report: 1e6 });
    const setups = this.venues.map((venue, index) => ({ venue, latency, instruments: [index] }));
    this.replay = new ReplaySession(this.engine, this.window, setups, options.startNs ?? 0, funding);
  }

  /** Plays all rows in batches of a size, and ends the session after the last. */
  play(rows: MarketRows, batchRows = 4096): this {
    this.feed(rows, batchRows);
    this.replay.finish(this.window.lastLocalNs + 1);
    return this;
  }

  /** Plays rows as far as rows that follow could not change what happened. */
  feed(rows: MarketRows, batchRows = 4096): void {
    for (let from = 0; from < rows.count; from += batchRows) {
      const to = Math.min(rows.count, from + batchRows);
      this.window.append(rows.batch(from, to), to - from);
      this.replay.run(this.window.lastLocalNs - MAX_FEED_NS);
    }
  }

  /** Both hashes and every strategy's money, exactly. */
  print(): unknown {
    const { inputs, outputs, seats } = this.engine;
    return {
      inputs: [inputs.count, inputs.digest()],
      outputs: [outputs.count, outputs.digest()],
      accounts: seats.map(({ ledger, fills }) => ({
        fills,
        cash: ledger.currencies.map((currency) => ledger.cashText(currency)),
        positions: this.engine.instruments.map((_, index) => ledger.positionLots(index)),
      })),
    };
  }
}
