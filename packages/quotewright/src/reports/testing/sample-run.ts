/** For tests and for looking at reports: a made-up run of a maker on a random walk, written as a real one is. */
import { EquitySamples } from '@quotewright/core/analytics/equity-samples';
import { FillField } from '@quotewright/core/analytics/fill-rows';
import { ORDER_STRIDE, OrderField } from '@quotewright/core/analytics/order-rows';
import { Random } from '@quotewright/core/base/random';
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { OrderState } from '@quotewright/core/trading/order-state';
import { ACCOUNT_ENTRIES, MARKET_ENTRIES } from '../metric-format.ts';
import { RunFolder } from '../run-folder.ts';
import type { RunMarket, RunResult, RunSummary } from '../run-result.ts';

const HORIZONS_NS = [1e8, 1e9, 1e10, 6e10];
const START_NS = 13.5 * 3600e9 + 123_456_789;
const SAMPLE_NS = 1e9;

export const SAMPLE_INSTRUMENT = new Instrument({
  venue: 'binance',
  symbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.1',
  lot: '0.001',
  contract: 'linear',
});

/** Writes a run of so many seconds to the folder. */
export async function writeSampleRun(folder: string, seconds: number, change?: Partial<RunResult>): Promise<RunResult> {
  const random = Random.stream(7, 'sample');
  const files = new RunFolder(folder, [SAMPLE_INSTRUMENT], 19_943, HORIZONS_NS);
  const samples = [1, 1.6, 0.3].map(() => new EquitySamples(1, 1, SAMPLE_NS, 65_536));
  const fill = new Float64Array(FillField.MARKOUT_MID_TICKS + HORIZONS_NS.length);
  const order = new Float64Array(ORDER_STRIDE);
  const equity = [100_000, 100_000, 100_000];
  let mid = 575_000;
  let position = 0;
  let id = 0;
  for (const each of samples) each.startNs = START_NS;
  for (let second = 0; second < seconds; second++) {
    const move = Math.round(random.normal() * 12) / 2;
    for (const [i, each] of samples.entries()) {
      const at = each.push();
      each.rows.set([equity[i]!, position, mid], at);
      equity[i]! += position * move * 0.0001 * (1 + i * 0.2);
    }
    for (const side of [0, 1]) {
      id++;
      const ns = START_NS + second * SAMPLE_NS + Math.floor(random.uniform() * 4e8);
      const price = Math.round(side === 0 ? mid - 4 - random.below(8) : mid + 4 + random.below(8));
      const isFilled = random.uniform() < 0.18 && (side === 0 ? position < 120 : position > -120);
      const lots = 5 + random.below(20);
      const endNs = ns + Math.floor(random.exponential() * 1.5e9);
      const isMaker = random.below(12) > 0;
      order.fill(Number.NaN);
      order[OrderField.ORDER_ID] = id;
      order[OrderField.MARKET] = 0;
      order[OrderField.SIDE] = side;
      order[OrderField.PRICE_TICKS] = price;
      order[OrderField.SIZE_LOTS] = lots;
      order[OrderField.FILLED_LOTS] = isFilled ? lots : 0;
      order[OrderField.SENT_NS] = ns - 2e6;
      order[OrderField.ACK_NS] = ns;
      order[OrderField.END_NS] = endNs;
      order[OrderField.STATE] = isFilled ? OrderState.FILLED : OrderState.CANCELLED;
      order[OrderField.REASON] = isFilled ? 0 : 1;
      order[OrderField.DECISION_MID_TICKS] = mid;
      if (isFilled) {
        position += side === 0 ? lots : -lots;
        const edge = lots * Math.abs(mid - price) * 0.0001;
        for (const i of [0, 1, 2]) equity[i]! += edge * [1, 1.6, 0.3][i]! * 0.6;
        order[OrderField.FIRST_FILL_NS] = endNs;
        order[OrderField.FILL_PRICE_TICKS] = price;
        fill.set([
          endNs,
          endNs - 1e6,
          0,
          id,
          side,
          price,
          lots,
          isMaker ? 1 : 0,
          isMaker ? -5e4 : 4e5,
          mid,
          position,
          mid,
        ]);
        for (let i = 0; i < HORIZONS_NS.length; i++) fill[FillField.MARKOUT_MID_TICKS + i] = mid + move;
        files.onFillRow(fill, 0);
      }
      files.onOrderRow(order, 0);
      const view = {
        id,
        side: side === 0 ? Side.BUY : Side.SELL,
        priceTicks: price,
        sizeLots: lots,
        reason: 0,
        sentNs: ns - 2e6,
      };
      files.quotes.note(0, { ...view, filledLots: 0, openLots: lots, state: OrderState.LIVE }, ns);
      const state = isFilled ? OrderState.FILLED : OrderState.CANCELLED;
      files.quotes.note(0, { ...view, filledLots: isFilled ? lots : 0, openLots: isFilled ? 0 : lots, state }, endNs);
    }
    mid += move;
  }
  const result: RunResult = {
    version: 1,
    strategy: { name: 'avellaneda-stoikov', params: { gamma: 0.1, orderSize: '0.01', levels: 2, horizon: 'infinite' } },
    config: {
      strategy: 'avellaneda-stoikov',
      data: ['usdm_btcusdt_20240808.gz'],
      queue: { model: 'hazard', exponent: 3 },
    },
    seed: 1,
    epochDay: 19_943,
    instruments: [
      { venue: 'binance', symbol: 'BTCUSDT', contract: 'linear', tick: '0.1', lot: '0.001', settlement: 'USDT' },
    ],
    data: [
      {
        path: 'usdm_btcusdt_20240808.gz',
        format: 'binance',
        rows: 2_315_204,
        badRows: 3,
        gaps: 1,
        duplicates: 0,
        notes: ['the REST snapshot arrives mid-stream'],
      },
    ],
    rows: 2_315_204,
    isPartial: false,
    ledger: [{ currency: 'USDT', cash: '100012.5', equity: '100010.25' }],
    reported: { 'usual spread (ticks)': 2.5, 'not known yet': null },
    hashes: { inputs: '9c1f5ad2b7e03846', outputs: '51b6e0caa9d7f3e4' },
    warnings: ["the local clock is behind the venue's by up to 1271.204 ms: shifted by 1272.204 ms (--clock-shift)"],
    runs: {
      modelled: summary(seconds, equity[0]!, 1, random),
      optimistic: summary(seconds, equity[1]!, 1.6, random),
      pessimistic: summary(seconds, equity[2]!, 0.3, random),
    },
    calibration: [0.05, 0.15, 0.25, 0.35, 0.5, 0.7, 0.9].map((predicted) => ({
      predicted,
      observed: Math.min(1, predicted * 0.92 + 0.02),
      count: Math.round(4000 * (1 - predicted) + 50),
    })),
    ...change,
  };
  await files.finish(result, { modelled: samples[0]!, optimistic: samples[1]!, pessimistic: samples[2]! });
  return result;
}

