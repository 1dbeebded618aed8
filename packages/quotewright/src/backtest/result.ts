/** What a backtest came to, as `result.json` holds it. */
import type { SessionRecorder } from '@quotewright/core/analytics/recorder';
import { finite } from '@quotewright/core/analytics/metric-entry';
import { summarise } from '@quotewright/core/analytics/summarise';
import { Refusal } from '@quotewright/core/trading/refusal';
import type { RunResult } from '../reports/run-result.ts';
import type { Engine } from '@quotewright/core/engine/engine';
import type { Instrument } from '@quotewright/core/market/instrument';
import type { BacktestPlan, PlannedStrategy } from './plan.ts';
import type { Bound } from './bounds.ts';
import { riskOutcome } from './risk-outcome.ts';
import type { BacktestOutcome } from './run-backtest.ts';

/** Seconds in which a market is open in a year: 252 sessions of 6.5 hours, or all. */
const SESSION_YEAR = 252 * 6.5 * 3600;
const WHOLE_YEAR = 365 * 86_400;
const SESSION_VENUES = new Set(['nasdaq']);
/** Resamples of the confidence intervals. */
const RESAMPLES = 1000;
/** Who has stopped a run does not wait for long: so many draws are made at most, and fewer resamples than this tell nothing. */
const HASTY_DRAWS = 5e6;
const FEWEST_RESAMPLES = 100;

/** Recorders of the strategy of the run, by bound, and of those alongside it, by the queue model. */
export interface Recorders {
  readonly runs: Map<Bound, SessionRecorder>;
  readonly alongside: SessionRecorder[];
}

/** What a run was, apart from what its recorders know. */
export interface RunFacts {
  readonly config: unknown;
  readonly seed: number;
  readonly epochDay: number;
  readonly instruments: readonly Instrument[];
  readonly strategies: readonly PlannedStrategy[];
  readonly data: RunResult['data'];
  readonly rows: number;
  readonly isPartial: boolean;
  readonly engine: Engine;
  readonly warnings: readonly string[];
  /** How often orders that the queue model gave a chance of a fill were filled, from `fills truth`. */
  readonly calibration?: RunResult['calibration'];
}

export function backtestResult(plan: BacktestPlan, outcome: BacktestOutcome, recorders: Recorders): RunResult {
  const { settings, feed, instruments, strategies } = plan;
  const data = plan.opened.map(({ recording: { format, report } }, index) => ({
    path: settings.data[index]!,
    format,
    rows: report.rows,
    badRows: report.badRows,
    gaps: report.gaps,
    duplicates: report.duplicates,
    notes: [...report.notes],
  }));
  const { rows, isPartial, runs } = outcome;
  const { engine } = runs[0]!;
  return resultOf(
    {
      // Parameters with their defaults and types, so that it does not matter how they were given.
      config: { ...settings, params: strategies[0]!.params },
      seed: settings.seed,
      epochDay: feed.epochDay,
      instruments,
      strategies,
      data,
      rows,
      isPartial,
      engine,
      warnings: [...warningsOf(plan, outcome), ...engineWarnings(engine)],
      ...(plan.calibration === undefined ? {} : { calibration: plan.calibration }),
    },
    recorders,
  );
}

