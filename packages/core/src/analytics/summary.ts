/**
 * A session in figures: a plain object that is the same after `JSON.parse(JSON.stringify(…))`. What cannot be said (no trades,
 * too few samples, no capital given) is null, never NaN. `account-catalogue.ts` and `market-catalogue.ts` say what each metric is.
 */
import type { AccountMetric } from './account-catalogue.ts';
import type { MarketMetric } from './market-catalogue.ts';

export interface SessionSummary {
  /** Of this layout. */
  readonly version: 1;
  /** Local times of the first and the last event, nanoseconds since the epoch day; null without events. */
  readonly startNs: number | null;
  readonly endNs: number | null;
  readonly durationSeconds: number;
  /** Conventions: seconds between equity samples (after merging), samples taken, seconds of a trading year. */
  readonly sampleSeconds: number;
  readonly samples: number;
  readonly yearSeconds: number;
  /** The horizon that parts adverse selection from inventory, seconds. */
  readonly attributionSeconds: number;
  /** One per settlement currency, in the order of the markets; the first is that of the first market. */
  readonly accounts: readonly AccountSummary[];
  /** In the order of the run's instruments. */
  readonly markets: readonly MarketSummary[];
}

export interface AccountSummary {
  readonly currency: string;
  readonly metrics: Readonly<Record<AccountMetric, number | null>>;
  /** Stationary bootstrap; null when not asked for or with too few samples. */
  readonly confidence: { readonly sharpe: Interval; readonly meanReturn: Interval } | null;
}

/** A confidence interval, level 0.95 = from the 2.5 % to the 97.5 % quantile of the resamples. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
}

export interface MarketSummary {
  readonly index: number;
  readonly venue: string;
  readonly symbol: string;
  /** Settlement currency: the account that the market belongs to. */
  readonly currency: string;
  readonly metrics: Readonly<Record<MarketMetric, number | null>>;
  /** The attribution as exact decimals in the settlement currency; the first five add up to the total to the last digit. */
  readonly attribution: Readonly<Record<AttributionPart | 'total', string>>;
  /** By rising horizon. */
  readonly markouts: readonly MarkoutSummary[];
  /** Codes that occurred, by rising code. */
  readonly rejects: readonly { readonly code: number; readonly text: string; readonly count: number }[];
  readonly latency: readonly LatencySummary[];
}

export type AttributionPart = 'spreadCapture' | 'adverseSelection' | 'inventory' | 'fees' | 'funding';

/** s·(mid at the horizon − fill price) in ticks, means by size: what a fill was worth so long after it, spread included. */
export interface MarkoutSummary {
  readonly horizonSeconds: number;
  readonly fills: number;
  readonly meanTicks: number | null;
  /** Of the mean, by size-weighted deviations. */
  readonly standardErrorTicks: number | null;
  readonly makerFills: number;
  readonly makerMeanTicks: number | null;
  readonly takerFills: number;
  readonly takerMeanTicks: number | null;
  /** The same over the mid at the fill, parts per ten thousand. */
  readonly meanBp: number | null;
}

/** `feed`: market data, venue to us. `new`, `cancel`, `amend`: our request until its answer is here. `report`: the venue's answer, venue to us. */
export interface LatencySummary {
  readonly kind: 'feed' | 'new' | 'cancel' | 'amend' | 'report';
  readonly count: number;
  /** Nanoseconds; quantiles within 0.8 %. */
  readonly minNs: number | null;
  readonly meanNs: number | null;
  readonly p50Ns: number | null;
  readonly p90Ns: number | null;
  readonly p99Ns: number | null;
  readonly p999Ns: number | null;
  readonly maxNs: number | null;
}
