/** The figures of one market, from what was recorded of it. */
import { NS_PER_SECOND } from '../base/time.ts';
import { decimalText } from '../trading/money-text.ts';
import { REJECT_TEXT } from '../trading/records.ts';
import type { AttributionUnits } from './attribution.ts';
import { halfLife } from './inventory.ts';
import type { LogHistogram } from './log-histogram.ts';
import type { MarketMetric } from './market-catalogue.ts';
import type { MarketRecord } from './market-record.ts';
import { MAKER, TAKER } from './markout-stats.ts';
import { finite } from './metric-entry.ts';
import type { SessionRecorder } from './recorder.ts';
import type { LatencySummary, MarketSummary, MarkoutSummary } from './summary.ts';

/** `parts`: the attribution at the mid that holds. */
export function marketSummary(recorder: SessionRecorder, index: number, parts: AttributionUnits): MarketSummary {
  const record = recorder.markets[index];
  const { instrument, orders } = record;
  const text = (units: bigint): string => decimalText(units, record.attribution.decimals);
  return {
    index,
    venue: instrument.venue,
    symbol: instrument.symbol,
    currency: recorder.ledger.settlement(index),
    metrics: marketMetrics(recorder, index, parts),
    attribution: {
      spreadCapture: text(parts.spreadCapture),
      adverseSelection: text(parts.adverseSelection),
      inventory: text(parts.inventory),
      fees: text(parts.fees),
      funding: text(parts.funding),
      total: text(parts.total),
    },
    markouts: recorder.horizonsNs.map((ns, horizon) => markoutSummary(record, horizon, ns)),
    rejects: Array.from(orders.rejects, (count, code) => ({ code, text: REJECT_TEXT[code], count })).filter(
      (reject) => reject.count > 0,
    ),
    latency: [
      latencySummary('feed', record.feedLatency),
      latencySummary('new', orders.newLatency),
      latencySummary('cancel', orders.cancelLatency),
      latencySummary('amend', orders.amendLatency),
      latencySummary('report', orders.reportLatency),
    ],
  };
}

function marketMetrics(
  recorder: SessionRecorder,
  index: number,
  parts: AttributionUnits,
): Record<MarketMetric, number | null> {
  const record = recorder.markets[index];
  const { orders, touch, inventory, markouts, attribution } = record;
  const horizon = recorder.attributionHorizon;
  const requests = orders.newRequests + orders.cancelRequests + orders.amendRequests;
  const spreadCaptured = record.makerSpread / record.makerLots;
  const money = (units: bigint): number | null => finite(Number(decimalText(units, attribution.decimals)));
  return {
    netPnl: money(parts.total),
    spreadCapture: money(parts.spreadCapture),
    adverseSelection: money(parts.adverseSelection),
    inventoryPnl: money(parts.inventory),
    fees: money(parts.fees),
    funding: money(parts.funding),
    fills: record.fills,
    makerFills: record.makerFills,
    volume: finite(record.instrument.size.toNumber(record.lots)),
    notional: finite(notionalOf(recorder, index)),
    makerShare: finite(record.makerLots / record.lots),
    orders: orders.placed,
    fillRate: finite(orders.filled / orders.placed),
    fillRateLots: finite(record.lots / orders.placedLots),
    newRequests: orders.newRequests,
    cancelRequests: orders.cancelRequests,
    amendRequests: orders.amendRequests,
    messagesPerFill: finite(requests / record.fills),
    rejects: orders.rejects.reduce((sum, count) => sum + count, 0),
    uptimeBid: finite(touch.uptimeBid),
    uptimeAsk: finite(touch.uptimeAsk),
    uptimeBoth: finite(touch.uptimeBoth),
    quotedBoth: finite(touch.quotedBoth),
    timeToFillMean: seconds(orders.timeToFill.mean),
    timeToFillMedian: seconds(orders.timeToFill.quantile(0.5)),
    timeInQueueMean: seconds(orders.timeInQueue.mean),
    timeInQueueMedian: seconds(orders.timeInQueue.quantile(0.5)),
    spreadCapturedTicks: finite(spreadCaptured),
    effectiveSpreadTicks: finite(2 * spreadCaptured),
    realisedSpreadTicks: finite(2 * markouts.mean(horizon, MAKER)),
    adverseSelectionTicks: finite(-markouts.meanMove(horizon, MAKER)),
    slippageMidTicks: finite(orders.slippageMid / orders.takenLots),
    slippageTouchTicks: finite(orders.slippageTouch / orders.takenLots),
    shortfall: orders.shortfallBase === 0 ? null : finite(orders.shortfall),
    shortfallBp: finite((1e4 * orders.shortfall) / orders.shortfallBase),
    holdingMean: seconds(inventory.holding.mean),
    holdingMedian: seconds(inventory.holding.quantile(0.5)),
    positionFinal: inventory.positionLots,
    positionMean: finite(inventory.mean),
    positionSd: finite(inventory.sd),
    positionAbsMean: finite(inventory.absMean),
    positionMax: inventory.maxLots,
    positionP05: finite(inventory.quantile(0.05)),
    positionP50: finite(inventory.quantile(0.5)),
    positionP95: finite(inventory.quantile(0.95)),
    inventoryHalfLife: seconds(halfLife(positions(recorder, index)) * recorder.samples.intervalNs),
  };
}

/** Value of all fills in the settlement currency: exact but for inverse contracts. */
export function notionalOf({ markets, ledger }: SessionRecorder, index: number): number {
  const { instrument, notional } = markets[index];
  return instrument.contract === 'inverse' ? notional : ledger.turnover(index);
}

function positions(recorder: SessionRecorder, market: number): Float64Array {
  const { samples } = recorder;
  return Float64Array.from({ length: samples.count }, (_, i) => samples.positionLots(i, market));
}

function markoutSummary({ markouts }: MarketRecord, horizon: number, ns: number): MarkoutSummary {
  const makerFills = markouts.fills(horizon, MAKER);
  const takerFills = markouts.fills(horizon, TAKER);
  return {
    horizonSeconds: ns / NS_PER_SECOND,
    fills: makerFills + takerFills,
    meanTicks: finite(markouts.meanOfAll(horizon)),
    standardErrorTicks: finite(markouts.standardError(horizon)),
    makerFills,
    makerMeanTicks: finite(markouts.mean(horizon, MAKER)),
    takerFills,
    takerMeanTicks: finite(markouts.mean(horizon, TAKER)),
    meanBp: finite(markouts.meanBpOfAll(horizon)),
  };
}

function latencySummary(kind: LatencySummary['kind'], latency: LogHistogram): LatencySummary {
  return {
    kind,
    count: latency.weight,
    minNs: finite(latency.min),
    meanNs: finite(latency.mean),
    p50Ns: finite(latency.quantile(0.5)),
    p90Ns: finite(latency.quantile(0.9)),
    p99Ns: finite(latency.quantile(0.99)),
    p999Ns: finite(latency.quantile(0.999)),
    maxNs: finite(latency.max),
  };
}

function seconds(ns: number): number | null {
  return finite(ns / NS_PER_SECOND);
}
