/** Runs the program with the rogue strategy and a risk file, and reads what risk did from its result. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@quotewright/core/risk/limits';
import { Refusal } from '@quotewright/core/trading/refusal';
import type { TempFolder } from '../../packages/quotewright/src/data/testing/files.ts';
import { type RunResult, runResult } from '../../packages/quotewright/src/reports/run-result.ts';
import { SIMULATE, quotewrightBeside } from './command.ts';
import { type FeedPlan, recordingOf } from './risk-feed.ts';

export const ROGUE = 'tests/support/rogue.ts';

export type Params = Readonly<Record<string, number | string>>;

/** Every limit off. */
export const NO_LIMITS: Readonly<Record<string, null>> = Object.fromEntries(LIMITS.map(({ name }) => [name, null]));

/** No breaker opens by itself. */
export const NO_BREAKERS = {
  move1m: null,
  move5m: null,
  spreadRatio: null,
  volumeRatio: null,
  latencyRatio: null,
  latencyCap: null,
  feedDelay: null,
  disconnect: null,
  volatilityRatio: null,
  drawdown: null,
  lossPerMinute: null,
  openShare: null,
};

export interface RiskOutcome {
  readonly result: RunResult;
  readonly state: string;
  /** How often orders were refused, by name of the `Refusal`. */
  readonly refused: Readonly<Record<string, number>>;
  readonly trips: NonNullable<RunResult['risk']>['trips'];
  readonly alerts: Readonly<Record<string, number>>;
  /** Fills of each instrument of the main strategy. */
  readonly fills: readonly number[];
}

/** A row of `orders.csv`. */
export interface OrderRow {
  readonly market: number;
  readonly side: string;
  readonly price: number;
  readonly size: number;
  readonly filled: number;
  /** Seconds since midnight of the first day. */
  readonly sent: number;
  readonly ended: number;
  readonly state: string;
}

/** Orders of the main strategy, in the order in which they were sent. */
export function ordersIn(out: string): readonly OrderRow[] {
  const [head = '', ...rows] = readFileSync(join(out, 'orders.csv'), 'utf8').trimEnd().split('\n');
  const names = head.split(',');
  return rows
    .map((row) => {
      const cells = Object.fromEntries(row.split(',').map((cell, index) => [names[index]!, cell]));
      const number = (name: string): number => Number(cells[name]);
      return {
        market: number('market'),
        side: cells['side']!,
        price: number('price'),
        size: number('size'),
        filled: number('filled'),
        sent: number('sent_ns') / 1e9,
        ended: cells['end_ns'] === '' ? Infinity : number('end_ns') / 1e9,
        state: cells['state']!,
      };
    })
    .toSorted((a, b) => a.sent - b.sent);
}

/** Seconds after midnight of an ISO time. */
export function secondOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = /T(.*)Z/.exec(time)![1]!.split(':').map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}

export function outcomeOf(stdout: string): RiskOutcome {
  const result = runResult.parse(JSON.parse(stdout));
  const { state, refusals, trips, alerts } = result.risk!;
  const names = Object.fromEntries(Object.entries(Refusal).map(([name, code]) => [code, name]));
  const refused = Object.fromEntries(refusals.map(({ code, count }) => [names[code]!, count]));
  const fills = result.runs.modelled.markets.map(({ metrics }) => metrics['fills'] ?? 0);
  return { result, state, refused, trips, alerts, fills };
}

export function paramFlags(params: Params): string[] {
  return Object.entries(params).flatMap(([name, value]) => ['--param', `${name}=${value}`]);
}

interface RogueRun {
  readonly folder: TempFolder;
  readonly params: Params;
  /** Settings of the risk file; absent: the defaults. */
  readonly risk?: object | undefined;
  /** Seconds of the living market. */
  readonly seconds?: number;
  readonly flags?: readonly string[];
}

/** The rogue in the living market. */
export async function simulated({ folder, params, risk, seconds = 10, flags = [] }: RogueRun): Promise<RiskOutcome> {
  const args = [...SIMULATE, '--strategy', ROGUE, ...paramFlags(params), '--duration', `${seconds}s`, ...flags];
  return ran([...args, ...riskFlags(folder, risk)]);
}

interface RecordedRun extends Omit<RogueRun, 'seconds'> {
  /** A recording an instrument. */
  readonly feeds: readonly FeedPlan[];
}

/** The rogue over a recording that was made for it. */
export async function backtested({ folder, params, risk, feeds, flags = [] }: RecordedRun): Promise<RiskOutcome> {
  const dir = folder.fresh();
  const files = feeds.map((feed, index) => folder.write(nameIn(folder, dir, `${index}.jsonl`), recordingOf(feed)));
  const args = ['backtest', ROGUE, ...paramFlags(params), '--data', ...files, '--tick', '0.5', '--lot', '0.001'];
  return ran([...args, '--no-bounds', ...flags, ...riskFlags(folder, risk)]);
}

/** Processes that run at a time: tests wait for each other, so that a small machine is not flooded. */
const MOST_AT_ONCE = 2;
let running = 0;
const waiting: (() => void)[] = [];

export async function oneOfFew<T>(run: () => Promise<T>): Promise<T> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await run();
  } finally {
    running--;
    waiting.shift()?.();
  }
}

async function ran(args: readonly string[]): Promise<RiskOutcome> {
  const { status, stdout, stderr } = await oneOfFew(() => quotewrightBeside(...args, '--json'));
  if (status === 0) return outcomeOf(stdout);
  throw new Error(`quotewright ${args.join(' ')}: exit ${status}: ${stderr}`);
}

export function riskFlags(folder: TempFolder, risk: object | undefined): string[] {
  if (risk === undefined) return [];
  return ['--risk', folder.write(nameIn(folder, folder.fresh(), 'risk.yaml'), JSON.stringify(risk))];
}

/** A path inside of the folder. */
function nameIn({ path }: TempFolder, dir: string, name: string): string {
  return `${dir.slice(path.length + 1)}/${name}`;
}

/** Settings with all limits off but these. */
export function onlyLimits(global: Readonly<Record<string, number | null>>, others: object = {}): object {
  return { limits: { global: { ...NO_LIMITS, ...global } }, breaker: NO_BREAKERS, ...others };
}
