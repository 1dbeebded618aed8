import { describe, expect, test } from 'vitest';
import type { PnlData, StrategyPnl } from 'quotewright/server/protocol/stream';
import { aligned, appendTail, joined, type TailPoint, valueOf } from './live-series.ts';

const strategy = (total: number, lots = 0): StrategyPnl => ({
  strategy: 0,
  currency: 'USDT',
  equity: 1000 + total,
  capital: 1000,
  total,
  realised: total,
  unrealised: 0,
  fees: 0,
  funding: 0,
  drawdown: 0,
  fills: 0,
  openOrders: 0,
  positions: [{ instrument: 2, lots, entryTicks: null, markTicks: null, realised: 0, unrealised: 0 }],
});
const point = (timeMs: number, total: number): TailPoint => ({ timeMs, data: { strategies: [strategy(total)] } });
const total = (data: PnlData): number | undefined => valueOf(data.strategies[0], 'pnl', 0);

const pick = (data: PnlData): number | undefined => valueOf(data.strategies[0], 'position', 2);

describe('a series that goes on', () => {
  const series = { timesMs: [1000, 2000, 3000], values: [1, null, 3], resolutionSeconds: 1 };

  test('what the answer has covered is not added again, and each step has its newest value', () => {
    const tail = [point(2900, 9), point(3000, 9), point(4100, 4), point(4900, 5), point(5000, 6)];
    expect(joined(series, tail, total, { fromMs: Number.NEGATIVE_INFINITY })).toEqual({
      timesMs: [1000, 2000, 3000, 4900, 5000],
      values: [1, null, 3, 5, 6],
    });
  });

  test('what lies before the range is left out, also of the tail', () => {
    const shown = joined(series, [point(3500, 4), point(6000, 6)], total, { fromMs: 5000 });
    expect(shown).toEqual({ timesMs: [6000], values: [6] });
  });

  test('what is not known at the beginning is left out, and gaps later are not', () => {
    const begins = { timesMs: [1, 2, 3, 4], values: [null, 5, null, 6], resolutionSeconds: 1 };
    expect(joined(begins, [], total, { fromMs: 0 })).toEqual({ timesMs: [2, 3, 4], values: [5, null, 6] });
  });

  test('a point of the answer is never overwritten by the tail', () => {
    const shown = joined(series, [point(3400, 4)], total, { fromMs: 0 });
    expect(shown.values).toEqual([1, null, 3, 4]);
  });

  test('a position is that of its instrument, in the unit asked for', () => {
    const tail = [{ timeMs: 4000, data: { strategies: [strategy(0, -7)] } }];
    expect(joined(series, tail, pick, { fromMs: 3500, scale: 0.5 })).toEqual({ timesMs: [4000], values: [-3.5] });
    expect(valueOf(tail[0]?.data.strategies[0], 'position', 1)).toBeUndefined();
  });

  test('the tail is bounded, and begins anew when time goes back', () => {
    const tail: TailPoint[] = [];
    for (let index = 0; index < 10_000; index += 1) appendTail(tail, point(index, index));
    expect(tail.length).toBeLessThanOrEqual(2000);
    expect(tail.at(-1)?.timeMs).toBe(9999);
    appendTail(tail, point(5, 0));
    expect(tail).toHaveLength(1);
  });
});

describe('several series on one axis', () => {
  test('hold their last value, and have none before their first', () => {
    expect(
      aligned([
        { timesMs: [1, 3], values: [10, 30] },
        { timesMs: [2, 3], values: [200, null] },
      ]),
    ).toEqual({
      timesMs: [1, 2, 3],
      values: [
        [10, 10, 30],
        [null, 200, null],
      ],
    });
    expect(aligned([])).toEqual({ timesMs: [], values: [] });
  });
});
