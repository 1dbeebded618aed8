/**
 * Runs a backtest: one pass over the data feeds the modelled run and its two bounds, each with an engine, simulated venues and
 * a window of its own.
 */
import { NS_PER_DAY, nsToIso } from '@quotewright/core/base/time';
import type { Engine } from '@quotewright/core/engine/engine';
import { Mark } from '@quotewright/core/engine/local-market';
import { type ClockRepair, FeedWindow } from '@quotewright/core/engine/feed-window';
import { ReplaySession } from '@quotewright/core/engine/replay-session';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import type { Observer } from '@quotewright/core/strategies/observer';
import { MessageBudget } from '@quotewright/core/trading/message-budget';
import { InputError } from '../data/report.ts';
import { VarMonitor } from '../var/var-monitor.ts';
import { BOUNDS, type Bound } from './bounds.ts';
import { latencyModel } from './latency-settings.ts';
import { makeEngine } from './make-engine.ts';
import { type BacktestPlan, fundingInstants } from './plan.ts';
import { makeVenue } from './venues.ts';

const { VENUE_NS, LOCAL_NS } = Field;

/** How far ahead of the replay rows are read, so that rows that happened before others that were received earlier find their place. */
const LOOKAHEAD_NS = 2e9;
const LOOKAHEAD_ROWS = 65_536;
/** Times beyond it are not exact (`base/time.ts`), so no run is longer. */
const LONGEST_NS = 104 * NS_PER_DAY;
const MARKS = { mid: Mark.MID, last: Mark.LAST, microprice: Mark.MICROPRICE } as const;

/** One engine on its way through the data. */
export interface Run {
  readonly bound: Bound;
  readonly engine: Engine;
  readonly window: FeedWindow;
  readonly session: ReplaySession;
  /** Works out value at risk; undefined: nobody does. */
  readonly values: VarMonitor | undefined;
  readonly startNs: number;
  /** Everything before it has happened. */
  reachedNs: number;
}

export interface BacktestHooks {
  /** Who watches a strategy of a run, by its index in the plan. */
  readonly observers: (bound: Bound, strategy: number) => readonly Observer[];
  /** Called once with the local time at which the strategy starts. */
  readonly onStart?: (ns: number) => void;
  /** Called after each batch with the rows so far; true ends the run there. */
  readonly onProgress?: (rows: number, runs: readonly Run[]) => boolean;
  /** Local times, rising, at which the runs are looked at: everything before them has happened, and nothing at or after them. */
  readonly checkpoints?: readonly number[];
  readonly onCheckpoint?: (run: Run, ns: number) => void;
  /** Rows that happened at the venue at this time or later do not exist. */
  readonly cutNs?: number;
}

export interface BacktestOutcome {
  readonly runs: readonly Run[];
  readonly rows: number;
  /** Local times between which the strategy traded; NaN without rows. */
  readonly startNs: number;
  readonly endNs: number;
  /** The data did not come to its end: the run was interrupted. */
  readonly isPartial: boolean;
  /** Requests of each run's strategy, before the session's end cancels what is open. */
  readonly requests: readonly number[];
  /** Time spent in engine and venues, nanoseconds, by run. Not part of the result. */
  readonly spentNs: readonly number[];
  /** Why value at risk was not worked out to the end; empty = nothing was wrong. */
  readonly valuesFailure: string;
}

/** @throws InputError when the data holds no rows. */
export async function runBacktest(plan: BacktestPlan, hooks: BacktestHooks): Promise<BacktestOutcome> {
  const runs: Run[] = [];
  try {
    return await runAll(plan, hooks, runs);
  } finally {
    await Promise.all(runs.map(async ({ values }) => values?.close()));
  }
}

/** @param runs takes the runs, so that they can be ended however this ends */
async function runAll(plan: BacktestPlan, hooks: BacktestHooks, runs: Run[]): Promise<BacktestOutcome> {
  const bounds: readonly Bound[] = plan.settings.bounds ? BOUNDS : ['modelled'];
  const spentNs = bounds.map(() => 0);
  let startNs = Number.NaN;
  let rows = 0;
  let isPartial = false;
  const { cutNs = Number.POSITIVE_INFINITY } = hooks;
  for await (const { data, count: read } of plan.feed.batches()) {
    const isCut = lastNs(data, read) + plan.clocks.shiftNs - LOOKAHEAD_NS > cutNs;
    const count = cutNs === Number.POSITIVE_INFINITY ? read : keepBefore(data, read, cutNs, plan.clocks);
    if (count === 0) {
      if (isCut) break;
      continue;
    }
    if (runs.length === 0) {
      startNs = Math.max(plan.fromNs, firstNs(data, plan.clocks.shiftNs));
      hooks.onStart?.(startNs);
      for (const bound of bounds) runs.push(await makeRun(plan, bound, hooks, startNs));
    }
    rows += count;
    for (const [index, run] of runs.entries()) {
      const began = performance.now();
      run.window.append(data, count);
      await advance(run, plan.toNs, hooks);
      spentNs[index]! += (performance.now() - began) * 1e6;
    }
    isPartial = hooks.onProgress?.(rows, runs) === true;
    if (isPartial || isCut || runs[0]!.window.lastLocalNs - LOOKAHEAD_NS > plan.toNs) break;
  }
  if (runs.length === 0) throw new InputError(`${plan.settings.data.join(', ')}: no rows`);
  const { lastLocalNs } = runs[0]!.window;
  const endNs = Math.min(plan.toNs, lastLocalNs);
  if (endNs < startNs) {
    const text = (ns: number): string => nsToIso(ns, plan.feed.epochDay);
    throw new InputError(
      `${plan.settings.data.join(', ')}: no rows between from and to: the rows read end at ${text(lastLocalNs)}, trading would be from ${text(startNs)} to ${text(endNs)}`,
    );
  }
  const requests: number[] = [];
  for (const [index, run] of runs.entries()) {
    const began = performance.now();
    // Timers go on to the cut, as they do when there is more data.
    await runWithChecks(run, hooks.cutNs ?? endNs + 1, hooks);
    requests.push(run.engine.desk.requests);
    run.session.finish(endNs + 1);
    spentNs[index]! += (performance.now() - began) * 1e6;
  }
  const valuesFailure = runs.map(({ values }) => values?.failure ?? '').find((failure) => failure !== '') ?? '';
  return { runs, rows, startNs, endNs, isPartial, requests, spentNs, valuesFailure };
}

