/** The figures of one account, from the equity samples and the markets that settle in it. */
import { NS_PER_DAY, NS_PER_SECOND } from '../base/time.ts';
import { decimalText } from '../trading/money-text.ts';
import type { AccountMetric } from './account-catalogue.ts';
import type { AttributionUnits } from './attribution.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { momentsOf } from './distribution.ts';
import { notionalOf } from './market-figures.ts';
import { finite } from './metric-entry.ts';
import { downsideRisk, informationRatio, omega, profitRatio, sharpe, sortino, tailRatio } from './ratios.ts';
import type { SessionRecorder } from './recorder.ts';
import { compound, returnsOf, volatility } from './returns.ts';
import type { AccountSummary, AttributionPart, Interval } from './summary.ts';
import { cornishFisherTail, gaussianTail, historicalTail } from './tail-risk.ts';
import { TradeStats } from './trade-stats.ts';

/** Probability of the tail in VaR and expected shortfall. */
const TAIL = 0.05;

export interface AccountOptions {
  readonly yearSeconds: number;
  readonly resamples: number;
  readonly seed: number;
}

/** `parts`: the attributions of all markets at the mids that hold, by market. */
export function accountSummary(
  recorder: SessionRecorder,
  account: number,
  parts: readonly AttributionUnits[],
  options: AccountOptions,
): AccountSummary {
  const { currency, markets, capital } = recorder.accounts[account];
  const periodsPerYear = (options.yearSeconds * NS_PER_SECOND) / recorder.samples.intervalNs;
  const equity = column(recorder, (sample) => recorder.samples.equity(sample, account));
  // Without capital the equity is the P&L alone, which has no returns.
  const returns = Number.isNaN(capital) ? new Float64Array(0) : returnsOf(equity);
  const [market] = markets;
  const benchmark = returnsOf(column(recorder, (sample) => recorder.samples.midTicks(sample, market)));
  return {
    currency,
    metrics: {
      ...moneyMetrics(recorder, account, parts, options.yearSeconds),
      ...returnMetrics(returns, benchmark, periodsPerYear),
      ...tradeMetrics(recorder, account),
    },
    confidence: confidence(returns, periodsPerYear, options),
  };
}

type Figures<K extends AccountMetric> = Record<K, number | null>;

type MoneyMetric =
  | 'initialEquity'
  | 'finalEquity'
  | 'netPnl'
  | 'pricePnl'
  | 'totalReturn'
  | 'annualReturn'
  | 'dailyReturn'
  | 'spreadCapture'
  | 'adverseSelection'
  | 'inventoryPnl'
  | 'fees'
  | 'funding'
  | 'feesPaid'
  | 'rebates'
  | 'notional'
  | 'turnover'
  | 'netPnlPerNotional'
  | 'calmar'
  | 'maxDrawdown'
  | 'maxDrawdownAmount'
  | 'maxDrawdownSeconds';

function moneyMetrics(
  recorder: SessionRecorder,
  account: number,
  parts: readonly AttributionUnits[],
  yearSeconds: number,
): Figures<MoneyMetric> {
  const { markets, capital, drawdown } = recorder.accounts[account];
  const { decimals } = recorder.markets[markets[0]].attribution;
  // Added up exactly: the markets of an account share its unit.
  const sum = (...of: readonly (AttributionPart | 'total')[]): number => {
    let units = 0n;
    for (const i of markets) for (const part of of) units += parts[i][part];
    return Number(decimalText(units, decimals));
  };
  const add = (of: (market: number) => number): number => markets.reduce((total, i) => total + of(i), 0);
  const netPnl = sum('total');
  const fees = sum('fees');
  const notional = add((i) => notionalOf(recorder, i));
  const rebates = add((i) => recorder.markets[i].rebates);
  const feesPaid = add((i) => recorder.markets[i].feesPaid);
  const totalReturn = netPnl / capital;
  const sessionNs = recorder.endNs - recorder.startNs;
  const annualReturn = compound(totalReturn, sessionNs, yearSeconds * NS_PER_SECOND);
  return {
    initialEquity: finite(capital),
    finalEquity: finite(capital + netPnl),
    netPnl: finite(netPnl),
    pricePnl: finite(sum('spreadCapture', 'adverseSelection', 'inventory')),
    totalReturn: finite(totalReturn),
    annualReturn: finite(annualReturn),
    dailyReturn: finite(compound(totalReturn, sessionNs, NS_PER_DAY)),
    spreadCapture: finite(sum('spreadCapture')),
    adverseSelection: finite(sum('adverseSelection')),
    inventoryPnl: finite(sum('inventory')),
    fees: finite(fees),
    funding: finite(sum('funding')),
    // The sum of floats, but in step with the exact net where there is no more than fees.
    feesPaid: finite(rebates === 0 ? -fees : feesPaid),
    rebates: finite(feesPaid === 0 ? fees : rebates),
    notional: finite(notional),
    turnover: finite(notional / capital),
    netPnlPerNotional: finite((1e4 * netPnl) / notional),
    calmar: finite(drawdown.worst < 0 ? annualReturn / -drawdown.worst : Number.NaN),
    maxDrawdown: finite(drawdown.worst),
    maxDrawdownAmount: finite(drawdown.worstAmount),
    maxDrawdownSeconds: finite(drawdown.longest / NS_PER_SECOND),
  };
}

