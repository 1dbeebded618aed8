/** Orders of all kinds, margin, and what an account remembers. */
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import { expect, test } from 'vitest';
import type { ExchangeInstrument, OrderTerms } from '../contract.ts';
import { handExchange } from '../testing/hand-exchange.ts';

function maker(contract: 'spot' | 'linear', fees = { maker: '0.0002', taker: '0.0005' }) {
  return {
    venue: 'test',
    instruments: (coins: readonly string[]): ExchangeInstrument[] =>
      coins.map((coin) => ({
        coin,
        instrument: new Instrument({
          venue: 'test',
          symbol: `${coin}USDT`,
          base: coin,
          quote: 'USDT',
          tick: '0.1',
          lot: '0.001',
          contract,
          fees,
          minSize: '0.002',
          maxSize: '100',
        }),
      })),
  };
}

const CASH = { USDT: '10000', BTC: '2' };
const NAMES = Object.entries(Reject);
const nameOf = (reason: Reject): string => NAMES.find(([, code]) => code === reason)![0];

function open(contract: 'spot' | 'linear') {
  const hand = handExchange(maker(contract), { cash: CASH });
  const { exchange, order, best } = hand;
  const place = (terms: Partial<OrderTerms>) => exchange.place(order(terms));
  const balance = (account: string, currency: string) =>
    exchange.balances(account).find((each) => each.currency === currency)!;
  return { ...hand, place, balance, bid: best(0, Side.BUY), ask: best(0, Side.SELL) };
}

test('a market order takes what there is and no more than its account can pay', () => {
  const { exchange, place, balance, ask } = open('spot');
  const levels = new Float64Array(2);
  const sizes = new Float64Array(2);
  exchange.top(0, Side.SELL, 2, levels, sizes);
  const bought = place({ priceTicks: undefined, sizeLots: sizes[0]! + 1 });
  expect(bought).toMatchObject({ status: 'filled', priceTicks: undefined });
  expect(bought.fills.map(({ priceTicks, sizeLots }) => [priceTicks, sizeLots])).toEqual([
    [ask, sizes[0]],
    [levels[1], 1],
  ]);
  expect(balance('one', 'USDT').held).toBe('0');
  expect(place({ account: 'two', priceTicks: undefined, sizeLots: 200 })).toMatchObject({
    status: 'rejected',
    reason: Reject.INSUFFICIENT_BALANCE,
  });
});

test('money that an order holds cannot be held twice, and comes back with its end', () => {
  const { exchange, place, balance, bid } = open('spot');
  // 0.1 BTC at some 60,000 is 6,000 of 10,000.
  const first = place({ priceTicks: bid, sizeLots: 100 });
  expect(first.status).toBe('open');
  expect(nameOf(place({ priceTicks: bid, sizeLots: 100 }).reason)).toBe('INSUFFICIENT_BALANCE');
  expect(nameOf(exchange.amend('one', first.number, bid, 170))).toBe('INSUFFICIENT_BALANCE');
  expect(exchange.order('one', first.number)).toMatchObject({ sizeLots: 100, status: 'open' });
  expect(exchange.amend('one', first.number, bid, 50)).toBe(Reject.NONE);
  const second = place({ priceTicks: bid, sizeLots: 100 });
  expect(second.status).toBe('open');
  exchange.cancel('one', first.number);
  exchange.cancel('one', second.number);
  expect(balance('one', 'USDT')).toEqual({ currency: 'USDT', total: '10000', held: '0' });
});

test('an amendment that cannot be changes nothing', () => {
  const { exchange, place, bid, balance } = open('spot');
  const { number } = place({ priceTicks: bid - 100, sizeLots: 10 });
  const { held } = balance('one', 'USDT');
  const amended = (price: number, size: number): string => nameOf(exchange.amend('one', number, price, size));
  expect(amended(Number.NaN, 10)).toBe('BAD_PRICE');
  expect(amended(bid, 1)).toBe('BAD_SIZE');
  expect(amended(bid, 0.5)).toBe('BAD_SIZE');
  expect(amended(0, 10)).toBe('BAD_PRICE');
  expect(nameOf(exchange.amend('two', number, bid, 10))).toBe('UNKNOWN_ORDER');
  expect(exchange.order('one', number)).toMatchObject({ priceTicks: bid - 100, sizeLots: 10, status: 'open' });
  expect(balance('one', 'USDT').held).toBe(held);
});

test('an amended order that crosses trades, and one that is amended to what is filled is over', () => {
  const { exchange, place, ask, bid } = open('spot');
  const crossing = place({ priceTicks: bid - 50, sizeLots: 5 });
  expect(exchange.amend('one', crossing.number, ask, 5)).toBe(Reject.NONE);
  expect(crossing).toMatchObject({ status: 'filled', filledLots: 5 });
  const resting = place({ side: Side.SELL, priceTicks: ask - 1, sizeLots: 10 });
  place({ account: 'two', priceTicks: ask - 1, sizeLots: 4 });
  expect(resting).toMatchObject({ status: 'open', filledLots: 4 });
  expect(exchange.amend('one', resting.number, ask - 1, 4)).toBe(Reject.NONE);
  expect(resting).toMatchObject({ status: 'cancelled', filledLots: 4 });
});

