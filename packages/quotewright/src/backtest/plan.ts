/** What a backtest needs before the first row: strategy, data, instruments with their fees, times, and how the clocks are repaired. */
import { nsToIso, parseIsoNs } from '@quotewright/core/base/time';
import type { ClockRepair } from '@quotewright/core/engine/feed-window';
import type { FundingInstant } from '@quotewright/core/engine/replay-session';
import { Instrument } from '@quotewright/core/market/instrument';
import type { RiskSettings } from '@quotewright/core/risk/risk';
import hedger from '@quotewright/core/strategies/hedger';
import type { StrategyDefinition } from '@quotewright/core/strategies/strategy';
import { type Opened, openWithProgress } from '../data/open.ts';
import { reasonOf } from '../data/reason.ts';
import { openVisibleBook } from '../data/lobster/visible-book.ts';
import type { OpenOptions } from '../data/recording.ts';
import { InputError } from '../data/report.ts';
import { type RiskFile, readRiskFile, riskOf } from '../risk/risk-file.ts';
import type { SessionVarSettings } from '../var/var-settings.ts';
import { type Feed, openFeed } from './feed.ts';
import { type ParamInput, loadStrategy, resolveParams } from './load-strategy.ts';
import type { BacktestSettings } from './settings.ts';
import type { RunResult } from '../reports/run-result.ts';
import { readCalibration } from './read-calibration.ts';
import { venueFees } from './venue-fees.ts';

const NS_PER_HOUR = 3600e9;

export interface PlannedStrategy {
  readonly definition: StrategyDefinition;
  readonly params: Readonly<Record<string, ParamInput>>;
}

export interface BacktestPlan {
  readonly settings: BacktestSettings;
  /** The strategy of the run, and those that run alongside it. */
  readonly strategies: readonly PlannedStrategy[];
  /** By file, in the order in which they were named. */
  readonly opened: readonly Opened[];
  readonly feed: Feed;
  readonly instruments: readonly Instrument[];
  readonly clocks: ClockRepair;
  /** The strategy trades from the first to the second; rows before build the books. Infinite when not given. */
  readonly fromNs: number;
  readonly toNs: number;
  /** Starting cash by currency. */
  readonly cash: Readonly<Record<string, string>>;
  /** Of the queue model, measured by `fills truth`; absent when no file of it was named. */
  readonly calibration: RunResult['calibration'];
  /** Limits and breakers. */
  readonly risk: RiskSettings;
  /** How value at risk is worked out; undefined: it is not. */
  readonly var: SessionVarSettings | undefined;
  /** What a person should know of it, one line each. */
  readonly notes: readonly string[];
}

/** @throws InputError that names what is wrong with settings, strategy or data. */
export async function planBacktest(settings: BacktestSettings, known?: StrategyDefinition): Promise<BacktestPlan> {
  const strategies = [planned(known ?? (await loadStrategy(settings.strategy)), settings.params)];
  for (const { strategy, params } of settings.alongside) strategies.push(planned(await loadStrategy(strategy), params));
  const { risk, hedge, var: values } = await riskOfSettings(settings);
  if (hedge !== undefined) strategies.push(planned(hedger, hedge));
  const { format, tick, lot } = settings;
  const opened = await Promise.all(
    settings.data.map((path) =>
      openData(path, format, {
        strict: false,
        ...(tick === undefined ? {} : { tick }),
        ...(lot === undefined ? {} : { lot }),
      }),
    ),
  );
  const feed = await openFeed(opened.map(({ recording }) => recording));
  const notes: string[] = [];
  const instruments = feed.instruments.map((instrument) => withFees(instrument, settings, notes));
  for (const [index, ns] of feed.depthIntervalNs.entries()) {
    if (ns > 0)
      notes.push(
        `${instruments[index]!.symbol}: depth is published every ${ms(ns)} ms; what happens within is not known`,
      );
  }
  const clocks = repairOf(settings, feed, notes);
  const fromNs = timeOf('from', settings.from, feed.epochDay, Number.NEGATIVE_INFINITY);
  const toNs = timeOf('to', settings.to, feed.epochDay, Number.POSITIVE_INFINITY);
  if (fromNs >= toNs)
    throw new InputError(`from: found '${settings.from}', expected a time before '${settings.to}' (to)`);
  const [first] = instruments;
  const cash = typeof settings.capital === 'string' ? { [first!.settlement]: settings.capital } : settings.capital;
  return {
    settings,
    strategies,
    opened,
    feed,
    instruments,
    clocks,
    fromNs,
    toNs,
    cash,
    calibration: settings.truth === undefined ? undefined : await readCalibration(settings.truth, settings.queue),
    risk,
    var: values,
    notes,
  };
}

