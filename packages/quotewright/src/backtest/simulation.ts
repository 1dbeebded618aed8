/** One run of `quotewright simulate`: begun, or gone on with where a process was killed, to its result. */
import { agrees } from '@quotewright/core/engine/reconcile';
import type { Instrument } from '@quotewright/core/market/instrument';
import { instrumentVenues } from '@quotewright/core/market/instrument-venues';
import type { LatencyModel } from '@quotewright/core/venue-sim/latency';
import { recoveryText, reconcileText } from '../journal/recovery-report.ts';
import type { DurableSession } from '../journal/recovery-session.ts';
import { sessionIn } from '../journal/recovery.ts';
import { headerStrategies } from '../journal/replay-engine.ts';
import type { SessionHeader } from '../journal/session-header.ts';
import type { RunResult } from '../reports/run-result.ts';
import { readRiskFile } from '../risk/risk-file.ts';
import { type JournalSettings, LiveSession, type SessionWorld } from '../session/live-session.ts';
import { engineWarnings, resultOf } from './result.ts';
import { type DurableOptions, makeMarket, runLiving } from './run-living.ts';
import { RunOutput } from './run-output.ts';
import {
  type SimulationConfig,
  type SimulationOptions,
  checkSame,
  configOf,
  marketOf,
  simulationHeader,
} from './simulation-header.ts';
import { venueLatencies } from './venue-latency.ts';
import { watchAgain } from './watch-again.ts';

export interface Simulation {
  readonly options: SimulationOptions;
  /** Names of the options that the user has given. */
  readonly given: ReadonlySet<string>;
  readonly journal?: JournalSettings | undefined;
  readonly out?: string | undefined;
  readonly logEvents?: string | undefined;
  readonly world: SessionWorld;
  /** The session is about to run. */
  readonly onOpen?: (session: LiveSession) => void;
}

export interface SimulationOutcome {
  readonly output: RunOutput;
  readonly result: RunResult;
  /** Of the matching engine; undefined: there was none. */
  readonly operations: number | undefined;
  /** Why the session had to end; empty = it had not. */
  readonly failure: string;
}

/** @throws InputError that names what is wrong with options, files or the journal */
export async function simulate(simulation: Simulation): Promise<SimulationOutcome> {
  const { options, journal, given } = simulation;
  const kept = journal === undefined ? undefined : sessionIn(journal.dir);
  if (journal === undefined || kept === undefined) return run(simulation, await simulationHeader(options), false);
  const [main] = kept.strategies;
  const strategy = given.has('strategy') ? options.strategy : main!.strategy;
  const risk = given.has('risk') ? options.risk : undefined;
  const wanted = given.size === 0 ? kept : await simulationHeader({ ...options, strategy, risk });
  checkSame(journal.dir, kept, wanted, given, Object.keys(options.param));
  return run(simulation, kept, true);
}

async function run(simulation: Simulation, header: SessionHeader, isKept: boolean): Promise<SimulationOutcome> {
  const { options, journal, out, logEvents, world } = simulation;
  const config = configOf(header, journal?.dir ?? '');
  const strategies = await headerStrategies(header);
  const market = makeMarket(marketOf(config), header.seed);
  const { instruments } = market;
  const { epochDay, cash } = header;
  const output = new RunOutput({ instruments, epochDay, strategies, cash, sampleNs: 1e9, out, logEvents });
  const session = await LiveSession.open({
    world,
    header,
    mode: 'simulation',
    strategies,
    observers: (strategy) => output.observers('modelled', strategy),
    journal,
    isKept,
    // Who gives a risk file again may have changed who is told.
    watching: (audit) =>
      simulation.given.has('risk') ? readRiskFile(options.risk, audit) : Promise.resolve(config.watching),
  });
  const { engine, durable, alerts } = session;
  try {
    if (durable?.recovered !== undefined) world.say(recoveryText(durable.recovered));
    else output.start(0, { market: options.market ?? options.symbols, seed: header.seed });
    simulation.onOpen?.(session);
    // Who killed it while nobody was there is heard first.
    session.poll(Math.max(0, engine.nowNs));
    const { endNs, isPartial, failure } = await runLiving({
      engine,
      market,
      latency: latencyOf(config, instruments, header.seed, durable?.lease.epoch ?? 1),
      seconds: config.seconds,
      cash,
      ...(durable === undefined ? {} : { durable: durableOptions(durable, journal!, session, world.say) }),
      outages: config.outages,
      host: session,
      onAskable: session.askable,
    });
    session.drain();
    if (failure !== '') alerts.raise({ type: 'SYSTEM_ERROR', severity: 'EMERGENCY', detail: failure }, endNs);
    // Orders, journal and server are done with before anything that takes its time.
    await session.close();
    // Who has watched a part only does not know the whole: the journal does.
    const { whole, notes } =
      durable?.recovered === undefined
        ? { whole: engine, notes: [] }
        : await watchAgain({
            dir: journal!.dir,
            records: engine.inputs.count,
            output,
            epochDay,
            source: { market: options.market ?? options.symbols, seed: header.seed },
            say: world.say,
          });
    output.end(endNs);
    const result = resultOf(
      {
        config: {
          strategy: strategies[0]!.definition.name,
          ...shownConfig(options, config),
          params: strategies[0]!.params,
        },
        seed: header.seed,
        epochDay,
        instruments,
        strategies,
        data: [],
        rows: whole.inputs.count,
        isPartial,
        engine: whole,
        warnings: [...notes, ...session.notes, ...engineWarnings(whole)],
      },
      output.recorders,
    );
    return { output, result, operations: market.operations, failure };
  } finally {
    await session.close();
  }
}

function durableOptions(
  durable: DurableSession,
  journal: JournalSettings,
  session: LiveSession,
  say: SessionWorld['say'],
): DurableOptions {
  const { outageNs, snapshotNs, unknownOrders, durability } = journal;
  return {
    session: durable,
    isSync: durability === 'sync',
    outageNs,
    snapshotNs,
    unknownOrders,
    onReconciled: (report) => {
      session.reconciled(agrees(report), reconcileText(report).trimEnd());
      say(reconcileText(report));
    },
    onComplaint: (text) => say(`${text}\n`),
  };
}

/** Each process has luck of its own on the way: what it met is in the journal. */
function latencyOf(
  { latency }: SimulationConfig,
  instruments: readonly Instrument[],
  seed: number,
  epoch: number,
): LatencyModel[] {
  return venueLatencies(
    latency,
    instrumentVenues(instruments).names,
    seed,
    epoch === 1 ? 'latency' : `latency.${epoch}`,
  );
}

function shownConfig(options: SimulationOptions, { seconds, latency }: SimulationConfig) {
  return { market: options.market ?? options.symbols, duration: seconds, latency };
}
