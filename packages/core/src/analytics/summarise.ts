/** A recorder's session as a `SessionSummary`. */
import { NS_PER_SECOND } from '../base/time.ts';
import { accountSummary } from './account-figures.ts';
import { marketSummary } from './market-figures.ts';
import { finite } from './metric-entry.ts';
import type { SessionRecorder } from './recorder.ts';
import type { SessionSummary } from './summary.ts';

export interface SummaryOptions {
  /** Trading time in a year, seconds (default 365 days around the clock; 252 sessions of 6.5 hours are 5,896,800). */
  readonly yearSeconds?: number;
  /** Resamples of the bootstrap intervals (default 0: none), and its seed (default 1). */
  readonly resamples?: number;
  readonly seed?: number;
}

const YEAR_SECONDS = 365 * 86_400;

/** Call it after `recorder.finish`, or after `recorder.settle` for the state so far. */
export function summarise(recorder: SessionRecorder, options: SummaryOptions = {}): SessionSummary {
  const { yearSeconds = YEAR_SECONDS, resamples = 0, seed = 1 } = options;
  const { samples, markets, ledger, startNs, endNs } = recorder;
  const parts = markets.map((market) => market.attribution.parts(ledger, market.mid2));
  return {
    version: 1,
    startNs: finite(startNs),
    endNs: finite(endNs),
    durationSeconds: finite((endNs - startNs) / NS_PER_SECOND) ?? 0,
    sampleSeconds: samples.intervalNs / NS_PER_SECOND,
    samples: samples.count,
    yearSeconds,
    attributionSeconds: recorder.horizonsNs[recorder.attributionHorizon] / NS_PER_SECOND,
    accounts: recorder.accounts.map((_, i) => accountSummary(recorder, i, parts, { yearSeconds, resamples, seed })),
    markets: markets.map((_, i) => marketSummary(recorder, i, parts[i])),
  };
}
