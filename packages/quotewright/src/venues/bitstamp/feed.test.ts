import { Field, headKind } from '@quotewright/core/market/event';
import { EventKind } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { FeedProbe } from '../testing/probe.ts';
import { bitstamp } from './venue.ts';

const EPOCH_DAY = 18_996;
const BASE = EPOCH_DAY * 86_400e6;
const instruments = [
  new Instrument({
    venue: 'bitstamp',
    symbol: 'btcusd',
    base: 'BTC',
    quote: 'USD',
    tick: '1',
    lot: '0.1',
    contract: 'spot',
  }),
];

type Levels = readonly (readonly [string, string])[];

/** A feed, by hand: times in whole seconds. */
class Hand extends FeedProbe {
  constructor(isL3 = false) {
    super({
      feed: (setup) => bitstamp.feed(setup),
      instruments,
      addresses: bitstamp.environments['live']!,
      epochDay: EPOCH_DAY,
      isL3,
    });
    this.feed.opened(0);
    const channel = `${isL3 ? 'live_orders' : 'diff_order_book'}_btcusd`;
    this.say({ event: 'bts:subscription_succeeded', channel, data: {} }, 1);
  }

  say(message: object, seconds: number): void {
    this.feed.message(Buffer.from(JSON.stringify(message)), seconds * 1e9);
    this.settle(seconds * 1e9);
  }

  diff(micros: number, bids: Levels, asks: Levels, seconds: number): void {
    const data = { timestamp: '1', microtimestamp: String(BASE + micros), bids, asks };
    this.say({ data, channel: 'diff_order_book_btcusd', event: 'data' }, seconds);
  }

  page(micros: number, bids: readonly unknown[], asks: readonly unknown[], seconds: number): void {
    const text = JSON.stringify({ microtimestamp: String(BASE + micros), bids, asks });
    this.feed.fetched(this.fetches.shift()!.tag, { status: 200, headers: {}, text }, seconds * 1e9);
    this.settle(seconds * 1e9);
  }

  pass(seconds: number): void {
    this.feed.poll(seconds * 1e9);
    this.settle(seconds * 1e9);
  }

  best(side: Side): number {
    return this.builders[0]!.book.bestPrice(side);
  }
}

describe('a book', () => {
  it('is the snapshot and the diffs that are not older', () => {
    const hand = new Hand();
    hand.diff(10, [['98', '1']], [], 1);
    hand.diff(30, [['99', '2']], [], 1);
    expect(hand.isBelieved(0)).toBe(false);
    hand.page(20, [['97', '1']], [['101', '1']], 2);
    expect([hand.isBelieved(0), hand.best(Side.BUY), hand.best(Side.SELL)]).toEqual([true, 99, 101]);
    // 98 was before the snapshot, which does not have it.
    expect(hand.builders[0]!.book.levelCount(Side.BUY)).toBe(2);
  });

  it('does not begin with a snapshot that may lack what was between it and the first diff', () => {
    const hand = new Hand();
    hand.diff(30, [['99', '2']], [], 1);
    hand.page(20, [['97', '1']], [['101', '1']], 2);
    expect(hand.isBelieved(0)).toBe(false);
    hand.pass(4);
    hand.page(30, [['99', '2']], [['101', '1']], 4);
    expect(hand.isBelieved(0)).toBe(true);
  });

  it('is lost when time goes back, and begins again', () => {
    const hand = new Hand();
    hand.page(20, [['97', '1']], [['101', '1']], 1);
    hand.diff(10, [['98', '1']], [], 1);
    expect([hand.counts.gaps, hand.best(Side.BUY)]).toEqual([0, 97]);
    hand.diff(30, [['98', '1']], [], 1);
    hand.diff(25, [['98', '2']], [], 1);
    expect([hand.counts.gaps, hand.isBelieved(0), hand.events.at(-2)?.fault]).toEqual([1, false, 'gap']);
    hand.pass(4);
    hand.page(40, [['97', '1']], [['101', '1']], 4);
    expect(hand.isBelieved(0)).toBe(true);
  });

  it('is found wrong by the audit when a diff never came, and found right when none is missing', () => {
    const hand = new Hand();
    hand.page(20, [['97', '1']], [['101', '1']], 1);
    hand.pass(5);
    expect(hand.fetches).toHaveLength(1);
    hand.diff(50, [['96', '1']], [], 5);
    // As of before that diff, which brings it to what we have.
    hand.page(40, [['97', '1']], [['101', '1']], 5);
    hand.pass(7);
    expect(hand.counts.gaps).toBe(0);
    hand.pass(18);
    hand.page(
      60,
      [
        ['97', '1'],
        ['96', '1'],
      ],
      [
        ['101', '1'],
        ['100', '3'],
      ],
      18,
    );
    hand.pass(20);
    expect([hand.counts.gaps, hand.isBelieved(0)]).toEqual([1, false]);
    expect(hand.events.find(({ type }) => type === 'stale')?.detail).toContain('differs');
  });

  it('proves nothing by a page from before the audit', () => {
    const hand = new Hand();
    hand.page(20, [['97', '1']], [['101', '1']], 1);
    hand.diff(30, [['98', '1']], [], 2);
    hand.pass(5);
    hand.page(25, [['97', '1']], [['101', '1']], 5);
    hand.pass(7);
    expect([hand.counts.gaps, hand.isBelieved(0)]).toEqual([0, true]);
  });

  it('is lost when it crosses, and when nobody can read a frame', () => {
    const hand = new Hand();
    hand.page(20, [['97', '1']], [['101', '1']], 1);
    hand.diff(30, [['101', '1']], [], 2);
    expect(hand.events.find(({ type }) => type === 'stale')?.fault).toBe('crossed');
    hand.pass(4);
    hand.page(40, [['97', '1']], [['101', '1']], 4);
    hand.feed.message(Buffer.from('{"data":'), 5e9);
    hand.settle(5e9);
    expect([hand.isBelieved(0), hand.feed.stats.unreadable]).toEqual([false, 1]);
  });
});

