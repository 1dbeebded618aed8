/** VaR, its backtests and what they rest on, against figures of R and statsmodels on the shared daily closes. */
import { readFileSync } from 'node:fs';
import { correlationOf, sampleCovariance } from '@quotewright/core/risk/var/covariance';
import { kupiec } from '@quotewright/core/risk/var/coverage';
import { type VarFigures } from '@quotewright/core/risk/var/figures';
import { type VarSettings, estimateVar } from '@quotewright/core/risk/var/estimate';
import { fitGarch, garchLogLikelihood } from '@quotewright/core/risk/var/garch';
import { kendallTau, risingOrder } from '@quotewright/core/risk/var/kendall';
import { ReturnMatrix } from '@quotewright/core/risk/var/return-matrix';
import { backtestVar } from '@quotewright/core/risk/var/rolling';
import { RECORDED_SCENARIOS } from '@quotewright/core/risk/var/scenarios';
import { describe, expect, test } from 'vitest';
import { sharedData, sharedJson } from '../data/testing/files.ts';
import { PriceTable } from './price-table.ts';

const COINS = ['BTC', 'ETH', 'BNB', 'XRP', 'ADA', 'SOL', 'DOGE', 'TRX', 'BCH'];

interface Tail {
  readonly hist_linear: number;
  readonly cvar_le: number;
  readonly gaussian: number;
}

interface Backtest {
  readonly T: number;
  readonly exceptions: number;
  readonly LR_pof: number;
  readonly p_pof: number;
  readonly trans: readonly (readonly number[])[];
  readonly LR_ind: number;
  readonly LR_cc: number;
  readonly p_cc: number;
}

interface Reference {
  readonly corr_pearson_logret: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly corr_kendall_BTC_ETH: number;
  readonly BTC_ret: { readonly n: number; readonly mean: number; readonly std_ddof1: number };
  readonly VaR_BTC: Readonly<Record<string, Tail>>;
  readonly VaR_equal_weight_simple: Readonly<Record<string, Tail>>;
  readonly backtest_BTC_hist250: Readonly<Record<string, Backtest>>;
  readonly kupiec_table: Readonly<Record<string, number>>;
}

const reference = (): Reference => sharedJson('reference/reference_stats_daily.json');

async function closes(): Promise<Float64Array> {
  const table = await PriceTable.read([sharedData('reference/aligned_daily_closes_9coins.csv')]);
  return table.select(COINS).prices;
}

/** The reference's returns of single coins are logarithmic. */
async function logReturns(coins: number): Promise<ReturnMatrix> {
  const prices = await closes();
  const data: number[] = [];
  for (let i = COINS.length; i < prices.length; i++) {
    if (i % COINS.length < coins) data.push(Math.log(prices[i]! / prices[i - COINS.length]!));
  }
  return new ReturnMatrix(coins, Float64Array.from(data));
}

function figures(returns: ReturnMatrix, values: Float64Array, level: number, more: Partial<VarSettings>): VarFigures {
  const settings: VarSettings = { method: 'historical', levels: [level], ...more };
  return estimateVar(returns, values, settings).figures[0]!;
}

function expectTail(returns: ReturnMatrix, values: Float64Array, tail: string, expected: Tail): void {
  const level = 1 - Number(tail);
  const historical = figures(returns, values, level, {});
  expect(historical.valueAtRisk).toBeCloseTo(-expected.hist_linear, 12);
  expect(historical.shortfall).toBeCloseTo(-expected.cvar_le, 12);
  const normal = figures(returns, values, level, { method: 'parametric', weights: 'equal' });
  expect(normal.valueAtRisk).toBeCloseTo(-expected.gaussian, 12);
  const paths = figures(returns, values, level, { method: 'monte-carlo', weights: 'equal', paths: 400_000 });
  expect(paths.valueAtRisk / -expected.gaussian).toBeCloseTo(1, 2);
}

