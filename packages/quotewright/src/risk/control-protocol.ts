/** What is said on a session's socket: one JSON object a line each way. */
import { RISK_STATE_NAMES } from '@quotewright/core/trading/risk-state';
import { STRATEGY_STATE_NAMES } from '@quotewright/core/trading/strategy-state';
import { z } from 'zod';
import { actorSchema } from '../audit/actor.ts';

export const STRATEGY_COMMANDS = ['start', 'stop', 'pause'] as const;

export const controlRequest = z.discriminatedUnion('ask', [
  /** Halts, cancels every order on every venue, and answers when all are gone or the time for it is over. */
  z.strictObject({ ask: z.literal('kill'), who: actorSchema }),
  z.strictObject({
    ask: z.literal('limit'),
    who: actorSchema,
    limit: z.string().max(100),
    /** null = no limit. */
    value: z.number().nullable(),
    /** `global`, `venue:x`, `instrument:y`, `strategy:n`. */
    scope: z.string().max(200),
  }),
  z.strictObject({ ask: z.literal('state'), who: actorSchema, state: z.enum(RISK_STATE_NAMES) }),
  /** Of one instrument, or all. */
  z.strictObject({ ask: z.enum(['trip', 'reset']), who: actorSchema, instrument: z.string().max(200).optional() }),
  z.strictObject({ ask: z.literal('acknowledge'), who: actorSchema, number: z.number().int().positive() }),
  z.strictObject({
    ask: z.literal('strategy'),
    who: actorSchema,
    /** Index of the strategy: 0 is the main one. */
    strategy: z.int().nonnegative(),
    command: z.enum(STRATEGY_COMMANDS),
  }),
  /** Those of one strategy that change, all at once. */
  z.strictObject({
    ask: z.literal('parameters'),
    who: actorSchema,
    strategy: z.int().nonnegative(),
    parameters: z.record(z.string().max(100), z.union([z.number(), z.boolean(), z.string().max(1000)])),
  }),
  /** Compares with what the venues say. */
  z.strictObject({ ask: z.literal('reconcile'), who: actorSchema }),
  z.strictObject({ ask: z.literal('show'), who: actorSchema }),
]);
export type ControlRequest = z.output<typeof controlRequest>;

/** An order that is not finished, as far as is known. */
export const openOrder = z.object({
  order: z.number(),
  strategy: z.string(),
  instrument: z.string(),
  side: z.enum(['buy', 'sell']),
  /** Decimal text; size = what may still trade. */
  price: z.string(),
  size: z.string(),
  state: z.string(),
  /** Why the venue refused the last request on it; null = it did not. */
  reason: z.string().nullable(),
});
export type OpenOrder = z.output<typeof openOrder>;

export const killOutcome = z.object({
  /** Orders that were not finished when it began. */
  orders: z.number(),
  /** Those of which it is not confirmed that they are gone. */
  unconfirmed: z.array(openOrder),
});
export type KillOutcome = z.output<typeof killOutcome>;

export const riskReport = z.object({
  state: z.string(),
  /** What an operator has asked for is not told apart from what the limits demand. */
  equity: z.number().nullable(),
  peak: z.number().nullable(),
  breakers: z.array(z.object({ instrument: z.string(), state: z.string() })),
  limits: z.array(
    z.object({
      limit: z.string(),
      unit: z.string(),
      scope: z.string(),
      value: z.number().nullable(),
      isDefault: z.boolean(),
    }),
  ),
  strategies: z.array(z.object({ index: z.number(), name: z.string(), state: z.enum(STRATEGY_STATE_NAMES) })),
  openOrders: z.number(),
  alerts: z.record(z.string(), z.number()),
});
export type RiskReport = z.output<typeof riskReport>;

export const controlReply = z.union([
  z.object({ error: z.string() }),
  z.object({ text: z.string() }),
  z.object({ kill: killOutcome }),
  z.object({ report: riskReport }),
]);
export type ControlReply = z.output<typeof controlReply>;

/** A longer line is none of ours. */
export const MAX_REQUEST_BYTES = 16 * 1024;