type ReturnMetric =
  | 'volatility'
  | 'downsideRisk'
  | 'sharpe'
  | 'sortino'
  | 'omega'
  | 'informationRatio'
  | 'tailRatio'
  | 'profitRatio'
  | 'skew'
  | 'kurtosis'
  | 'varHistorical'
  | 'varGaussian'
  | 'varCornishFisher'
  | 'esHistorical'
  | 'esGaussian'
  | 'esCornishFisher';

function returnMetrics(returns: Float64Array, benchmark: Float64Array, periodsPerYear: number): Figures<ReturnMetric> {
  const { skew, kurtosis } = momentsOf(returns);
  const historical = historicalTail(returns, TAIL);
  const gaussian = gaussianTail(returns, TAIL);
  const cornishFisher = cornishFisherTail(returns, TAIL);
  return {
    volatility: finite(volatility(returns, periodsPerYear)),
    downsideRisk: finite(downsideRisk(returns, periodsPerYear)),
    sharpe: finite(sharpe(returns, periodsPerYear)),
    sortino: finite(sortino(returns, periodsPerYear)),
    omega: finite(omega(returns)),
    informationRatio: finite(informationRatio(returns, benchmark, periodsPerYear)),
    tailRatio: finite(tailRatio(returns)),
    profitRatio: finite(profitRatio(returns)),
    skew: finite(skew),
    kurtosis: finite(kurtosis),
    varHistorical: finite(historical.valueAtRisk),
    varGaussian: finite(gaussian.valueAtRisk),
    varCornishFisher: finite(cornishFisher.valueAtRisk),
    esHistorical: finite(historical.expectedShortfall),
    esGaussian: finite(gaussian.expectedShortfall),
    esCornishFisher: finite(cornishFisher.expectedShortfall),
  };
}

type TradeMetric =
  | 'roundTrips'
  | 'winRate'
  | 'averageWin'
  | 'averageLoss'
  | 'largestWin'
  | 'largestLoss'
  | 'profitFactor'
  | 'expectancy';

function tradeMetrics(recorder: SessionRecorder, account: number): Figures<TradeMetric> {
  const trades = new TradeStats();
  for (const i of recorder.accounts[account].markets) trades.merge(recorder.markets[i].trips.stats);
  return {
    roundTrips: trades.count,
    winRate: finite(trades.winRate),
    averageWin: finite(trades.averageWin),
    averageLoss: finite(trades.averageLoss),
    largestWin: trades.wins === 0 ? null : trades.largestWin,
    largestLoss: trades.losses === 0 ? null : trades.largestLoss,
    profitFactor: finite(trades.profitFactor),
    expectancy: finite(trades.expectancy),
  };
}

function confidence(
  returns: Float64Array,
  periodsPerYear: number,
  { resamples, seed }: AccountOptions,
): AccountSummary['confidence'] {
  if (!(resamples > 0)) return null;
  const [sharpeInterval, meanReturn] = bootstrapIntervals(
    returns,
    [(resample) => sharpe(resample, periodsPerYear), (resample) => momentsOf(resample).mean],
    { resamples, seed },
  );
  return isKnown(sharpeInterval) && isKnown(meanReturn) ? { sharpe: sharpeInterval, meanReturn } : null;
}

function column(recorder: SessionRecorder, of: (sample: number) => number): Float64Array {
  return Float64Array.from({ length: recorder.samples.count }, (_, i) => of(i));
}

function isKnown(interval: Interval): boolean {
  return Number.isFinite(interval.low) && Number.isFinite(interval.high);
}
