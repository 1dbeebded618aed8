import { expect, test } from 'vitest';
import type { StrategyPnl } from 'quotewright/server/protocol/stream';
import { headlines } from './headline.ts';

const account = (strategy: number, currency: string, total: number, lots: number): StrategyPnl => ({
  strategy,
  currency,
  equity: 100 + total,
  capital: 100,
  total,
  realised: total,
  unrealised: 0,
  fees: 1,
  funding: 0,
  drawdown: 0.25,
  fills: 2,
  openOrders: 1,
  positions: [{ instrument: 0, lots, entryTicks: null, markTicks: null, realised: 0, unrealised: 0 }],
});
const data = { strategies: [account(0, 'USD', 5, 3), account(1, 'USD', -2, -4), account(1, 'BTC', 7, 1)] };

test('sums are by currency, and what is not a sum is not said of several', () => {
  const [usd, btc] = headlines(data, undefined);
  expect(usd).toMatchObject({ currency: 'USD', total: 3, fees: 2, fills: 4, equity: 203, drawdown: undefined });
  expect(usd?.lots.get(0)).toBe(-1);
  expect(btc).toMatchObject({ currency: 'BTC', total: 7, drawdown: 0.25 });
});

test('of one strategy there are its accounts alone', () => {
  expect(headlines(data, 0).map(({ total, drawdown }) => [total, drawdown])).toEqual([[5, 0.25]]);
  expect(headlines(data, 1)).toHaveLength(2);
  expect(headlines({ strategies: [] }, undefined)).toEqual([]);
});
