/** What a backtest is asked to do: one schema for the command line and for a file. */
import { QUEUE_MODELS } from '@quotewright/core/venue-sim/queue-model';
import { z } from 'zod';
import { decimalText, durationNs } from '../config/units.ts';

/** A delay: constant (`1ms`), or a floor with a random part: `1ms+exp:200us`, `1ms+lognormal:300us:0.6`. */
export const delay = z.string();

export const FILL_RULES = ['partial', 'whole'] as const;
export const MARKS = ['mid', 'last', 'microprice'] as const;

/** Starting cash. */
const amount = decimalText.refine((text) => Number(text) > 0, 'expected an amount above 0');

export const backtestSettings = z.strictObject({
  /** Name of a built-in strategy, or the path of a file whose default export is one. */
  strategy: z.string('expected the name of a strategy or its file'),
  params: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])).default({}),
  /** Other strategies in the same run, at the same venues, each with an account of its own. */
  alongside: z
    .array(
      z.strictObject({
        strategy: z.string(),
        params: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])).default({}),
      }),
    )
    .default([]),
  /** Recordings; several are merged by the time at which their rows were received. */
  data: z.array(z.string(), 'expected one or more recordings').min(1, 'expected one or more recordings'),
  format: z.string().optional(),
  tick: decimalText.optional(),
  lot: decimalText.optional(),
  /** ISO times; rows outside are not traded on. Rows before `from` build the books. */
  from: z.string().optional(),
  to: z.string().optional(),
  seed: z.number().int().default(1),
  /** Starting cash: an amount in the first instrument's settlement currency, or amounts by currency. */
  capital: z.union([amount, z.record(z.string(), amount)]).default('100000'),
  fees: z.strictObject({ maker: decimalText, taker: decimalText, currency: z.string().optional() }).optional(),
  latency: z
    .strictObject({
      request: delay.default('1ms'),
      report: delay.default('1ms'),
      newOrder: delay.optional(),
      amend: delay.optional(),
      cancel: delay.optional(),
      ack: delay.optional(),
      fill: delay.optional(),
      /** A CSV file of time,entry,response in nanoseconds; in place of the delays. */
      curve: z.string().optional(),
    })
    .prefault({}),
  /** Feed latency of rows that carry one clock only. */
  feedLatency: durationNs.prefault('1ms'),
  /** Added to the local clock; `auto` shifts it so that no row among the first is received before it happened. */
  clockShift: z.union([z.literal('auto'), durationNs], 'expected auto, or a duration such as 10ms').default('auto'),
  queue: z
    .strictObject({
      model: z.enum(['hazard', ...QUEUE_MODELS]).default('hazard'),
      exponent: z.number().positive().default(3),
      /** Interval at which the feed publishes depth, which the hazard model makes use of; `0` when it tells each change. */
      interval: z.union([z.literal('auto'), durationNs]).default('auto'),
    })
    .prefault({}),
  /** `truth.json` of `fills truth --out`: the report shows how well the queue model is calibrated. */
  truth: z.string().optional(),
  fills: z.enum(FILL_RULES).default('partial'),
  mark: z.enum(MARKS).default('mid'),
  /** Runs beside it with touch fills and with trade-through fills. */
  bounds: z.boolean().default(true),
  /** What own takers pay beyond the recorded prices: ticks per square root of size, of which half is forgotten in a half-life. */
  impact: z.strictObject({ ticks: z.number().nonnegative(), halfLife: durationNs.prefault('1s') }).optional(),
  /** Funding of perpetuals: a CSV of time,rate, or a constant rate every eight hours (00, 08, 16 UTC). */
  funding: z.strictObject({ rate: decimalText, every: durationNs.prefault('8h') }).optional(),
  /** Messages per second to a venue, and how many at once. */
  messages: z.strictObject({ rate: z.number().positive(), burst: z.number().int().positive() }).optional(),
  /** No quote is replaced before it is so old. */
  quoteLife: durationNs.prefault('0'),
  /** What is risked: a file (see docs/risk.md), `none`, or the same settings here. Absent: the default limits and breakers. */
  risk: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  /** Interval of equity samples. */
  sample: durationNs.prefault('1s'),
});
export type BacktestSettings = z.output<typeof backtestSettings>;
export type BacktestInput = z.input<typeof backtestSettings>;

/** Settings of which only some are given. @throws ZodError that names each field that is wrong. */
export function defaultSettings(given: BacktestInput): BacktestSettings {
  return backtestSettings.parse(given);
}
