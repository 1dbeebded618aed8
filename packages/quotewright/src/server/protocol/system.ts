/** Health, readiness and the machine under the session. */
import { z } from 'zod';
import { venueEventInfo, venueLink } from './venues.ts';

export const health = z.object({ status: z.literal('ok'), version: z.string(), uptimeSeconds: z.number() });

export const readiness = z.object({
  isReady: z.boolean(),
  checks: z.array(
    z.object({
      name: z.enum(['feeds', 'recovered', 'reconciled', 'replica', 'journal', 'running']),
      isGood: z.boolean(),
      detail: z.string(),
    }),
  ),
});
export type Readiness = z.output<typeof readiness>;

/** Nanoseconds; null without a sample. */
export const latencySummary = z.object({
  name: z.string(),
  /** What it is the time of, in one sentence. */
  description: z.string(),
  count: z.number(),
  meanNs: z.number().nullable(),
  p50Ns: z.number().nullable(),
  p90Ns: z.number().nullable(),
  p99Ns: z.number().nullable(),
  p999Ns: z.number().nullable(),
  maxNs: z.number().nullable(),
  /** Upper edges of buckets and how many fell into each, for a histogram. */
  buckets: z.array(z.tuple([z.number(), z.number()])),
});
export type LatencySummary = z.output<typeof latencySummary>;

const eventLoop = z.object({
  /** Milliseconds by which the event loop of the thread was late, over the last seconds. */
  meanMs: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
  /** Share of the time that it was busy. */
  utilisation: z.number(),
});

export const systemInfo = z.object({
  wallMs: z.number(),
  /** Which market time it was at that wall time, on the trading thread. */
  marketMs: z.number(),
  uptimeSeconds: z.number(),
  /** Inputs taken by the engine, so far and a (wall) second lately. */
  inputs: z.number(),
  inputsPerSecond: z.number(),
  cpuPercent: z.number(),
  memory: z.object({
    rssBytes: z.number(),
    heapUsedBytes: z.number(),
    heapTotalBytes: z.number(),
    externalBytes: z.number(),
  }),
  gc: z.object({ count: z.number(), totalMs: z.number(), maxMs: z.number() }),
  trading: eventLoop,
  server: eventLoop,
  /** How full the rings are, 0 to 1, and records that found them full. */
  rings: z.array(z.object({ name: z.string(), fill: z.number(), capacity: z.number(), refused: z.number() })),
  journal: z.object({ isOn: z.boolean(), pending: z.number(), records: z.number(), failure: z.string() }),
  /** The second engine, which the pages are of: it takes the same inputs, and its hashes are compared with the trading engine's. */
  replica: z.object({
    inputs: z.number(),
    lag: z.number(),
    comparisons: z.number(),
    isEqual: z.boolean(),
    restarts: z.number(),
  }),
  clients: z.object({ connected: z.number(), slow: z.number(), sentBytes: z.number(), sentMessages: z.number() }),
  redis: z.object({ state: z.enum(['off', 'up', 'down']), detail: z.string(), written: z.number() }),
  venues: z.array(
    z.object({
      name: z.string(),
      /** Orders can be sent there: of a session with venues of its own see `link`. */
      isConnected: z.boolean(),
      lastMessageMs: z.number().nullable(),
      /** The way to it; null: its market is simulated or replayed here. */
      link: venueLink.nullable(),
    }),
  ),
  /** The last that happened on the ways to the venues, oldest first. */
  venueEvents: z.array(venueEventInfo),
  latencies: z.array(latencySummary),
});
export type SystemInfo = z.output<typeof systemInfo>;
