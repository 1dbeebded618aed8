import { expect, test } from 'vitest';
import { Side } from '../market/side.ts';
import { MessageBudget } from './message-budget.ts';
import { OrderDesk } from './order-desk.ts';
import { OrderFlag, Reject } from './records.ts';
import { Quoter, type QuoterOptions } from './quoter.ts';
import { DeskHarness, TIMEOUT_NS } from './testing/desk-harness.ts';

type Levels = readonly (readonly [price: number, size: number])[];

/** A desk and a quoter whose venue does what the test says; requests are read as words. */
class Maker {
  readonly harness = new DeskHarness();
  readonly quoter: Quoter;
  /** Own orders by the order of their sending. */
  readonly ids: number[] = [];

  constructor(options: QuoterOptions = {}, budget?: MessageBudget) {
    this.quoter = new Quoter(this.harness.desk, 0, 0, budget, options);
  }

  /** States the wanted quotes and answers what is sent. */
  want(bids: Levels, asks: Levels = []): string[] {
    const { wanted } = this.quoter;
    wanted.clear();
    for (const [price, size] of bids) wanted.bid(price, size);
    for (const [price, size] of asks) wanted.ask(price, size);
    return this.run();
  }

  run(): string[] {
    this.quoter.reconcile(this.harness.nowNs);
    return this.harness.requests().map(({ kind, id, flags, price, size }) => {
      if (kind === 'NEW') this.ids.push(id);
      const side = (flags & OrderFlag.BUY) !== 0 ? 'bid' : 'ask';
      const order = `#${this.ids.indexOf(id)}`;
      if (kind === 'NEW') return `${order} ${side} ${size} at ${price}`;
      return kind === 'CANCEL' ? `cancel ${order}` : `amend ${order} ${size} at ${price}`;
    });
  }

  /** Acknowledges every order on its way. */
  ackAll(): string[] {
    const { desk } = this.harness;
    for (const id of this.ids) {
      const slot = desk.slotOf(id);
      this.harness.report('ACK', id, { price: desk.priceTicksAt(slot), size: desk.sizeLotsAt(slot) });
    }
    return this.run();
  }
}

/** Working quotes, then wanted ones: every message until all is as wanted, the venue answering each with yes. */
const CASES: readonly (readonly [name: string, QuoterOptions, from: Levels, to: Levels, messages: string[][]])[] = [
  ['same price and size: nothing', {}, [[100, 5]], [[100, 5]], []],
  ['first quote', {}, [], [[100, 5]], [['#0 bid 5 at 100']]],
  ['pulled', {}, [[100, 5]], [], [['cancel #0']]],
  ['price moves: cancel, then new', {}, [[100, 5]], [[99, 5]], [['cancel #0'], ['#1 bid 5 at 99']]],
  ['price moves, overlapping', { overlap: true }, [[100, 5]], [[99, 5]], [['cancel #0', '#1 bid 5 at 99']]],
  ['price moves, amending', { canAmend: true }, [[100, 5]], [[99, 5]], [['amend #0 5 at 99']]],
  ['price and size, amending', { canAmend: true }, [[100, 5]], [[99, 8]], [['amend #0 8 at 99']]],
  ['smaller: left alone', {}, [[100, 5]], [[100, 3]], []],
  ['smaller, amending', { canAmend: true }, [[100, 5]], [[100, 3]], [['amend #0 3 at 100']]],
  ['smaller, exact', { resize: 'one-order' }, [[100, 5]], [[100, 3]], [['cancel #0'], ['#1 bid 3 at 100']]],
  ['larger: a second order', {}, [[100, 5]], [[100, 8]], [['#1 bid 3 at 100']]],
  ['larger, amending: a second order too', { canAmend: true }, [[100, 5]], [[100, 8]], [['#1 bid 3 at 100']]],
  ['larger, exact', { resize: 'one-order' }, [[100, 5]], [[100, 8]], [['cancel #0'], ['#1 bid 8 at 100']]],
  ['larger, exact, amending', { resize: 'one-order', canAmend: true }, [[100, 5]], [[100, 8]], [['amend #0 8 at 100']]],
  [
    'a level more',
    {},
    [[100, 5]],
    [
      [100, 5],
      [99, 5],
    ],
    [['#1 bid 5 at 99']],
  ],
  [
    'a level less',
    {},
    [
      [100, 5],
      [99, 5],
    ],
    [[100, 5]],
    [['cancel #1']],
  ],
  [
    'a ladder one tick down',
    {},
    [
      [100, 5],
      [99, 5],
      [98, 5],
    ],
    [
      [99, 5],
      [98, 5],
      [97, 5],
    ],
    [['cancel #0'], ['#3 bid 5 at 97']],
  ],
  [
    'a ladder one tick down, amending',
    { canAmend: true },
    [
      [100, 5],
      [99, 5],
      [98, 5],
    ],
    [
      [99, 5],
      [98, 5],
      [97, 5],
    ],
    [['amend #0 5 at 97']],
  ],
  [
    'three levels become one, amending',
    { canAmend: true },
    [
      [100, 5],
      [99, 5],
      [98, 5],
    ],
    [[97, 5]],
    [['amend #0 5 at 97', 'cancel #1', 'cancel #2']],
  ],
  [
    'two orders share a larger level, amending',
    { canAmend: true },
    [
      [100, 5],
      [99, 5],
    ],
    [[97, 10]],
    [['amend #0 5 at 97', 'amend #1 5 at 97']],
  ],
  [
    'one order becomes two levels, amending',
    { canAmend: true },
    [[100, 5]],
    [
      [97, 5],
      [96, 5],
    ],
    [['amend #0 5 at 97', '#1 bid 5 at 96']],
  ],
  [
    'too small to send',
    { minSizeLots: 3 },
    [[100, 5]],
    [
      [100, 7],
      [99, 2],
    ],
    [],
  ],
];