function summary(seconds: number, finalEquity: number, scale: number, random: Random): RunSummary {
  const net = finalEquity - 100_000;
  const figures = (entries: typeof ACCOUNT_ENTRIES): Record<string, number | null> =>
    Object.fromEntries(
      entries.map(([key, { unit }]) => {
        const value = random.normal() * (unit === 'fraction' ? 0.05 : unit === 'count' ? 400 : 12);
        return [key, random.below(15) === 0 ? null : unit === 'count' ? Math.abs(Math.round(value)) : value];
      }),
    );
  const market: RunMarket = {
    index: 0,
    venue: 'binance',
    symbol: 'BTCUSDT',
    currency: 'USDT',
    metrics: figures(MARKET_ENTRIES),
    attribution: {
      spreadCapture: (net * 2.4).toFixed(4),
      adverseSelection: (-net * 1.1).toFixed(4),
      inventory: (-net * 0.5).toFixed(4),
      fees: (net * 0.25).toFixed(4),
      funding: (-net * 0.05).toFixed(4),
      total: net.toFixed(4),
    },
    markouts: HORIZONS_NS.map((ns, i) => ({
      horizonSeconds: ns / 1e9,
      fills: 1200 - i,
      meanTicks: 3.1 * scale - i * 1.2,
      standardErrorTicks: 0.15 * (i + 1),
      makerFills: 1100 - i,
      makerMeanTicks: 3.6 * scale - i * 1.2,
      takerFills: 100,
      takerMeanTicks: -1.5 - i * 0.7,
      meanBp: 0.05,
    })),
    rejects: [{ code: 2, text: 'the post-only order would take', count: 14 }],
    latency: [
      {
        kind: 'feed',
        count: 88_121,
        minNs: 1e6,
        meanNs: 2.2e6,
        p50Ns: 1.8e6,
        p90Ns: 3e6,
        p99Ns: 9e6,
        p999Ns: 4e7,
        maxNs: 1.2e8,
      },
      {
        kind: 'new',
        count: 7200,
        minNs: 2e6,
        meanNs: 2e6,
        p50Ns: 2e6,
        p90Ns: 2e6,
        p99Ns: 2.1e6,
        p999Ns: 2.2e6,
        maxNs: 2.3e6,
      },
    ],
  };
  return {
    version: 1,
    startNs: START_NS,
    endNs: START_NS + seconds * 1e9,
    durationSeconds: seconds,
    sampleSeconds: 1,
    samples: seconds,
    yearSeconds: 31_536_000,
    attributionSeconds: 1,
    accounts: [
      {
        currency: 'USDT',
        metrics: {
          ...figures(ACCOUNT_ENTRIES),
          netPnl: net,
          initialEquity: 100_000,
          finalEquity,
          totalReturn: net / 100_000,
        },
        confidence: null,
      },
    ],
    markets: [market],
  };
}
