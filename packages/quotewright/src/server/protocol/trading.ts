/** Strategies, performance, positions, orders, fills and books as REST tells them. Prices and sizes are decimal text, money is a number. */
import { z } from 'zod';
import { decimal, sideName, strategyInfo } from './session.ts';

const paramValue = z.union([z.number(), z.boolean(), z.string().max(1000)]);

/** A `ParamSpec` of the strategy interface. */
export const parameterSpec = z.object({
  name: z.string(),
  type: z.enum(['number', 'integer', 'boolean', 'text', 'choice']),
  default: paramValue,
  value: paramValue,
  min: z.number().optional(),
  max: z.number().optional(),
  unit: z.string().optional(),
  choices: z.array(z.string()).optional(),
  description: z.string(),
});
export type ParameterSpec = z.output<typeof parameterSpec>;

export const strategyDetail = strategyInfo.extend({
  description: z.string(),
  parameters: z.array(parameterSpec),
  /** Numbers that it reports of itself (`ctx.metric`). */
  metrics: z.record(z.string(), z.number()),
  fills: z.number(),
  openOrders: z.number(),
});
export type StrategyDetail = z.output<typeof strategyDetail>;

/** Only those that change. */
export const parameterChange = z.strictObject({ parameters: z.record(z.string().max(100), paramValue) });

export const figure = z.object({
  key: z.string(),
  label: z.string(),
  /** `currency`, `fraction`, `ratio`, `ticks`, `seconds`, `count`, … as of docs/metrics.md. */
  unit: z.string(),
  description: z.string(),
  value: z.number().nullable(),
});
export type Figure = z.output<typeof figure>;

export const performanceReport = z.object({
  strategies: z.array(
    z.object({
      strategy: z.int(),
      name: z.string(),
      fromMs: z.number().nullable(),
      toMs: z.number().nullable(),
      accounts: z.array(z.object({ currency: z.string(), figures: z.array(figure) })),
      markets: z.array(
        z.object({
          instrument: z.int(),
          figures: z.array(figure),
          /** Sums in the settlement currency; they add up to `total`. */
          attribution: z.record(
            z.enum(['spreadCapture', 'adverseSelection', 'inventory', 'fees', 'funding', 'total']),
            z.number(),
          ),
          markouts: z.array(
            z.object({
              horizonSeconds: z.number(),
              fills: z.number(),
              meanTicks: z.number().nullable(),
              standardErrorTicks: z.number().nullable(),
            }),
          ),
        }),
      ),
    }),
  ),
});
export type PerformanceReport = z.output<typeof performanceReport>;

/** What a series can be of: of a strategy, or (mid, spread, imbalance) of an instrument. */
export const SERIES_METRICS = [
  'pnl',
  'realised',
  'unrealised',
  'fees',
  'equity',
  'drawdown',
  'position',
  'fills',
  'quoteUptime',
  'mid',
  'spread',
  'imbalance',
] as const;

export const seriesQuery = z.object({
  metric: z.enum(SERIES_METRICS),
  strategy: z.coerce.number().int().nonnegative().default(0),
  /** `venue:symbol` or symbol; of `position`, `mid`, `spread`, `imbalance`. Absent: the first. */
  instrument: z.string().max(200).optional(),
  /** Unix ms in the session's clock. */
  from: z.coerce.number().optional(),
  to: z.coerce.number().optional(),
  /** Seconds between points, a month at most; absent: such that at most 1,000 points come. */
  resolution: z.coerce.number().positive().max(2_678_400).optional(),
});
export const seriesReport = z.object({
  metric: z.enum(SERIES_METRICS),
  unit: z.string(),
  resolutionSeconds: z.number(),
  /** Times and values; null where there was none. */
  timesMs: z.array(z.number()),
  values: z.array(z.number().nullable()),
});
export type SeriesReport = z.output<typeof seriesReport>;

export const positionInfo = z.object({
  strategy: z.int(),
  instrument: z.string(),
  size: decimal,
  entry: z.number().nullable(),
  mark: z.number().nullable(),
  currency: z.string(),
  realised: z.number(),
  unrealised: z.number(),
});

export const orderInfo = z.object({
  id: z.number(),
  strategy: z.int(),
  instrument: z.string(),
  side: sideName,
  price: decimal,
  size: decimal,
  filled: decimal,
  state: z.string(),
  /** Why it was refused or ended; null: it was not. */
  reason: z.string().nullable(),
  sentMs: z.number(),
});

export const fillInfo = z.object({
  number: z.int(),
  timeMs: z.number(),
  strategy: z.int(),
  instrument: z.string(),
  orderId: z.number(),
  side: sideName,
  price: decimal,
  size: decimal,
  isMaker: z.boolean(),
  fee: z.number(),
  currency: z.string(),
});

export const bookInfo = z.object({
  instrument: z.string(),
  timeMs: z.number().nullable(),
  isReady: z.boolean(),
  /** Best first: price, size. */
  bids: z.array(z.tuple([decimal, decimal])),
  asks: z.array(z.tuple([decimal, decimal])),
});
