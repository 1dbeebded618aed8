/** The session behind the server, as REST and the stream's greeting tell it. Times in milliseconds are Unix time in the session's clock. */
import { z } from 'zod';

/** Decimal text, as a venue writes it. */
export const decimal = z
  .string()
  .max(64)
  .regex(/^-?\d+(\.\d+)?$/u);

export const sideName = z.enum(['buy', 'sell']);

export const instrumentInfo = z.object({
  /** Index in every `instrument` field. */
  index: z.int(),
  /** `venue:symbol`; what topics and paths call it. */
  name: z.string(),
  venue: z.string(),
  symbol: z.string(),
  base: z.string(),
  quote: z.string(),
  /** Currency of its P&L. */
  settlement: z.string(),
  contract: z.enum(['spot', 'linear', 'inverse']),
  /** One tick in `quote` a unit, one lot in units of size, money = price × size × multiplier. */
  tick: decimal,
  lot: decimal,
  multiplier: decimal,
  /** Digits behind the point of a price and of a size. */
  priceDigits: z.int(),
  sizeDigits: z.int(),
});
export type InstrumentInfo = z.output<typeof instrumentInfo>;

export const strategyInfo = z.object({
  /** Index in every `strategy` field. */
  index: z.int(),
  name: z.string(),
  /** `running`: it quotes; `paused`: it sees the market and quotes nothing; `stopped`: its handlers are not called, its orders are cancelled. */
  state: z.enum(['running', 'paused', 'stopped']),
});
export type StrategyInfo = z.output<typeof strategyInfo>;

export const sessionInfo = z.object({
  /** Of this process's part: streams can be resumed while it stays the same. */
  epoch: z.string(),
  /** Name of the session's folder; null: it has no journal. */
  id: z.string().nullable(),
  mode: z.enum(['simulation', 'replay', 'paper', 'live']),
  /** Live, but nothing is sent: requests are answered here. */
  isDryRun: z.boolean(),
  version: z.string(),
  seed: z.number(),
  /** Wall time at which the process started. */
  startedMs: z.number(),
  /** Market milliseconds a wall millisecond; null: as fast as it goes. */
  speed: z.number().nullable(),
  /** Local midnight of the session's first day. */
  epochDayMs: z.number(),
  instruments: z.array(instrumentInfo),
  strategies: z.array(strategyInfo),
});
export type SessionInfo = z.output<typeof sessionInfo>;