/** Runs as far as the rows at hand allow. */
async function advance(run: Run, toNs: number, hooks: BacktestHooks): Promise<void> {
  const { window } = run;
  const ahead = Math.max(window.localNext, window.length - LOOKAHEAD_ROWS);
  const crowdedNs = ahead < window.length ? window.data[ahead * EVENT_STRIDE + LOCAL_NS]! : window.lastLocalNs;
  await runWithChecks(run, Math.min(Math.max(window.lastLocalNs - LOOKAHEAD_NS, crowdedNs), toNs + 1), hooks);
}

async function runWithChecks(run: Run, limitNs: number, hooks: BacktestHooks): Promise<void> {
  for (const ns of hooks.checkpoints ?? []) {
    if (ns <= run.reachedNs) continue;
    if (ns > limitNs) break;
    await runTo(run, ns);
    hooks.onCheckpoint?.(run, ns);
    run.reachedNs = ns;
  }
  await runTo(run, limitNs);
  run.reachedNs = Math.max(run.reachedNs, limitNs);
}

/** Stops wherever value at risk is due. Its answer is waited for, so that a run is the same each time. */
async function runTo({ session, values, startNs }: Run, limitNs: number): Promise<void> {
  if (values !== undefined) {
    let atNs = Math.max(values.nextNs, startNs);
    for (; atNs < limitNs && values.failure === ''; atNs = values.nextNs) {
      session.run(atNs);
      if (await values.at(atNs)) session.carry();
    }
  }
  session.run(limitNs);
}

/** Leaves out the rows that happened at or after a time; answers how many stay. */
function keepBefore(data: Float64Array, count: number, ns: number, clocks: ClockRepair): number {
  let kept = 0;
  for (let at = 0; at < count * EVENT_STRIDE; at += EVENT_STRIDE) {
    const venueNs = data[at + VENUE_NS]!;
    const happenedNs = venueNs === venueNs ? venueNs : data[at + LOCAL_NS]! + clocks.shiftNs - clocks.assumedLatencyNs;
    if (!(happenedNs >= ns)) data.copyWithin(EVENT_STRIDE * kept++, at, at + EVENT_STRIDE);
  }
  return kept;
}

/** When the last row of a batch was received, else when it happened. */
function lastNs(data: Float64Array, count: number): number {
  const at = (count - 1) * EVENT_STRIDE;
  const localNs = data[at + LOCAL_NS]!;
  return localNs === localNs ? localNs : data[at + VENUE_NS]!;
}

/** When the first row happened or was received, whichever is earlier. */
function firstNs(data: Float64Array, shiftNs: number): number {
  const venueNs = data[VENUE_NS]!;
  const localNs = data[LOCAL_NS]! + shiftNs;
  return venueNs <= localNs || localNs !== localNs ? venueNs : localNs;
}

async function makeRun(plan: BacktestPlan, bound: Bound, hooks: BacktestHooks, startNs: number): Promise<Run> {
  const { settings, instruments } = plan;
  const window = new FeedWindow(plan.clocks);
  const budgets = makeBudgets(plan);
  const engine = makeEngine({
    instruments,
    isL3: plan.feed.isL3,
    // A simulated venue has one instrument, and numbers its executions.
    venueOf: instruments.map((_, index) => index),
    strategies: plan.strategies.map((each, index) => ({ ...each, observers: hooks.observers(bound, index) })),
    seed: settings.seed,
    mark: MARKS[settings.mark],
    ledger: { cash: plan.cash },
    quoter: { canAmend: true, minQuoteLifeNs: settings.quoteLife },
    risk: plan.risk,
    ...(budgets === undefined ? {} : { budgets }),
  });
  const setups = await Promise.all(
    instruments.map(async (instrument, index) => ({
      venue: makeVenue(plan, bound, index),
      latency: await latencyModel(settings, `latency.${instrument.venue}.${index}`),
      instruments: [index],
    })),
  );
  const funding = fundingInstants(plan, startNs, Math.min(plan.toNs, startNs + LONGEST_NS));
  const session = new ReplaySession(engine, window, setups, startNs, funding);
  const values = plan.var && new VarMonitor(engine, plan.var);
  return { bound, engine, window, session, values, startNs, reachedNs: Number.NEGATIVE_INFINITY };
}

/** Instruments of one venue share its budget of messages. */
function makeBudgets(plan: BacktestPlan): MessageBudget[] | undefined {
  const { messages } = plan.settings;
  if (messages === undefined) return undefined;
  const byVenue = new Map<string, MessageBudget>();
  return plan.instruments.map(({ venue }) => {
    const budget = byVenue.get(venue) ?? new MessageBudget({ perSecond: messages.rate, burst: messages.burst });
    byVenue.set(venue, budget);
    return budget;
  });
}
