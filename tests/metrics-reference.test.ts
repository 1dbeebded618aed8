/** The metric functions on published daily closes, against figures of numpy and statsmodels in the shared data. */
import { readFileSync } from 'node:fs';
import { momentsOf } from '@quotewright/core/analytics/distribution';
import { cornishFisherTail, gaussianTail, historicalTail } from '@quotewright/core/analytics/tail-risk';
import { expect, it } from 'vitest';
import { sharedData, sharedJson } from '../packages/quotewright/src/data/testing/files.ts';

interface Reference {
  readonly BTC_ret: Readonly<Record<'mean' | 'std_ddof1' | 'skew_biased' | 'exkurt_biased', number>>;
  readonly VaR_BTC: Readonly<
    Record<'0.05' | '0.01', Readonly<Record<'hist_linear' | 'cvar_le' | 'gaussian' | 'cornish_fisher', number>>>
  >;
}

it('moments, value at risk and expected shortfall of the daily log returns of BTC', () => {
  const { BTC_ret: moments, VaR_BTC: tails } = sharedJson<Reference>('reference/reference_stats_daily.json');
  const [head, ...rows] = readFileSync(sharedData('reference/aligned_daily_closes_9coins.csv'), 'utf8')
    .trim()
    .split('\n');
  const column = head!.split(',').indexOf('BTC');
  const closes = rows.map((row) => Number(row.split(',')[column]));
  const returns = closes.slice(1).map((close, i) => Math.log(close / closes[i]!));
  const { mean, sd, skew, kurtosis } = momentsOf(returns);
  expect(mean).toBeCloseTo(moments.mean, 14);
  expect(sd).toBeCloseTo(moments.std_ddof1, 14);
  expect(skew).toBeCloseTo(moments.skew_biased, 12);
  expect(kurtosis).toBeCloseTo(moments.exkurt_biased, 11);
  for (const level of ['0.05', '0.01'] as const) {
    const expected = tails[level];
    expect(historicalTail(returns, Number(level)).valueAtRisk).toBeCloseTo(expected.hist_linear, 12);
    expect(historicalTail(returns, Number(level)).expectedShortfall).toBeCloseTo(expected.cvar_le, 12);
    expect(gaussianTail(returns, Number(level)).valueAtRisk).toBeCloseTo(expected.gaussian, 12);
    expect(cornishFisherTail(returns, Number(level)).valueAtRisk).toBeCloseTo(expected.cornish_fisher, 12);
  }
});
