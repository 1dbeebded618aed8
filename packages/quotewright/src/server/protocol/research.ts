/** Sessions, recordings, backtests, reports and the flight recorder as REST tells them. */
import { z } from 'zod';
import type { BookData, PnlData, QuotesData, FillEntry, TradeEntry } from './stream.ts';
import { instrumentInfo } from './session.ts';
import { parameterSpec } from './trading.ts';

/** A name of a folder or file under the home: no path. */
export const safeName = z
  .string()
  .max(200)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._ -]*$/u, 'expected a name, not a path');

export const storedSession = z.object({
  id: safeName,
  mode: z.string(),
  strategies: z.array(z.string()),
  instruments: z.array(z.string()),
  startedMs: z.number(),
  bytes: z.number(),
  /** It is the session of this server. */
  isCurrent: z.boolean(),
  /** Why it cannot be read; empty = it can. */
  fault: z.string(),
});
export type StoredSession = z.output<typeof storedSession>;

export const storedRecording = z.object({
  id: safeName,
  bytes: z.number(),
  isFolder: z.boolean(),
  modifiedMs: z.number(),
});
export type StoredRecording = z.output<typeof storedRecording>;

/** What a backtest or a flight is of. */
export const source = z.strictObject({ kind: z.enum(['session', 'recording']), id: safeName });
export type Source = z.output<typeof source>;

export const backtestRequest = z.strictObject({
  source,
  strategy: safeName,
  /** As on the command line; text is parsed by the strategy's schema. */
  params: z.record(z.string().max(100), z.union([z.number(), z.boolean(), z.string().max(1000)])).default({}),
  seed: z.int().nonnegative().default(1),
});
export type BacktestRequest = z.input<typeof backtestRequest>;

/**
 * `GET /backtests`, `/backtests/:id`, `/backtests/:id/result` (result.json); `POST /backtests`, `/backtests/:id/cancel`. `DELETE` cancels
 * one that is under way, and deletes one that has ended (role admin).
 */
export const backtestInfo = z.object({
  id: safeName,
  source,
  strategy: z.string(),
  params: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  /** 0 to 1; null: not known. */
  progress: z.number().nullable(),
  /** Why it failed, one line; empty = it did not. */
  failure: z.string(),
  createdMs: z.number(),
  endedMs: z.number().nullable(),
  /** Main figures once it is done, as in result.json: a drawdown is a fraction, negative. */
  netPnl: z.number().nullable(),
  sharpe: z.number().nullable(),
  fills: z.number().nullable(),
  maxDrawdown: z.number().nullable(),
  /** There is a report.html under `/api/v1/reports/ID/report.html`. */
  hasReport: z.boolean(),
});
export type BacktestInfo = z.output<typeof backtestInfo>;

export const reportInfo = z.object({
  id: safeName,
  files: z.array(z.object({ name: safeName, bytes: z.number() })),
  modifiedMs: z.number(),
});
export type ReportInfo = z.output<typeof reportInfo>;

export const flightRequest = z.strictObject({ source });

/** A journal or recording being looked at. */
export const flightInfo = z.object({
  id: z.string(),
  source,
  state: z.enum(['reading', 'ready', 'failed']),
  /** Share that has been read. */
  progress: z.number(),
  failure: z.string(),
  /** Inputs; they are numbered from 0. */
  events: z.number(),
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
  instruments: z.array(instrumentInfo),
  strategies: z.array(z.string()),
  /** A recording without a strategy has only a market. */
  hasTrading: z.boolean(),
  /** What a person should know of what is shown (a damaged place, hashes that differ, records that are not there any more), a line each. */
  notes: z.array(z.string()),
});
export type FlightInfo = z.output<typeof flightInfo>;

export const FLIGHT_MARK_KINDS = [
  'fill',
  'trip',
  'risk',
  'alert',
  'refusal',
  'command',
  'restart',
  'connection',
  'gap',
] as const;
export type FlightMarkKind = (typeof FLIGHT_MARK_KINDS)[number];

