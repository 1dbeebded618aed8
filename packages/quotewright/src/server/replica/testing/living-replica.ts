/** For tests: a living session whose inputs go through a ring into a second engine and its views, all on one thread. */
import { createRing } from '@quotewright/core/base/ring';
import { createSeqlock } from '@quotewright/core/base/seqlock';
import type { Engine } from '@quotewright/core/engine/engine';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { EVENT_STRIDE } from '@quotewright/core/market/event';
import { Instrument, type InstrumentSpec } from '@quotewright/core/market/instrument';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import type { LivingMarket } from '@quotewright/core/venue-sim/living/living-market';
import type { LivingVenue } from '@quotewright/core/venue-sim/venue';
import { makeMarket } from '../../../backtest/run-living.ts';
import { type SimulationOptions, configOf, marketOf, simulationHeader } from '../../../backtest/simulation-header.ts';
import { STAT_COUNT } from '../../../feed/host-stats.ts';
import { FeedWriter } from '../../../feed/feed-writer.ts';
import { headerEngine, headerStrategies } from '../../../journal/replay-engine.ts';
import { type SessionHeader, sessionHeader } from '../../../journal/session-header.ts';
import { serverConfig } from '../../config.ts';
import type { ServerSetup } from '../../link.ts';
import { SessionViews } from '../../views/session-views.ts';
import { Replica } from '../replica.ts';
import { TestJournal } from './test-journal.ts';
import { SMALL_SIMULATION } from '../../testing/simulation-options.ts';

export interface LivingReplicaOptions extends Partial<SimulationOptions> {
  /** Records of the ring. */
  readonly capacity?: number;
  readonly speed?: number | null;
  /** What of the instruments is other than usual. */
  readonly spec?: Partial<InstrumentSpec>;
  /** Where it keeps a journal. */
  readonly dir?: string;
  /** What stands between the session and the market: for tests that look at the venue. */
  readonly wrap?: (market: LivingMarket) => LivingVenue;
  /** Fastest way there and back, and the mean of what comes on top, nanoseconds. */
  readonly latencyNs?: readonly [floorNs: number, meanNs: number];
}

export class LivingReplica {
  readonly header: SessionHeader;
  readonly engine: Engine;
  readonly market: LivingMarket;
  readonly session: LivingSession;
  readonly writer: FeedWriter;
  readonly setup: ServerSetup;
  readonly views: SessionViews;
  readonly replica: Replica;
  readonly journal: TestJournal | undefined;

  private constructor(
    header: SessionHeader,
    engine: Engine,
    market: LivingMarket,
    session: LivingSession,
    writer: FeedWriter,
    setup: ServerSetup,
    views: SessionViews,
    replica: Replica,
    journal: TestJournal | undefined,
  ) {
    this.header = header;
    this.engine = engine;
    this.market = market;
    this.session = session;
    this.writer = writer;
    this.setup = setup;
    this.views = views;
    this.replica = replica;
    this.journal = journal;
  }

  static async open(options: LivingReplicaOptions = {}): Promise<LivingReplica> {
    const { capacity = 2 ** 16, speed = 1, dir, latencyNs = [2e5, 5e5], wrap } = options;
    const header = await headerOf(options);
    const { instruments, schedule } = marketOf(configOf(header, ''));
    const traded = instruments.map(({ instrument, params, follows }) => ({
      instrument: new Instrument({ ...instrument.spec, ...options.spec }),
      params,
      follows,
    }));
    const market = makeMarket({ instruments: traded, schedule }, header.seed);
    const feed = createRing(capacity, EVENT_STRIDE);
    const writer = new FeedWriter(feed);
    const journal = dir === undefined ? undefined : new TestJournal(dir, header);
    if (journal !== undefined) writer.behind(journal);
    const engine = headerEngine(header, { strategies: await headerStrategies(header), journal: writer });
    const [floorNs, exponentialMeanNs] = latencyNs;
    const times = { floorNs, exponentialMeanNs };
    const latency = new DelayLatency({ marketData: times, request: times, report: times }, header.seed);
    const session = new LivingSession(engine, wrap === undefined ? market : wrap(market), latency);
    const setup = setupOf(header, feed, speed, dir);
    const views = await SessionViews.open(setup);
    const replica = await Replica.open(setup, views);
    return new LivingReplica(header, engine, market, session, writer, setup, views, replica, journal);
  }

  /** Says where the trading engine stands: a mark in the feed and the message that goes with it. */
  check(): void {
    const { inputs, outputs } = this.engine;
    if (!this.writer.check()) return;
    const sequence = this.writer.sequence;
    this.replica.take({ type: 'digest', sequence, inputs: inputs.digest(), outputs: outputs.digest() });
  }

  /** What the trading thread does between two slices when inputs were lost. */
  resume(): void {
    if (!this.writer.canResume) return;
    this.journal?.flush();
    const state = structuredClone(this.engine.save());
    this.replica.take({ type: 'state', state, sequence: this.writer.sequence });
    this.writer.resume();
  }

  /** The end of a slice: takes everything that came. */
  drain(): number {
    this.writer.flush();
    let taken = 0;
    for (let count = this.replica.drain(1000); count > 0; count = this.replica.drain(1000)) taken += count;
    return taken;
  }
}

export async function headerOf(options: LivingReplicaOptions): Promise<SessionHeader> {
  const header = await simulationHeader({
    ...SMALL_SIMULATION,
    strategy: 'avellaneda-stoikov',
    duration: 3600,
    ...options,
  });
  const instruments = header.instruments.map((each) => new Instrument({ ...each, ...options.spec }));
  const cash = { [instruments[0]!.settlement]: '100000' };
  return sessionHeader.parse({ ...header, cash, instruments: instruments.map(({ spec }) => spec) });
}

export function setupOf(
  header: SessionHeader,
  feed: SharedArrayBuffer,
  speed: number | null = 1,
  dir?: string,
): ServerSetup {
  return {
    config: serverConfig.parse({}),
    header,
    mode: 'simulation',
    epoch: 'test',
    speed,
    ...(dir === undefined ? {} : { dir }),
    home: '',
    feed,
    stats: createSeqlock(STAT_COUNT),
    sequence: 0,
  };
}