test.each(CASES)('%s', (_name, options, from, to, messages) => {
  const maker = new Maker(options);
  const { harness } = maker;
  maker.want(from);
  expect(maker.ackAll()).toEqual([]);
  const said: string[][] = [];
  for (let sent = maker.want(to); sent.length > 0; sent = maker.run()) {
    said.push(sent);
    for (const message of sent) {
      const [kind, name] = message.split(' ');
      const id = maker.ids[Number((name!.startsWith('#') ? name! : kind!).slice(1))]!;
      const slot = harness.desk.slotOf(id);
      if (kind === 'cancel')
        harness.report('CANCELLED', id, { size: harness.desk.openLotsAt(slot), aux: Reject.REQUESTED });
      else if (kind === 'amend') {
        const [size, , price] = message.split(' ').slice(2).map(Number);
        harness.report('AMENDED', id, { price: price!, size: size! });
      } else harness.report('ACK', id, { price: harness.desk.priceTicksAt(slot), size: harness.desk.sizeLotsAt(slot) });
    }
  }
  expect(said).toEqual(messages);
});

test('quotes are post-only and leave orders of the strategy’s own alone', () => {
  const maker = new Maker();
  const { harness } = maker;
  const own = harness.place(95, 7);
  harness.report('ACK', own, { price: 95, size: 7 });
  harness.requests();
  maker.quoter.wanted.bid(100, 5);
  maker.quoter.reconcile(0);
  expect(harness.requests().map(({ kind, flags }) => [kind, flags])).toEqual([
    ['NEW', OrderFlag.BUY | OrderFlag.POST_ONLY],
  ]);
  maker.quoter.wanted.clear();
  maker.quoter.reconcile(0);
  expect(harness.state(own)).toBe('LIVE');
});

test('an order on its way counts: nothing is sent twice, and it is cancelled as soon as it may be', () => {
  const maker = new Maker();
  expect(maker.want([[100, 5]])).toEqual(['#0 bid 5 at 100']);
  expect(maker.run()).toEqual([]);
  expect(maker.want([[99, 5]])).toEqual([]);
  expect(maker.ackAll()).toEqual(['cancel #0']);
  expect(maker.want([[100, 5]])).toEqual([]);
  maker.harness.report('CANCELLED', maker.ids[0]!, { aux: Reject.REQUESTED });
  expect(maker.run()).toEqual(['#1 bid 5 at 100']);
});

test('a partial fill is made up for', () => {
  const maker = new Maker();
  maker.want([[100, 5]]);
  maker.ackAll();
  maker.harness.report('FILL', maker.ids[0]!, { price: 100, size: 2, seq: 1 });
  expect(maker.run()).toEqual(['#1 bid 2 at 100']);
});

test('a bid never meets an own offer: it waits for the cancel', () => {
  const maker = new Maker();
  maker.want([[99, 5]], [[101, 5]]);
  maker.ackAll();
  expect(maker.want([[101, 5]], [[103, 5]])).toEqual(['cancel #0', 'cancel #1']);
  maker.harness.report('CANCELLED', maker.ids[0]!, { aux: Reject.REQUESTED });
  expect(maker.run()).toEqual([]);
  maker.harness.report('CANCELLED', maker.ids[1]!, { aux: Reject.REQUESTED });
  expect(maker.run()).toEqual(['#2 bid 5 at 101', '#3 ask 5 at 103']);
});

test('amending both sides up: the offer first, the bid waits in its place', () => {
  const maker = new Maker({ canAmend: true });
  maker.want([[99, 5]], [[101, 5]]);
  maker.ackAll();
  expect(maker.want([[101, 5]], [[103, 5]])).toEqual(['amend #1 5 at 103']);
  maker.harness.report('AMENDED', maker.ids[1]!, { price: 103, size: 5 });
  expect(maker.run()).toEqual(['amend #0 5 at 101']);
});

test('a quote lives its minimum, unless its side is pulled', () => {
  const maker = new Maker({ minQuoteLifeNs: 100 });
  maker.want([[99, 5]], [[101, 5]]);
  maker.ackAll();
  maker.harness.nowNs = 40;
  expect(maker.want([[98, 5]])).toEqual(['cancel #1']);
  expect(maker.quoter.nextNs).toBe(100);
  maker.harness.nowNs = 100;
  expect(maker.run()).toEqual(['cancel #0']);
});