/** For the scrubber: one point a bucket of time, over all of it; buckets without an event are not there. */
export interface FlightOverview {
  /** When its first event came. */
  readonly timesMs: readonly number[];
  /** Index of the first event of each bucket. */
  readonly events: readonly number[];
  /** By instrument, as it stood at the bucket's end; so are P&L and positions. */
  readonly midTicks: readonly (readonly (number | null)[])[];
  /** By strategy: total P&L; by strategy and instrument: position in lots. */
  readonly pnl: readonly (readonly number[])[];
  readonly positionLots: readonly (readonly (readonly number[])[])[];
  /** What a person looks for: fills, alerts, trips, commands, disconnections. */
  readonly marks: readonly {
    readonly event: number;
    readonly timeMs: number;
    readonly kind: FlightMarkKind;
    readonly text: string;
  }[];
  /** Marks that are not in `marks`, because there are too many of their kind: those that are stand evenly among all. */
  readonly leftOut: Readonly<Partial<Record<FlightMarkKind, number>>>;
}

/** An input of the engine in words. */
export interface FlightEvent {
  readonly event: number;
  readonly timeMs: number;
  /** As `journal export` names it: LEVEL, TRADE, FILL, WAKE, COMMAND … */
  readonly kind: string;
  /** Index; null: none. */
  readonly instrument: number | null;
  /** One line: what it says. */
  readonly text: string;
  /** What the engine sent on account of it, a line each. */
  readonly effects: readonly string[];
}

/** Everything at one instant: after the event `event`. */
export interface FlightMoment {
  readonly event: number;
  readonly timeMs: number;
  readonly what: FlightEvent | null;
  readonly riskState: string;
  /** By instrument. */
  readonly books: readonly BookData[];
  readonly quotes: readonly QuotesData[];
  readonly pnl: PnlData;
  /** The last prints and fills before it, oldest first. */
  readonly trades: readonly (readonly TradeEntry[])[];
  readonly fills: readonly FillEntry[];
}

/** `GET /flights/:id/moment`: after an event, or after the last one at or before a time. One of the two. */
export const momentQuery = z.object({
  event: z.coerce.number().int().nonnegative().optional(),
  timeMs: z.coerce.number().optional(),
});

/** `GET /flights/:id/events` answers `{ events: FlightEvent[] }`. */
export const eventsQuery = z.object({
  from: z.coerce.number().int().nonnegative(),
  count: z.coerce.number().int().min(1).max(500).default(50),
});

/** What `find` looks for. */
export const FIND_KINDS = [
  'trade',
  'fill',
  /** An own order: sent, changed, answered. */
  'order',
  'alert',
  /** A breaker or the risk state changed. */
  'trip',
  'refusal',
  /** Commands, limits, connections, restarts. */
  'command',
] as const;
export type FindKind = (typeof FIND_KINDS)[number];

/** `GET /flights/:id/find` answers `{ event: number | null }`: the next one of a kind before or after `from`, without it; null: there is none. */
export const findQuery = z.object({
  from: z.coerce.number().int().nonnegative(),
  kind: z.enum(FIND_KINDS),
  direction: z.enum(['next', 'previous']).default('next'),
});

/** Lists: `GET /sessions`, `/recordings`, `/backtests`, `/reports`, `/flights`, `/catalogue/strategies`. */
export const sessionList = z.array(storedSession);
export const recordingList = z.array(storedRecording);
export const backtestList = z.array(backtestInfo);
export const reportList = z.array(reportInfo);
export const flightList = z.array(flightInfo);

/** A strategy that a backtest can be started with. */
export const catalogueStrategy = z.object({
  name: z.string(),
  description: z.string(),
  /** `value` is the default. */
  parameters: z.array(parameterSpec),
});
export type CatalogueStrategy = z.output<typeof catalogueStrategy>;
export const catalogueList = z.array(catalogueStrategy);

/** What a journal holds, by `GET /sessions/:id`. */
export const sessionDetail = storedSession.extend({
  records: z.number(),
  marks: z.number(),
  /** Files of the journal. */
  segments: z.number(),
  /** Records by kind, named as `journal export` names them. */
  kinds: z.record(z.string(), z.number()),
  /** Market time of the first and the last record. */
  fromMs: z.number().nullable(),
  toMs: z.number().nullable(),
  /** Processes that wrote it, one after the other. */
  parts: z.number(),
  /** Places that are damaged. */
  damages: z.number(),
});
export type SessionDetail = z.output<typeof sessionDetail>;
