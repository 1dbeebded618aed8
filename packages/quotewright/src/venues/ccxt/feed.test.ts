import { EventKind, Field, headFlags, headKind } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { RecordQueue } from '@quotewright/core/trading/record-queue';
import { describe, expect, it } from 'vitest';
import type { FeedEvent } from '../contract/feed.ts';
import { CcxtFeed } from './feed.ts';

const spec = { venue: 'ccxt-x', symbol: 'BTC/USD', base: 'BTC', quote: 'USD', tick: '0.1', lot: '0.001' } as const;
const SNAPSHOT = { type: 'snapshot', symbol: 'BTC/USD', time: 1000, bids: [['10.1', '2']], asks: [['10.2', '3.5']] };

function made() {
  const out = new RecordQueue();
  const sent: string[] = [];
  const events: FeedEvent[] = [];
  const reconnects: string[] = [];
  const feed = new CcxtFeed({
    instruments: [new Instrument({ ...spec, contract: 'spot' })],
    indices: [7],
    epochDay: 0,
    addresses: { rest: 'http://x', feed: 'ws://x', orders: 'ws://x' },
    isL3: false,
    credentials: undefined,
    host: {
      out,
      send: (frame) => sent.push(frame),
      fetch: () => {},
      reconnect: (reason) => reconnects.push(reason),
      tell: (event) => events.push(event),
      random: () => 0,
    },
  });
  const receive = (frame: unknown, nowNs = 5): number[] => {
    out.clear();
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
    feed.message(Buffer.from(text), nowNs);
    return Array.from(
      out.save().filter((_, i) => i % 8 === Field.HEAD),
      headKind,
    );
  };
  return { feed, receive, out, sent, events, reconnects };
}

const { LEVEL, SNAPSHOT_BEGIN, SNAPSHOT_END, GAP, TRADE } = EventKind;

describe('CcxtFeed', () => {
  it('subscribes, and puts out a snapshot, changes and prints', () => {
    const { feed, receive, out, sent } = made();
    feed.opened(0);
    expect(sent).toEqual(['{"subscribe":["BTC/USD"]}']);
    expect(receive(SNAPSHOT)).toEqual([SNAPSHOT_BEGIN, LEVEL, LEVEL, SNAPSHOT_END]);
    const update = {
      type: 'update',
      symbol: 'BTC/USD',
      time: 1001,
      bids: [
        ['10.1', '0'],
        ['10', '1'],
      ],
      asks: [],
    };
    expect(receive(update)).toEqual([LEVEL, LEVEL]);
    expect(feed.book(7)?.bestPrice(Side.BUY)).toBe(100);
    const trade = { type: 'trade', symbol: 'BTC/USD', time: 1002, id: '77', side: 'sell', price: '10', size: '0.25' };
    expect(receive(trade)).toEqual([TRADE]);
    const at = out.peek();
    expect(Array.from(out.data.subarray(at + 1, at + 8))).toEqual([1.002e9, 5, 100, 250, 0, 77, 0]);
    expect(headFlags(out.data[at]!) & 1).toBe(0);
  });

  it('puts out nothing before a snapshot, and one gap when the book is lost', () => {
    const { receive, events } = made();
    expect(receive({ ...SNAPSHOT, type: 'update' })).toEqual([]);
    receive(SNAPSHOT);
    expect(receive({ type: 'lost', symbol: 'BTC/USD', text: 'down for maintenance' })).toEqual([GAP]);
    expect(receive({ type: 'lost', symbol: 'BTC/USD', text: 'still down' })).toEqual([]);
    expect(events.map(({ type, detail }) => `${type} ${detail}`)).toEqual([
      'snapshot 2 levels',
      'notice down for maintenance',
      'stale down for maintenance',
      'notice still down',
    ]);
    expect(receive(SNAPSHOT)).toHaveLength(4);
  });

  it.each([
    ['crosses', { bids: [['10.2', '1']] }],
    ['has a price off the grid', { bids: [['10.05', '1']] }],
    ['has a negative size', { bids: [['10', '-1']] }],
    ['has no numbers', { bids: [['NaN', 'x']] }],
    ['has levels that are none', { bids: ['10', null] }],
  ])('does not believe a book whose change %s', (_, change) => {
    const { receive } = made();
    receive(SNAPSHOT);
    expect(receive({ type: 'update', symbol: 'BTC/USD', time: 1, asks: [], ...change })).toEqual([GAP]);
  });

  it('counts what it cannot read', () => {
    const { feed, receive } = made();
    const unreadable = ['', '{', 'null', '[]', '"x"', { type: 'update' }, { ...SNAPSHOT, symbol: 'ETH/USD' }];
    for (const frame of unreadable) expect(receive(frame)).toEqual([]);
    expect(receive({ type: 'trade', symbol: 'BTC/USD', price: '10', size: '0' })).toEqual([]);
    expect(feed.stats.unreadable).toBe(unreadable.length + 1);
  });

  it('gives a silent bridge up, and hears one that lives', () => {
    const { feed, receive, reconnects } = made();
    feed.opened(0);
    receive({ type: 'alive' }, 4e9);
    feed.poll(8e9);
    expect(reconnects).toEqual([]);
    feed.poll(9.1e9);
    expect(reconnects).toHaveLength(1);
  });
});
