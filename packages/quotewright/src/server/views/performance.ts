/**
 * The figures of each strategy so far, as REST tells them: a summary of its recorder, made anew once a second at most, and so seldom that
 * it takes no more than a fiftieth of the time (a summary of some hours takes tens of milliseconds).
 */
import { ACCOUNT_METRICS } from '@quotewright/core/analytics/account-catalogue';
import { MARKET_METRICS } from '@quotewright/core/analytics/market-catalogue';
import type { MetricEntry } from '@quotewright/core/analytics/metric-entry';
import { summarise } from '@quotewright/core/analytics/summarise';
import type { MarketSummary, SessionSummary } from '@quotewright/core/analytics/summary';
import type { Engine } from '@quotewright/core/engine/engine';
import type { Figure, PerformanceReport } from '../protocol/trading.ts';
import { marketMs } from './market-time.ts';
import type { StrategyWatch } from './strategy-watch.ts';

const FRESH_MS = 1000;
const MOST_SHARE = 0.02;

type StrategyReport = PerformanceReport['strategies'][number];

export class PerformanceView {
  readonly #epochDay: number;
  readonly #watches: readonly StrategyWatch[];
  #report: PerformanceReport = { strategies: [] };
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(epochDay: number, watches: readonly StrategyWatch[]) {
    this.#epochDay = epochDay;
    this.#watches = watches;
  }

  report({ seats, nowNs }: Pick<Engine, 'seats' | 'nowNs'>): PerformanceReport {
    const beganMs = performance.now();
    if (beganMs < this.#dueMs) return this.#report;
    this.#report = {
      strategies: this.#watches.map(({ recorder }, strategy) => {
        if (Number.isFinite(nowNs)) recorder.settle(nowNs);
        return strategyReport(summarise(recorder), strategy, seats[strategy]?.name ?? '', this.#epochDay);
      }),
    };
    const endedMs = performance.now();
    this.#dueMs = endedMs + Math.max(FRESH_MS, (endedMs - beganMs) / MOST_SHARE);
    return this.#report;
  }
}

/** Also of a run that is over. */
export function strategyReport(
  { accounts, markets, startNs, endNs }: SessionSummary,
  strategy: number,
  name: string,
  epochDay: number,
): StrategyReport {
  return {
    strategy,
    name,
    fromMs: startNs === null ? null : marketMs(epochDay, startNs),
    toMs: endNs === null ? null : marketMs(epochDay, endNs),
    accounts: accounts.map(({ currency, metrics }) => ({ currency, figures: figures(ACCOUNT_METRICS, metrics) })),
    markets: markets.map((market) => marketReport(market)),
  };
}

function marketReport({ index, metrics, attribution, markouts }: MarketSummary): StrategyReport['markets'][number] {
  const { spreadCapture, adverseSelection, inventory, fees, funding, total } = attribution;
  return {
    instrument: index,
    figures: figures(MARKET_METRICS, metrics),
    attribution: {
      spreadCapture: Number(spreadCapture),
      adverseSelection: Number(adverseSelection),
      inventory: Number(inventory),
      fees: Number(fees),
      funding: Number(funding),
      total: Number(total),
    },
    markouts: markouts.map(({ horizonSeconds, fills, meanTicks, standardErrorTicks }) => ({
      horizonSeconds,
      fills,
      meanTicks,
      standardErrorTicks,
    })),
  };
}

function figures(
  catalogue: Readonly<Record<string, MetricEntry>>,
  metrics: Readonly<Record<string, number | null>>,
): Figure[] {
  return Object.entries(catalogue).map(([key, { label, unit, description }]) => ({
    key,
    label,
    unit,
    description,
    value: metrics[key] ?? null,
  }));
}
