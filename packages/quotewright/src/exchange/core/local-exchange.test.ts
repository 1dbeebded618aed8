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

test('a market order is paid for to the last unit, however large it is', () => {
  // Forty coins at a price, and one lot a tick above it: more units of tick and lot than a float64 counts exactly.
  const lots = 4_000_000_000;
  const probe = handExchange(SPOT);
  const ticks = probe.best(0, Side.BUY) + 1;
  // All of it at the lower price, and the fee: one unit and its fee short, less the rest of a unit.
  const cash = ((BigInt(ticks) * BigInt(lots + 1) * 10_006n + 9_999n) / 10_000n).toString();
  const { exchange, order } = handExchange(SPOT, {
    accounts: ['one', 'two'],
    cash: { USD: `${cash.slice(0, -10)}.${cash.slice(-10)}`, BTC: '100' },
  });
  const sell = { account: 'two', side: Side.SELL } as const;
  exchange.place(order({ ...sell, priceTicks: ticks, sizeLots: lots }));
  exchange.place(order({ ...sell, priceTicks: ticks + 1, sizeLots: 100_000_000 }));
  const bought = exchange.place(order({ priceTicks: undefined, sizeLots: lots + 1 }));
  expect([bought.status, bought.reason]).toEqual(['rejected', Reject.INSUFFICIENT_BALANCE]);
  for (const { total } of exchange.balances('one')) expect(total).not.toContain('-');
});

test('a market order finds nothing to take in an empty book', () => {
  const { exchange, order, best } = handExchange(SPOT, { cash: { USD: '1000000000', BTC: '1' } });
  for (let i = 0; i < 200 && best(0, Side.SELL) > 0; i++) {
    const [prices, sizes] = [new Float64Array(1), new Float64Array(1)];
    if (exchange.top(0, Side.SELL, 1, prices, sizes) === 0) break;
    exchange.place(order({ priceTicks: prices[0]!, sizeLots: sizes[0]!, timeInForce: 'IOC' }));
  }
  expect(exchange.top(0, Side.SELL, 1, new Float64Array(1), new Float64Array(1))).toBe(0);
  const { total } = exchange.balances('one')[0]!;
  expect(exchange.place(order({ priceTicks: undefined, sizeLots: 10_000_000 }))).toMatchObject({
    status: 'rejected',
    reason: Reject.UNFILLED_REST,
  });
  expect(exchange.balances('one')[0]!.total).toBe(total);
});
