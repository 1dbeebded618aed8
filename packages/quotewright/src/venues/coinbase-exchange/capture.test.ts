/** Recorded `full` messages of Coinbase's matching engine (2016-03-12), and hand-made `level2` ones, through the feeds that trade. */
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { sharedData, sharedJson } from '../../data/testing/files.ts';
import type { FeedSetup } from '../contract/feed.ts';
import { Capture } from '../testing/capture.ts';
import { DAMAGE_KINDS, mutate } from '../testing/mutate.ts';
import { FeedProbe } from '../testing/probe.ts';
import { replayCapture } from '../testing/replay.ts';
import { coinbaseExchange } from './venue.ts';

const ADDRESSES = coinbaseExchange.environments['live']!;
const BTC = new Instrument({
  venue: 'coinbase-exchange',
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  tick: '0.01',
  lot: '0.00000001',
  contract: 'spot',
});
const feed = (setup: FeedSetup) => coinbaseExchange.feed(setup);
const TIME = 1457741317;

interface Recorded {
  readonly time: string;
  readonly side: string;
  readonly price: string;
  readonly remaining_size: string;
  readonly order_id: string;
  readonly sequence: number;
}

/** A recording as the venue sends it: the page of all orders, then the messages, without the spaces that its recorder put in. */
function full(name: string, spaces: string): Capture {
  const text = gunzipSync(readFileSync(sharedData(`coinbase_l3/replay_coinbase_${name}.in.gz`))).toString();
  const messages = text
    .split('\n')
    .filter((line) => line !== '')
    // oxlint-disable-next-line no-unsafe-type-assertion -- a line of the recording
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Recorded);
  const resting = messages.filter(({ time }) => time === '');
  const rows = (side: string) =>
    resting
      .filter((order) => order.side === side)
      .map(({ price, remaining_size: size, order_id: id }) => [price, size, id]);
  const page = { sequence: resting[0]!.sequence, bids: rows('buy'), asks: rows('sell') };
  const url = 'https://api.exchange.coinbase.com/products/BTC-USD/book?level=3';
  const lines = [
    { t: 'header', exchange: 'COINBASE', recorded: TIME },
    { t: 'connect', conn: 'ws.1', ts: TIME },
    ...messages
      .filter(({ time }) => time !== '')
      .map((message, i) => ({
        t: 'recv',
        conn: 'ws.1',
        ts: TIME + 1 + i / 1000,
        data: JSON.stringify(message, undefined, spaces),
      })),
    // The page comes when some messages have been kept for it.
    { t: 'http', conn: 'http.1', ts: TIME + 1.01, url, data: JSON.stringify(page) },
  ];
  return Capture.of(lines.map((line) => JSON.stringify(line)));
}

describe('the full channel', () => {
  it.each([
    ['0', '', 0],
    ['1', '', 0],
    ['1', ' ', 3790],
  ])('file %s with spaces "%s": the recorded tops come out', (name, spaces, parsed) => {
    const probe = replayCapture(full(name, spaces), { feed, instruments: [BTC], addresses: ADDRESSES, isL3: true });
    expect(probe.feed.stats).toMatchObject({ gaps: 0, unreadable: 0, resyncs: 0, parsed });
    const { bids, asks } = sharedJson<Record<'bids' | 'asks', [number, number][]>>(
      `coinbase_l3/replay_coinbase_${name}.out`,
    );
    const { book } = probe.builders[0]!;
    for (const [side, rows] of [
      [Side.BUY, bids],
      [Side.SELL, asks],
    ] as const) {
      expect(rows).toHaveLength(50);
      const prices = new Float64Array(50);
      const sizes = new Float64Array(50);
      book.top(side, 50, prices, sizes);
      expect(Array.from(prices, (price) => BTC.price.toNumber(price))).toEqual(rows.map(([price]) => price));
      expect(Array.from(sizes, (size) => BTC.size.toNumber(size))).toEqual(rows.map(([, size]) => size));
    }
  });

  it.each(['delete', 'duplicate', 'reorder'] as const)('%s: what is believed is right', (kind) => {
    const capture = full('0', '');
    const common = { capture, feed, instruments: [BTC], addresses: ADDRESSES, isL3: true, levels: 20 };
    const { probe, compared } = mutate({
      ...common,
      seed: 5,
      kinds: [kind],
      mutations: 40,
      share: 0.01,
      truth: 'clean',
    });
    expect(compared).toBeGreaterThan(100);
    // A message that comes twice is known by its number, and is dropped.
    if (kind === 'duplicate') expect(probe.feed.stats.gaps).toBe(0);
    else expect(probe.feed.stats.gaps).toBeGreaterThan(0);
  });

  it('damaged messages and pages break nothing', () => {
    const common = { capture: full('0', ''), feed, instruments: [BTC], addresses: ADDRESSES, isL3: true };
    const { messages } = mutate({ ...common, seed: 6, kinds: [...DAMAGE_KINDS, 'page'], mutations: 100, share: 0.05 });
    expect(messages).toBeGreaterThan(500);
  });
});

