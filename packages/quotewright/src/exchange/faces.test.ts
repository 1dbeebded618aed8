/** What every face has to stand, whatever the venue's words: others' orders, keys that may not, requests that were changed, numbers that are none. */
import { Random } from '@quotewright/core/base/random';
import { Side } from '@quotewright/core/market/side';
import { parseDecimal } from '@quotewright/core/trading/money-text';
import { Participant } from '@quotewright/core/venue-sim/living/order-table';
import { describe, expect, it } from 'vitest';
import type { Face, FaceRequest } from './contract.ts';
import { trimmed } from './decimals.ts';
import { FACES } from './faces.ts';
import {
  type OrderText,
  type Wording,
  forged,
  isDone,
  orderIdIn,
  orderIdOf,
  wordingOf,
} from './testing/face-customer.ts';
import { type HandExchange, type HandOptions, handExchange } from './testing/hand-exchange.ts';

interface Served {
  readonly hand: HandExchange;
  readonly face: Face;
  /** By account. */
  readonly customers: readonly Wording[];
  /** A small order to buy some way below the best bid. */
  readonly order: (more?: Partial<OrderText>) => OrderText;
}

function serve(maker: (typeof FACES)[number], options: HandOptions = {}): Served {
  const hand = handExchange(maker, { coins: ['BTC'], ...options });
  const face = maker.make(hand.exchange);
  const { price, size } = hand.exchange.instruments[0]!;
  const order = (more: Partial<OrderText> = {}): OrderText => ({
    side: 'buy',
    price: trimmed(price.format(hand.best(0, Side.BUY) - 100)),
    size: trimmed(size.format(size.parse('0.01'))),
    ...more,
  });
  return { hand, face, order, customers: hand.keys.map((key) => wordingOf(hand.exchange, key)) };
}

/** Not one of them is a number that a venue takes. */
const NO_NUMBERS = [
  '',
  ' ',
  'NaN',
  'Infinity',
  '-5',
  '-0',
  '0',
  '0.0',
  '1e400',
  '0x10',
  '１',
  '1,5',
  '1 ',
  '\0',
  '0.0000000000000000000001',
  '9'.repeat(400),
];

