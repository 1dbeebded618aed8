/**
 * `quotewright simulate --replay`: a recording, or the market data of a journal, at any speed in place of a living market, as a backtest
 * sees it (replay venues, the queue model `hazard`), with the journal, the server and the commands of a session.
 */
import { FeedWindow } from '@quotewright/core/engine/feed-window';
import { Mark } from '@quotewright/core/engine/local-market';
import { ReplaySession } from '@quotewright/core/engine/replay-session';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import { instrumentVenues } from '@quotewright/core/market/instrument-venues';
import { InputError } from '../data/report.ts';
import { sessionIn } from '../journal/recovery.ts';
import { type SessionHeader, sessionHeader } from '../journal/session-header.ts';
import { readRiskFile } from '../risk/risk-file.ts';
import { LiveSession } from '../session/live-session.ts';
import { type Moving, runSlices } from '../session/run-host.ts';
import type { FeedBatch } from './feed.ts';
import { type BacktestPlan, planBacktest } from './plan.ts';
import { backtestResult } from './result.ts';
import type { Run } from './run-backtest.ts';
import { RunOutput } from './run-output.ts';
import { defaultSettings } from './settings.ts';
import type { Simulation, SimulationOutcome } from './simulation.ts';
import { venueLatencies } from './venue-latency.ts';
import { makeVenue } from './venues.ts';

const { VENUE_NS, LOCAL_NS } = Field;
const SECOND_NS = 1e9;
/** As in a backtest: how far ahead rows are read, so that those that happened before others that were received earlier find their place. */
const LOOKAHEAD_NS = 2e9;
const LOOKAHEAD_ROWS = 65_536;

/** @throws InputError that names what is wrong with options, data or the journal's folder */
export async function simulateReplay(simulation: Simulation, path: string): Promise<SimulationOutcome> {
  const { options, journal, out, logEvents, world } = simulation;
  if (journal !== undefined && sessionIn(journal.dir) !== undefined) {
    throw new InputError(`${journal.dir}: holds a session, and a replay cannot be gone on with; give another folder`);
  }
  const { strategy, param, alongside, seed, latency, risk, duration } = options;
  const plan = await planBacktest(
    defaultSettings({
      strategy,
      params: { ...param },
      alongside: alongside.map((each) => ({ strategy: each.strategy, params: { ...each.params } })),
      data: [path],
      seed,
      bounds: false,
      ...(risk === undefined ? {} : { risk }),
    }),
  );
  const { instruments, feed, strategies, cash } = plan;
  const { names, venueOf } = instrumentVenues(instruments);
  const latencies = venueLatencies(latency, names, seed, 'latency');
  const header = headerOf(plan, path, latency);
  const { epochDay } = feed;
  const output = new RunOutput({ instruments, epochDay, strategies, cash, sampleNs: 1e9, out, logEvents });
  const batches = feed.batches();
  try {
    const first = await nextRows(batches);
    if (first === undefined) throw new InputError(`${path}: no rows`);
    const session = await LiveSession.open({
      world,
      header,
      mode: 'replay',
      strategies,
      observers: (index) => output.observers('modelled', index),
      journal,
      isKept: false,
      watching: (audit) => readRiskFile(risk, audit),
    });
    const { engine } = session;
    const startNs = firstNs(first.data, plan.clocks.shiftNs);
    const window = new FeedWindow(plan.clocks);
    window.append(first.data, first.count);
    const setups = instruments.map((_, index) => ({
      venue: makeVenue(plan, 'modelled', index),
      latency: latencies[venueOf[index]!]!,
      instruments: [index],
    }));
    const replay = new ReplaySession(engine, window, setups, startNs);
    const run = { bound: 'modelled', engine, window, session: replay, values: undefined, startNs } as const;
    try {
      output.start(startNs, { data: [path], seed });
      simulation.onOpen?.(session);
      const live = new ReplayRun(session, run, batches);
      const { endNs, isPartial, failure } = await live.live(startNs + duration * SECOND_NS);
      session.drain();
      if (failure !== '') {
        session.alerts.raise({ type: 'SYSTEM_ERROR', severity: 'EMERGENCY', detail: failure }, endNs);
      }
      output.end(endNs);
      const runs: readonly Run[] = [{ ...run, reachedNs: endNs }];
      const outcome = { runs, rows: window.rows, startNs, endNs, requests: [], spentNs: [], valuesFailure: '' };
      const result = backtestResult(plan, { ...outcome, isPartial }, output.recorders);
      const warnings = [...session.notes, ...result.warnings];
      return { output, result: { ...result, warnings }, operations: undefined, failure };
    } finally {
      await session.close();
    }
  } finally {
    await batches.return();
  }
}

