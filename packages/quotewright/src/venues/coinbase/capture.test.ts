/** The recorded Coinbase Advanced Trade frames of 2026-08-09 through the feed that trades. */
import { Side } from '@quotewright/core/market/side';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedJson } from '../../data/testing/files.ts';
import { bookDigest } from '../../data/wire/testing/frames.ts';
import type { Feed, FeedSetup } from '../contract/feed.ts';
import { Capture } from '../testing/capture.ts';
import { DAMAGE_KINDS, ORDER_KINDS, mutate, mutationsOf } from '../testing/mutate.ts';
import { replayCapture } from '../testing/replay.ts';
import type { FeedProbe } from '../testing/probe.ts';
import { coinbase } from './venue.ts';

interface EndState {
  readonly bids: number;
  readonly asks: number;
  readonly sha256: string;
}

/** What the scanner reads: books, quotes, and prints but those from before the start. */
const COMMON = /^\{"channel":"(l2_data|ticker|market_trades(?=[^[]*\[\{"type":"update"))"/u;
const SYMBOLS = ['BTC-USD', 'ETH-USD'];
const feed = (setup: FeedSetup) => coinbase.feed(setup);
const ADDRESSES = coinbase.environments['live']!;

describe('the recorded frames', () => {
  let probe: FeedProbe;
  let instruments: Awaited<ReturnType<Capture['instruments']>>;
  let frames = 0;
  let others = 0;

  beforeAll(async () => {
    const capture = await Capture.read('COINBASE');
    instruments = await capture.instruments(coinbase, SYMBOLS);
    const texts = capture.frames
      .filter(({ type }) => type === 'recv')
      .map(({ bytes }) => Buffer.from(bytes).toString());
    frames = texts.length;
    others = texts.filter((text) => !COMMON.test(text)).length;
    probe = replayCapture(capture, {
      feed: (setup) => coinbase.feed(setup),
      instruments,
      addresses: ADDRESSES,
    });
  });

  it('are of an unbroken sequence, read without a parser but for candles, heartbeats and subscriptions', () => {
    expect(probe.feed.stats).toMatchObject({ messages: frames, gaps: 0, unreadable: 0, resyncs: 0 });
    expect(probe.feed.stats.parsed).toBe(others);
    expect(probe.reconnects).toEqual([]);
  });

  it('are as many messages of each kind as expected', () => {
    const expected = sharedJson<Record<string, Record<string, number>>>('reference/wire_expected_counts.json')[
      'COINBASE'
    ]!;
    expect(probe.counts).toMatchObject({
      books: expected['l2_book'],
      trades: expected['trades'],
      quotes: expected['ticker'],
      gaps: 0,
      snapshots: 2,
    });
  });

  it('end in the books that independent code found', () => {
    const states = sharedJson<Record<string, Record<string, EndState>>>('reference/book_end_states.json');
    for (const [i, symbol] of SYMBOLS.entries()) {
      const { book } = probe.builders[i]!;
      const { bids, asks, sha256 } = states['cryptofeed_v3/COINBASE']![symbol]!;
      expect([book.levelCount(Side.BUY), book.levelCount(Side.SELL)]).toEqual([bids, asks]);
      expect(bookDigest(book, instruments[i]!)).toBe(sha256);
      expect(book.isCrossed).toBe(false);
    }
  });
});

/** Stretches of the capture that frames are damaged in. */
const SEGMENTS = 40;

/** The frames as the full parser reads them: the scanner knows none that begins with a space. */
function parserOnly(setup: FeedSetup): Feed {
  const inner = coinbase.feed(setup);
  return {
    url: inner.url,
    stats: inner.stats,
    opened: (ns) => inner.opened(ns),
    message: (bytes, ns) => inner.message(Buffer.concat([Buffer.from(' '), bytes]), ns),
    fetched: (tag, response, ns) => inner.fetched(tag, response, ns),
    closed: (ns) => inner.closed(ns),
    poll: (ns) => inner.poll(ns),
    resync: (market, fault, ns) => inner.resync(market, fault, ns),
    book: (market) => inner.book(market),
  };
}

const level = (side: string, price: string) =>
  `{"side":"${side}","event_time":"2026-08-09T21:05:00Z","price_level":"${price}","new_quantity":"1"}`;

/**
 * Frames `from` to `to` of the capture as a connection of their own, numbered from 0, which begins with a book of one far level a side for
 * each product: short enough to be played thousands of times.
 */
function segment(capture: Capture, from: number, to: number): Capture {
  const received = capture.frames.filter(({ type }) => type === 'recv').slice(from, to);
  const snapshots = SYMBOLS.map(
    (symbol) =>
      `{"channel":"l2_data","timestamp":"2026-08-09T21:05:00Z","sequence_num":0,"events":[{"type":"snapshot",` +
      `"product_id":"${symbol}","updates":[${level('bid', '1')},${level('offer', '1000000')}]}]}`,
  );
  const texts = [...snapshots, ...received.map(({ bytes }) => Buffer.from(bytes).toString())];
  const lines = texts.map((text, i) =>
    JSON.stringify({
      t: 'recv',
      conn: 'ws.1',
      ts: 1786309548 + i / 100,
      data: text.replace(/"sequence_num":\d+/u, `"sequence_num":${i}`),
    }),
  );
  const connect = JSON.stringify({ t: 'connect', conn: 'ws.1', ts: 1786309547 });
  return Capture.of([JSON.stringify({ t: 'header', exchange: 'COINBASE', recorded: 1786309547 }), connect, ...lines]);
}

describe('frames that are lost, doubled or late', () => {
  it.each(ORDER_KINDS)('%s: each is noticed, and the books that are believed are right', async (kind) => {
    const whole = await Capture.read('COINBASE');
    const instruments = await whole.instruments(coinbase, SYMBOLS);
    const capture = segment(whole, 40, 1000);
    const common = { capture, feed, instruments, addresses: ADDRESSES, seed: 7, kinds: [kind], levels: 10 };
    const { probe, compared, passes } = mutate({ ...common, mutations: 200, share: 0.01, truth: 'clean' });
    // Each break ends a connection, unless the frame was the first or the last one of it.
    expect(probe.feed.stats.gaps).toBeGreaterThanOrEqual(190);
    expect(passes).toBeGreaterThanOrEqual(probe.feed.stats.gaps);
    expect(compared).toBeGreaterThan(1000);
  });
});

describe('damaged frames', () => {
  it('break nothing, and are read by the scanner as the parser reads them', async () => {
    const whole = await Capture.read('COINBASE');
    const instruments = await whole.instruments(coinbase, SYMBOLS);
    const mutations = mutationsOf(20_000) / SEGMENTS;
    for (let k = 0; k < SEGMENTS; k++) {
      const capture = segment(whole, 40 + k * 20, 60 + k * 20);
      const common = { capture, feed, instruments, addresses: ADDRESSES, seed: k, kinds: DAMAGE_KINDS, levels: 10 };
      const { compared } = mutate({ ...common, mutations, share: 0.2, truth: parserOnly });
      expect(compared).toBeGreaterThan(mutations / 10);
    }
  });
});