test('a name is one open order’s', () => {
  const { exchange, place, bid } = open('spot');
  const first = place({ priceTicks: bid - 9, clientId: 'näme' });
  expect(place({ clientId: 'näme' })).toMatchObject({ status: 'rejected', reason: Reject.OTHER });
  expect(exchange.orderByClientId('one', 'näme')).toBe(first);
  expect(place({ account: 'two', clientId: 'näme' }).status).toBe('open');
  exchange.cancel('one', first.number);
  const next = place({ clientId: 'näme' });
  expect(exchange.orderByClientId('one', 'näme')).toBe(next);
  expect(exchange.orderByClientId('one', '')).toBeUndefined();
});

test('a future’s profit is booked when its position is reduced, and reduce-only orders do no more', () => {
  const { exchange, place, balance, ask, bid } = open('linear');
  expect(nameOf(place({ side: Side.SELL, isReduceOnly: true }).reason)).toBe('REDUCE_ONLY');
  // Bought from the other account inside the spread, sold back lower.
  place({ account: 'two', side: Side.SELL, priceTicks: ask - 1, sizeLots: 20 });
  place({ priceTicks: ask - 1, sizeLots: 20 });
  expect(exchange.position('one', 0)).toEqual({ lots: 20, entryTicks: ask - 1, realised: '0' });
  expect(Number(balance('one', 'USDT').held)).toBeCloseTo(((ask - 1) * 0.1 * 0.02) / 20, 9);
  place({ account: 'two', priceTicks: bid + 1, sizeLots: 5 });
  expect(nameOf(place({ side: Side.SELL, priceTicks: bid + 1, sizeLots: 21, isReduceOnly: true }).reason)).toBe(
    'REDUCE_ONLY',
  );
  place({ side: Side.SELL, priceTicks: bid + 1, sizeLots: 5, isReduceOnly: true });
  const lost = (0.005 * (bid + 1 - (ask - 1)) * 0.1).toFixed(4);
  expect(exchange.position('one', 0)).toEqual({ lots: 15, entryTicks: ask - 1, realised: String(Number(lost)) });
  expect(exchange.position('two', 0)).toMatchObject({ lots: -15, realised: String(-Number(lost)) });
  // It turns: what is beyond the position is opened anew.
  place({ account: 'two', priceTicks: bid + 1, sizeLots: 25 });
  place({ side: Side.SELL, priceTicks: bid + 1, sizeLots: 25 });
  expect(exchange.position('one', 0)).toMatchObject({ lots: -10, entryTicks: bid + 1 });
});

test('more than a twentieth of the value of a future has to be there', () => {
  const { place, bid } = open('linear');
  // 10,000 carry some 200,000, which is 3.3 BTC.
  expect(nameOf(place({ priceTicks: bid, sizeLots: 4000 }).reason)).toBe('INSUFFICIENT_BALANCE');
  expect(place({ priceTicks: bid, sizeLots: 3000 }).status).toBe('open');
  expect(nameOf(place({ priceTicks: bid, sizeLots: 1000 }).reason)).toBe('INSUFFICIENT_BALANCE');
});

test('sizes beyond the instrument’s are refused', () => {
  const { place } = open('spot');
  expect(nameOf(place({ sizeLots: 1 }).reason)).toBe('BAD_SIZE');
  expect(nameOf(place({ side: Side.SELL, sizeLots: 1e6 }).reason)).toBe('INSUFFICIENT_BALANCE');
  expect(nameOf(place({ sizeLots: Infinity }).reason)).toBe('BAD_SIZE');
});

test('an account remembers its open orders, and as many of the others as there is room for', () => {
  const { exchange, place, bid } = open('spot');
  const kept = place({ priceTicks: bid - 1, clientId: 'kept' });
  const first = place({ priceTicks: bid - 2, clientId: 'first' });
  exchange.cancel('one', first.number);
  for (let i = 0; i < 11_000; i++) exchange.cancel('one', place({ priceTicks: bid - 3 }).number);
  expect(exchange.orders('one').length).toBeLessThan(10_100);
  expect(exchange.order('one', first.number)).toBeUndefined();
  expect(exchange.orderByClientId('one', 'first')).toBeUndefined();
  expect(exchange.openOrders('one')).toEqual([kept]);
  expect(exchange.orderByClientId('one', 'kept')).toBe(kept);
});

test('an account that there is not is a bug of who asks', () => {
  const { exchange } = open('spot');
  expect(() => exchange.balances('nobody')).toThrow("test has no account 'nobody'");
});