describe.each(FACES)('$venue', (maker) => {
  it("shows and cancels a customer's own orders alone, and each once", () => {
    const { hand, face, customers, order } = serve(maker);
    const [one, two] = [customers[0]!, customers[1]!];
    const placed = face.http(one.place(order()));
    expect([isDone(placed), placed.isAck]).toEqual([true, true]);
    const id = orderIdIn(placed);
    expect(isDone(face.http(one.query(id)))).toBe(true);
    for (const ask of [two.query(id), two.cancel(id)]) expect(isDone(face.http(ask))).toBe(false);
    expect(hand.exchange.openOrders('one')).toHaveLength(1);
    const cancelled = face.http(one.cancel(id));
    expect([isDone(cancelled), cancelled.isAck]).toEqual([true, true]);
    expect(hand.exchange.openOrders('one')).toEqual([]);
    // Gemini answers with the order as it is.
    if (maker.venue !== 'gemini') expect(isDone(face.http(one.cancel(id)))).toBe(false);
    for (const made of ['', '0', '-1', '1e3', '0x1', '99999999999999999999', '%', '\0', '../1', 'ä']) {
      expect(isDone(face.http(one.cancel(made))), made).toBe(false);
      expect(isDone(face.http(one.query(made))), made).toBe(false);
      hand.pass(100);
    }
  });

  it('lets a key that may not trade read, and no more', () => {
    const { hand, face, customers, order } = serve(maker, { canTrade: false });
    const one = customers[0]!;
    expect(isDone(face.http(one.place(order())))).toBe(false);
    const { number } = hand.exchange.place(
      hand.order({
        priceTicks: hand.best(0, Side.BUY) - 100,
        sizeLots: hand.exchange.instruments[0]!.size.parse('0.01'),
      }),
    );
    const id = orderIdOf(maker.venue, number);
    expect(isDone(face.http(one.query(id)))).toBe(true);
    expect(isDone(face.http(one.cancel(id)))).toBe(false);
    expect(hand.exchange.openOrders('one')).toHaveLength(1);
  });

  it('takes nothing that was changed on its way, and nothing of a key of another place', () => {
    const { hand, face, customers, order } = serve(maker);
    const one = customers[0]!;
    const changes: ((request: FaceRequest) => FaceRequest)[] = [
      forged,
      (request) => ({ ...request, headers: {} }),
      (request) => ({
        ...request,
        path: `${request.path}/`,
        target: request.target.replace(request.path, `${request.path}/`),
      }),
    ];
    // Coinbase's tokens are of method and path, and Gemini's order is in a header.
    if (!['coinbase', 'gemini'].includes(maker.venue)) {
      changes.push((request) => ({ ...request, body: `${request.body}&x=1`.replace(/\}&x=1$/u, ',"x":1}') }));
    }
    for (const change of changes) expect(isDone(face.http(change(one.place(order()))))).toBe(false);
    const foreign = handExchange(maker, { coins: ['BTC'] });
    expect(isDone(face.http(wordingOf(hand.exchange, foreign.keys[0]!).place(order())))).toBe(false);
    const mixed = { ...hand.keys[0]!, secret: hand.keys[1]!.secret };
    expect(isDone(face.http(wordingOf(hand.exchange, mixed).place(order())))).toBe(false);
    expect(hand.exchange.orders('one')).toEqual([]);
  });

  it('takes no number that is none, and says so', () => {
    const { hand, face, customers, order } = serve(maker);
    const one = customers[0]!;
    for (const text of NO_NUMBERS) {
      for (const field of ['price', 'size'] as const) {
        const { status, body } = face.http(one.place(order({ [field]: text })));
        expect(isDone({ status, body }), `${field} ${JSON.stringify(text)}: ${body}`).toBe(false);
        expect(body).not.toBe('');
        hand.pass(200);
      }
    }
    expect(hand.exchange.openOrders('one')).toEqual([]);
    for (const { held } of hand.exchange.balances('one')) expect(Number(held)).toBe(0);
  });

  it('makes and loses nothing in a storm of orders of many customers', () => {
    const accounts = ['one', 'two', 'three', 'four'];
    const { hand, face, customers } = serve(maker, {
      isAlive: true,
      accounts,
      cash: { USD: '50000', USDT: '50000', BTC: '1' },
    });
    const { exchange } = hand;
    const instrument = exchange.instruments[0]!;
    const random = Random.stream(7, maker.venue);
    const before = totals(hand, accounts);
    const ids: string[][] = accounts.map(() => []);
    let done = 0;
    for (let i = 0; i < 300; i++) {
      const who = random.below(4);
      const side = random.below(2) === 0 ? 'buy' : 'sell';
      const touch = hand.best(0, side === 'buy' ? Side.SELL : Side.BUY);
      const ticks = Math.round(touch * (1 + (random.below(9) - 4) / 10_000));
      const price = trimmed(instrument.price.format(ticks));
      const size = trimmed(instrument.size.format(instrument.size.parse('0.001') * (1 + random.below(80))));
      const answer = face.http(
        random.below(4) === 0 && ids[who]!.length > 0
          ? customers[who]!.cancel(ids[who]!.pop()!)
          : customers[who]!.place({ side, price, size }),
      );
      if (isDone(answer)) {
        done++;
        ids[who]!.push(orderIdIn(answer));
      }
      hand.pass(150);
    }
    expect(done).toBeGreaterThan(100);
    for (const account of accounts)
      for (const { number } of exchange.openOrders(account)) exchange.cancel(account, number);
    let lots = 0;
    const expected = new Map(before);
    const add = (currency: string, units: bigint) => expected.set(currency, (expected.get(currency) ?? 0n) + units);
    for (const account of accounts) {
      for (const { held } of exchange.balances(account))
        if (instrument.contract === 'spot') expect(Number(held)).toBe(0);
      for (const { order, sizeLots, priceTicks, fee, feeCurrency } of exchange.fills(account)) {
        const sign = order.side === Side.BUY ? 1 : -1;
        lots += sign * sizeLots;
        add(feeCurrency, -unitsOf(fee));
        if (instrument.contract !== 'spot') continue;
        add(instrument.base, BigInt(sign) * unitsOf(instrument.size.format(sizeLots)));
        add(
          instrument.quote,
          (-BigInt(sign) *
            BigInt(sizeLots) *
            unitsOf(instrument.price.format(priceTicks)) *
            unitsOf(instrument.size.format(1))) /
            10n ** DECIMALS,
        );
      }
    }
    expect(lots).toBe(hand.market.positions(0)[Participant.OWN]);
    if (instrument.contract === 'spot') expect(totals(hand, accounts)).toEqual(expected);
  });
});

const DECIMALS = 30n;
const unitsOf = (text: string): bigint => parseDecimal('amount', text, Number(DECIMALS));

function totals({ exchange }: HandExchange, accounts: readonly string[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const account of accounts) {
    for (const { currency, total } of exchange.balances(account))
      sums.set(currency, (sums.get(currency) ?? 0n) + unitsOf(total));
  }
  return sums;
}
