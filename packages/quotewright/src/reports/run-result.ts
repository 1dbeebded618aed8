/**
 * The result of a run, as `result.json` holds it. The same settings, seed and data give the same bytes: there are no wall times, no
 * paths beyond those that were given, and keys stand in the order in which they are written here.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { z } from 'zod';
import { InputError } from '../data/report.ts';
import { RESULT_FILE } from './run-files.ts';

const figure = z.number().nullable();
const interval = z.object({ low: z.number(), high: z.number(), level: z.number() });

const account = z.object({
  currency: z.string(),
  metrics: z.record(z.string(), figure),
  confidence: z.object({ sharpe: interval, meanReturn: interval }).nullable(),
});

const markout = z.object({
  horizonSeconds: z.number(),
  fills: z.number(),
  meanTicks: figure,
  standardErrorTicks: figure,
  makerFills: z.number(),
  makerMeanTicks: figure,
  takerFills: z.number(),
  takerMeanTicks: figure,
  meanBp: figure,
});

const latency = z.object({
  kind: z.enum(['feed', 'new', 'cancel', 'amend', 'report']),
  count: z.number(),
  minNs: figure,
  meanNs: figure,
  p50Ns: figure,
  p90Ns: figure,
  p99Ns: figure,
  p999Ns: figure,
  maxNs: figure,
});

const market = z.object({
  index: z.number(),
  venue: z.string(),
  symbol: z.string(),
  currency: z.string(),
  metrics: z.record(z.string(), figure),
  attribution: z.object({
    spreadCapture: z.string(),
    adverseSelection: z.string(),
    inventory: z.string(),
    fees: z.string(),
    funding: z.string(),
    total: z.string(),
  }),
  markouts: z.array(markout).readonly(),
  rejects: z.array(z.object({ code: z.number(), text: z.string(), count: z.number() })).readonly(),
  latency: z.array(latency).readonly(),
});

/** `SessionSummary` of the core, read back. */
const summary = z.object({
  version: z.literal(1),
  startNs: figure,
  endNs: figure,
  durationSeconds: z.number(),
  sampleSeconds: z.number(),
  samples: z.number(),
  yearSeconds: z.number(),
  attributionSeconds: z.number(),
  accounts: z.array(account).readonly(),
  markets: z.array(market).readonly(),
});

/** What one recording was, and what was wrong with it. */
const dataFile = z.object({
  /** As it was given. */
  path: z.string(),
  format: z.string(),
  rows: z.number(),
  badRows: z.number(),
  gaps: z.number(),
  duplicates: z.number(),
  notes: z.array(z.string()).readonly(),
});

const instrument = z.object({
  venue: z.string(),
  symbol: z.string(),
  contract: z.enum(['spot', 'linear', 'inverse']),
  tick: z.string(),
  lot: z.string(),
  /** Currency of profit and loss. */
  settlement: z.string(),
});

/** How often orders of a predicted probability of a fill were filled, in bins. */
const calibrationBin = z.object({ predicted: z.number(), observed: z.number(), count: z.number() });

const strategy = z.object({
  name: z.string(),
  params: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
});

const risk = z.object({
  state: z.enum(RISK_STATE_NAMES),
  refusals: z.array(z.object({ code: z.number(), text: z.string(), count: z.number() })).readonly(),
  trips: z
    .array(
      z.object({
        time: z.string(),
        /** Null: of all instruments. */
        symbol: z.string().nullable(),
        trigger: z.string(),
        /** What was measured, and the threshold; units as docs/risk.md says. */
        value: figure,
        limit: figure,
      }),
    )
    .readonly(),
  alerts: z.record(z.string(), z.number()),
});

export const runResult = z.object({
  version: z.literal(1),
  strategy,
  /** The settings of the run, defaults filled in. */
  config: z.record(z.string(), z.json()),
  seed: z.number(),
  epochDay: z.number(),
  instruments: z.array(instrument).readonly(),
  data: z.array(dataFile).readonly(),
  /** Rows that were replayed. */
  rows: z.number(),
  /** The run was stopped before the end of its data. */
  isPartial: z.boolean(),
  /** Rolling hashes over inputs and outputs of the modelled run, hexadecimal. */
  /** The strategy's own account at the end, exact decimals, positions valued as the settings say (`mark`), fees in their own currencies. */
  ledger: z.array(z.object({ currency: z.string(), cash: z.string(), equity: z.string() })).readonly(),
  /** Numbers that the strategy reported last (`ctx.metric`). */
  reported: z.record(z.string(), figure),
  hashes: z.object({ inputs: z.string(), outputs: z.string() }),
  /** What risk did: its state at the end, what the gate refused, breakers that opened, alerts by type. */
  risk: risk.optional(),
  /** What a person should know before believing the figures, one line each. */
  warnings: z.array(z.string()).readonly(),
  /** Fills by the queue model; at the touch; only when the market trades through. */
  runs: z.object({ modelled: summary, optimistic: summary.optional(), pessimistic: summary.optional() }),
  /** Other strategies of the same run, each with an account of its own; by the queue model. */
  alongside: z.array(strategy.extend({ summary })).readonly().optional(),
  calibration: z.array(calibrationBin).readonly().optional(),
});

export type RunResult = z.output<typeof runResult>;
export type RunSummary = z.output<typeof summary>;
export type RunMarket = z.output<typeof market>;
export type RunInstrument = z.output<typeof instrument>;

export const RUNS = ['optimistic', 'modelled', 'pessimistic'] as const;
export type RunName = (typeof RUNS)[number];

export function resultText(result: RunResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

/** The result of the run in a folder. @throws InputError when there is none, or it is not one. */
export async function readResult(folder: string): Promise<RunResult> {
  const path = join(folder, RESULT_FILE);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new InputError(`${folder}: holds no ${RESULT_FILE}, expected the output folder of a run`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new InputError(`${path}: is not JSON`);
  }
  const read = runResult.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new InputError(`${path}: ${issue!.path.join('.') || 'result'}: ${issue!.message}`);
}
