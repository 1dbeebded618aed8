/** What must hold whatever accounts do: nothing is made or lost, nobody has less than is held of it, and the levels told are the book. */
import { Random } from '@quotewright/core/base/random';
import { EVENT_STRIDE, EventFlag, EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { L2Book } from '@quotewright/core/market/l2-book';
import { Side } from '@quotewright/core/market/side';
import { parseDecimal } from '@quotewright/core/trading/money-text';
import { Participant } from '@quotewright/core/venue-sim/living/order-table';
import { describe, expect, test } from 'vitest';
import type { ExchangeInstrument, ExchangeOrder, OrderTerms } from '../contract.ts';
import { type HandExchange, handExchange } from '../testing/hand-exchange.ts';

const { HEAD, PRICE_TICKS, SIZE_LOTS, SEQ } = Field;
/** Decimals in which sums are compared: finer than any unit. */
const DECIMALS = 30;
const ACCOUNTS = ['one', 'two', 'three', 'four'];
const CASH = { USD: '40000', BTC: '0.7', ETH: '9' };

const HALTS = { isRandom: false, spells: [{ regime: 'volatile', seconds: 2, haltSeconds: 0.2 }] } as const;

function maker(contract: 'spot' | 'linear', currency: 'quote' | 'base') {
  return {
    venue: 'test',
    instruments: (coins: readonly string[]): ExchangeInstrument[] =>
      coins.map((coin) => ({
        coin,
        instrument: new Instrument({
          venue: 'test',
          symbol: `${coin}-USD`,
          base: coin,
          quote: 'USD',
          tick: '0.05',
          lot: contract === 'spot' ? '0.00001' : '0.001',
          contract,
          fees: { maker: '-0.00003', taker: '0.00071', currency },
        }),
      })),
  };
}

/** Follows everything that the exchange tells. */
class Witness {
  readonly books: L2Book[];
  readonly sequences: number[];
  /** Of the accounts together, by market: lots bought less sold, and what they have given for them in ticks × lots. */
  readonly lots: number[];
  readonly atoms: bigint[];
  readonly tape = new Map<number, string>();
  readonly faults: string[] = [];
  #from: HandExchange;

  constructor(hand: HandExchange) {
    const { exchange } = hand;
    this.#from = hand;
    this.books = exchange.instruments.map((_, market) => copyOf(hand, market));
    this.sequences = exchange.instruments.map((_, market) => exchange.sequence(market));
    this.lots = exchange.instruments.map(() => 0);
    this.atoms = exchange.instruments.map(() => 0n);
    exchange.listen({
      market: (market, data, from, to) => this.#market(market, data, from, to),
      order: (order, change, fill) => {
        if (fill === undefined) return;
        const sign = order.side === Side.BUY ? 1 : -1;
        this.lots[order.market]! += sign * fill.sizeLots;
        this.atoms[order.market]! += BigInt(sign * fill.priceTicks) * BigInt(fill.sizeLots);
        if (change !== 'fill') this.faults.push(`${change} with a fill`);
      },
    });
  }

  #market(market: number, data: Float64Array, from: number, to: number): void {
    const { exchange } = this.#from;
    if (exchange.sequence(market) !== ++this.sequences[market]!) this.faults.push('a number is left out');
    for (let at = from; at < to; at += EVENT_STRIDE) {
      const head = data[at + HEAD]!;
      const side = (headFlags(head) & EventFlag.BUY) === 0 ? Side.SELL : Side.BUY;
      if (headKind(head) === EventKind.LEVEL)
        this.books[market]!.set(side, data[at + PRICE_TICKS]!, data[at + SIZE_LOTS]!);
      if (headKind(head) === EventKind.TRADE) {
        this.tape.set(data[at + SEQ]!, `${market} ${data[at + SIZE_LOTS]}@${data[at + PRICE_TICKS]}`);
      }
    }
  }
}

function copyOf(hand: HandExchange, market: number): L2Book {
  const book = new L2Book();
  const queues = hand.market.book(market);
  for (const side of [Side.BUY, Side.SELL]) {
    for (let level = queues.best(side); level !== 0; level = queues.levelAfter(level)) {
      book.set(side, queues.levelPrice(level), queues.levelLots(level));
    }
  }
  return book;
}

function levelsOf(book: L2Book, side: Side): string[] {
  const count = book.levelCount(side);
  const [prices, sizes] = [new Float64Array(count), new Float64Array(count)];
  book.top(side, count, prices, sizes);
  return Array.from(prices, (price, i) => `${sizes[i]}@${price}`);
}

function randomTerms(hand: HandExchange, random: Random, number: number): OrderTerms {
  const market = random.below(2);
  const side = random.below(2) === 0 ? Side.BUY : Side.SELL;
  const touch = hand.best(market, side);
  const price = touch + (random.below(400) - 200) * (side === Side.BUY ? 1 : -1);
  return hand.order({
    account: ACCOUNTS[random.below(ACCOUNTS.length)]!,
    market,
    side,
    priceTicks: random.below(10) === 0 ? undefined : price,
    sizeLots: 1 + random.below(random.below(8) === 0 ? 1_000_000 : 20_000),
    timeInForce: (['GTC', 'GTC', 'GTC', 'IOC', 'FOK'] as const)[random.below(5)]!,
    isPostOnly: random.below(4) === 0,
    clientId: random.below(3) === 0 ? `name-${number % 50}` : '',
  });
}