const order = (event: string, id: number, micros: number, price: string, amount: string, type = 0) => ({
  event,
  channel: 'live_orders_btcusd',
  data: {
    id,
    id_str: String(id),
    order_type: type,
    microtimestamp: String(BASE + micros),
    price_str: price,
    amount_str: amount,
  },
});

const chained = (id: number, event: string, previous: string) => ({
  ...order('order_created', id, 5000 + id, '98', '1'),
  event_id: event,
  pre_event_id: previous,
});

describe('order by order', () => {
  it('follows orders from the page of single orders, and leaves out what comes after a delete', () => {
    const hand = new Hand(true);
    hand.say(order('order_created', 9, 10, '98', '1'), 1);
    expect(hand.fetches[0]!.request.path).toBe('/api/v2/order_book/btcusd/?group=2');
    hand.page(
      20,
      [
        ['98', '1', '9'],
        ['97', '2', '8'],
      ],
      [['101', '1', '7']],
      1,
    );
    expect([hand.best(Side.BUY), hand.best(Side.SELL)]).toEqual([98, 101]);
    hand.say(order('order_changed', 9, 30, '98', '0.5'), 2);
    expect(hand.builders[0]!.book.sizeAt(Side.BUY, 98)).toBe(5);
    // A market order that walks the book moves from level to level.
    hand.say(order('order_changed', 8, 31, '96', '2'), 2);
    expect([hand.builders[0]!.book.sizeAt(Side.BUY, 97), hand.builders[0]!.book.sizeAt(Side.BUY, 96)]).toEqual([0, 20]);
    hand.say(order('order_deleted', 9, 32, '98', '0.5'), 2);
    hand.say(order('order_created', 9, 33, '98', '0.5'), 2);
    expect(hand.best(Side.BUY)).toBe(96);
    // Its millisecond is the page's, and the page has taken more out of the order since.
    hand.say(order('order_changed', 7, 19, '101', '3', 1), 2);
    expect(hand.builders[0]!.book.sizeAt(Side.SELL, 101)).toBe(10);
    hand.feed.closed(3e9);
    expect(headKind(hand.out.data[hand.out.peek() + Field.HEAD]!)).toBe(EventKind.GAP);
  });

  it('asks for the orders again when an event does not follow the one before', () => {
    const hand = new Hand(true);
    hand.say(chained(1, 'b', 'a'), 1);
    hand.page(2000, [], [], 1);
    expect(hand.isBelieved(0)).toBe(false);
    hand.pass(2);
    hand.page(5001, [['98', '1', '1']], [['101', '1', '9']], 2);
    hand.say(chained(2, 'c', 'b'), 2);
    expect([hand.counts.gaps, hand.builders[0]!.book.sizeAt(Side.BUY, 98)]).toEqual([0, 20]);
    hand.say(chained(4, 'e', 'd'), 3);
    expect([hand.counts.gaps, hand.feed.stats.gaps, hand.events.at(-2)?.fault]).toEqual([1, 1, 'gap']);
    hand.pass(5);
    const bids = ['1', '2', '3', '4'].map((id) => ['98', '1', id]);
    hand.page(5004, bids, [['101', '1', '9']], 5);
    hand.say(chained(5, 'f', 'e'), 6);
    expect([hand.isBelieved(0), hand.builders[0]!.book.sizeAt(Side.BUY, 98)]).toEqual([true, 50]);
  });
});

it('a frame that begins with a byte-order mark is none of the venue’s, whoever reads it', () => {
  const hand = new Hand();
  hand.page(20, [['97', '1']], [['101', '1']], 1);
  const data = { timestamp: '1', microtimestamp: String(BASE + 30), bids: [], asks: [] };
  const text = JSON.stringify({ data, channel: 'diff_order_book_btcusd', event: 'data' });
  hand.feed.message(Buffer.from(`\uFEFF${text}`), 2e9);
  hand.settle(2e9);
  expect([hand.isBelieved(0), hand.feed.stats.unreadable]).toEqual([false, 1]);
});
