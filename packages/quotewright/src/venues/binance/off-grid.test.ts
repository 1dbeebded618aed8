/**
 * Prices and sizes between the steps of the listing: orders from before a change of tick, as NKNUSDT has them (a tick of 0.0001, and orders at
 * 0.00005 deep in the book), and a listing that is not the venue's any more.
 */
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { FeedProbe } from '../testing/probe.ts';
import { BinanceFeed } from './feed.ts';
import { SPOT } from './product.ts';

const NKN = new Instrument({
  venue: 'binance',
  symbol: 'NKNUSDT',
  base: 'NKN',
  quote: 'USDT',
  tick: '0.0001',
  lot: '1',
  contract: 'spot',
});
const BIDS = [
  ['0.0123', '500'],
  ['0.0121', '7.5'],
  ['0.00905', '100'],
  ['0.0050', '0.25'],
  ['0.00005', '90000'],
] as const;
const ASKS = [
  ['0.0124', '40'],
  ['0.0200', '1'],
  ['1.23455', '5'],
] as const;

function begin(bids: readonly unknown[] = BIDS, asks: readonly unknown[] = ASKS): FeedProbe {
  const addresses = { rest: 'https://a', feed: 'wss://a', orders: 'wss://a' };
  const probe = new FeedProbe({
    feed: (setup) => new BinanceFeed(SPOT, setup),
    instruments: [NKN],
    addresses,
    epochDay: 20_000,
  });
  probe.feed.opened(1);
  say(probe, { result: null, id: 1 }, 2);
  const { tag } = probe.fetches.shift()!;
  const text = JSON.stringify({ lastUpdateId: 10, bids, asks });
  probe.feed.fetched(tag, { status: 200, headers: {}, text }, 3);
  probe.settle(3);
  return probe;
}

function say(probe: FeedProbe, frame: object, ns: number): void {
  probe.feed.message(Buffer.from(JSON.stringify(frame)), ns);
  probe.settle(ns);
}

const diff = (first: number, bids: readonly unknown[], asks: readonly unknown[] = []): object => ({
  e: 'depthUpdate',
  E: 1,
  s: 'NKNUSDT',
  U: first,
  u: first,
  b: bids,
  a: asks,
});
const quote = (bid: string, size: string, ask = '0.0124'): object => ({
  u: 12,
  s: 'NKNUSDT',
  b: bid,
  B: size,
  a: ask,
  A: '40',
});

function levels(probe: FeedProbe, side: Side): [number, number][] {
  const [prices, sizes] = [new Float64Array(9), new Float64Array(9)];
  const count = probe.builders[0]!.book.top(side, 9, prices, sizes);
  return Array.from({ length: count }, (_, i) => [prices[i]!, sizes[i]!]);
}

describe('levels between two steps', () => {
  it('do not keep a book from coming up: those on the grid are exact, the others are left out and told', () => {
    const probe = begin();
    expect(probe.isBelieved(0)).toBe(true);
    // Sizes are cut to whole lots, but not to nothing.
    expect(levels(probe, Side.BUY)).toEqual([
      [123, 500],
      [121, 7],
      [50, 1],
    ]);
    expect(levels(probe, Side.SELL)).toEqual([
      [124, 40],
      [200, 1],
    ]);
    expect(probe.events.map(({ detail }) => detail)).toContain('snapshot: 3 levels between two ticks are left out');
  });

  it('nor from going on', () => {
    const probe = begin();
    say(
      probe,
      diff(11, [
        ['0.00905', '0'],
        ['0.0122', '3'],
        ['0.0121', '0.00'],
      ]),
      4,
    );
    expect(probe.isBelieved(0)).toBe(true);
    expect(levels(probe, Side.BUY)).toEqual([
      [123, 500],
      [122, 3],
      [50, 1],
    ]);
  });
});

describe('a best price between two ticks', () => {
  it.each([
    [[['0.01235', '5'], ...BIDS], ASKS],
    [BIDS, [['0.01239', '5'], ...ASKS]],
  ])('makes a snapshot none: %j %j', (bids, asks) => {
    const probe = begin(bids, asks);
    expect(probe.isBelieved(0)).toBe(false);
    expect(probe.events.at(-1)?.detail).toContain('its best price is between two ticks of 0.0001');
  });

  it.each([
    ['0.01235', '0.0124'],
    ['0.0123', '0.01239'],
  ])('takes the book away when the venue quotes it: %s %s', (bid, ask) => {
    const probe = begin();
    say(probe, quote(bid, '500', ask), 4);
    expect(probe.isBelieved(0)).toBe(false);
    expect(probe.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['stale', 'resync']));
  });
});

it('a best quote whose size is between two lots is that of the book', () => {
  const probe = begin([['0.0123', '7.5']]);
  say(probe, quote('0.0123', '7.5'), 4);
  expect([probe.isBelieved(0), probe.feed.stats.unreadable, probe.counts.quotes]).toEqual([true, 0, 1]);
});
