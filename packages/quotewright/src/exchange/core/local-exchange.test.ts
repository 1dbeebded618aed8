import { Field } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { Reject } from '@quotewright/core/trading/records';
import { expect, test } from 'vitest';
import type { ExchangeInstrument, ExchangeListener } from '../contract.ts';
import { handExchange } from '../testing/hand-exchange.ts';

const SPOT = {
  venue: 'test',
  instruments: (coins: readonly string[]): ExchangeInstrument[] =>
    coins.map((coin) => ({
      coin,
      instrument: new Instrument({
        venue: 'test',
        symbol: `${coin}-USD`,
        base: coin,
        quote: 'USD',
        tick: '0.01',
        lot: '0.00000001',
        minNotional: '1',
        contract: 'spot',
        fees: { maker: '0.0004', taker: '0.0006' },
      }),
    })),
};

test('a limit order rests, is amended and cancelled, and holds what it needs', () => {
  const { exchange, order, best } = handExchange(SPOT);
  const told: string[] = [];
  exchange.listen({ order: (each, change) => told.push(`${each.number} ${change} ${each.status}`) });
  const bid = best(0, Side.BUY);
  const placed = exchange.place(
    order({ priceTicks: bid - 100, sizeLots: 10_000_000, clientId: 'a', isPostOnly: true }),
  );
  expect(placed).toMatchObject({ number: 1, status: 'open', filledLots: 0 });
  const usd = () => exchange.balances('one').find(({ currency }) => currency === 'USD')!;
  // 0.1 BTC at the price, and 6 bp of it.
  const price = exchange.instruments[0]!.price.toNumber(bid - 100);
  expect(Number(usd().held)).toBeCloseTo(price * 0.1 * 1.0006, 6);
  expect(usd().total).toBe('1000000');
  expect(exchange.amend('one', 1, bid - 200, 20_000_000)).toBe(Reject.NONE);
  expect(exchange.openOrders('one')).toMatchObject([{ priceTicks: bid - 200, sizeLots: 20_000_000 }]);
  expect(exchange.cancel('two', 1)).toBe(Reject.UNKNOWN_ORDER);
  expect(exchange.cancel('one', 1)).toBe(Reject.NONE);
  expect(exchange.cancel('one', 1)).toBe(Reject.UNKNOWN_ORDER);
  expect(usd().held).toBe('0');
  expect(told).toEqual(['1 new open', '1 amended open', '1 cancelled cancelled']);
  expect(exchange.orderByClientId('one', 'a')).toBe(placed);
});

test('two accounts trade with each other, one account does not trade with itself, and the tape shows the trade', () => {
  const { exchange, order, best } = handExchange(SPOT);
  const inside = best(0, Side.SELL) - 1;
  const trades: number[][] = [];
  const listener: ExchangeListener = {
    market: (_market, data, from, to) => {
      for (let at = from; at < to; at += 8)
        if ((data[at]! & 0xff) === 2) trades.push([...data.subarray(at + 3, at + 8)]);
    },
  };
  exchange.listen(listener);
  const resting = exchange.place(order({ side: Side.SELL, priceTicks: inside, sizeLots: 1_000_000 }));
  const own = exchange.place(order({ priceTicks: inside, sizeLots: 1_000_000 }));
  expect(own).toMatchObject({ status: 'cancelled', reason: Reject.SELF_TRADE });
  const taking = exchange.place(order({ account: 'two', priceTicks: inside, sizeLots: 400_000 }));
  expect(taking).toMatchObject({ status: 'filled' });
  expect(resting).toMatchObject({ status: 'open', filledLots: 400_000 });
  expect(taking.fills).toMatchObject([{ isMaker: false, number: resting.fills[0]!.number }]);
  expect(trades).toEqual([[inside, 400_000, resting.bookNumber, taking.fills[0]!.number, taking.bookNumber]]);
  const notional = exchange.instruments[0]!.price.toNumber(inside) * 0.004;
  expect(Number(taking.feePaid)).toBeCloseTo(notional * 0.0006, 9);
  expect(Number(resting.feePaid)).toBeCloseTo(notional * 0.0004, 9);
});

test('what cannot be is refused with its reason', () => {
  const { exchange, order, best } = handExchange(SPOT);
  const refused = (terms: Parameters<typeof order>[0]) => {
    const { status, reason } = exchange.place(order(terms));
    return `${status} ${Object.entries(Reject).find(([, code]) => code === reason)![0]}`;
  };
  const ask = best(0, Side.SELL);
  expect(refused({ priceTicks: ask, isPostOnly: true, sizeLots: 1_000_000 })).toBe('rejected POST_ONLY_WOULD_TAKE');
  expect(refused({ priceTicks: Number.NaN })).toBe('rejected BAD_PRICE');
  expect(refused({ priceTicks: -5 })).toBe('rejected BAD_PRICE');
  expect(refused({ sizeLots: 0.5 })).toBe('rejected BAD_SIZE');
  expect(refused({ sizeLots: 1 })).toBe('rejected BAD_NOTIONAL');
  expect(refused({ sizeLots: 1e13 })).toBe('rejected INSUFFICIENT_BALANCE');
  expect(refused({ priceTicks: undefined, sizeLots: 1e13 })).toBe('rejected INSUFFICIENT_BALANCE');
  expect(refused({ priceTicks: ask, sizeLots: 1e13, side: Side.SELL })).toBe('rejected INSUFFICIENT_BALANCE');
  expect(refused({ priceTicks: ask - 1, sizeLots: 1_000_000, timeInForce: 'FOK' })).toBe('rejected FOK_UNFILLED');
  expect(refused({ priceTicks: ask - 1, sizeLots: 1_000_000, timeInForce: 'IOC' })).toBe('cancelled UNFILLED_REST');
  expect(exchange.balances('one').every(({ held }) => held === '0')).toBe(true);
});

test('a market that has stood still goes on where it was, with the times of now', () => {
  const { exchange, all, order, pass } = handExchange(SPOT, { isAlive: true });
  pass(1000);
  all.isPaused = true;
  const stood = exchange.sequence(0);
  pass(20_000);
  expect(exchange.sequence(0)).toBe(stood);
  const placed = exchange.place(order({ sizeLots: 10_000_000 }));
  expect(placed).toMatchObject({ status: 'open', updatedNs: exchange.nowNs() });
  expect(exchange.sequence(0)).toBe(stood + 1);
  const late: number[] = [];
  exchange.listen({ market: (_, data, from) => late.push(exchange.nowNs() - data[from + Field.VENUE_NS]!) });
  all.isPaused = false;
  pass(1000);
  expect(late.length).toBeGreaterThan(20);
  // Nothing that it would have missed comes at once: a turn is a millisecond.
  expect(Math.max(...late)).toBeLessThanOrEqual(1e6);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
});
