/** The recording of 2022-01-05 through the feed, against what independent code found in it. */
import { Side } from '@quotewright/core/market/side';
import { describe, expect, it } from 'vitest';
import { sharedJson } from '../../data/testing/files.ts';
import { bookDigest, levelsOf } from '../../data/wire/testing/frames.ts';
import type { Feed, FeedHost, FeedSetup } from '../contract/feed.ts';
import { Capture } from '../testing/capture.ts';
import { mutate, mutationsOf } from '../testing/mutate.ts';
import { replayCapture } from '../testing/replay.ts';
import { BitstampFeed } from './feed.ts';
import { bitstamp } from './venue.ts';

interface EndState {
  readonly bids: number;
  readonly asks: number;
  readonly top5_bids: [string, string][];
  readonly top5_asks: [string, string][];
  readonly sha256: string;
}

async function recording() {
  const capture = await Capture.read('BITSTAMP');
  const states = sharedJson<Record<string, Record<string, EndState>>>('reference/book_end_states.json');
  const expected = states['cryptofeed_v3/BITSTAMP']!;
  const instruments = await capture.instruments(bitstamp, Object.keys(expected));
  const addresses = bitstamp.environments['live']!;
  return { expected, run: { capture, instruments, addresses, feed: (setup: FeedSetup) => bitstamp.feed(setup) } };
}

/** Both feeds have to ask for snapshots at the same times. */
function withoutJitter(setup: FeedSetup): FeedSetup {
  // oxlint-disable-next-line no-unsafe-type-assertion -- it is the host, but for one method
  const host = Object.assign(Object.create(setup.host) as FeedHost, { random: () => 0.5 });
  return { ...setup, host };
}

const scanned = (setup: FeedSetup) => new BitstampFeed(withoutJitter(setup));

/** Every frame as the full parser reads it: the scanner knows none that begins with a blank. */
function parsedInFull(setup: FeedSetup): Feed {
  const feed = scanned(setup);
  const message = feed.message.bind(feed);
  return Object.assign(feed, {
    message: (bytes: Uint8Array, nowNs: number) => message(Buffer.concat([Buffer.from(' '), bytes]), nowNs),
  });
}

describe('the recording', () => {
  it('has 627 book messages and ten prints, and the books at its end', async () => {
    const { expected, run } = await recording();
    const { capture, ...rest } = run;
    const probe = replayCapture(capture, rest);
    expect(probe.counts).toEqual({ books: 627, trades: 10, quotes: 0, gaps: 0, snapshots: 10 });
    // The scanner leaves the answers to subscriptions to the full parser.
    expect(probe.feed.stats).toMatchObject({ messages: 747, parsed: 20, unreadable: 0, gaps: 0, resyncs: 0 });
    for (const [i, instrument] of rest.instruments.entries()) {
      const { book } = probe.builders[i]!;
      const { bids, asks, sha256, top5_bids, top5_asks } = expected[instrument.symbol]!;
      expect(levelsOf(book, instrument, Side.BUY).slice(0, 5)).toEqual(top5_bids);
      expect(levelsOf(book, instrument, Side.SELL).slice(0, 5)).toEqual(top5_asks);
      // One bid of 112,716,000 XRP is more lots of 1e-8 than a float64 counts exactly; it is left out and told of.
      const leftOut = instrument.symbol === 'xrpeur' ? 1 : 0;
      expect([book.levelCount(Side.BUY), book.levelCount(Side.SELL)]).toEqual([bids - leftOut, asks]);
      if (leftOut === 0) expect([instrument.symbol, bookDigest(book, instrument)]).toEqual([instrument.symbol, sha256]);
    }
    expect(probe.events.filter(({ detail }) => detail.includes('too large'))).toHaveLength(1);
  });
});

/** Few of the books, and small ones: they are begun anew thousands of times. */
async function someBooks() {
  const { run } = await recording();
  const instruments = run.instruments.filter(({ symbol }) => ['usdtusd', 'batbtc', 'galaeur'].includes(symbol));
  return { ...run, instruments };
}

describe('mutated frames', () => {
  it('leave scanner and full parser in agreement, and no record breaks the contract', async () => {
    const run = await someBooks();
    const result = mutate({
      ...run,
      feed: scanned,
      seed: 6,
      mutations: mutationsOf(20_000),
      truth: parsedInFull,
      levels: 5,
    });
    expect(result.compared).toBeGreaterThan(500);
  });

  it('that come twice leave every believed book right', async () => {
    const run = await someBooks();
    const kinds = ['duplicate'] as const;
    const result = mutate({ ...run, seed: 7, mutations: mutationsOf(30_000), kinds, truth: 'clean', share: 0.5 });
    expect(result.compared).toBeGreaterThan(500);
  });
});
