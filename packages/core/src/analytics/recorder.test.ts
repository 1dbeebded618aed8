import { describe, expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { OrderState } from '../trading/order-state.ts';
import { Reject, RequestKind } from '../trading/records.ts';
import { FillField } from './fill-rows.ts';
import { OrderField } from './order-rows.ts';
import { summarise } from './summarise.ts';
import type { MarketSummary } from './summary.ts';
import { INVERSE, LINEAR, ScriptedSession } from './testing/scripted-session.ts';

const S = 1e9;

/** Two quotes, three fills and a round trip; 1 tick × lot is 0.005 USD. */
function makerSession(): { market: MarketSummary; rows: number[][]; orders: number[][] } {
  const rows: number[][] = [];
  const orders: number[][] = [];
  const session = new ScriptedSession({
    capital: { USD: 1000 },
    onFillRow: (data, at) => rows.push([...data.subarray(at, at + 16)]),
    onOrderRow: (data, at) => orders.push([...data.subarray(at, at + 15)]),
  });
  session.book(0, 1000, 1002);
  session.place(1, Side.BUY, 1000, 10, 1 * S);
  session.set(1, { state: OrderState.LIVE }, 1.1 * S, 1.05 * S);
  session.place(2, Side.SELL, 1002, 10, 2 * S);
  session.set(2, { state: OrderState.LIVE }, 2.1 * S, 2.05 * S);
  session.fill(1, 4, 4 * S, { feePpb: -100_000 });
  session.book(4.05 * S, 998, 1002);
  session.book(6 * S, 1001, 1003);
  session.fill(1, 6, 8 * S, { feePpb: -100_000 });
  session.fill(2, 10, 10 * S, { feePpb: 200_000 });
  session.recorder.finish(20 * S);
  return { market: session.marketSummary(), rows, orders };
}

describe('a maker by hand', () => {
  const { market, rows, orders } = makerSession();
  const { metrics } = market;

  test('attribution', () => {
    expect(market.attribution).toEqual({
      // 4 × 1 + 6 × 2 + 10 × 0 ticks.
      spreadCapture: '0.08',
      // The mid fell by a tick in the second after the first fill.
      adverseSelection: '-0.02',
      // Four lots gained two ticks after that.
      inventory: '0.04',
      // 50 USD at a rebate of 0.01 %, 50.1 USD at a fee of 0.02 %.
      fees: '-0.00502',
      funding: '0',
      total: '0.09498',
    });
    expect(metrics.netPnl).toBe(0.09498);
  });

  test('activity', () => {
    expect(metrics).toMatchObject({ fills: 3, makerFills: 3, makerShare: 1, orders: 2, fillRate: 1, fillRateLots: 1 });
    expect(metrics.volume).toBeCloseTo(0.2, 15);
    expect(metrics.notional).toBeCloseTo(100.1, 12);
    expect(metrics.messagesPerFill).toBeCloseTo(2 / 3, 15);
  });

  test('uptime', () => {
    // The bid of 1000 stood from 1.1 s to 8 s, and was best until 6 s; the ask of 1002 stood from 2.1 s to 10 s, always best.
    expect(metrics.uptimeBid).toBeCloseTo(4.9 / 20, 12);
    expect(metrics.uptimeAsk).toBeCloseTo(7.9 / 20, 12);
    expect(metrics.uptimeBoth).toBeCloseTo(3.9 / 20, 12);
    expect(metrics.quotedBoth).toBeCloseTo(5.9 / 20, 12);
  });

  test('waiting and holding', () => {
    expect(metrics.timeToFillMean).toBeCloseTo((2.9 + 7.9) / 2, 9);
    expect(metrics.timeInQueueMean).toBeCloseTo((6.9 + 7.9) / 2, 9);
    // First in, first out: four lots for 6 s, six for 2 s.
    expect(metrics.holdingMean).toBeCloseTo(3.6, 9);
    expect(Math.abs(metrics.holdingMedian! / 2 - 1)).toBeLessThan(0.008);
  });

  test('position', () => {
    // 4 lots for 4 s, 10 for 2 s, none for 14 s.
    expect(metrics).toMatchObject({
      positionFinal: 0,
      positionMax: 10,
      positionP05: 0,
      positionP50: 0,
      positionP95: 10,
    });
    expect(metrics.positionMean).toBeCloseTo(1.8, 12);
    expect(metrics.positionAbsMean).toBeCloseTo(1.8, 12);
    expect(metrics.positionSd).toBeCloseTo(Math.sqrt(13.2 - 3.24), 12);
  });

  test('spreads and markouts', () => {
    expect(metrics.spreadCapturedTicks).toBeCloseTo(0.8, 12);
    expect(metrics.effectiveSpreadTicks).toBeCloseTo(1.6, 12);
    expect(metrics.realisedSpreadTicks).toBeCloseTo(1.2, 12);
    expect(metrics.adverseSelectionTicks).toBeCloseTo(0.2, 12);
    expect(market.markouts.map(({ horizonSeconds, fills }) => [horizonSeconds, fills])).toEqual([
      [0.1, 3],
      [1, 3],
      [10, 3],
      [60, 0],
    ]);
    expect(market.markouts[1]).toMatchObject({ makerFills: 3, takerFills: 0, takerMeanTicks: null });
    expect(market.markouts[1]!.meanTicks).toBeCloseTo(0.6, 12);
    // Markouts 0, 2, 0 of 4, 6, 10 lots: variance 1.2 − 0.36, 400 ÷ 152 fills.
    expect(market.markouts[1]!.standardErrorTicks).toBeCloseTo(Math.sqrt(0.84 / (400 / 152 - 1)), 12);
    expect(market.markouts[3]).toMatchObject({ meanTicks: null, meanBp: null, standardErrorTicks: null });
  });

  test('latency', () => {
    const [feed, sent, cancel, , report] = market.latency;
    expect(feed).toMatchObject({ kind: 'feed', count: 0, p50Ns: null, minNs: null });
    expect(sent).toMatchObject({ kind: 'new', count: 2, meanNs: 0.1 * S });
    expect(cancel).toMatchObject({ kind: 'cancel', count: 0 });
    expect(report).toMatchObject({ kind: 'report', count: 5, minNs: 0 });
    expect(report!.maxNs).toBeCloseTo(0.05 * S, 3);
  });

  test('rows of fills and orders', () => {
    expect(rows.map((row) => row[FillField.LOCAL_NS]! / S)).toEqual([4, 8, 10]);
    expect(rows[0]!.slice(0, 12)).toEqual([4 * S, 4 * S, 0, 1, 0, 1000, 4, 1, -100_000, 1001, 4, 1001]);
    expect(rows[0]!.slice(12)).toEqual([1000, 1000, 1002, Number.NaN]);
    expect(orders).toEqual([
      [1, 0, 0, 1000, 10, 10, 1 * S, 1.1 * S, 4 * S, 8 * S, OrderState.FILLED, 0, 1001, 1002, 1000],
      [2, 0, 1, 1002, 10, 10, 2 * S, 2.1 * S, 10 * S, 10 * S, OrderState.FILLED, 0, 1001, 1000, 1002],
    ]);
  });
});

test('what an amendment adds to an order was placed too, what one takes away was as well', () => {
  const session = new ScriptedSession();
  session.book(0, 1000, 1002);
  session.place(3, Side.BUY, 1000, 10, 1 * S);
  session.set(3, { state: OrderState.LIVE }, 1.1 * S);
  session.fill(3, 10 - 1, 2 * S);
  session.ask(3, RequestKind.AMEND, 3 * S);
  session.set(3, { state: OrderState.LIVE, sizeLots: 19, openLots: 10 }, 3.1 * S);
  session.fill(3, 9, 4 * S);
  session.set(3, { sizeLots: 18, openLots: 0, state: OrderState.FILLED }, 5 * S);
  session.recorder.finish(6 * S);
  expect(session.marketSummary().metrics).toMatchObject({ orders: 1, fillRate: 1 });
  expect(session.marketSummary().metrics.fillRateLots).toBeCloseTo(18 / 19, 15);
});

test('a taker by hand: slippage and implementation shortfall', () => {
  const session = new ScriptedSession();
  session.book(0, 1000, 1002);
  session.place(3, Side.BUY, 1003, 10, 1 * S);
  session.set(3, { state: OrderState.LIVE }, 1.05 * S);
  session.fill(3, 6, 1.05 * S, { isMaker: false, feePpb: 400_000 }, 1002);
  session.fill(3, 2, 1.05 * S, { isMaker: false, feePpb: 400_000 }, 1003);
  session.book(1.1 * S, 1004, 1006);
  session.set(3, { state: OrderState.CANCELLED, reason: Reject.UNFILLED_REST }, 1.2 * S);
  session.recorder.finish(2 * S);
  const { metrics } = session.marketSummary();
  expect(metrics).toMatchObject({
    makerShare: 0,
    spreadCapturedTicks: null,
    slippageMidTicks: 1.25,
    slippageTouchTicks: 0.25,
  });
  expect(metrics.fillRateLots).toBeCloseTo(0.8, 15);
  // 10 ticks × lots on what traded, 0.04 % of 40.09 USD, and 2 lots that would have cost 4 ticks more.
  const shortfall = 0.05 + 40.09 * 4e-4 + 0.04;
  expect(metrics.shortfall).toBeCloseTo(shortfall, 12);
  expect(metrics.shortfallBp).toBeCloseTo((1e4 * shortfall) / 50.05, 9);
});

test('the mid of a fill is the one just before it at the venue, however late the report', () => {
  const mids: number[] = [];
  const session = new ScriptedSession({ onFillRow: (data, at) => mids.push(data[at + FillField.MID_TICKS]!) });
  session.book(1.01 * S, 1000, 1002, 1 * S);
  session.book(2.01 * S, 998, 1000, 2 * S);
  session.book(2.5 * S, 990, 992, 2.49 * S);
  // The print at 2 s took the level away: the mid before it was 1001.
  session.trade(1, Side.BUY, 1000, 1, 3 * S, { venueNs: 2 * S });
  session.trade(2, Side.BUY, 1000, 1, 3 * S, { venueNs: 2.2 * S });
  session.trade(3, Side.BUY, 1000, 1, 3 * S, { venueNs: 2.6 * S });
  // Before anything that is remembered: the oldest.
  session.trade(4, Side.BUY, 1000, 1, 3 * S, { venueNs: 0.5 * S });
  session.recorder.finish(4 * S);
  expect(mids).toEqual([1001, 999, 991, 1001]);
  const [feed] = session.marketSummary().latency;
  expect(feed!.count).toBe(3);
  expect(feed!.minNs).toBeCloseTo(0.01 * S, 3);
});

test('equity is sampled before what happens at the same time, and gaps are filled', () => {
  const session = new ScriptedSession({ capital: { USD: 1000 } });
  session.book(0, 1000, 1002);
  session.trade(1, Side.BUY, 1000, 10, 1.5 * S);
  session.book(3 * S, 1004, 1006);
  session.book(6.5 * S, 980, 982);
  session.recorder.finish(6.6 * S);
  const { samples } = session.recorder;
  // Ten lots bought a tick below the mid, then up by four ticks.
  expect(Array.from({ length: samples.count }, (_, i) => samples.equity(i))).toEqual([
    1000, 1000, 1000.05, 1000.05, 1000.25, 1000.25, 1000.25,
  ]);
  expect(Array.from({ length: samples.count }, (_, i) => samples.positionLots(i))).toEqual([0, 0, 10, 10, 10, 10, 10]);
  const { metrics } = session.accountSummary();
  // The last fall came after the last sample, and counts.
  expect(metrics.maxDrawdownAmount).toBeCloseTo(-24 * 0.05, 12);
  expect(metrics.finalEquity).toBeCloseTo(1000.25 - 1.2, 12);
  expect(metrics.totalReturn).toBeCloseTo(-0.00095, 12);
});

test('cancels, amendments and refusals', () => {
  const session = new ScriptedSession();
  session.book(0, 1000, 1002);
  session.place(1, Side.BUY, 998, 5, 1 * S);
  session.set(1, { state: OrderState.LIVE }, 1.25 * S);
  session.ask(1, RequestKind.AMEND, 2 * S);
  session.set(1, { state: OrderState.LIVE, priceTicks: 1000 }, 2.5 * S);
  session.ask(1, RequestKind.CANCEL, 4 * S);
  session.set(1, { state: OrderState.CANCELLED, reason: Reject.REQUESTED }, 5 * S);
  session.place(2, Side.BUY, 1002, 5, 6 * S);
  session.set(2, { state: OrderState.REJECTED, reason: Reject.POST_ONLY_WOULD_TAKE }, 6.25 * S);
  session.recorder.finish(10 * S);
  const { metrics, rejects, latency } = session.marketSummary();
  expect(metrics).toMatchObject({ newRequests: 2, amendRequests: 1, cancelRequests: 1, rejects: 1, fillRate: 0 });
  expect(rejects).toEqual([{ code: 2, text: 'the post-only order would take', count: 1 }]);
  expect(latency.slice(1, 4).map(({ count, meanNs }) => [count, meanNs])).toEqual([
    [2, 0.25 * S],
    [1, 1 * S],
    [1, 0.5 * S],
  ]);
  // At the touch from the amendment to the cancel; waiting from the first answer on.
  expect(metrics.uptimeBid).toBeCloseTo(0.25, 12);
  expect(metrics.timeInQueueMean).toBeCloseTo(3.75, 12);
  expect(metrics.messagesPerFill).toBeNull();
});

test('silence is no answer, and a venue without times still answers', () => {
  const session = new ScriptedSession();
  session.book(0, 1000, 1002);
  session.place(1, Side.BUY, 1000, 5, 1 * S);
  // No answer in time: neither open nor gone.
  session.set(1, { state: OrderState.UNKNOWN }, 2 * S, Number.NaN);
  session.set(1, { state: OrderState.LIVE }, 3 * S, Number.NaN);
  session.set(1, { state: OrderState.CANCELLED, reason: Reject.EXPIRED }, 4 * S, Number.NaN);
  // An execution of an order that is over still counts.
  session.fill(1, 2, 5 * S);
  session.recorder.finish(5 * S);
  const { metrics, latency } = session.marketSummary();
  expect(latency[1]).toMatchObject({ kind: 'new', count: 1, meanNs: 2 * S });
  expect(metrics.uptimeBid).toBeCloseTo(1 / 5, 12);
  expect(metrics).toMatchObject({ fills: 1, positionFinal: 2, timeInQueueMean: 1, timeToFillMean: null });
});

test('a gap of years costs no more than the samples that are kept', () => {
  const session = new ScriptedSession({ capital: { USD: 100 }, sampleNs: 1000, maxSamples: 100 });
  session.book(0, 1000, 1002);
  session.trade(1, Side.BUY, 1000, 1, 10);
  session.book(3e17, 1002, 1004);
  session.recorder.finish(3e17);
  const { samples } = session.recorder;
  expect(samples.count).toBeLessThanOrEqual(100);
  expect(samples.count).toBeGreaterThan(49);
  expect(samples.equity(samples.count - 1)).toBeCloseTo(100.005, 12);
});

test('what is open at the end is handed out with the state it has', () => {
  const orders: number[][] = [];
  const session = new ScriptedSession({ onOrderRow: (data, at) => orders.push([...data.subarray(at, at + 15)]) });
  session.book(0, 1000, 1002);
  session.place(1, Side.SELL, 1002, 5, 1 * S);
  session.recorder.finish(2 * S);
  expect(orders).toHaveLength(1);
  expect(orders[0]![OrderField.STATE]).toBe(OrderState.PENDING_NEW);
  expect([orders[0]![OrderField.ACK_NS], orders[0]![OrderField.END_NS]]).toEqual([Number.NaN, Number.NaN]);
});

test('several markets: one account per settlement currency', () => {
  const session = new ScriptedSession({
    specs: [LINEAR, INVERSE, { ...LINEAR, symbol: 'ETHUSD' }],
    capital: { BTC: 2 },
  });
  session.book(0, 1000, 1002);
  session.book(0, 1000, 1002, Number.NaN, 1);
  session.book(0, 100, 102, Number.NaN, 2);
  session.trade(1, Side.BUY, 1000, 1, 1 * S, { feePpb: -1000 });
  session.trade(2, Side.SELL, 1001, 5, 1 * S, { feePpb: 200_000 }, 1);
  session.trade(3, Side.SELL, 102, 1, 1 * S, {}, 2);
  session.recorder.finish(2 * S);
  const { accounts, markets } = summarise(session.recorder);
  expect(accounts.map(({ currency }) => currency)).toEqual(['USD', 'BTC']);
  expect(accounts[0]!.metrics).toMatchObject({ initialEquity: null, totalReturn: null, sharpe: null, roundTrips: 0 });
  expect(accounts[0]!.metrics.netPnl).toBeCloseTo(markets[0]!.metrics.netPnl! + markets[2]!.metrics.netPnl!, 12);
  // 500 USD sold at 500.5 USD and marked there; 0.02 % of 500 ÷ 500.5 BTC.
  expect(accounts[1]!.metrics.netPnl).toBeCloseTo((-2e-4 * 500) / 500.5, 15);
  expect(accounts[1]!.metrics.finalEquity).toBeCloseTo(2 - (2e-4 * 500) / 500.5, 15);
});

test('nothing at all, and a session without a trade', () => {
  const session = new ScriptedSession({ capital: { USD: 5 } });
  expect(summarise(session.recorder)).toMatchObject({ startNs: null, durationSeconds: 0, samples: 0 });
  session.recorder.finish(Number.NaN);
  session.book(Number.POSITIVE_INFINITY, 1, 2);
  session.book(3 * S, Number.NaN, 5);
  session.recorder.finish(10 * S);
  const summary = summarise(session.recorder, { resamples: 10 });
  expect(summary).toMatchObject({ startNs: 3 * S, endNs: 10 * S, durationSeconds: 7, samples: 8 });
  expect(summary.accounts[0]!.metrics).toMatchObject({ netPnl: 0, totalReturn: 0, sharpe: null, winRate: null });
  expect(summary.accounts[0]!.confidence).toBeNull();
  expect(summary.markets[0]!.metrics).toMatchObject({ uptimeBid: null, positionMean: 0, makerShare: null });
});

test('refuses options that make no sense', () => {
  expect(() => new ScriptedSession({ capital: { EUR: 5 } })).toThrow("nothing settles in 'EUR'");
  expect(() => new ScriptedSession({ capital: { USD: 0 } })).toThrow('capital of USD 0');
  expect(() => new ScriptedSession({ attributionHorizon: 4 })).toThrow('attributionHorizon 4');
  expect(() => new ScriptedSession({ sampleNs: -1 })).toThrow('sampleNs');
});
