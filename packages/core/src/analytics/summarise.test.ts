import { describe, expect, test } from 'vitest';
import { Random } from '../base/random.ts';
import { Side } from '../market/side.ts';
import { ACCOUNT_METRICS } from './account-catalogue.ts';
import { MARKET_METRICS } from './market-catalogue.ts';
import { sharpe } from './ratios.ts';
import { returnsOf } from './returns.ts';
import { summarise } from './summarise.ts';
import type { SessionSummary } from './summary.ts';
import { ScriptedSession } from './testing/scripted-session.ts';

const S = 1e9;

/** A random walk with trades at the touch, position kept small; one event a second. */
function walk(seed: number, resamples = 0): { session: ScriptedSession; summary: SessionSummary } {
  const random = Random.stream(seed, 'walk');
  const session = new ScriptedSession({ capital: { USD: 500 } });
  let bid = 2000;
  let position = 0;
  for (let i = 0; i < 600; i++) {
    bid += random.below(5) - 2;
    session.book(i * S, bid, bid + 2, i * S - 1e6 * (1 + random.below(9)));
    const isBuy = position < -30 || (position < 30 && random.below(2) === 0);
    const lots = 1 + random.below(10);
    position += isBuy ? lots : -lots;
    session.trade(i + 1, isBuy ? Side.BUY : Side.SELL, isBuy ? bid : bid + 2, lots, i * S, { feePpb: 10_000 });
  }
  session.recorder.finish(600 * S);
  return { session, summary: summarise(session.recorder, { resamples, yearSeconds: 252 * 23_400 }) };
}

describe('a summary', () => {
  const { session, summary } = walk(1, 200);
  const account = summary.accounts[0]!;
  const market = summary.markets[0]!;

  test('is plain: the same after a trip through JSON, twice the same bytes', () => {
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
    expect(JSON.stringify(walk(1, 200).summary)).toBe(JSON.stringify(summary));
    expect(JSON.stringify(walk(2, 200).summary)).not.toBe(JSON.stringify(summary));
  });

  test('has the metrics of the catalogue, all of them known in a busy session but those of takers', () => {
    expect(Object.keys(account.metrics).toSorted()).toEqual(Object.keys(ACCOUNT_METRICS).toSorted());
    expect(Object.keys(market.metrics).toSorted()).toEqual(Object.keys(MARKET_METRICS).toSorted());
    const unknown = Object.entries({ ...account.metrics, ...market.metrics }).filter(([, value]) => value === null);
    expect(unknown.map(([name]) => name).toSorted()).toEqual([
      'shortfall',
      'shortfallBp',
      'slippageMidTicks',
      'slippageTouchTicks',
    ]);
  });

  test('annualises by the year it is given', () => {
    const { samples } = session.recorder;
    const equity = Array.from({ length: samples.count }, (_, i) => samples.equity(i));
    const { metrics } = account;
    expect(metrics.sharpe).toBe(sharpe(returnsOf(equity), 252 * 23_400));
    expect(metrics.annualReturn).toBeCloseTo((1 + metrics.totalReturn!) ** ((252 * 23_400) / 600) - 1, 9);
    expect(metrics.dailyReturn).toBeCloseTo((1 + metrics.totalReturn!) ** (86_400 / 600) - 1, 9);
  });

  test('says how sure the Sharpe ratio is', () => {
    const { confidence, metrics } = account;
    expect(confidence!.sharpe.low).toBeLessThan(metrics.sharpe ?? Number.NaN);
    expect(confidence!.sharpe.high).toBeGreaterThan(metrics.sharpe ?? Number.NaN);
    expect(confidence!.sharpe.level).toBe(0.95);
  });

  test('adds up: final equity, fees', () => {
    const { metrics } = account;
    const { samples } = session.recorder;
    expect(metrics.finalEquity).toBeCloseTo(samples.equity(samples.count - 1), 9);
    expect(metrics.feesPaid! - metrics.rebates!).toBeCloseTo(-metrics.fees!, 9);
  });
});