/** A feed without a key that has been sent these frames. */
function played(...frames: string[]): FeedProbe {
  const probe = new FeedProbe({ feed, instruments: [BTC], addresses: ADDRESSES, epochDay: 20_778 });
  probe.feed.opened(0);
  for (const [i, frame] of frames.entries()) {
    probe.feed.message(Buffer.from(frame), i + 1);
    probe.settle(i + 1);
  }
  return probe;
}

describe('the level2 channel', () => {
  const at = '"time":"2026-11-21T10:00:00.5Z"';
  const snapshot = `{"type":"snapshot","product_id":"BTC-USD","asks":[["101","2"]],"bids":[["100","1"]],${at}}`;
  const update = (...changes: string[][]) =>
    `{"type":"l2update","product_id":"BTC-USD","changes":${JSON.stringify(changes)},${at}}`;
  const match = (id: number, type = 'match') =>
    `{"type":"${type}","trade_id":${id},"maker_order_id":"a","taker_order_id":"b","side":"sell","size":"0.5","price":"101","product_id":"BTC-USD","sequence":${id},${at}}`;
  const heartbeat = (id: number) =>
    `{"type":"heartbeat","last_trade_id":${id},"product_id":"BTC-USD","sequence":90,${at}}`;

  it('becomes a book, prints by the taker’s side, and quotes', () => {
    const ticker =
      '{"type":"ticker","sequence":5,"product_id":"BTC-USD","price":"101","best_bid":"100","best_bid_size":"1.0","best_ask":"101","best_ask_size":"2","time":"2026-11-21T10:00:01Z"}';
    const probe = played(
      snapshot,
      match(6, 'last_match'),
      update(['sell', '101', '0'], ['sell', '102.50', '3']),
      match(7),
      ticker,
    );
    const { book } = probe.builders[0]!;
    expect([book.bestPrice(Side.BUY), book.bestPrice(Side.SELL), book.bestSize(Side.SELL)]).toEqual([
      10_000, 10_250, 3e8,
    ]);
    expect(probe.counts).toMatchObject({ books: 2, trades: 1, quotes: 1, gaps: 0 });
    expect(probe.feed.stats).toMatchObject({ parsed: 1, unreadable: 0 });
  });

  it('subscribes to the gathered channel without a key', () => {
    expect(played().sent[0]).toContain('"channels":["level2_batch","matches","ticker","heartbeat"]');
  });

  it.each([
    ['a match whose number goes back', [match(7), match(6)], 'gap'],
    ['a match that has not come by the next heartbeat', [match(7), heartbeat(9), heartbeat(9)], 'gap'],
    ['a book that crosses', [update(['buy', '101', '1'])], 'crossed'],
    ['a level without a size', [update(['buy', '99', ''])], 'unreadable'],
    ['a level of no side', [update(['offer', '99', '1'])], 'unreadable'],
    ['a negative price', [update(['buy', '-99', '1'])], 'unreadable'],
  ])('%s makes the book stale, and it is subscribed to anew', (_, frames, fault) => {
    const probe = played(snapshot, ...frames);
    expect(probe.counts.gaps).toBe(1);
    expect(probe.events.find(({ type }) => type === 'stale')).toMatchObject({ fault });
    probe.sent.length = 0;
    probe.feed.poll(1e9);
    expect(probe.sent.map((text) => text.slice(0, 20))).toEqual(['{"type":"unsubscribe', '{"type":"subscribe",']);
    probe.feed.message(Buffer.from(snapshot), 2e9);
    probe.settle(2e9);
    expect(probe.isBelieved(0)).toBe(true);
  });

  it.each(['', 'null', '[]', '{"a":1}', '{"type":"match"}', '\u{1F4A5}'])(
    'gives the connection up over %j',
    (frame) => {
      expect(played(snapshot, frame).reconnects).toHaveLength(1);
    },
  );
});