describe('against the reference figures', () => {
  test('correlations of nine coins (Pearson), and of two (Kendall)', async () => {
    const { corr_pearson_logret: pearson, corr_kendall_BTC_ETH: kendall, BTC_ret: btc } = reference();
    const returns = await logReturns(9);
    const covariance = sampleCovariance(returns);
    expect(returns.rows).toBe(btc.n);
    expect(Math.sqrt(covariance[0]!)).toBeCloseTo(btc.std_ddof1, 14);
    const correlation = correlationOf(covariance, 9);
    COINS.forEach((a, i) => {
      COINS.forEach((b, k) => expect(correlation[i * 9 + k]).toBeCloseTo(pearson[a]![b]!, 9));
    });
    const [x, y] = [returns.column(0), returns.column(1)];
    expect(kendallTau(x, y, risingOrder(x))).toBeCloseTo(kendall, 13);
  });

  test.each(['0.05', '0.01'])('VaR and shortfall of bitcoin and of nine coins alike, tail %s', async (tail) => {
    const { VaR_BTC: btc, VaR_equal_weight_simple: nine } = reference();
    expectTail(await logReturns(1), Float64Array.of(1), tail, btc[tail]!);
    expectTail(ReturnMatrix.ofPrices(9, await closes()), new Float64Array(9).fill(1 / 9), tail, nine[tail]!);
  });

  test.each(['0.05', '0.01'])('1,850 days of historical VaR, tail %s: Kupiec, Christoffersen, both', async (tail) => {
    const expected = reference().backtest_BTC_hist250[tail]!;
    const settings: VarSettings = { method: 'historical', levels: [1 - Number(tail)] };
    const [found] = backtestVar(await logReturns(1), Float64Array.of(1), settings, 250);
    expect([found!.hits.length, found!.exceptions]).toEqual([expected.T, expected.exceptions]);
    expect([...found!.independence.transitions]).toEqual(expected.trans.flat());
    expect(found!.kupiec.ratio).toBeCloseTo(expected.LR_pof, 10);
    expect(found!.kupiec.p).toBeCloseTo(expected.p_pof, 9);
    expect(found!.independence.ratio).toBeCloseTo(expected.LR_ind, 10);
    expect(found!.conditional.ratio).toBeCloseTo(expected.LR_cc, 10);
    expect(found!.conditional.p).toBeCloseTo(expected.p_cc, 10);
  });

  test("Kupiec's likelihood ratios", () => {
    const table = Object.entries(reference().kupiec_table);
    expect(table.length).toBeGreaterThan(7);
    for (const [name, ratio] of table) {
      const [, days, exceptions, tail] = /^T=(\d+),N=(\d+),p=([\d.]+)$/.exec(name)!;
      expect(kupiec(Number(days), Number(exceptions), 1 - Number(tail)).ratio).toBeCloseTo(ratio, 9);
    }
  });

  test('GARCH(1,1) of bitcoin as R fits it: parameters and likelihood, normal and Student t', async () => {
    interface Fit {
      readonly mu: number;
      readonly omega: number;
      readonly alpha1: number;
      readonly beta1: number;
      readonly shape?: number;
    }
    const peers = sharedJson<{
      garch11_norm_100x: Fit;
      garch11_llh: number;
      garch11_std_100x: Fit;
      garch11_std_llh: number;
    }>('reference/reference_R_peers.json');
    const returns = (await logReturns(1)).data.map((r) => 100 * r);
    for (const [law, fit, likelihood] of [
      ['normal', peers.garch11_norm_100x, peers.garch11_llh],
      ['student', peers.garch11_std_100x, peers.garch11_std_llh],
    ] as const) {
      const { mu, omega, alpha1: alpha, beta1: beta, shape = Infinity } = fit;
      expect(garchLogLikelihood(returns, { mu, omega, alpha, beta, degrees: shape })).toBeCloseTo(likelihood, 9);
      const found = fitGarch(returns, law)!;
      // Not less likely than R's, and so near it that only the flatness of the top is between them.
      expect(found.logLikelihood).toBeGreaterThan(likelihood - 1e-7);
      expect(found.logLikelihood).toBeLessThan(likelihood + 1e-6);
      expect(found.mu).toBeCloseTo(mu, 5);
      expect(found.omega).toBeCloseTo(omega, 5);
      expect(found.alpha).toBeCloseTo(alpha, 6);
      expect(found.beta).toBeCloseTo(beta, 6);
      if (shape < Infinity) expect(found.degrees).toBeCloseTo(shape, 4);
    }
  });
});

describe('recorded scenarios', () => {
  test.each(RECORDED_SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s moves every coin as the daily bars say',
    (_, { moves, others, from, to, measure }) => {
      const found: Record<string, number> = {};
      for (const coin of COINS) {
        const lines = readFileSync(sharedData(`ohlcv/Binance_${coin}USDT_d.csv`), 'utf8').split('\n');
        const bars = lines.slice(2).flatMap((line) => {
          const [, date = '', , , , low, close] = line.split(',');
          return date === '' ? [] : [{ date: date.slice(0, 10), low: Number(low), close: Number(close) }];
        });
        const days = bars.filter(({ date }) => date >= from && date <= to);
        const before = bars.filter(({ date }) => date < from).toSorted((a, b) => (a.date < b.date ? 1 : -1))[0];
        if (before === undefined || days.length === 0) continue;
        const extremes = days.map(({ low, close }) => (measure === 'lowest print' ? low : close));
        const extreme = measure === 'highest close' ? Math.max(...extremes) : Math.min(...extremes);
        found[coin] = Math.round(1000 * (extreme / before.close - 1)) / 10;
      }
      expect(found).toEqual(moves);
      const sorted = Object.values(found).toSorted((a, b) => a - b);
      const middle = (sorted.length - 1) / 2;
      expect(others).toBeCloseTo((sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2, 9);
    },
  );
});
