/** What the server keeps of a backtest in its folder, so that it is known after a restart: what was asked for, and how it ended. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { REPORT_FILE } from '../../reports/run-files.ts';
import { readResult } from '../../reports/run-result.ts';
import { type BacktestInfo, backtestRequest } from '../protocol/research.ts';

const REQUEST_FILE = 'request.json';
const END_FILE = 'end.json';

const keptRequest = backtestRequest.extend({ createdMs: z.number() });
export type KeptRequest = z.output<typeof keptRequest>;

const figures = z.object({
  netPnl: z.number().nullable(),
  sharpe: z.number().nullable(),
  fills: z.number().nullable(),
  maxDrawdown: z.number().nullable(),
});
type Figures = z.output<typeof figures>;
const NO_FIGURES: Figures = { netPnl: null, sharpe: null, fills: null, maxDrawdown: null };

const keptEnd = z.object({
  state: z.enum(['done', 'failed', 'cancelled']),
  failure: z.string(),
  endedMs: z.number(),
  figures,
});
export type KeptEnd = z.output<typeof keptEnd>;

/** What nobody has told of, because the server was killed while it ran. */
const INTERRUPTED = 'the server ended before it was done';

export function keepRequest(folder: string, request: KeptRequest): void {
  writeFileSync(join(folder, REQUEST_FILE), `${JSON.stringify(request, undefined, 2)}\n`);
}

/** Whole or not at all. */
export function keepEnd(folder: string, end: KeptEnd): void {
  const path = join(folder, END_FILE);
  writeFileSync(`${path}.part`, `${JSON.stringify(end, undefined, 2)}\n`);
  renameSync(`${path}.part`, path);
}

/** The end of a run that has come to its end. */
export async function doneEnd(folder: string, endedMs: number): Promise<KeptEnd> {
  const { runs } = await readResult(folder);
  const { accounts, markets } = runs.modelled;
  const metrics = accounts[0]?.metrics ?? {};
  const fills = markets.reduce((sum, market) => sum + (market.metrics['fills'] ?? 0), 0);
  const { netPnl = null, sharpe = null, maxDrawdown = null } = metrics;
  return { state: 'done', failure: '', endedMs, figures: { netPnl, sharpe, fills, maxDrawdown } };
}

/** A backtest of before this server; undefined when the folder holds none. */
export function readKept(folder: string, id: string): BacktestInfo | undefined {
  const request = readJson(join(folder, REQUEST_FILE), keptRequest);
  if (request === undefined) return undefined;
  const end = readJson(join(folder, END_FILE), keptEnd);
  if (end !== undefined) return infoOf(folder, id, request, end);
  // When that was nobody knows.
  return { ...infoOf(folder, id, request, undefined), state: 'failed', failure: INTERRUPTED };
}

export function infoOf(folder: string, id: string, request: KeptRequest, end: KeptEnd | undefined): BacktestInfo {
  const { source, strategy, params, createdMs } = request;
  return {
    id,
    source,
    strategy,
    params,
    state: end?.state ?? 'waiting',
    progress: end?.state === 'done' ? 1 : null,
    failure: end?.failure ?? '',
    createdMs,
    endedMs: end?.endedMs ?? null,
    ...(end?.figures ?? NO_FIGURES),
    hasReport: end?.state === 'done' && existsSync(join(folder, REPORT_FILE)),
  };
}

export const failedEnd = (state: 'failed' | 'cancelled', failure: string, endedMs: number): KeptEnd => ({
  state,
  failure,
  endedMs,
  figures: NO_FIGURES,
});

function readJson<T>(path: string, schema: z.ZodType<T>): T | undefined {
  try {
    const read = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
