/** For tests: journals of small living sessions, begun, killed and gone on with, without a command line. */
import type { Engine } from '@quotewright/core/engine/engine';
import { LivingSession } from '@quotewright/core/engine/living-session';
import { findStrategy } from '@quotewright/core/strategies/registry';
import { DelayLatency } from '@quotewright/core/venue-sim/latency';
import { Command } from '@quotewright/core/trading/records';
import { makeMarket } from '../../backtest/run-living.ts';
import { type AlongsideOption, configOf, marketOf, simulationHeader } from '../../backtest/simulation-header.ts';
import { openJournal } from '../../journal/journal.ts';
import { InputGate, headerEngine, headerStrategies } from '../../journal/replay-engine.ts';
import type { SessionHeader } from '../../journal/session-header.ts';
import { SnapshotStore, takeSnapshot } from '../../journal/snapshots.ts';

export interface SampleSession {
  readonly symbols?: string;
  readonly strategy?: string;
  readonly alongside?: readonly AlongsideOption[];
  readonly seconds: number;
  readonly seed?: number;
  /** Seconds at which something happens to it: a restart, a lost connection, a command of an operator, a breaker opened by hand. */
  readonly restartAt?: number;
  readonly disconnectAt?: number;
  readonly haltAt?: number;
  readonly tripAt?: number;
  /** Two parameters are changed, then the strategy is paused, and two seconds later started again. */
  readonly changeAt?: number;
  /** Between two snapshots, and between two marks with hashes. */
  readonly snapshotEvery?: number;
  readonly markEvery?: number;
  /** Bytes after which a segment ends. */
  readonly segmentBytes?: number;
  /** The records before the newest snapshot but one are removed. */
  readonly isCompacted?: boolean;
  /** What is written in place of the header. */
  readonly change?: (header: SessionHeader) => SessionHeader;
}

const SLICE_NS = 1e9;

/** Writes the session into a folder. @returns how many inputs it had */
export async function writeSession(dir: string, sample: SampleSession): Promise<number> {
  const { symbols = 'BTCUSDT,ETHUSDT', strategy = 'microprice-maker', alongside = [], seconds, seed = 3 } = sample;
  const { change = (header) => header, segmentBytes, snapshotEvery = 0, markEvery = 5 } = sample;
  const options = { strategy, param: {}, alongside, symbols, market: undefined, duration: 3600, latency: '1ms', seed };
  const header = await simulationHeader({ ...options, risk: undefined });
  const gate = new InputGate();
  const engine = headerEngine(header, { strategies: await headerStrategies(header), journal: gate });
  const writing = { dir, durability: 'batch' as const, header: change(header) };
  const size = segmentBytes === undefined ? {} : { segmentBytes };
  let writer = await openJournal({ ...writing, ...size });
  gate.open(writer);
  const store = snapshotEvery === 0 ? undefined : new SnapshotStore(dir);
  const market = makeMarket(marketOf(configOf(header, '')), header.seed);
  const living = new LivingSession(engine, market, new DelayLatency({ request: 1e6, report: 1e6, marketData: 1e6 }, 1));
  living.start(0);
  for (let second = 1; second <= seconds; second++) {
    const nowNs = second * SLICE_NS;
    living.run(nowNs);
    if (second === sample.restartAt) {
      // Another process goes on: it writes its own header, and knows of no connection.
      await writer.close();
      writer = await openJournal({ ...writing, ...size });
      gate.open(writer);
      engine.restart(2, nowNs);
      for (const index of engine.instruments.keys()) engine.connection(index, true, nowNs);
    }
    if (second === sample.disconnectAt) engine.connection(0, false, nowNs);
    if (second === (sample.disconnectAt ?? 0) + 2 && sample.disconnectAt !== undefined)
      engine.connection(0, true, nowNs);
    if (second === sample.haltAt) engine.operate(Command.HALT, -1, 0, nowNs);
    if (second === sample.tripAt) engine.operate(Command.TRIP, 0, 0, nowNs);
    if (sample.changeAt !== undefined) manage(engine, second - sample.changeAt, nowNs);
    living.carry();
    if (second % markEvery === 0) {
      writer.mark({ type: 'sample', inputs: engine.inputs.digest(), outputs: engine.outputs.digest() });
    }
    if (store === undefined || second % snapshotEvery !== 0) continue;
    await writer.flush();
    const why = await takeSnapshot(engine, store, writer.appended);
    if (why !== '') throw new Error(why);
    await store.prune(2);
  }
  living.finish(seconds * SLICE_NS);
  await writer.flush();
  if (sample.isCompacted === true) await writer.retain(store!.list()[0]!.sequence);
  const { count } = engine.inputs;
  await writer.close();
  await store?.close();
  return count;
}

/** Parameters at second 0, a pause at 2, a start at 4. */
function manage(engine: Engine, second: number, nowNs: number): void {
  const names = Object.keys(findStrategy(engine.seats[0]!.name)!.params);
  const changes = [
    { parameter: names.indexOf('levels'), value: 3 },
    { parameter: names.indexOf('levelSpacing'), value: 2 },
  ];
  let refusal = '';
  if (second === 0) refusal = engine.parameters(0, changes, nowNs);
  if (second === 2) refusal = engine.strategy(0, Command.PAUSE_STRATEGY, nowNs);
  if (second === 4) refusal = engine.strategy(0, Command.START_STRATEGY, nowNs);
  if (refusal !== '') throw new Error(refusal);
}