function act(hand: HandExchange, random: Random, number: number): void {
  const { exchange } = hand;
  const kind = random.below(10);
  if (kind < 6) exchange.place(randomTerms(hand, random, number));
  else {
    const account = ACCOUNTS[random.below(ACCOUNTS.length)]!;
    const open = exchange.openOrders(account);
    const order: ExchangeOrder | undefined = open[random.below(Math.max(1, open.length))];
    if (order === undefined) return;
    if (kind < 8) exchange.cancel(account, order.number);
    else
      exchange.amend(
        account,
        order.number,
        order.priceTicks! + random.below(200) - 100,
        1 + random.below(2 * order.sizeLots),
      );
  }
  if (random.below(3) === 0) hand.pass(1 + random.below(20));
}

function close(hand: HandExchange): void {
  const { exchange } = hand;
  for (const account of ACCOUNTS) {
    for (const market of [0, 1]) {
      for (let tries = 0; tries < 1000; tries++) {
        const { lots } = exchange.position(account, market);
        if (lots === 0) break;
        const side = lots > 0 ? Side.SELL : Side.BUY;
        const sizeLots = Math.abs(lots);
        exchange.place(hand.order({ account, market, side, sizeLots, priceTicks: undefined, isReduceOnly: true }));
        hand.pass(10);
      }
      expect(exchange.position(account, market).entryTicks).toBe(0);
    }
    for (const { held } of exchange.balances(account)) expect(held).toBe('0');
  }
}

/** Of all accounts, in units of `DECIMALS`. */
function totals(hand: HandExchange): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const account of ACCOUNTS) {
    for (const { currency, total } of hand.exchange.balances(account)) {
      sums.set(currency, (sums.get(currency) ?? 0n) + parseDecimal('total', total, DECIMALS));
    }
  }
  return sums;
}

function checkHeld(hand: HandExchange, isMargin: boolean): void {
  for (const account of ACCOUNTS) {
    for (const { currency, total, held } of hand.exchange.balances(account)) {
      const [all, kept] = [parseDecimal('total', total, DECIMALS), parseDecimal('held', held, DECIMALS)];
      if (kept < 0n || (!isMargin && kept > all))
        throw new Error(`${account}: ${held} of ${total} ${currency} is held`);
    }
  }
}

describe.each([
  ['spot', 'quote', 'no halts', 1],
  ['spot', 'base', 'halts and auctions', 2],
  ['linear', 'quote', 'halts and auctions', 3],
] as const)('a storm of orders of many accounts, %s with fees in %s, %s', (contract, currency, halts, seed) => {
  test('makes and loses nothing, and is told of as it is', () => {
    const schedule = halts === 'no halts' ? undefined : HALTS;
    const hand = handExchange(maker(contract, currency), {
      accounts: ACCOUNTS,
      cash: CASH,
      isAlive: true,
      seed,
      schedule,
    });
    const { exchange } = hand;
    const witness = new Witness(hand);
    const before = totals(hand);
    const random = Random.stream(seed, 'storm');
    for (let number = 0; number < 3000; number++) {
      act(hand, random, number);
      checkHeld(hand, contract === 'linear');
    }
    for (const account of ACCOUNTS) {
      for (const { number } of exchange.openOrders(account)) expect(exchange.cancel(account, number)).toBe(0);
    }
    // What positions of margin instruments have cost is settled when they are closed.
    if (contract === 'linear') close(hand);
    expect(witness.faults).toEqual([]);
    // Positions of the accounts are what the agents have given, by the market's own count.
    exchange.instruments.forEach((_, market) => {
      expect(witness.lots[market]).toBe(hand.market.positions(market)[Participant.OWN]);
      const { books } = witness;
      for (const side of [Side.BUY, Side.SELL])
        expect(levelsOf(books[market]!, side)).toEqual(levelsOf(copyOf(hand, market), side));
    });
    const fills = ACCOUNTS.flatMap((account) => exchange.fills(account));
    expect(fills.length).toBeGreaterThan(500);
    expect(fills.some(({ isMaker }) => isMaker)).toBe(true);
    for (const { number, order, priceTicks, sizeLots } of fills) {
      expect(witness.tape.get(number)).toBe(`${order.market} ${sizeLots}@${priceTicks}`);
    }
    checkTotals(hand, before, witness);
    if (contract === 'spot') {
      for (const account of ACCOUNTS) for (const { held } of exchange.balances(account)) expect(held).toBe('0');
    }
  });
});

/** By currency: what accounts have is what they had, less what they have given to agents, less the fees. */
function checkTotals(hand: HandExchange, before: ReadonlyMap<string, bigint>, witness: Witness): void {
  const { exchange } = hand;
  const expected = new Map(before);
  const add = (currency: string, units: bigint): void =>
    void expected.set(currency, (expected.get(currency) ?? 0n) + units);
  exchange.instruments.forEach(({ base, quote, price, size, contract }, market) => {
    const step = BigInt(price.numerator) * BigInt(size.numerator) * 10n ** BigInt(DECIMALS - price.scale - size.scale);
    add(quote, -witness.atoms[market]! * step);
    if (contract === 'spot')
      add(base, BigInt(witness.lots[market]!) * BigInt(size.numerator) * 10n ** BigInt(DECIMALS - size.scale));
  });
  for (const account of ACCOUNTS) {
    for (const { fee, feeCurrency } of exchange.fills(account)) add(feeCurrency, -parseDecimal('fee', fee, DECIMALS));
  }
  const found = totals(hand);
  for (const [currency, units] of expected) expect(`${currency} ${found.get(currency)}`).toBe(`${currency} ${units}`);
}
