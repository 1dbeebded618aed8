/** What the first frame of a process's part of a journal says: everything needed to build the same engine again. JSON. */
import { z } from 'zod';

const feeRates = { maker: z.string(), taker: z.string() };

const instrumentSpec = z.object({
  venue: z.string(),
  symbol: z.string(),
  base: z.string(),
  quote: z.string(),
  tick: z.string(),
  lot: z.string(),
  contract: z.enum(['spot', 'linear', 'inverse']),
  multiplier: z.string().exactOptional(),
  minSize: z.string().exactOptional(),
  maxSize: z.string().exactOptional(),
  minNotional: z.string().exactOptional(),
  fees: z
    .object({
      ...feeRates,
      currency: z.string().exactOptional(),
      tiers: z.array(z.object({ ...feeRates, volume: z.string() })).exactOptional(),
    })
    .exactOptional(),
});

/** Settings of parts that check them on their own when they are built. */
const free = z.record(z.string(), z.unknown());

export const sessionHeader = z.object({
  /** Of the program that wrote it. */
  program: z.object({ name: z.string(), version: z.string() }),
  /** Wall time at which the process started, Unix milliseconds. */
  startedMs: z.number(),
  /** What carries the requests: `backtest`, `simulation`, `paper`, `live`. */
  mode: z.string(),
  /** Days since 1970-01-01 of the UTC midnight that times count from. */
  epochDay: z.int(),
  seed: z.number(),
  /** By the index in a record's HEAD. */
  instruments: z.array(instrumentSpec).min(1),
  /** By instrument. */
  isL3: z.array(z.boolean()),
  venueOf: z.array(z.int()),
  strategies: z.array(
    z.object({
      /** Built in, or the path of a file. */
      strategy: z.string(),
      params: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])),
    }),
  ),
  /** A `Mark` of the engine. */
  mark: z.int(),
  /** Starting cash by currency, decimal text. */
  cash: z.record(z.string(), z.string()),
  quoter: free,
  /** Requests that a venue takes of these instruments together; absent: nobody counts them. See `MessageBudget` of the core. */
  budgets: z
    .array(z.object({ perSecond: z.number(), burst: z.int(), instruments: z.array(z.int()).min(1) }))
    .exactOptional(),
  /** `RiskSettings` as given; null when there is no risk. */
  risk: free.nullable(),
  /** The host's own: whatever it needs to set the session up again. */
  config: free,
});

export type SessionHeader = z.output<typeof sessionHeader>;

/** A live session that sends nothing: the venues know no order of its. */
export function isDryRun({ config }: Pick<SessionHeader, 'config'>): boolean {
  return config['isDryRun'] === true;
}