test('after a refusal the price and those more aggressive rest, longer after each; a passive one goes out', () => {
  const maker = new Maker({ rejectDelayNs: 50 });
  maker.want([[100, 5]]);
  maker.harness.report('REJECT', maker.ids[0]!, { aux: Reject.POST_ONLY_WOULD_TAKE });
  expect(maker.run()).toEqual([]);
  expect(maker.quoter.nextNs).toBe(50);
  expect(maker.want([[101, 5]])).toEqual([]);
  maker.harness.nowNs = 50;
  expect(maker.run()).toEqual(['#1 bid 5 at 101']);
  maker.harness.report('REJECT', maker.ids[1]!, { aux: Reject.POST_ONLY_WOULD_TAKE });
  expect(maker.run()).toEqual([]);
  expect(maker.quoter.nextNs).toBe(150);
  expect(maker.want([[100, 5]])).toEqual(['#2 bid 5 at 100']);
  maker.ackAll();
  expect(
    maker.want([
      [100, 5],
      [99, 5],
    ]),
  ).toEqual(['#3 bid 5 at 99']);
});

test('a refusal for another reason than the price holds the whole side', () => {
  const maker = new Maker({ rejectDelayNs: 50 });
  maker.want([[100, 5]]);
  maker.harness.report('REJECT', maker.ids[0]!, { aux: Reject.INSUFFICIENT_BALANCE });
  expect(maker.want([[90, 5]], [[110, 5]])).toEqual(['#1 ask 5 at 110']);
  maker.harness.nowNs = 50;
  expect(maker.run()).toEqual(['#2 bid 5 at 90']);
});

test('a refused cancel is tried again after the delay', () => {
  const maker = new Maker({ rejectDelayNs: 50 });
  maker.want([[100, 5]]);
  maker.ackAll();
  maker.want([]);
  maker.harness.nowNs = 10;
  maker.harness.report('CANCEL_REJECT', maker.ids[0]!, { aux: Reject.OVERLOADED });
  expect(maker.run()).toEqual([]);
  expect(maker.quoter.nextNs).toBe(60);
  maker.harness.nowNs = 60;
  expect(maker.run()).toEqual(['cancel #0']);
});

test('an order that cannot be amended is cancelled and sent anew', () => {
  const maker = new Maker({ canAmend: true });
  maker.want([[100, 5]]);
  maker.ackAll();
  expect(maker.want([[99, 5]])).toEqual(['amend #0 5 at 99']);
  maker.harness.report('AMEND_REJECT', maker.ids[0]!, { aux: Reject.BAD_PRICE });
  expect(maker.run()).toEqual(['cancel #0']);
});

test('an UNKNOWN quote holds its level and is asked for by a cancel once per time-out', () => {
  const maker = new Maker();
  const { harness } = maker;
  maker.want([[100, 5]]);
  harness.nowNs = TIMEOUT_NS;
  harness.desk.timeOut(harness.nowNs);
  expect(maker.run()).toEqual([]);
  expect(maker.quoter.nextNs).toBe(2 * TIMEOUT_NS);
  harness.nowNs = 2 * TIMEOUT_NS;
  expect(maker.run()).toEqual(['cancel #0']);
  harness.report('CANCEL_REJECT', maker.ids[0]!, { aux: Reject.UNKNOWN_ORDER });
  expect(maker.run()).toEqual([]);
  harness.nowNs = 3 * TIMEOUT_NS;
  expect(maker.run()).toEqual(['cancel #0']);
  harness.report('CANCEL_REJECT', maker.ids[0]!, { aux: Reject.UNKNOWN_ORDER });
  expect(maker.run()).toEqual(['#1 bid 5 at 100']);
});

test('out of budget: cancels go first and from the reserve, the rest when there is room again', () => {
  const maker = new Maker({}, new MessageBudget({ perSecond: 1, burst: 4, cancelReserve: 2 }));
  expect(
    maker.want(
      [
        [100, 5],
        [99, 5],
      ],
      [[101, 5]],
    ),
  ).toEqual(['#0 bid 5 at 100', '#1 bid 5 at 99']);
  expect(maker.quoter.nextNs).toBe(1e9);
  maker.ackAll();
  expect(maker.want([], [[101, 5]])).toEqual(['cancel #0', 'cancel #1']);
  expect(maker.quoter.nextNs).toBe(3e9);
  maker.harness.nowNs = 3e9;
  expect(maker.run()).toEqual(['#2 ask 5 at 101']);
});

test('options out of range are refused by name', () => {
  const desk = new OrderDesk({ strategies: 1, venueOfMarket: [0] });
  const make = (options: QuoterOptions): Quoter => new Quoter(desk, 0, 0, undefined, options);
  expect(() => make({ minQuoteLifeNs: -1 })).toThrow('minQuoteLifeNs -1');
  expect(() => make({ minSizeLots: 0 })).toThrow('minSizeLots 0');
  expect(() => make({ rejectDelayNs: 0 })).toThrow('rejectDelayNs 0');
  expect(desk.bestTicks(0, 0, Side.BUY)).toBeNaN();
});