export function resultOf(facts: RunFacts, recorders: Recorders): RunResult {
  const { instruments, strategies, engine } = facts;
  const { ledger, metrics } = engine.seats[0]!;
  const yearSeconds = SESSION_VENUES.has(instruments[0]!.venue) ? SESSION_YEAR : WHOLE_YEAR;
  const summary = (recorder: SessionRecorder | undefined) =>
    recorder && summarise(recorder, { yearSeconds, resamples: resamplesOf(facts, recorder), seed: facts.seed });
  const optimistic = summary(recorders.runs.get('optimistic'));
  const pessimistic = summary(recorders.runs.get('pessimistic'));
  const risk = riskOutcome(engine, facts.epochDay);
  const [main, ...others] = strategies.map(({ definition, params }) => ({
    name: definition.name,
    params: { ...params },
  }));
  return {
    version: 1,
    strategy: main!,
    config: JSON.parse(JSON.stringify(facts.config)),
    seed: facts.seed,
    epochDay: facts.epochDay,
    instruments: instruments.map(({ venue, symbol, contract, spec, settlement }) => ({
      venue,
      symbol,
      contract,
      tick: spec.tick,
      lot: spec.lot,
      settlement,
    })),
    data: facts.data,
    rows: facts.rows,
    isPartial: facts.isPartial,
    ledger: ledger.currencies.map((currency) => ({
      currency,
      cash: ledger.cashText(currency),
      equity: ledger.equityText(currency),
    })),
    reported: Object.fromEntries([...metrics].map(([name, value]) => [name, finite(value)])),
    hashes: { inputs: engine.inputs.digest(), outputs: engine.outputs.digest() },
    ...(risk === undefined ? {} : { risk }),
    warnings: [...facts.warnings],
    runs: {
      modelled: summary(recorders.runs.get('modelled'))!,
      ...(optimistic === undefined ? {} : { optimistic }),
      ...(pessimistic === undefined ? {} : { pessimistic }),
    },
    ...(facts.calibration === undefined ? {} : { calibration: facts.calibration }),
    ...(others.length === 0
      ? {}
      : {
          alongside: others.map(({ name, params }, index) => ({
            name,
            params,
            summary: summary(recorders.alongside[index])!,
          })),
        }),
  };
}

/** 0: no confidence intervals. */
function resamplesOf({ isPartial }: RunFacts, { samples }: SessionRecorder): number {
  if (!isPartial) return RESAMPLES;
  const most = Math.min(RESAMPLES, Math.floor(HASTY_DRAWS / Math.max(1, samples.count)));
  return most < FEWEST_RESAMPLES ? 0 : most;
}

function warningsOf(plan: BacktestPlan, outcome: BacktestOutcome): string[] {
  const { window } = outcome.runs[0]!;
  const warnings = [...plan.notes];
  const count = counter(warnings);
  if (outcome.valuesFailure !== '')
    warnings.push(`value at risk was not worked out to the end: ${outcome.valuesFailure}`);
  if (outcome.isPartial) warnings.push('stopped before the end of the data: the figures are of a part of it');
  count(window.missingTimes, 'rows carried one clock only; the other is assumed (--feed-latency)');
  count(
    window.receivedEarly,
    'rows would have been received before they happened, or before the row in front: moved later',
  );
  count(window.lateRows, 'rows came more than two seconds behind their time at the venue, and happen late');
  count(plan.feed.strayRows(), 'rows are of instruments that appear late in the data, and were left out');
  for (const { recording } of plan.opened) {
    count(recording.report.badRows, 'bad rows in the data were left out (see quotewright data inspect)');
    count(recording.report.gaps, 'gaps in the data: the book is not quoted on until the next snapshot');
  }
  return warnings;
}

/** What an engine saw that should not be, one line each. */
export function engineWarnings(engine: Engine): string[] {
  const warnings: string[] = [];
  const count = counter(warnings);
  const { duplicates, ...faults } = engine.faults;
  count(
    duplicates,
    'executions were told twice, and count once: by the venue, or by a reconciliation that came before the report',
  );
  for (const [name, wrong] of Object.entries(faults)) count(wrong, `reports of the venue were wrong: ${name}`);
  for (const seat of engine.seats) {
    const unsent = engine.risk === undefined ? seat.refused : engine.risk.gate.refusals(seat.index, Refusal.NO_ROOM);
    count(unsent, 'orders of the strategy were not sent: a price or size that is no whole tick or lot, or no room');
    const refused = (engine.risk === undefined ? 0 : seat.refused) - unsent;
    if (refused > engine.desk.requests) {
      count(
        refused,
        'orders were refused by the risk gate, more than were sent: --risk FILE sets other limits, --risk none takes them away',
      );
    }
    const complaint = seat.ledger.check();
    if (complaint !== '') warnings.push(`the ledger does not balance: ${complaint}`);
  }
  return warnings;
}

function counter(warnings: string[]): (n: number, text: string) => void {
  return (n, text) => {
    if (n > 0) warnings.push(`${n.toLocaleString('en-US')} ${text}`);
  };
}