/** What the journal of a replay begins with: enough to build its engine again. */
function headerOf(plan: BacktestPlan, path: string, latency: string): SessionHeader {
  const { settings, feed, instruments, strategies, cash, risk } = plan;
  const header = {
    program: { name: 'quotewright', version: '0.1.0' },
    startedMs: Date.now(),
    mode: 'replay',
    epochDay: feed.epochDay,
    seed: settings.seed,
    instruments: instruments.map(({ spec }) => spec),
    isL3: feed.isL3,
    // A replay venue has one instrument, and numbers its executions.
    venueOf: instruments.map((_, index) => index),
    strategies: strategies.map(({ definition, params }, index) => ({
      strategy: namesOf(plan)[index] ?? definition.name,
      params,
    })),
    mark: Mark.MID,
    cash,
    quoter: { canAmend: true, minQuoteLifeNs: settings.quoteLife },
    risk,
    config: { replay: path, latency },
  };
  return sessionHeader.parse(JSON.parse(JSON.stringify(header)));
}

/** Built in, or files, as they were given; the hedger of a risk file comes after them. */
function namesOf({ settings }: BacktestPlan): string[] {
  return [settings.strategy, ...settings.alongside.map(({ strategy }) => strategy)];
}

interface ReplayOutcome {
  readonly endNs: number;
  readonly isPartial: boolean;
  readonly failure: string;
}

class ReplayRun implements Moving {
  nowNs: number;
  readonly #session: LiveSession;
  readonly #window: FeedWindow;
  readonly #replay: ReplaySession;
  readonly #batches: AsyncGenerator<FeedBatch, void, undefined>;
  #isRead = false;

  constructor(
    session: LiveSession,
    { window, session: replay, startNs }: Pick<Run, 'window' | 'session' | 'startNs'>,
    batches: AsyncGenerator<FeedBatch, void, undefined>,
  ) {
    this.#session = session;
    this.#window = window;
    this.#replay = replay;
    this.#batches = batches;
    this.nowNs = startNs;
  }

  async live(limitNs: number): Promise<ReplayOutcome> {
    const session = this.#session;
    const { durable } = session;
    let isPartial = false;
    let failure = '';
    // The strategies start.
    this.run(this.nowNs + 1);
    this.carry();
    await session.carried(this.nowNs);
    while (!isPartial && failure === '' && this.nowNs < limitNs) {
      const secondNs = Math.min(limitNs, this.nowNs + SECOND_NS);
      await this.#read(secondNs);
      const untilNs = this.#isRead ? Math.min(secondNs, this.#window.lastLocalNs + 1) : secondNs;
      if (untilNs <= this.nowNs) break;
      isPartial = await runSlices(this, untilNs, session);
      if (this.nowNs === untilNs) isPartial = (await session.second(untilNs)) || isPartial;
      this.carry();
      failure = durable?.failure ?? '';
      await session.carried(untilNs);
    }
    if (durable?.lease.renew() === false) return { endNs: this.nowNs, isPartial: true, failure };
    if (session.engine.isRunning) this.#replay.finish(this.nowNs);
    durable?.mark('end', { endNs: this.nowNs, reason: failure || (isPartial ? 'interrupted' : 'over') });
    return { endNs: this.nowNs, isPartial: isPartial || failure !== '', failure };
  }

  run(untilNs: number): void {
    this.#replay.run(untilNs);
    this.nowNs = untilNs;
  }

  carry(): void {
    this.#replay.carry();
  }

  /** Reads until everything before a time is at hand, or the data is at its end. */
  async #read(untilNs: number): Promise<void> {
    while (!this.#isRead && this.#reachNs() < untilNs) {
      const batch = await nextRows(this.#batches);
      if (batch === undefined) this.#isRead = true;
      else this.#window.append(batch.data, batch.count);
    }
  }

  #reachNs(): number {
    const { localNext, length, data, lastLocalNs } = this.#window;
    const ahead = Math.max(localNext, length - LOOKAHEAD_ROWS);
    const crowdedNs = ahead < length ? data[ahead * EVENT_STRIDE + LOCAL_NS]! : lastLocalNs;
    return Math.max(lastLocalNs - LOOKAHEAD_NS, crowdedNs);
  }
}

/** The next rows that there are; undefined when there are none. */
async function nextRows(batches: AsyncGenerator<FeedBatch, void, undefined>): Promise<FeedBatch | undefined> {
  for (;;) {
    const { value, done } = await batches.next();
    if (done === true) return undefined;
    if (value.count > 0) return value;
  }
}

/** When the first row happened or was received, whichever is earlier. */
function firstNs(data: Float64Array, shiftNs: number): number {
  const venueNs = data[VENUE_NS]!;
  const localNs = data[LOCAL_NS]! + shiftNs;
  return venueNs <= localNs || localNs !== localNs ? venueNs : localNs;
}