async function riskOfSettings({ risk }: BacktestSettings): Promise<RiskFile> {
  return typeof risk === 'object' ? riskOf(risk, 'risk') : readRiskFile(risk);
}

/** LOBSTER's messages alone make no book; with the rows of the book beside them they do. */
async function openData(path: string, format: string | undefined, options: OpenOptions): Promise<Opened> {
  const opened = await openWithProgress(path, format, options);
  const visible = opened.recording.format === 'lobster' ? await openVisibleBook(path, options) : undefined;
  return visible === undefined ? opened : { ...opened, recording: visible };
}

function planned(definition: StrategyDefinition, params: Readonly<Record<string, ParamInput>>): PlannedStrategy {
  return { definition, params: resolveParams(definition, params) };
}

/** Funding instants of all perpetuals (linear and inverse instruments) between two times. */
export function fundingInstants(plan: BacktestPlan, fromNs: number, toNs: number): FundingInstant[] {
  const { funding } = plan.settings;
  if (funding === undefined) return [];
  const ratePpb = Math.round(Number(funding.rate) * 1e9);
  const instants: FundingInstant[] = [];
  for (let ns = Math.ceil(fromNs / funding.every) * funding.every; ns <= toNs; ns += funding.every) {
    for (const [instrument, { contract }] of plan.instruments.entries()) {
      if (contract !== 'spot') instants.push({ ns, instrument, ratePpb });
    }
  }
  return instants;
}

function withFees(instrument: Instrument, settings: BacktestSettings, notes: string[]): Instrument {
  const known = instrument.spec.fees ?? venueFees(instrument.venue);
  const fees = settings.fees ?? known;
  if (fees === undefined) {
    notes.push(
      `no fees are known of ${instrument.venue} ${instrument.symbol}: none are charged (--maker-fee, --taker-fee)`,
    );
    return instrument;
  }
  const { currency, ...rates } = fees;
  try {
    return new Instrument({ ...instrument.spec, fees: currency === undefined ? rates : { ...rates, currency } });
  } catch (error) {
    throw new InputError(reasonOf(error));
  }
}

function repairOf(settings: BacktestSettings, feed: Feed, notes: string[]): ClockRepair {
  const assumedLatencyNs = settings.feedLatency;
  if (settings.clockShift !== 'auto') return { shiftNs: settings.clockShift, assumedLatencyNs };
  if (!(feed.headLatencyNs < 0)) return { shiftNs: 0, assumedLatencyNs };
  const shiftNs = assumedLatencyNs - feed.headLatencyNs;
  notes.push(
    `the local clock is behind the venue's by up to ${ms(-feed.headLatencyNs)} ms: shifted by ${ms(shiftNs)} ms, so that the smallest feed latency is ${ms(assumedLatencyNs)} ms (--clock-shift)`,
  );
  return { shiftNs, assumedLatencyNs };
}

const ms = (ns: number): string => (ns / 1e6).toFixed(3);

function timeOf(name: string, text: string | undefined, epochDay: number, absent: number): number {
  if (text === undefined) return absent;
  const ns = parseIsoNs(text, epochDay);
  if (ns === ns) return ns;
  throw new InputError(`${name}: found '${text}', expected an ISO time such as ${nsToIso(9 * NS_PER_HOUR, epochDay)}`);
}
