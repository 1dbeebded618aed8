/** The recorded frames of Binance through the feed: `../shared/data/wire` and `binance_ws`. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { BookBuilder } from '@quotewright/core/market/book-builder';
import { EVENT_STRIDE, Field } from '@quotewright/core/market/event';
import { Instrument } from '@quotewright/core/market/instrument';
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { QuoteOracle } from '../../data/binance/quote-oracle.ts';
import { sharedData, sharedJson } from '../../data/testing/files.ts';
import { bookDigest } from '../../data/wire/testing/frames.ts';
import { binanceUsdm } from '../binance-usdm/venue.ts';
import type { FeedSetup } from '../contract/feed.ts';
import type { Venue } from '../contract/venue.ts';
import { Capture } from '../testing/capture.ts';
import { mutate, mutationsOf } from '../testing/mutate.ts';
import { FeedProbe } from '../testing/probe.ts';
import { replayCapture } from '../testing/replay.ts';
import { binance } from './venue.ts';

interface EndState {
  readonly bids: number;
  readonly asks: number;
  readonly sha256: string;
}
interface DayState extends EndState {
  readonly after: string;
  readonly last_u: number;
}

const addresses = { rest: 'https://x', feed: 'wss://x', orders: 'wss://x' };

describe.each([
  ['BINANCE', binance, ['NKNUSDT', 'BLZETH', 'LRCBTC', 'RUNEEUR']],
  ['BINANCE_FUTURES', binanceUsdm, ['SUSHIUSDT', 'AKROUSDT', 'KEEPUSDT', 'CTKUSDT']],
] as const)('wire/%s', (name, venue, symbols) => {
  const setup = async () => {
    const capture = await Capture.read(name);
    // Orders from before a change of the tick and the lot are still in the book.
    const instruments = await capture.instruments(venue, symbols, { NKNUSDT: { tick: '0.00001', lot: '0.1' } });
    return { capture, instruments, feed: (made: FeedSetup) => venue.feed(made), addresses };
  };

  it('ends in the expected books, and counts as expected', async () => {
    const { capture, ...rest } = await setup();
    const probe = replayCapture(capture, rest);
    const states = sharedJson<Record<string, Record<string, EndState>>>('reference/book_end_states.json');
    const wanted = states[`cryptofeed_v3/${name}`];
    for (const [i, instrument] of rest.instruments.entries()) {
      const { book } = probe.builders[i]!;
      const found = {
        bids: book.levelCount(Side.BUY),
        asks: book.levelCount(Side.SELL),
        sha256: bookDigest(book, instrument),
      };
      if (wanted === undefined) expect(probe.isBelieved(i)).toBe(true);
      else expect(wanted[instrument.symbol]).toMatchObject(found);
    }
    const counts = sharedJson<Record<string, Record<string, number>>>('reference/wire_expected_counts.json')[name]!;
    expect(probe.counts).toMatchObject({
      quotes: counts['ticker'],
      trades: counts['trades'],
      books: counts['l2_book'],
    });
    expect(probe.feed.stats).toMatchObject({ unreadable: 0, gaps: 0, resyncs: 0 });
  });

  it('survives damaged frames', async () => {
    const { messages } = mutate({ ...(await setup()), seed: 7, mutations: mutationsOf(12_000), levels: 10 });
    expect(messages).toBeGreaterThan(12_000);
  });

  it('notices and mends what is lost, doubled or late', async () => {
    const result = mutate({
      ...(await setup()),
      seed: 3,
      mutations: mutationsOf(13_000),
      kinds: ['delete', 'duplicate', 'reorder'],
      truth: 'clean',
      levels: Number.POSITIVE_INFINITY,
    });
    expect(result.compared).toBeGreaterThan(1000);
    expect(result.probe.feed.stats.resyncs).toBeGreaterThan(100);
  });
});
const SPOT_BTC = new Instrument({
  venue: 'binance',
  symbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.01',
  // Sizes that older orders have, finer than the listed lot.
  lot: '0.000001',
  contract: 'spot',
});
const USDM_BTC = new Instrument({
  venue: 'binance-usdm',
  symbol: 'BTCUSDT',
  base: 'BTC',
  quote: 'USDT',
  tick: '0.1',
  lot: '0.001',
  contract: 'linear',
});

describe.each([
  ['spot_btcusdt', binance, SPOT_BTC, 2],
  ['usdm_btcusdt', binanceUsdm, USDM_BTC, 0],
  ['usdm_btcusdt_2024-07', binanceUsdm, USDM_BTC, 0],
] as const)('binance_ws/%s', (name, venue, instrument, hidden) => {
  it('has best price and size of the bookTicker after each diff, and ends in the expected books', () => {
    const days = sharedJson<Record<string, DayState[]>>('reference/book_end_states.json')[`binance_ws/${name}`]!;
    const run = new DayRun(venue, instrument);
    for (const day of days) {
      run.play(day.after);
      const { book } = run.probe.builders[0]!;
      const found = {
        bids: book.levelCount(Side.BUY),
        asks: book.levelCount(Side.SELL),
        sha256: bookDigest(book, instrument),
      };
      expect(day).toMatchObject(found);
    }
    run.oracle.finish();
    const { made, matched, mismatched, explained } = run.oracle.check;
    expect(made).toBeGreaterThan(3000);
    // A best level beyond the depth of the snapshot that no diff has named yet is not to be known.
    const unknown = [...explained.values()].reduce((a, b) => a + b, 0);
    expect({ mismatched, unknown, matched: matched + unknown }).toEqual({
      mismatched: 0,
      unknown: hidden,
      matched: made,
    });
    expect(run.probe.feed.stats).toMatchObject({ gaps: 0, unreadable: 0, resyncs: 0 });
  });
});

/** Files of `<nanoseconds> {json}` lines, one day after the other, through one feed. */
class DayRun {
  readonly probe: FeedProbe;
  readonly oracle: QuoteOracle;
  readonly #book = new BookBuilder(false);
  #lines = 0;

  constructor(venue: Venue, instrument: Instrument) {
    this.probe = new FeedProbe({
      feed: (made) => venue.feed(made),
      instruments: [instrument],
      addresses,
      epochDay: 19_900,
    });
    this.oracle = new QuoteOracle([instrument]);
    this.probe.feed.opened(0);
  }

  play(file: string): void {
    const { probe } = this;
    for (const line of gunzipSync(readFileSync(sharedData(`binance_ws/${file}`)))
      .toString('utf8')
      .split('\n')) {
      if (line === '') continue;
      const json = line.slice(line.indexOf(' ') + 1);
      const nowNs = ++this.#lines * 1e6;
      if (json.startsWith('{"lastUpdateId"')) {
        for (const { tag } of probe.fetches.splice(0)) {
          probe.feed.fetched(tag, { status: 200, headers: {}, text: json }, nowNs);
        }
      } else probe.feed.message(Buffer.from(json), nowNs);
      this.#observe();
      probe.settle(nowNs);
    }
  }

  /** Shows the oracle the records, which the probe takes afterwards. */
  #observe(): void {
    const { out } = this.probe;
    const records = out.save();
    for (let at = 0; at < records.length; at += EVENT_STRIDE) {
      records[at + Field.HEAD]! &= 0xffff;
      this.#book.apply(records, at);
      this.oracle.after(records, at, 0, this.#book.book);
    }
  }
}
